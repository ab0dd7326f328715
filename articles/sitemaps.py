"""Sitemaps (sitemaps.org): an index, what it leads to in blocks, and the news of two days for news search.

A block holds what has its id in the same thousand: an op-ed stays in its sitemap for ever, and a sitemap of a large
site costs no more than one of a small site. Dates are those of changes that readers see, or there are none.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import html, masthead
from articles.freshness import page_depends_on, page_expires
from articles.models import Article, Author, Byline, Correction, Page, Section, Topic
from articles.querysets import published_condition
from articles.web_addresses import absolute

# The protocol allows 50,000; of a thousand, little is fetched again when one changes.
BLOCK = 1_000
NEWS = timedelta(days=2)
# News search takes no more.
MAX_NEWS = 1_000
LISTS = ("author-list", "topic-list", "correction-list")
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which sitemaps there are."""
    places = [place(reverse("articles:sitemap-pages"))]
    places += [place(reverse("articles:sitemap-articles", args=[block]), day) for block, day in article_blocks()]
    published = Article.objects.published()
    for kind, rows in (("authors", Author.objects.all()), ("topics", Topic.objects.all())):
        named = rows.filter(Exists(published.filter(**{kind: OuterRef("pk")})))
        numbers = named.order_by().values_list(block_of("pk"), flat=True).distinct()
        places += [place(reverse(f"articles:sitemap-{kind}", args=[number])) for number in sorted(numbers)]
    return answer("sitemapindex", "sitemap", places)


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """The front page, lists of everything, sections that have something, and standing pages."""
    newest = Article.objects.published().newest_first().values_list("published_at", flat=True)
    sections = Section.objects.annotate(newest=Subquery(newest.filter(section=OuterRef("pk"))[:1]))
    places = [place(reverse("articles:home"), newest.first())]
    places += [place(reverse(f"articles:{name}")) for name in LISTS]
    places += [place(each.get_absolute_url(), each.newest) for each in sections if each.newest]
    places += [place(each.get_absolute_url(), each.changed_at) for each in Page.objects.defer("body", "body_html")]
    return answer("urlset", "url", places)


@require_safe
def articles(request: HttpRequest, number: int) -> HttpResponse:
    """One block of op-eds, each with its lead picture."""
    found = Article.objects.published().filter(in_block(number)).order_by("pk").select_related("lead_image")
    found = found.defer("title", "standfirst", "body", "body_html", "toc", "disclosure")
    corrections = Correction.objects.filter(in_block(number, "article__pk")).order_by()
    corrected = dict(corrections.values_list("article_id").annotate(Max("made_at")))
    return block([place_of(article, corrected.get(article.pk)) for article in found])


@require_safe
def authors(request: HttpRequest, number: int) -> HttpResponse:
    """One block of authors who have been published."""
    return block(with_articles("author", Author.objects.filter(in_block(number)), Byline.objects.all()))


@require_safe
def topics(request: HttpRequest, number: int) -> HttpResponse:
    """One block of topics that something was published on."""
    return block(with_articles("topic", Topic.objects.filter(in_block(number)), Article.topics.through.objects.all()))


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The op-eds of the last two days; changes by itself when the oldest is older than that."""
    since = timezone.now() - NEWS
    found = Article.objects.published().filter(published_at__gt=since).newest_first().select_related("lead_image")
    listed = list(found.defer("standfirst", "body", "body_html", "toc", "disclosure")[:MAX_NEWS])
    name = masthead.current().name
    response = answer("urlset", "url", [place_of(article, more=news_of(article, name)) for article in listed])
    dates = [article.published_at for article in listed if article.published_at]
    page_expires(response, min(dates) + NEWS if dates else None)
    return response


def block_of(field: str) -> CombinedExpression:
    """The number, from 1, of the block that this id is in."""
    return F(field) / Value(BLOCK) + Value(1)


def in_block(number: int, field: str = "pk") -> Q:
    """The ids of one block."""
    return Q((f"{field}__gte", (number - 1) * BLOCK), (f"{field}__lt", number * BLOCK))


def article_blocks() -> list[tuple[int, datetime]]:
    """Blocks in which something is published, and when something in each last changed; an index has it all."""
    last = Max(Greatest("published_at", Coalesce("changed_at", "published_at")))
    published = Article.objects.published().order_by().values_list(block_of("pk"))
    days: dict[int, datetime] = dict(published.annotate(last=last))
    corrections = Correction.objects.filter(published_condition("article__")).order_by()
    for block, day in corrections.values_list(block_of("article_id")).annotate(last=Max("made_at")):
        days[block] = max(days[block], day)
    return sorted(days.items())


def with_articles(kind: str, rows: QuerySet[Any], taken: QuerySet[Any]) -> list[str]:
    """Authors or topics, each with the date of their last op-ed that is published, by its row in `taken`.

    Not the newest of all: for that, each of their op-eds would have to be looked at.
    """
    last = taken.filter(published_condition("article__"), **{kind: OuterRef("pk")}).order_by("-pk")
    found = rows.order_by("pk").values_list("slug", Subquery(last.values("article__published_at")[:1]))
    return [place(reverse(f"articles:{kind}-detail", args=[slug]), day) for slug, day in found if day]


def place_of(article: Article, corrected: datetime | None = None, more: str = "") -> str:
    """An op-ed."""
    image = article.lead_image
    if image is not None and image.widths:
        more += f"<image:image><image:loc>{text(absolute(image.usual_address))}</image:loc></image:image>"
    return place(article.get_absolute_url(), article.last_change(corrected), more)


def news_of(article: Article, name: str) -> str:
    """What news search wants to know of it."""
    # ISO 639, but with the two scripts of Chinese.
    language = {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}.get(article.language) or article.language.partition("-")[0]
    publication = f"<news:name>{text(name)}</news:name><news:language>{language}</news:language>"
    return (
        f"<news:news><news:publication>{publication}</news:publication>"
        f"<news:publication_date>{stamp(article.published_at)}</news:publication_date>"
        f"<news:title>{text(article.title)}</news:title></news:news>"
    )


def place(path: str, changed: datetime | None = None, more: str = "") -> str:
    """What a sitemap says of one page, or an index of a sitemap."""
    lastmod = f"<lastmod>{stamp(changed)}</lastmod>" if changed else ""
    return f"<loc>{text(absolute(path))}</loc>{lastmod}{more}"


def stamp(moment: datetime | None) -> str:
    """To the second (W3C-DTF)."""
    return moment.isoformat(timespec="seconds") if moment else ""


def text(value: str) -> str:
    """Any text as XML can hold it."""
    return escape(html.plain_line(value))


def block(places: Sequence[str]) -> HttpResponse:
    """The sitemap of a block. Raises Http404 if nothing is in it."""
    if not places:
        raise Http404("There is no such sitemap.")
    return answer("urlset", "url", places)


def answer(root: str, element: str, places: Iterable[str]) -> HttpResponse:
    """The sitemap, or the index of sitemaps."""
    listed = "".join(f"<{element}>{each}</{element}>\n" for each in places)
    whole = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} {NAMESPACES}>\n{listed}</{root}>\n'
    response = HttpResponse(whole, content_type="application/xml; charset=utf-8")
    page_depends_on(response, "site", "articles")
    return response
