"""What a list prints of articles: plain rows instead of models, because a front page prints sixty of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from articles.addresses import address_of
from articles.languages import direction_of
from articles.models import Article, Byline
from articles.paging import Slice, requested_slice
from articles.querysets import ArticleQuerySet
from articles.statements import Row, chosen

CARDS_A_PAGE = 20


@dataclass(slots=True)
class Signer:
    """Who signed an article."""

    author: int
    name: str


@dataclass(slots=True)
class Card:
    """One published article in a list; the fields are the columns of `ArticleQuerySet.as_cards()`."""

    pk: int
    title: str
    standfirst: str
    slug: str
    year: int
    month: int
    language: str
    published_at: datetime
    comment_count: int
    section: str
    section_slug: str
    picture: int | None
    signers: list[Signer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return address_of("articles:article-detail", self.year, self.month, self.slug)

    @property
    def section_url(self) -> str:
        return address_of("articles:section-detail", self.section_slug)

    @property
    def direction(self) -> str:
        return direction_of(self.language)


def cards_by_id(ids: Collection[int], now: datetime) -> dict[int, Card]:
    """Cards of those that may be read, in two queries whatever their number."""
    rows = chosen(_published_cards, ids, now=now)
    return {card.pk: card for card in signed(rows)}


def cards_page(request: HttpRequest, articles: ArticleQuerySet, size: int = CARDS_A_PAGE) -> Slice[Card]:
    """The requested page of a list, newest first, in two queries. Raises Http404 beyond the last page."""
    found = requested_slice(request, articles.newest_first().as_cards(), size)
    return Slice(signed(found.items), found.number, found.has_next)


def signed(rows: Sequence[Row]) -> list[Card]:
    """Cards of rows, each with its authors."""
    cards = [Card(*row) for row in rows]
    by_id = {card.pk: card for card in cards}
    for article, author, name in chosen(_signatures, by_id):
        by_id[article].signers.append(Signer(author, name))
    return cards


def _published_cards(ids: Collection[int], now: datetime) -> QuerySet[Any, Any]:
    return Article.objects.published(now).filter(pk__in=ids).as_cards()


def _signatures(ids: Collection[int]) -> QuerySet[Any, Any]:
    found = Byline.objects.filter(article__in=ids).order_by("article", "position", "pk")
    return found.values_list("article_id", "author_id", "author__name")
