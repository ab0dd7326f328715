"""Under which key a request's page is kept, and which requests the page cache never sees."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from articles.paging import MAX_PAGE

# A page without parameters is kept under its path, another under the pair of path and query: a question mark that
# was encoded in the path can then never be taken for the one before the query.
Key = str | tuple[str, str]
# What is one person's own, what takes posts, and files, which have a cache of their own.
AROUND = ("/admin/", "/accounts/", "/comments/", "/static/", "/media/", "/healthz", "/readyz")
BUT_NOT = "/comments/feed/"
MAX_PARAMETERS = 20


def is_page_number(value: str) -> bool:
    """A number as our own links write it: the same page has one key, not `01` and `001` too."""
    return value.isascii() and value.isdigit() and value[0] != "0" and len(value) <= len(str(MAX_PAGE))


def is_order(value: str) -> bool:
    return value in ("newest", "oldest")


def never(value: str) -> bool:
    """The answer is for this one request: what somebody looks for, or a form that is aimed at one comment."""
    return False


# Every parameter that a view of readers' pages reads (`articles.parameters.asked`), and which values have pages of
# their own. With any other value the request goes round the cache; a parameter that isn't here reaches no view.
PARAMETERS: dict[str, Callable[[str], bool]] = {
    "page": is_page_number,
    "comments": is_page_number,
    "order": is_order,
    "reply_to": never,
    "q": never,
    "section": never,
    "author": never,
    "year": never,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for: a path exactly as it came, and known parameters, sorted by name."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()

    def key(self, asked: Iterable[str] | None = None) -> Key:
        """The key, of only those parameters that the view `asked` for if that is given."""
        chosen = [(name, value) for name, value in self.parameters if asked is None or name in asked]
        return (self.path, as_query(chosen)) if chosen else self.path

    @property
    def query(self) -> str:
        return as_query(self.parameters)


def as_query(parameters: Iterable[tuple[str, str]]) -> str:
    """Known names and plain values need no encoding."""
    return "&".join(f"{name}={value}" for name, value in parameters)


def read_wish(path: str, query: str) -> Wish | None:
    """What a GET asks for; None if it goes round the cache. Parameters that no view reads are left out."""
    if path.startswith(AROUND) and not path.startswith(BUT_NOT):
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return None
    known = sorted((name, value) for name, value in pairs if name in PARAMETERS)
    is_plain = len(dict(known)) == len(known) and all(value and PARAMETERS[name](value) for name, value in known)
    return Wish(path, tuple(known)) if is_plain else None
