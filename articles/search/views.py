"""The page of search, its suggestions, and what a browser needs to search here from its own bar."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import html
from articles.cards import Card, cards_by_id
from articles.freshness import page_depends_on
from articles.models import Article, Author, Byline, Section, Topic
from articles.paging import Slice, page_number
from articles.parameters import asked
from articles.search import suggestions
from articles.search.query import Query, Refused, parse, still_typed
from articles.search.results import MOST, READ_FOR_PHRASES, Answers, Filters, find, languages, reads_all
from articles.search.snippets import Part, has_marks, marked, snippet
from articles.statements import Statement, chosen, together

RESULTS_A_PAGE = 10
# The authors that the results can be narrowed to are those of so many of the best.
LOOKED_THROUGH = 100
TOPICS_SHOWN = 24
FEW_WORDS = 5
NOTHING_TO_LOOK_FOR = _("Please write at least one word to look for.")
SECTIONS = Statement(Section.objects.all)
NEWEST = Statement(
    lambda now: Article.objects.published(now).newest_first().values_list("published_at")[:1], now=datetime
)
OLDEST = Statement(
    lambda now: Article.objects.published(now).newest_first().reverse().values_list("published_at")[:1], now=datetime
)


@dataclass(frozen=True, slots=True)
class Result:
    """An article as it stands among the results."""

    article: Card
    title: Sequence[Part]
    snippet: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: the words as typed, and what they are narrowed to."""

    typed: str
    section: Section | None = None
    author: Author | None = None
    year: int | None = None

    @property
    def filters(self) -> Filters:
        return Filters(getattr(self.section, "pk", None), getattr(self.author, "pk", None), self.year)

    @property
    def address(self) -> str:
        """The query of an address that asks for this."""
        parameters = {
            "q": self.typed,
            "section": self.section and self.section.slug,
            "author": self.author and self.author.slug,
            "year": self.year,
        }
        return urlencode({name: value for name, value in parameters.items() if value})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The form, and what answers the query."""
    sections, listed = narrowing()
    wanted = read(request, sections, listed)
    number = page_number(request, "page")
    context: dict[str, Any] = {"wanted": wanted, "sections": sections, "years": listed}
    try:
        query = parse(wanted.typed, languages())
    except Refused as refused:
        return answer(request, context | {"error": refused.args[0]}, status=400)
    if not query and (wanted.typed or not wanted.filters):
        error = NOTHING_TO_LOOK_FOR if wanted.typed else ""
        return answer(request, context | {"error": error, "topics": Topic.objects.all()[:TOPICS_SHOWN]})
    found = find(query, wanted.filters)
    page = page_of(found, query, number)
    if number > 1 and not page.items:
        raise Http404("There is no such page of results.")
    context |= {"found": found, "most": MOST, "results": page, "names": None}
    context |= {"authors": authors_of(found, wanted)}
    if not reads_all(query):
        context |= {"read_for_phrases": READ_FOR_PHRASES}
    if number == 1:
        context |= {"names": suggestions.names(query)}
    if not found.ids:
        context |= {
            "widest": Wanted(wanted.typed),
            "respelled": respelled(query, wanted),
            "fewer": fewer(query, wanted),
        }
    return answer(request, context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles, authors and topics for what has been typed so far, as JSON."""
    typed = asked(request, "q") or ""
    try:
        query = still_typed(parse(typed, languages()), typed)
    except Refused:
        query = Query()
    found = []
    if query:
        named = suggestions.names(query)
        found = [{"kind": "author", "text": each.name, "url": each.get_absolute_url()} for each in named.authors]
        found += [{"kind": "topic", "text": each.name, "url": each.get_absolute_url()} for each in named.topics]
        found += [
            {"kind": "article", "text": each.title, "url": each.get_absolute_url(), "language": each.language}
            for each in suggestions.titles(query)
        ]
    response = JsonResponse({"suggestions": found})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """An OpenSearch description, by which browsers add the site to their search engines."""
    context = {"search": reverse("articles:search"), "icon": static("oped/icon.svg")}
    response = render(
        request, "articles/opensearch.xml", context, content_type="application/opensearchdescription+xml; charset=utf-8"
    )
    page_depends_on(response, "site")
    return response


def read(request: HttpRequest, sections: Sequence[Section], listed: Sequence[int]) -> Wanted:
    """What the address asks for; a section, an author or a year that isn't there narrows nothing."""
    section, author, year = asked(request, "section"), asked(request, "author"), asked(request, "year")
    return Wanted(
        (asked(request, "q") or "").strip(),
        next((each for each in sections if each.slug == section), None),
        Author.objects.filter(slug=author).first() if author else None,
        next((each for each in listed if str(each) == year), None),
    )


def answer(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page, which no cache keeps: there are too many, and what somebody looks for is theirs."""
    response = render(request, "articles/search.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def page_of(found: Answers, query: Query, number: int) -> Slice[Any]:
    """One page of the results, in their order."""
    start = (number - 1) * RESULTS_A_PAGE
    ids = found.ids[start : start + RESULTS_A_PAGE]
    now = timezone.now()
    cards = cards_by_id(ids, now)
    texts = {pk: text for pk, *text in chosen(_texts, ids, now=now)}
    results = [result(cards[pk], query, *texts[pk]) for pk in ids if pk in cards and pk in texts]
    return Slice(results, number, len(found.ids) > start + RESULTS_A_PAGE)


def _texts(ids: Collection[int], now: datetime) -> QuerySet[Any, Any]:
    published = Article.objects.published(now).filter(pk__in=ids)
    return published.values_list("pk", "body_html", "search_text__body")


def result(article: Card, query: Query, body_html: str, words: str) -> Result:
    """What was looked for, marked: in the title, and in the text, or in the standfirst if the text has none of it."""
    language = article.language
    title, text = marked(article.title, query, language), snippet(html.text_of(body_html), words, query, language)
    if article.standfirst and not has_marks(text):
        text = marked(article.standfirst, query, language)
    return Result(article, title, text)


def narrowing() -> tuple[list[Section], list[int]]:
    """Sections, and years from the newest to the oldest, by the date that is printed."""
    now = {"now": timezone.now()}
    sections, *ends = together((SECTIONS, {}), (NEWEST, now), (OLDEST, now))
    newest, oldest = (localtime(at).year for end in ends for (at,) in end) if all(ends) else (0, 1)
    return sections, list(range(newest, oldest - 1, -1))


def authors_of(found: Answers, wanted: Wanted) -> list[Author]:
    """Whom the results can be narrowed to: the chosen author, or those of the best results."""
    return [wanted.author] if wanted.author else chosen(_authors, found.ids[:LOOKED_THROUGH])


def _authors(articles: Collection[int]) -> QuerySet[Author]:
    signed = Byline.objects.filter(article__in=articles).values("author")
    return Author.objects.filter(pk__in=signed).only("name", "slug").order_by("name", "pk")


def respelled(query: Query, wanted: Wanted) -> Wanted | None:
    """The same with words that no article has replaced by words that some have; None if there are none."""
    found = suggestions.respelled(query)
    words = [found.get(term.word, term.word) for term in query.terms]
    return replace(wanted, typed=query.written(words)) if found else None


def fewer(query: Query, wanted: Wanted) -> list[Wanted]:
    """The same with one word less, each of the ways that find something; none if there were many to try."""
    if not 1 < len(query.terms) <= FEW_WORDS:
        return []
    ways = [query.terms[:place] + query.terms[place + 1 :] for place in range(len(query.terms))]
    finding = (terms for terms in ways if find(replace(query, terms=terms), wanted.filters, most=1).ids)
    return [replace(wanted, typed=query.written(term.word for term in terms)) for terms in finding]
