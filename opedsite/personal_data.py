"""Everything that the site holds of a person, by address: told to them, or erased for ever.

`HOLDERS` has one function a model for what a model tells, and one for how it forgets; a test finds a model with words
that is neither there nor in `HOLDS_NOTHING`. An erasure ends with a look into every text column of every table: if the
address is still anywhere, nothing is erased and the place is named.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from articles.models import MissingPath
from comments import person
from comments.blocking import address_key
from comments.models import Block, Comment, Commenter, Edit, Origin, Report
from comments.privacy import email_key
from comments.visibility import visible_comments_changed
from opedsite.table_search import Place, Sought, places_of, rows_with

logger = logging.getLogger("oped.audit")
# A comment that came in meanwhile makes us look again.
ATTEMPTS = 3
SWEEPS = 5
COMMENTS = Comment._meta.db_table


class StillThere(Exception):
    """The address stands where an erasure changes nothing; so nothing was erased."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = places
        where = ", ".join(map(str, places))
        super().__init__(
            f"Nothing was erased: the address also stands in {where}. Take it out there first, in articles, settings "
            "or accounts, and then erase again."
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known, or only mentioned, by an address."""

    address: str
    commenter: Commenter | None
    spellings: Sequence[str]
    sought: Sought


@dataclass(frozen=True, slots=True)
class Holder:
    """How one model tells a person what it holds of them (None: nothing), and forgets it."""

    tell: Callable[[Person], Any]
    forget: Callable[[Person], None]


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did, or would do: comments of one's own, and comments of others that held the address."""

    comments: int
    mentions: int
    is_swept: bool = True


def find(address: str) -> Person:
    """Whom an address belongs to, as far as we know; any spelling will do."""
    commenter = Commenter.objects.filter(email_key=email_key(address)).first()
    spellings = {*person.spellings_of(address), *(person.spellings_of(commenter.address) if commenter else ())}
    longest_first = sorted(spellings, key=len, reverse=True)
    return Person(address, commenter, longest_first, Sought.of(longest_first))


def export_person(address: str) -> dict[str, Any]:
    """What we hold, ready for JSON; what belongs to nobody we know is empty."""
    found = find(address)
    told = {label: holder.tell(found) for label, holder in HOLDERS.items()}
    return {label: words for label, words in told.items() if words}


def would_erase(address: str) -> Erased:
    """What an erasure would do."""
    found = find(address)
    return Erased(_own(found), len(_mentions(found)))


def erase_person(address: str, *, keep_words: bool, by: str) -> Erased:
    """Forget a person for ever, their words too unless kept. Raises StillThere, after which all is as before.

    The thread stays readable. What others wrote stays, but for the address.
    """
    for attempt in range(1, ATTEMPTS + 1):
        found = find(address)
        try:
            erased = _erased(found, keep_words=keep_words)
            break
        except (person.CameBetween, StillThere) as trouble:
            if attempt == ATTEMPTS or not is_by_readers(trouble):
                raise
    words = "kept" if keep_words else "removed"
    number = found.commenter and found.commenter.pk
    logger.info("erased person=%s comments=%s words=%s by=%s", number, erased.comments, words, by)
    return erased if connection.in_atomic_block else Erased(erased.comments, erased.mentions, sweep())


def is_by_readers(trouble: Exception) -> bool:
    """Comments came in meanwhile; anything else stays as it is however often we look."""
    return not isinstance(trouble, StillThere) or all(place.table == COMMENTS for place in trouble.places)


def _erased(found: Person, *, keep_words: bool) -> Erased:
    # Without locks, because it reads all comments; whatever comes in meanwhile is found at the end.
    with _unhurried():
        mentions = _mentions(found)
        beside = _mentioned_beside(found)
    with transaction.atomic(), _unhurried():
        locked = {*mentions, *beside}
        forgotten = person.forget(found.commenter, found.spellings, keep_words=keep_words, mentions=locked)
        for holder in HOLDERS.values():
            holder.forget(found)
        if places := places_of(found.sought):
            raise StillThere(places)
        if forgotten.article_ids:
            visible_comments_changed(forgotten.article_ids)
    return Erased(forgotten.comments or 0, len(mentions))


def sweep() -> bool:
    """Take what was deleted out of the database's file as well; False if others are in the way for too long.

    PostgreSQL writes it to no dump. SQLite keeps deleted bytes in its file and in the log beside it.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.writing_alone(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        try:
            cursor.execute("VACUUM")
        except DatabaseError:
            return False
        for _ in range(SWEEPS):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return True
            sleep(0.2)
    return False


# --- What each model holds


def forgets_nothing(found: Person) -> None:
    """For what goes with the person's comments, under their locks, or stands for the address by a hash only."""


def tells_nothing(found: Person) -> None:
    """For words of others, of which we can't tell a person without telling of others."""


def tell_of_commenter(found: Person) -> Any:
    """Address, comments with where they came from, earlier words, mails: as on the address's own page."""
    return person.export(found.commenter) if found.commenter else None


def tell_of_notes(found: Person) -> Any:
    """What moderators wrote about them, without saying who: whoever asks may read what is kept of them."""
    notes = found.commenter.notes.order_by("pk") if found.commenter else ()
    return [{"written_at": each.written_at.isoformat(), "text": each.text} for each in notes]


def tell_of_block(found: Person) -> Any:
    """That comments from this address go to spam."""
    blocks = Block.objects.filter(kind=Block.Kind.ADDRESS, key=address_key(email_key(found.address)))
    return [{"since": each.made_at.isoformat(), "until": each.until and each.until.isoformat()} for each in blocks]


def tell_of_staff(found: Person) -> Any:
    """An account for the desk."""
    accounts = User.objects.filter(email__iexact=found.address).order_by("pk")
    return [{"username": each.username, "since": each.date_joined.isoformat()} for each in accounts]


def forget_missing_paths(found: Person) -> None:
    """Delete addresses of pages that hold the address of the person: two of them could be the same without it."""
    MissingPath.objects.filter(pk__in=rows_with(MissingPath, found.sought, ["path"])).delete()


def take_out(label: str, *fields: str) -> Callable[[Person], None]:
    """A function that takes the address out of these fields, whoever wrote them."""

    def forget(found: Person) -> None:
        model = apps.get_model(label)
        for row in model._default_manager.filter(pk__in=rows_with(model, found.sought, fields)).values("pk", *fields):
            clean = {name: _without(row[name], model._meta.get_field(name).max_length, found) for name in fields}
            model._default_manager.filter(pk=row["pk"]).update(**clean)

    return forget


def _without(value: Any, max_length: int | None, found: Person) -> Any:
    """A text, or texts in JSON, without the address."""
    if isinstance(value, dict):
        return {key: _without(each, max_length, found) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, max_length, found) for each in value]
    return person.without_address(value, found.spellings)[:max_length] if isinstance(value, str) else value


HOLDERS: Mapping[str, Holder] = {
    # Anybody can ask for an address with anything in it.
    "articles.MissingPath": Holder(tells_nothing, forget_missing_paths),
    "comments.Commenter": Holder(tell_of_commenter, forgets_nothing),
    # These four are told with the commenter, and forgotten with the comments.
    "comments.Comment": Holder(tells_nothing, forgets_nothing),
    "comments.Origin": Holder(tells_nothing, take_out("comments.Origin", "findings", "user_agent", "name_key")),
    "comments.Edit": Holder(tells_nothing, take_out("comments.Edit", "before", "after")),
    "comments.Mail": Holder(tells_nothing, take_out("comments.Mail", "failed", "trouble")),
    "comments.AccessLink": Holder(tells_nothing, forgets_nothing),
    # A note goes with the person it is about; another's may name this one.
    "comments.Note": Holder(tell_of_notes, take_out("comments.Note", "text")),
    "comments.Block": Holder(tell_of_block, take_out("comments.Block", "note")),
    "comments.Report": Holder(tells_nothing, take_out("comments.Report", "reason", "note")),
    "comments.Reason": Holder(tells_nothing, take_out("comments.Reason", "label", "text")),
    "comments.RaidLog": Holder(tells_nothing, take_out("comments.RaidLog", "why")),
    "admin.LogEntry": Holder(tells_nothing, take_out("admin.LogEntry", "object_repr", "change_message")),
    "auth.User": Holder(tell_of_staff, forgets_nothing),
}
EDITORIAL = "what editors publish; an address in it stops an erasure until they take it out"
SETTINGS = "the owner's choices; an address in it stops an erasure until the owner takes it out"
STAFF = "staff's own accounts; an address in it stops an erasure until the account is changed or deleted"
MACHINERY = "keys, hashes and names that the site makes itself"
HOLDS_NOTHING: Mapping[str, str] = {
    **dict.fromkeys(
        ("articles.Article", "articles.Author", "articles.Byline", "articles.Correction", "articles.Image",
         "articles.Page", "articles.Pin", "articles.SearchText", "articles.Section", "articles.Topic"),
        EDITORIAL,
    ),
    **dict.fromkeys(
        ("articles.NavigationLink", "articles.Publication", "articles.Redirect", "comments.Discussion",
         "comments.MailSettings"),
        SETTINGS,
    ),
    **dict.fromkeys(
        ("account.EmailAddress", "account.EmailConfirmation", "auth.Group", "comments.AnsweringLink",
         "comments.DayFigures", "comments.Decision", "comments.MailChoice", "mfa.Authenticator", "sessions.Session"),
        STAFF,
    ),
    **dict.fromkeys(
        ("articles.PageVersion", "auth.Permission", "comments.Seal", "contenttypes.ContentType",
         "opedsite.DemoRow", "opedsite.JobRun"),
        MACHINERY,
    ),
}  # fmt: skip


def _own(found: Person) -> int:
    return Origin.objects.filter(commenter=found.commenter).count() if found.commenter else 0


def _mentions(found: Person) -> list[int]:
    """Comments that hold the address, without the person's own."""
    ids = rows_with(Comment, found.sought, ["body", "body_html", "name", "website"])
    own = Origin.objects.filter(commenter=found.commenter, pk__in=ids) if found.commenter else Origin.objects.none()
    return sorted({*ids} - {*own.values_list("pk", flat=True)})


def _mentioned_beside(found: Person) -> set[int]:
    """Comments with the address in reports, edits or findings, which are written under the comment's lock."""
    ids = set(rows_with(Origin, found.sought, ["findings", "user_agent", "name_key"]))
    for model, fields in ((Edit, ["before", "after"]), (Report, ["reason", "note"])):
        rows = model._default_manager.filter(pk__in=rows_with(model, found.sought, fields))
        ids |= set(rows.values_list("comment_id", flat=True))
    return ids


@contextmanager
def _unhurried() -> Iterator[None]:
    """Requests may take five seconds a statement; looking through a million comments can take longer."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield
