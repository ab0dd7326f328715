"""The pages that lead to op-eds: front page, sections, topics, authors, and corrections."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.cards import cards_page
from articles.freshness import page_depends_on, page_expires
from articles.front_page import front_page
from articles.models import Article, Author, Correction, Section, Topic
from articles.paging import Slice, page_number, requested_slice
from articles.querysets import ArticleQuerySet

NAMES_A_PAGE = 60
CORRECTIONS_A_PAGE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; `?page=2` goes on where its newest op-eds end."""
    if page_number(request, "page") > 1:
        articles = cards_page(request, Article.objects.published())
        response = render(request, "articles/article_list.html", {"articles": articles})
        page_depends_on(response, "site", "articles")
        return response
    front = front_page(timezone.now())
    response = render(request, "articles/home.html", {"front": front})
    page_depends_on(response, "site", "articles", "front")
    page_expires(response, front.changes_at)
    return response


@require_safe
def section_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The op-eds of a section."""
    section = get_object_or_404(Section, slug=slug)
    return collection(request, section, Article.objects.published().filter(section=section), kind="Section")


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The op-eds on a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    return collection(request, topic, Article.objects.published().filter(topics=topic), kind="Topic")


def collection(request: HttpRequest, of: Section | Topic, articles: ArticleQuerySet, *, kind: str) -> HttpResponse:
    """The page of a section or topic, with its articles."""
    context = {"collection": of, "kind": kind, "articles": cards_page(request, articles)}
    response = render(request, "articles/collection_detail.html", context)
    page_depends_on(response, "site", "articles")
    return response


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics with op-eds, by name."""
    on_it = Article.objects.published().filter(topics=OuterRef("pk"))
    topics = Topic.objects.filter(Exists(on_it)).order_by("name", "pk")
    return names(request, "articles/topic_list.html", topics=requested_slice(request, topics, NAMES_A_PAGE))


@require_safe
def author_list(request: HttpRequest) -> HttpResponse:
    """All who have written, by name."""
    by_them = Article.objects.published().filter(bylines__author=OuterRef("pk"))
    authors = Author.objects.filter(Exists(by_them)).select_related("portrait").order_by("name", "pk")
    return names(request, "articles/author_list.html", authors=requested_slice(request, authors, NAMES_A_PAGE))


@require_safe
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's portrait, bio and op-eds."""
    author = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    articles = cards_page(request, Article.objects.published().filter(bylines__author=author))
    response = render(request, "articles/author_detail.html", {"author": author, "articles": articles})
    page_depends_on(response, "site", "articles", f"author-{author.pk}")
    return response


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """What was put right, newest first."""
    newest = Correction.objects.published().newest_first().values_list("pk", flat=True)
    ids = requested_slice(request, newest, CORRECTIONS_A_PAGE)
    found = Correction.objects.filter(pk__in=ids.items).with_articles().newest_first()
    corrections = Slice(list(found), ids.number, ids.has_next)
    return names(request, "articles/correction_list.html", corrections=corrections)


def names(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page that follows every change of an article."""
    response = render(request, template, context)
    page_depends_on(response, "site", "articles")
    return response
