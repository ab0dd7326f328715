"""What was answered from the page cache a moment ago, for who asks the very same: nothing is worked out twice."""

from dataclasses import dataclass
from time import time
from typing import NamedTuple

from opedsite.answers import Environ, Header

Question = tuple[str | None, ...]
# The few pages that everybody reads just now, each as some browsers ask for it; what is long is remembered for nobody.
MOST, LONGEST = 64, 2_000


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one question: status line, headers, and the body in one piece or none."""

    status: str
    headers: list[Header]
    body: list[bytes]


class Repeat(NamedTuple):
    """A reply that may be given again while `*` has this version, and between two moments (Unix time)."""

    reply: Reply
    everything: int
    since: float
    until: float


class Repeats(dict[Question, Repeat]):
    """Those that hold since the last look, by question; safe to use from any thread."""

    since = 0.0

    def keep(self, question: Question, repeat: Repeat) -> None:
        """Find room for it, if it can be given again at all; what held since an earlier look is let go."""
        if repeat.until <= time() or sum(len(part) for part in question if part) > LONGEST:
            return
        if len(self) >= MOST or self.since != repeat.since:
            self.clear()
            self.since = repeat.since
        self[question] = repeat


def question_of(environ: Environ) -> Question:
    """All of a request that a reply from the page cache depends on, whichever it is."""
    get = environ.get
    return (
        get("REQUEST_METHOD"),
        get("PATH_INFO"),
        get("QUERY_STRING"),
        get("HTTP_HOST") or get("SERVER_NAME"),
        get("HTTP_ACCEPT_ENCODING"),
        get("HTTP_IF_NONE_MATCH"),
        get("HTTP_IF_MATCH"),
        # Whether the client came by https:
        get("wsgi.url_scheme"),
        get("HTTP_X_FORWARDED_PROTO"),
        get("REMOTE_ADDR"),
    )
