"""Child processes that are started again when they die, and that never outlive their parent."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from types import FrameType

# From one start of a child to the next: what has run for longer is started again at once.
RESTART_SECONDS = 2.0
# linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


@dataclass(slots=True)
class Child:
    """Something that always runs in a process of its own; `name` begins a sentence, `title` is what `ps` shows."""

    name: str
    title: str
    run: Callable[[], None]
    process: ForkProcess | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = get_context("fork").Process(target=self.begin, args=[os.getpid()])
        self.process.start()

    def begin(self, parent: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        heed_parent_only()
        if os.getppid() != parent:  # it has ended meanwhile, and nobody would tell us
            return
        set_title(self.title)
        self.run()

    @property
    def exit_code(self) -> int | None:
        return self.process.exitcode if self.process else None


def keep_running(children: Sequence[Child], say: Callable[[str], None]) -> None:
    """Start again each child that ends, for ever; ends by KeyboardInterrupt only."""
    while True:
        for child in children:
            if child.exit_code is not None:
                say(f"{child.name} stopped by itself ({exit_reason(child.exit_code)}); starting it again.")
                time.sleep(max(0.0, child.started_at + RESTART_SECONDS - time.monotonic()))
                child.start()
        time.sleep(0.2)


def exit_reason(code: int) -> str:
    """`exit code 3`, or for a process that a signal ended, `SIGKILL`."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def stop(children: Sequence[Child], patience: float) -> None:
    """Ask all children to end; kill those that still run after `patience` seconds."""
    processes = [child.process for child in children if child.process]
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + patience
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.exitcode is None:
            process.kill()
            process.join()


@contextmanager
def stop_signals_interrupt() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise KeyboardInterrupt as Ctrl-C does, so that `finally` is reached."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with stop_signals_call(interrupt):
        yield


@contextmanager
def stop_signals_wait() -> Iterator[None]:
    """Inside, a second Ctrl-C does not cut the clearing up short."""
    with stop_signals_call(signal.SIG_IGN):
        yield


@contextmanager
def stop_signals_call(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> Iterator[None]:
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup make run` outlives its terminal
        signals.append(signal.SIGHUP)
    before = [signal.signal(each, handler) for each in signals]
    try:
        yield
    finally:
        for each, previous in zip(signals, before, strict=True):
            signal.signal(each, previous)


def heed_parent_only() -> None:
    # A terminal signals all processes at once, but granian's workers hang on a SIGINT followed by a SIGTERM.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    die_with_parent()


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Let Linux send this process a signal when the one that started it ends, even by SIGKILL (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def set_title(title: str) -> None:
    """Name this process, for `ps` and `top`; at most 15 characters (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, title.encode())
