"""What stands around every page: the publication's name, its sections and pages, and an article's topics."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from articles.models import Article, Page, Section, Topic

# Stands for the id of whichever article is asked for; no article has it.
ANY_ARTICLE = -1


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Around:
    """Links to sections (head of the page), pages (its foot) and the topics of one article."""

    sections: list[Link]
    pages: list[Link]
    topics: list[Link]


def around(article: Article | None = None) -> Around:
    """Sections, pages and topics in one query, because every page needs them."""
    sql, parameters = _statement(connection.vendor)
    asked = article.pk if article else ANY_ARTICLE
    links: dict[str, list[Link]] = {"section": [], "page": [], "topic": []}
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked if each == ANY_ARTICLE else each for each in parameters])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], row[1]))
    for kind, label, slug, _ in rows:
        links[kind].append(Link(label, reverse(f"articles:{kind}-detail", args=[slug])))
    return Around(links["section"], links["page"], links["topic"])


@cache
def _statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query as SQL, with ANY_ARTICLE for the article's id: it is the same for every page, and building it costs
    more than running it."""
    columns = ("kind", "label", "slug", "place")
    sections = Section.objects.annotate(kind=Value("section"), label=F("name"), place=F("position"))
    pages = Page.objects.annotate(kind=Value("page"), label=F("title"), place=F("position"))
    topics = Topic.objects.filter(articles=ANY_ARTICLE)
    labelled = topics.annotate(kind=Value("topic"), label=F("name"), place=Value(0))
    querysets = [found.order_by().values_list(*columns) for found in (sections, pages, labelled)]
    return querysets[0].union(*querysets[1:], all=True).query.sql_with_params()


def publication(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the publication's name and, when a template asks for it, what stands around the page."""
    return {
        "site_name": settings.OPED_SITE_NAME,
        "tagline": settings.OPED_TAGLINE,
        "base_url": settings.OPED_BASE_URL,
        "site_language": settings.LANGUAGE_CODE,
        "site_direction": "rtl" if get_language_info(settings.LANGUAGE_CODE)["bidi"] else "ltr",
        "around": SimpleLazyObject(around),
    }
