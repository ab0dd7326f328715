"""What stands beside an op-ed: its corrections, what it answers and who answers it, more by its authors, related ones.

One query for all of it, with a row for each byline of what is listed. Each list looks at the newest few rows of an
index only, whatever the number of articles; a page depends on the articles that it lists, and on the keys under which
another one could join them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.utils.safestring import SafeString, mark_safe

from articles.addresses import address_of
from articles.languages import direction_of
from articles.models import Article, Byline, Correction
from articles.models.article import at
from articles.querysets import published_condition
from articles.statements import Row, Statement

MAX_REPLIES = 10
MAX_MORE = 3
MAX_RELATED = 3
# So many authors and topics of an article are followed, and so many of their newest articles looked at: one more than
# is shown, because one of them may be the article itself.
FOLLOWED = 2
LOOKED_AT = 4
KINDS = ("correction", "answered", "reply", "more", "tagged", "topic", "section")
COLUMNS = ("kind", "of", "label", "slug", "address_year", "address_month", "language", "at", "place", "byline", "name")
Found = TypeVar("Found", bound=QuerySet[Any, Any])
# Where a byline stands among those of its article.
Place = tuple[int, int]


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


def beside_of(article: Article, rows: Iterable[Row]) -> Beside:
    """What stands beside the article, of the rows of BESIDE."""
    kinds: dict[str, dict[int, Row]] = {kind: {} for kind in KINDS}
    names: dict[int, dict[Place, str]] = {}
    for row in rows:
        kind, of, *_, place, byline, name = row
        kinds[kind].setdefault(of, row)
        if byline is not None:
            names.setdefault(of, {})[place, byline] = name
    subjects = [f"topic-{topic}" for topic in kinds["tagged"]] or [f"section-{article.section_id}"]
    answered, replies = list(kinds["answered"].values()), _newest(kinds["reply"])
    pair, own = [*answered, *replies], ("", article.pk)
    more = list(_first(MAX_MORE, _newest(kinds["more"]), but=[*pair, own]))
    near = (*_newest(kinds["topic"]), *_newest(kinds["section"]))
    related = list(_first(MAX_RELATED, near, but=[*pair, *more, own]))
    return Beside(
        corrections=[_corrected(row) for row in sorted(kinds["correction"].values(), key=_age)],
        answered=_other(answered[0], names) if answered else None,
        replies=[_other(row, names) for row in replies],
        more=[_other(row, {}) for row in more],
        related=[_other(row, names) for row in related],
        keys={*subjects, *(f"listed-{row[1]}" for row in (*pair, *more, *related))},
    )


def _corrected(row: Row) -> Corrected:
    return Corrected(row[7], mark_safe(row[2]))  # noqa: S308 - cleaned when it was stored


def _age(row: Row) -> tuple[datetime, int]:
    return row[7], row[1]


def _newest(rows: Mapping[int, Row]) -> list[Row]:
    return sorted(rows.values(), key=_age, reverse=True)


def _first(number: int, rows: Iterable[Row], but: Iterable[Row]) -> Iterator[Row]:
    """The first so many articles, each once, without those that are listed elsewhere."""
    seen = {row[1] for row in but}
    for row in rows:
        if number and row[1] not in seen:
            seen.add(row[1])
            number -= 1
            yield row


def _other(row: Row, names: Mapping[int, Mapping[Place, str]]) -> Other:
    _, pk, title, slug, year, month, language, at, *_ = row
    signed = names.get(pk, {})
    return Other(
        pk,
        title,
        address_of("articles:article-detail", year, month, slug),
        language,
        direction_of(language),
        at,
        [signed[place] for place in sorted(signed)],
    )


def _beside(slug: str, now: datetime) -> QuerySet[Any]:
    """The lists by kind. Each names its articles by id, so that the database reads these rows and no others."""
    tags, readable, is_readable = Article.topics.through.objects, Article.objects.published(now), published_condition
    this, article = Article.objects.filter(slug=slug), at(slug)
    untagged = this.filter(~Exists(tags.filter(article=OuterRef("pk")))).values("section")
    nobody = Value(None, BigIntegerField())
    lists: list[tuple[str, QuerySet[Any, Any]]] = [
        ("answered", readable.filter(pk=Subquery(this.values("answers"))).values("pk")),
        ("reply", readable.filter(answers=article).order_by("-pk").values("pk")[:MAX_REPLIES]),
        # An article with topics needs no look at its section: asked of the article, not of each that is in the section.
        ("section", _of(untagged, readable, "section").newest_first().values("pk")[:LOOKED_AT]),
    ]
    for place in range(FOLLOWED):
        author = Byline.objects.filter(article=article).order_by("position", "pk").values("author")[place : place + 1]
        topic = tags.filter(article=article).order_by("pk").values("topic")[place : place + 1]
        signed = _of(author, Byline.objects.filter(is_readable("article__", now)), "author")
        tagged = _of(topic, tags.filter(is_readable("article__", now)), "topic")
        newest = [found.order_by("-pk").values("article")[:LOOKED_AT] for found in (signed, tagged)]
        lists += zip(("more", "topic"), newest, strict=True)
    queries: list[QuerySet[Any, Any]] = [
        Article.objects.filter(pk__in=ids).annotate(
            kind=Value(kind),
            of=F("pk"),
            label=F("title"),
            at=F("published_at"),
            place=F("bylines__position"),
            byline=F("bylines__pk"),
            name=F("bylines__author__name"),
        )
        for kind, ids in lists
    ]
    nothing = {"slug": Value(""), "address_year": Value(0), "address_month": Value(0), "language": Value("")}
    nothing |= {"place": nobody, "byline": nobody, "name": Value("")}
    queries += [
        Correction.objects.filter(article=article).annotate(
            kind=Value("correction"), of=F("pk"), label=F("text_html"), at=F("made_at"), **nothing
        ),
        tags.filter(article=article).annotate(
            kind=Value("tagged"), of=F("topic"), label=Value(""), at=Value(None, DateTimeField()), **nothing
        ),
    ]
    first, *rest = [found.order_by().values_list(*COLUMNS) for found in queries]
    return first.union(*rest, all=True)


def _of(one: QuerySet[Any, Any], rows: Found, field: str) -> Found:
    """The rows with this one; where it is nobody, none is looked at, which PostgreSQL doesn't see by itself."""
    return rows.filter(Exists(one), **{field: Subquery(one)})


BESIDE = Statement(_beside, slug=str, now=datetime)
