"""Pages that somebody may have meant who asked for an address that leads nowhere."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from articles.models import Article, Author, Topic
from articles.navigation import Link
from articles.slugs import slugify
from articles.statements import Statement, together

NEIGHBOURS = 6
SHOWN = 5
ALIKE = 0.6
# So many letters alike at the beginning are no accident.
ENOUGH_LETTERS = 5
MAX_WORDS = 80
FEED_PARTS = ("feed", "atom", "json")


def last_part(path: str) -> str:
    """The part of a path that names its page, as a slug: the last one that isn't a number or a feed's."""
    parts = [slugify(part) for part in path.split("/")]
    return next((part for part in reversed(parts) if part and not part.isdigit() and part not in FEED_PARTS), "")


def words_of(path: str) -> str:
    """What to search for instead."""
    return last_part(path).replace("-", " ")[:MAX_WORDS].strip()


def likely_pages(path: str, others: Sequence[Link] = ()) -> list[Link]:
    """The pages whose slugs come closest, the closest first; `others` are links at hand that may be meant too.

    Slugs are looked for where the asked one would stand in their index, so this costs the same on a site of any
    size: a letter too many, a missing end or a wrong month is found, a wrong first letter is not.
    """
    wanted = last_part(path)
    if not wanted:
        return []
    first = path.split("/")[1]
    found = {last_part(link.url): link for link in others}
    found |= dict(_neighbours(NEIGHBOURS_OF.get(first, ARTICLES), wanted))
    ranked = sorted(((likeness(wanted, slug), slug) for slug in found), reverse=True)
    return [found[slug] for rank, slug in ranked[:SHOWN] if rank >= ALIKE]


def likeness(wanted: str, slug: str) -> float:
    """From 0 to 1; one that begins or ends early counts as alike."""
    shorter, longer = sorted((wanted, slug), key=len)
    if len(shorter) >= ENOUGH_LETTERS and longer.startswith(shorter):
        return 1.0 if shorter == longer else 0.9
    matcher = SequenceMatcher(None, wanted, slug, autojunk=False)
    # An upper bound, found in a tenth of the time, settles most.
    bound = matcher.quick_ratio()
    return matcher.ratio() if bound >= ALIKE else bound


def _neighbours(statements: "Sequence[Statement[Any]]", wanted: str) -> Iterator[tuple[str, Link]]:
    values: Mapping[str, Any] = {"now": timezone.now()} if statements is ARTICLES else {}
    for rows in together(*((each, {"slug": wanted, **values}) for each in statements)):
        for row in rows:
            yield row.slug, Link(str(row), row.get_absolute_url())


def _articles(now: datetime, slug: str, *, after: bool) -> QuerySet[Article]:
    # Which of the next few readers may see is asked afterwards: else the index is walked until enough are found.
    nearest = _nearest(Article.objects.all(), slug, after=after).values("pk")
    return Article.objects.published(now).filter(pk__in=nearest).only("title", "slug", "address_year", "address_month")


def _nearest(rows: QuerySet[Any], slug: str, *, after: bool) -> QuerySet[Any]:
    ordered = rows.filter(slug__gte=slug).order_by("slug") if after else rows.filter(slug__lt=slug).order_by("-slug")
    return ordered[:NEIGHBOURS]


def _around(model: type[Model]) -> "Sequence[Statement[Any]]":
    named = model._default_manager.only("name", "slug")
    return (
        Statement(lambda slug: _nearest(named.all(), slug, after=True), slug=str),
        Statement(lambda slug: _nearest(named.all(), slug, after=False), slug=str),
    )


ARTICLES: "Sequence[Statement[Any]]" = (
    Statement(lambda now, slug: _articles(now, slug, after=True), now=datetime, slug=str),
    Statement(lambda now, slug: _articles(now, slug, after=False), now=datetime, slug=str),
)
NEIGHBOURS_OF: "Mapping[str, Sequence[Statement[Any]]]" = {"author": _around(Author), "topic": _around(Topic)}
