"""What readers read: an article, a standing page. The lists that lead there are in `articles.lists`."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.along import Question, note, questions
from articles.beside import BESIDE, Beside, beside_of
from articles.freshness import EXPIRES_NOTED, page_depends_on, page_expires
from articles.insets import complete
from articles.languages import furniture
from articles.models import Article, Byline, Page
from articles.models.article import SIGNED_AT
from articles.navigation import AROUND, Around, around_of, words_of
from articles.parameters import asked
from articles.rendering import Printer, Words
from articles.statements import Row, Statement, together

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
def article_detail(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """One op-ed with its author's bio and its comments."""
    now, along = timezone.now(), questions(request, slug)
    found, signed, beside, around, *answers = together(
        (READ, {"now": now, "year": year, "month": month, "slug": slug}),
        *furniture_of(slug, now),
        *chain.from_iterable(along.values()),
        needs_first=True,
    )
    if not found:
        raise Http404("There is no such op-ed.")
    note(request, along, answers)
    article = found[0]
    furnished = furnish(article, signed, beside, around)
    response = render_article(request, article, furnished=furnished)
    authors = [f"author-{byline.author_id}" for byline in article.signed]
    page_depends_on(response, "site", f"article-{article.pk}", *authors, *furnished[0].keys)
    page_expires(response, request.META.get(EXPIRES_NOTED))
    if asked(request, "reply_to") is not None:
        # The form of this answer is aimed at one comment: no cache needs it.
        response["Cache-Control"] = "no-store"
    return response


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
    furnished: tuple[Beside, Around] | None = None,
    **context: Any,
) -> HttpResponse:
    """The article's page; `context` is what the comments below add to it (a form with errors, one's own comment)."""
    others, around = furnished or furnish(article, *together(*furniture_of(article.slug, timezone.now())))
    speech = furniture(article.language, around.masthead.language)
    # Without context processors: what they would add, nobody's page shows.
    context |= {
        "request": request,
        "base_url": settings.OPED_BASE_URL,
        "article": article,
        "beside": others,
        "speech": speech,
        "words": Words.of(speech.code),
        "parts": Printer(article, others, around.topics, speech).parts(),
        "around": around,
        **words_of(around.masthead),
    }
    return HttpResponse(complete(request, render_to_string(template, context)), status=status)


def furniture_of(slug: str, now: datetime) -> Sequence[Question]:
    """What to ask for `furnish`."""
    return (SIGNED_AT, {"slug": slug}), (BESIDE, {"slug": slug, "now": now}), (AROUND, {"slug": slug})


def furnish(
    article: Article, signed: list[Byline], beside: Sequence[Row], around: Sequence[Row]
) -> tuple[Beside, Around]:
    """What stands beside and around an article; it learns who signed it."""
    article.signed = signed
    return beside_of(article, beside), around_of(around)
