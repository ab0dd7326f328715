"""What a reader may mean: while a query is typed, when nothing was found, and people and topics of that name."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, Author, Topic
from articles.search.query import Forms, Query, Term
from articles.search.results import matching

NAMES = 3
TITLES = 5
# A word is compared with those of so many titles that have a word with this beginning.
COMPARED = 300
BEGINNING = 2
ALIKE = 0.75
Named = TypeVar("Named", Author, Topic)


@dataclass(frozen=True, slots=True)
class Names:
    """Authors and topics whose names hold the words."""

    authors: Sequence[Author]
    topics: Sequence[Topic]


def names(query: Query) -> Names:
    """A few authors and topics with something published, whose names hold each word of the query."""
    published = Article.objects.published()
    authors = Author.objects.filter(Exists(published.filter(bylines__author=OuterRef("pk"))))
    topics = Topic.objects.filter(Exists(published.filter(topics=OuterRef("pk"))))
    return Names(_called(authors, query), _called(topics, query))


def titles(query: Query) -> list[Article]:
    """The latest op-eds with each word of the query in their title."""
    return list(matching(query, "title").order_by("-pk").defer("body", "body_html", "toc")[:TITLES])


def respelled(query: Query) -> dict[str, str]:
    """For each word of the query that no article has: one of a title or an author's name that is much like it."""
    unknown = [term for term in query.terms if len(term.word) > BEGINNING and not matching(Query((term,))).exists()]
    alike = {term.word: get_close_matches(term.word, _known(term.word[:BEGINNING]), 1, ALIKE) for term in unknown}
    return {word: found[0] for word, found in alike.items() if found}


def _known(beginning: str) -> set[str]:
    """Words of titles and of authors' names that begin so."""
    begun = Query((Term((frozenset([beginning]),), is_begun=True),))
    found = matching(begun, "title").order_by("-pk").values_list("search_text__title", flat=True)
    authors = Author.objects.filter(name_words__contains=f" {beginning}").values_list("name_words", flat=True)
    texts = [*found[:COMPARED], *authors[:COMPARED]]
    return {word for text in texts for word in text.split() if word.startswith(beginning)}


def _called(rows: "QuerySet[Named]", query: Query) -> list[Named]:
    for term in query.needed:
        for forms in term.every:
            rows = rows.filter(_holds(forms, is_begun=term.is_begun))
    return list(rows.order_by("name", "pk")[:NAMES]) if query else []


def _holds(forms: Forms, *, is_begun: bool) -> Q:
    end = "" if is_begun else " "
    return reduce(or_, (Q(name_words__contains=f" {form}{end}") for form in forms))
