"""A whole answer of the application, the slots in which answers are made, and whose turn it is."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any, TypeVar

Environ = dict[str, Any]
Header = tuple[str, str]
StartResponse = Callable[..., Any]
WSGIApplication = Callable[[Environ, StartResponse], Iterable[bytes]]
T = TypeVar("T")

# So many answers are made at a time while that is quick: threads that compute by turns, each with a backend of its own
# in the database, make each other slower. So many more, once somebody has waited for so long.
FIRST_SLOTS = 2
MORE_SLOTS = 6
MORE_SECONDS = 0.2
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status line, headers and the body to its last byte."""

    status: str
    headers: list[Header]
    body: bytes

    def get(self, name: str) -> str | None:
        """The first value of a header, None without one."""
        wanted = name.lower()
        return next((value for present, value in self.headers if present.lower() == wanted), None)


class NoSlot(Exception):
    """All slots stayed taken for PATIENCE_SECONDS, or the process is ending."""


class Slots:
    """So many answers are made at a time, each in a thread that keeps its own connection; first come, first served.

    A few threads make them while they are quick; who has waited long goes to the others. The server has far more
    threads, because each waits for a client that may be slow; with a connection in each of them, two workers would ask
    more of PostgreSQL than it has (100 by default).
    """

    def __init__(
        self,
        first: int = 1,
        more: int = 0,
        *,
        prepare: Callable[[], None] | None = None,
        executor: Executor | None = None,
    ) -> None:
        """`more` is how many threads join when the `first` are slow; `prepare` is called in each new one."""
        self.number = first
        self.first = executor or ThreadPoolExecutor(first, "slot", prepare)
        self.lines = [(self.first, MORE_SECONDS if more else PATIENCE_SECONDS)]
        if more:
            self.lines.append((ThreadPoolExecutor(more, "more-slots", prepare), PATIENCE_SECONDS - MORE_SECONDS))

    def open(self) -> None:
        """Begin the first threads now, and not with the first requests, which would wait for what `prepare` does."""
        for _ in range(self.number):
            self.first.submit(int)  # which does nothing

    def run(self, work: Callable[[], T]) -> T:
        """Do the work in a slot; raises NoSlot when none frees in time, and whatever the work raises."""
        for executor, seconds in self.lines:
            future = submit(executor, work)
            try:
                return future.result(seconds)
            except TimeoutError:
                if not future.cancel():  # it has begun
                    return future.result()
        raise NoSlot


def submit(executor: Executor, work: Callable[[], T]) -> "Future[T]":
    """Raises NoSlot."""
    try:
        return executor.submit(work)
    except RuntimeError as ending:  # the process is on its way out: another one will take the request
        raise NoSlot from ending


class Turns:
    """One thread at a time makes a page."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.under_way: dict[Hashable, Event] = {}

    @contextmanager
    def take(self, key: Hashable) -> Iterator[bool]:
        """True for a thread that had to wait for another, and should look for what that one has made.

        Nobody waits twice: what can't be kept would else be made for one reader after the other.
        """
        mine = Event()
        with self.lock:
            other = self.under_way.setdefault(key, mine)
        if other is not mine:
            other.wait(PATIENCE_SECONDS)
            yield True
            return
        try:
            yield False
        finally:
            with self.lock:
                del self.under_way[key]
            mine.set()


def whole_answer(application: WSGIApplication, environ: Environ) -> Answer:
    """Run the application until its answer is complete; a slow client then holds no slot and no connection."""
    begun: list[tuple[str, list[Header]]] = []
    parts: list[bytes] = []

    def start(status: str, headers: list[Header], exc_info: Any = None) -> Callable[[bytes], None]:
        begun.append((status, headers))
        return parts.append

    body = application(environ, start)
    try:
        parts.extend(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = begun[-1]
    return Answer(status, headers, b"".join(parts))
