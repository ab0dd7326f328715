"""Addresses that moved: what was once an address of this site leads to where its page is now, for ever.

Whoever writes here turns what led to the old address to the new one, so a reader takes one step. Writers take turns;
what was left by others, reading follows a few steps at most, and leads nobody in a circle.
Pages of redirects depend on all that can move, and on KEY.
"""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import Resolver404, resolve

from articles.models import Article, Author, MissingPath, Page, Redirect, Section, Topic
from articles.models.redirect import MAX_PATH

KEY = "redirects"
MOST_STEPS = 5
# A number that no other lock of this database has.
TURN = 7_301
# Feeds stand below the page they belong to, and move with it.
FEED = re.compile(r"(?<=/)feed/(?:[a-z]+/)?$")


def destination(path: str) -> str | None:
    """Where the page of an address that leads nowhere has gone; None if nobody knows."""
    old = key_of(path)
    if len(old) > MAX_PATH:
        return None
    feed = FEED.search(old)
    asked = {old: ""} | ({old[: feed.start()]: feed.group()} if feed else {})
    found = dict(Redirect.objects.filter(old_path__in=asked).values_list("old_path", "new_path"))
    for each, rest in asked.items():
        if each in found:
            new = _end_of(each, found[each])
            return None if new is None else new + rest
    return None


def _end_of(old: str, new: str) -> str | None:
    """Where the way that begins with this step ends; None for a circle, or for one that is too long."""
    seen = {old}
    while key_of(new) not in seen and len(seen) <= MOST_STEPS:
        further = final(new)
        if further == new:
            return new
        seen.add(key_of(new))
        new = further
    return None


def take_turn() -> None:
    """Until this transaction ends nobody else writes redirects: its own see all that were made before.

    On SQLite a transaction is the only writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def address_moved(old: str, new: str) -> None:
    """A page has another address. Its former ones lead to the new one; what led away from the new one is forgotten."""
    old, new = key_of(unquote(old)), unquote(new)
    if old == key_of(new):
        return
    take_turn()
    address_taken(new)
    Redirect.objects.filter(new_path=old).update(new_path=new)
    Redirect.objects.update_or_create(old_path=old, defaults={"new_path": new})
    MissingPath.objects.filter(path=old).delete()


def address_taken(address: str) -> None:
    """A page lives at this address from now on: nothing leads away from it any more."""
    Redirect.objects.filter(old_path=key_of(unquote(address))).delete()


def address_gone(address: str) -> None:
    """Its page was deleted: nothing leads there any more."""
    Redirect.objects.filter(new_path=unquote(address)).delete()


def turn_others(made: Redirect) -> None:
    """After a redirect was made by hand: what led to its old address leads on, and the address is missed no more."""
    Redirect.objects.filter(new_path=made.old_path).exclude(pk=made.pk).update(new_path=made.new_path)
    MissingPath.objects.filter(path=made.old_path).delete()


def final(path: str) -> str:
    """Where this address leads today: to itself, unless it is a former one."""
    return Redirect.objects.filter(old_path=key_of(path)).values_list("new_path", flat=True).first() or path


def key_of(path: str) -> str:
    """A path as the table knows it: composed, in lower case as all our slugs are, with its last slash."""
    return _with_slash(unicodedata.normalize("NFC", path).casefold())


def own_path(address: str) -> str:
    """The path of an address on this site, however it was typed. Raises ValidationError."""
    refusal = ValidationError("Give an address of this site, such as /about/.")
    try:
        parts = urlsplit(address.strip().removeprefix(settings.OPED_BASE_URL))
    except ValueError as reason:  # "//[" is the beginning of no host
        raise refusal from reason
    path = unicodedata.normalize("NFC", unquote(parts.path))
    is_own = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith("//")
    if not is_own or "\\" in path or not path.isprintable():
        raise refusal
    return _with_slash(path)


def _with_slash(path: str) -> str:
    is_whole = path.endswith("/") or "." in path.rpartition("/")[2]
    return path if is_whole else f"{path}/"


def is_live(path: str) -> bool:
    """A page of ours answers at this path."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    slug = match.kwargs.get("slug")
    if match.url_name == "article-detail":
        at = {"address_year": match.kwargs["year"], "address_month": match.kwargs["month"]}
        return Article.objects.published().filter(slug=slug, **at).exists()
    kinds = {"author-detail": Author, "page-detail": Page, "section-detail": Section, "topic-detail": Topic}
    kind = kinds.get(match.url_name or "")
    return kind is None or kind._default_manager.filter(slug=slug).exists()
