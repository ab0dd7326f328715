"""Processes that keep running, and that end with their parent."""

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from opedsite.supervision import RESTART_SECONDS, Child, exit_reason, keep_running, stop

PARENT = textwrap.dedent("""
    import time
    from functools import partial
    from opedsite.supervision import Child
    child = Child("The child", "child", partial(time.sleep, 60))
    child.start()
    print(child.process.pid, flush=True)
    time.sleep(60)
""")


def sleep() -> None:
    time.sleep(60)


def end_at_once() -> None:
    pass


def be_deaf(sign: Path) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sign.touch()
    time.sleep(60)


def comes_true(fact: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.02)
    return fact()


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_child_that_dies_is_mentioned() -> None:
    child = Child("The server", "server", sleep)
    child.start()
    assert child.process
    child.process.kill()
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep_running([child], say)

    assert said == ["The server stopped by itself (SIGKILL); starting it again."]


def test_what_has_run_for_long_is_started_again_at_once_and_what_dies_at_once_is_not() -> None:
    child = Child("The server", "server", end_at_once)
    child.start()
    child.started_at -= 60
    told: list[float] = []

    def say(sentence: str) -> None:
        told.append(time.monotonic())
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep_running([child], say)

    assert told[1] - told[0] < RESTART_SECONDS <= told[2] - told[0]


def test_stopping_also_ends_a_child_that_will_not_listen(tmp_path: Path) -> None:
    child = Child("The server", "server", partial(be_deaf, tmp_path / "deaf"))
    child.start()
    assert comes_true((tmp_path / "deaf").exists)

    stop([child], patience=0.1)

    assert child.exit_code == -signal.SIGKILL


def test_no_child_outlives_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_running(pid)

        parent.kill()

    assert comes_true(lambda: not is_running(pid))


def test_an_exit_is_told_by_its_signal_or_its_code() -> None:
    assert exit_reason(-signal.SIGKILL) == "SIGKILL"
    assert exit_reason(3) == "exit code 3"
