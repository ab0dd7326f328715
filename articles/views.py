"""What readers read: home, article, author, section, topic and page."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.beside import beside
from articles.freshness import EXPIRES_NOTED, page_depends_on, page_expires
from articles.insets import complete
from articles.languages import furniture
from articles.models import Article, Author, Page, Section, Topic
from articles.navigation import stands_around
from articles.paging import Slice, requested_slice
from articles.parameters import asked
from articles.querysets import ArticleQuerySet
from articles.rendering import Furniture
from articles.statements import Statement

ARTICLES_A_PAGE = 20
READ = Statement(
    lambda now, year, month, slug: (
        Article.objects.published(now)
        .filter(address_year=year, address_month=month, slug=slug)
        .select_related("section", "lead_image")
        .defer("body")
    ),
    now=datetime,
    year=int,
    month=int,
    slug=str,
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest op-eds."""
    articles = list_slice(request, Article.objects.published())
    response = render(request, "articles/home.html", {"articles": articles})
    page_depends_on(response, "site", "articles")
    return response


@require_safe
def article_detail(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """One op-ed with its author's bio and its comments."""
    found = READ.objects(now=timezone.now(), year=year, month=month, slug=slug)
    if not found:
        raise Http404("There is no such op-ed.")
    article = found[0]
    others = beside(article, timezone.now())
    response = render_article(request, article, beside=others)
    authors = [f"author-{byline.author_id}" for byline in article.signed]
    page_depends_on(response, "site", f"article-{article.pk}", *authors, *others.keys)
    page_expires(response, request.META.get(EXPIRES_NOTED))
    if asked(request, "reply_to") is not None:
        # The form of this answer is aimed at one comment: no cache needs it.
        response["Cache-Control"] = "no-store"
    return response


@require_safe
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's bio and op-eds."""
    author = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    articles = list_slice(request, Article.objects.published().filter(bylines__author=author))
    response = render(request, "articles/author_detail.html", {"author": author, "articles": articles})
    page_depends_on(response, "site", "articles", f"author-{author.pk}")
    return response


@require_safe
def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The op-eds of a section."""
    section = get_object_or_404(Section, slug=slug)
    return collection(request, section, Article.objects.published().filter(section=section))


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The op-eds on a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    return collection(request, topic, Article.objects.published().filter(topics=topic))


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A standing page: About, the comment policy, privacy."""
    page = get_object_or_404(Page, slug=slug)
    response = render(request, "articles/page_detail.html", {"page": page})
    page_depends_on(response, "site", f"page-{page.pk}")
    return response


def render_article(
    request: HttpRequest,
    article: Article,
    *,
    status: int = 200,
    template: str = "articles/article_detail.html",
    **context: Any,
) -> HttpResponse:
    """The article's page; `context` is what the comments below add to it (a form with errors, one's own comment)."""
    others, around = context.pop("beside", None) or beside(article, timezone.now()), stands_around(article)
    speech = furniture(article.language, around["site_language"])
    context |= {
        "article": article,
        "bylines": article.signed,
        "beside": others,
        "speech": speech,
        "furniture": Furniture(article, article.signed, others, speech),
    }
    return HttpResponse(complete(request, render_to_string(template, context | around, request)), status=status)


def collection(request: HttpRequest, of: Section | Topic, articles: ArticleQuerySet) -> HttpResponse:
    """The page of a section or topic, with its articles."""
    context = {"collection": of, "articles": list_slice(request, articles)}
    response = render(request, "articles/collection_detail.html", context)
    page_depends_on(response, "site", "articles")
    return response


def list_slice(request: HttpRequest, articles: ArticleQuerySet) -> Slice[Article]:
    """The requested page of a list of articles, newest first. Raises Http404 beyond the last page."""
    found = requested_slice(request, articles.newest_first().for_list(), ARTICLES_A_PAGE)
    if found.number > 1 and not found.items:
        raise Http404("There is no such page of this list.")
    return found
