"""What stands beside an op-ed: its corrections, what it answers and who answers it, more by its authors, related ones.

One query for all of it. Each list looks at the newest few rows of an index only, whatever the number of articles; a
page depends on the articles that it lists, and on the keys under which another one could join them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.languages import speech
from articles.models import Article, Byline, Correction
from articles.statements import Row, Statement

MAX_REPLIES = 10
MAX_MORE = 3
MAX_RELATED = 3
# So many authors and topics of an article are followed, so many of their newest articles looked at.
FOLLOWED = 3
LOOKED_AT = 6
NAMED = MAX_REPLIES + MAX_RELATED + 1
COLUMNS = ("kind", "id", "label", "slug", "address_year", "address_month", "language", "at")


@dataclass(frozen=True, slots=True)
class Other:
    """Another op-ed, as a link: with its authors' names, unless they are those of this page."""

    id: int
    title: str
    url: str
    language: str
    direction: str
    published_at: datetime
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction: when, and what."""

    made_at: datetime
    text_html: SafeString


@dataclass(frozen=True, slots=True)
class Beside:
    """All that stands beside one op-ed; `keys` are what its page depends on for it."""

    corrections: Sequence[Corrected]
    answered: Other | None
    replies: Sequence[Other]
    more: Sequence[Other]
    related: Sequence[Other]
    keys: Collection[str]


def beside(article: Article, now: datetime) -> Beside:
    """What stands beside the article at this moment."""
    rows = BESIDE.rows(article=article.pk, now=now)
    kinds: dict[str, list[Row]] = {kind: [] for kind in ("correction", "answered", "reply", "more", "topic", "section")}
    keys = {f"section-{article.section_id}"}
    for row in rows:
        if row[0] == "tagged":
            keys.add(f"topic-{row[1]}")
        else:
            kinds[row[0]].append(row)
    pair = [*kinds["answered"], *_newest(kinds["reply"])]
    more = list(_first(MAX_MORE, _newest(kinds["more"]), but=pair))
    near = (*_newest(kinds["topic"]), *_newest(kinds["section"]))
    related = list(_first(MAX_RELATED, near, but=[*pair, *more]))
    names = _names([row[1] for row in (*pair, *related)])
    answered, *replies = [_other(row, names) for row in pair] if kinds["answered"] else [None, *(_other(row, names) for row in pair)]
    return Beside(
        corrections=[Corrected(row[7], mark_safe(row[2])) for row in sorted(kinds["correction"], key=_age)],  # noqa: S308
        answered=answered,
        replies=replies,
        more=[_other(row, {}) for row in more],
        related=[_other(row, names) for row in related],
        keys=keys | {f"article-{row[1]}" for row in (*pair, *more, *related)},
    )


def _age(row: Row) -> tuple[datetime, int]:
    return row[7], row[1]


def _newest(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=_age, reverse=True)


def _first(number: int, rows: Iterable[Row], but: Iterable[Row]) -> Iterator[Row]:
    """The first so many articles, each once, without those that are listed elsewhere."""
    seen = {row[1] for row in but}
    for row in rows:
        if number and row[1] not in seen:
            seen.add(row[1])
            number -= 1
            yield row


def _other(row: Row, names: dict[int, list[str]]) -> Other:
    _, pk, title, slug, year, month, language, at = row
    return Other(pk, title, _address(year, month, slug), language, speech(language).direction, at, names.get(pk, ()))


@lru_cache(1024)
def _address(year: int, month: int, slug: str) -> str:
    return reverse("articles:article-detail", args=[year, month, slug])


def _names(ids: Sequence[int]) -> dict[int, list[str]]:
    if not ids:
        return {}
    found: dict[int, list[str]] = {}
    places = dict.fromkeys(PLACES, 0) | dict(zip(PLACES, ids, strict=False))
    for pk, name in NAMES.rows(**places):
        found.setdefault(pk, []).append(name)
    return found


def _beside(article: int, now: datetime) -> QuerySet[Any]:
    tags, answering = Article.topics.through.objects, Article.objects.filter(answers=article)
    readable = Article.objects.published(now).exclude(pk=article)
    section = Subquery(Article.objects.filter(pk=article).values("section"))
    in_section = Article.objects.published(now).filter(section=section).newest_first()
    lists = [
        ("answered", readable.filter(answered_by=article)),
        ("reply", readable.filter(pk__in=answering.order_by("-pk").values("pk")[:MAX_REPLIES])),
        ("section", readable.filter(pk__in=in_section.values("pk")[:LOOKED_AT])),
    ]
    for place in range(FOLLOWED):
        author = Byline.objects.filter(article=article).order_by("position", "pk").values("author")[place : place + 1]
        topic = tags.filter(article=article).order_by("pk").values("topic")[place : place + 1]
        signed = Byline.objects.filter(author=Subquery(author)).order_by("-pk").values("article")[:LOOKED_AT]
        tagged = tags.filter(topic=Subquery(topic)).order_by("-pk").values("article")[:LOOKED_AT]
        lists += [("more", readable.filter(pk__in=signed)), ("topic", readable.filter(pk__in=tagged))]
    queries: list[QuerySet[Any, Any]] = [
        found.annotate(kind=Value(kind), label=F("title"), at=F("published_at")) for kind, found in lists
    ]
    nothing = {"slug": Value(""), "address_year": Value(0), "address_month": Value(0), "language": Value("")}
    queries += [
        Correction.objects.filter(article=article).annotate(
            kind=Value("correction"), label=F("text_html"), at=F("made_at"), **nothing
        ),
        Article.topics.through.objects.filter(article=article).annotate(kind=Value("tagged"))
    ]
    first, *rest = [found.order_by().values_list(*COLUMNS) for found in queries]
    return first.union(*rest, all=True)


def _named(**articles: int) -> QuerySet[Any]:
    signed = Byline.objects.filter(article__in=articles.values()).order_by("article", "position", "pk")
    return signed.values_list("article", "author__name")


PLACES = [f"article{place}" for place in range(NAMED)]
BESIDE = Statement(_beside, article=int, now=datetime)
NAMES = Statement(_named, **dict.fromkeys(PLACES, int))
