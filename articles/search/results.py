"""Which articles answer a query, in which order: found by the database's index, ranked here, and never too many.

Everything starts at `Article.objects.published()`. However often a word occurs, few answers are ranked (the
latest of all, and older ones with the words in their title), so that no query costs much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.search.query import DIALECTS, Query, Term, expression

MOST = 500
# Phrases are looked for in the texts of the latest articles that have their words: reading a text takes long.
READ_FOR_PHRASES = 2000
# Where a word counts how much; a word that stands in the body only counts one.
WEIGHTS = {"title": 8, "names": 5, "standfirst": 3, "frequent": 2}
IN_BODY = 1
IN_TITLE_AS_TYPED = 4
TEXTS = ("title", "names", "standfirst", "body")
# The ids of articles that one of the two indexes has for a query; see migration 0011.
INDEXES = {
    "sqlite": {
        "words": "SELECT rowid FROM articles_search_words WHERE articles_search_words MATCH %s",
        "title": "SELECT rowid FROM articles_search_title WHERE articles_search_title MATCH %s",
    },
    "postgresql": {
        "words": "SELECT article_id FROM articles_searchtext WHERE words_index @@ %s::tsquery",
        "title": "SELECT article_id FROM articles_searchtext WHERE title_index @@ %s::tsquery",
    },
}
# The latest of them whose texts are then read; limited inside, or PostgreSQL would read all and count afterwards.
LATEST = {
    "sqlite": "SELECT article_id, title, names, standfirst, body FROM articles_searchtext"
    " WHERE article_id IN ({found} ORDER BY rowid DESC LIMIT {most})",
    "postgresql": "SELECT article_id, title, names, standfirst, body FROM articles_searchtext"
    " WHERE article_id IN ({found}) ORDER BY article_id DESC LIMIT {most}",
}
# From each language to the next in the index: PostgreSQL's DISTINCT would go through all op-eds.
LANGUAGES = """
    WITH RECURSIVE known (language) AS (
        SELECT min(language) FROM articles_searchtext
        UNION ALL SELECT (SELECT min(language) FROM articles_searchtext WHERE language > known.language)
        FROM known WHERE known.language IS NOT NULL
    ) SELECT language FROM known WHERE language IS NOT NULL
"""
# Not LIKE, which SQLite gives up on a long pattern.
PLACE = {"sqlite": "instr", "postgresql": "strpos"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What answers are narrowed to; None: all."""

    section: int | None = None
    author: int | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return (self.section, self.author, self.year) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Answers:
    """The ids of what was found, best first; `has_more` if there is more than we rank."""

    ids: Sequence[int]
    has_more: bool


class Candidate(NamedTuple):
    """What the order of answers depends on."""

    pk: int
    published_at: datetime
    title: str
    names: str
    standfirst: str
    frequent: str


def languages() -> list[str]:
    """Those of the articles that search knows: a query doesn't say in which it is."""
    with connection.cursor() as cursor:
        cursor.execute(LANGUAGES)
        return [language for (language,) in cursor.fetchall()]


def find(query: Query, filters: Filters, *, most: int = MOST) -> Answers:
    """What answers the query; for one without words, what passes the filters, newest first."""
    found = _candidates(matching(query), filters, most)
    has_more = len(found) > most
    if has_more and query:
        found = found[:most]
        # Later ones are among those already.
        found += _candidates(matching(query, "title").filter(pk__lt=found[-1].pk), filters, most)[:most]
    score = scorer(query)
    best = sorted(found, key=lambda each: (score(each), each.published_at, each.pk), reverse=True)
    return Answers([each.pk for each in best[:most]], has_more)


def matching(query: Query, index: str = "words") -> ArticleQuerySet:
    """Published articles that answer the query; with the index "title" only those with its words in their title."""
    articles = Article.objects.published()
    if not query:
        return articles
    vendor = connection.vendor
    found, asked = INDEXES[vendor][index], [expression(query, DIALECTS[vendor])]
    if query.phrases or query.without_phrases:
        latest = LATEST[vendor].format(found=found, most=READ_FOR_PHRASES)
        holds = f"({' OR '.join(f'{PLACE[vendor]}({text}, %s) > 0' for text in TEXTS)})"
        conditions = [holds] * len(query.phrases) + [f"NOT {holds}"] * len(query.without_phrases)
        found = f"SELECT article_id FROM ({latest}) AS latest WHERE {' AND '.join(conditions)}"  # noqa: S608 - no words
        asked += [phrase for phrase in query.phrases + query.without_phrases for _ in TEXTS]
    # Known to search: said, so that the databases may begin with its index when an order and a filter are asked for.
    return articles.filter(pk__in=RawSQL(found, asked), search_text__isnull=False)  # noqa: S611 - bound parameters


def reads_all(query: Query) -> bool:
    """No phrase is asked for, or every article that has the words is read for it."""
    if not (query.phrases or query.without_phrases):
        return True
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({INDEXES[vendor]['words']} LIMIT {READ_FOR_PHRASES + 1}) AS found",  # noqa: S608 - no words
            [expression(query, DIALECTS[vendor])],
        )
        (number,) = cursor.fetchone()
    return bool(number <= READ_FOR_PHRASES)


def scorer(query: Query) -> Callable[[Candidate], int]:
    """How well an article answers the query: for each word and phrase, where it stands at best."""
    wanted = [_needles(term) for term in query.terms] + [((phrase,),) for phrase in query.phrases]
    joined = [tuple(f" {form} " for form in term.joined) for term in query.terms] + [() for _ in query.phrases]
    as_typed = f" {' '.join(term.word for term in query.terms)} " if len(query.terms) > 1 else ""

    def score(candidate: Candidate) -> int:
        total = IN_TITLE_AS_TYPED if as_typed and as_typed in candidate.title else 0
        for needles, in_one in zip(wanted, joined, strict=True):
            total += _weight(candidate, needles, in_one)
        return total

    return score


def _needles(term: Term) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(f" {form} " for form in forms) for forms in term.every)


def _weight(candidate: Candidate, needles: Sequence[Sequence[str]], joined: Sequence[str]) -> int:
    for name, weight in WEIGHTS.items():
        if _is_in(getattr(candidate, name), needles, joined):
            return weight
    return IN_BODY


def _is_in(words: str, needles: Sequence[Sequence[str]], joined: Sequence[str]) -> bool:
    """Plain loops, because this is asked thousands of times for one page."""
    for form in joined:
        if form in words:
            return True
    for forms in needles:
        for form in forms:
            if form in words:
                break
        else:
            return False
    return True


def _candidates(articles: ArticleQuerySet, filters: Filters, most: int) -> list[Candidate]:
    """The latest written, one more than we rank."""
    wanted = Q()
    if filters.section is not None:
        wanted &= Q(section=filters.section)
    if filters.author is not None:
        wanted &= Q(bylines__author=filters.author)
    if filters.year is not None:
        wanted &= Q(published_at__year=filters.year)
    columns = (F(f"search_text__{name}") for name in WEIGHTS)
    rows = articles.filter(wanted).order_by("-pk").values_list("pk", "published_at", *columns)[: most + 1]
    return [Candidate(*row) for row in rows]
