"""What stands around every page: the publication's name, its sections and pages, and an article's topics."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from articles.addresses import address_of
from articles.models import Article, Page, Section, Topic
from articles.statements import Statement

NO_ARTICLE = 0


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
    rows = AROUND.rows(article=article.pk if article else NO_ARTICLE)
    links: dict[str, list[Link]] = {"section": [], "page": [], "topic": []}
    for kind, label, slug, _ in sorted(rows, key=lambda row: (row[3], row[1])):
        links[kind].append(Link(label, address_of(f"articles:{kind}-detail", slug)))
    return Around(links["section"], links["page"], links["topic"])


def _all_around(article: int) -> QuerySet[Any]:
    columns = ("kind", "label", "slug", "place")
    shown = Section.objects.filter(in_navigation=True)
    sections = shown.annotate(kind=Value("section"), label=F("name"), place=F("position"))
    pages = Page.objects.annotate(kind=Value("page"), label=F("title"), place=F("position"))
    topics = Topic.objects.filter(articles=article)
    labelled = topics.annotate(kind=Value("topic"), label=F("name"), place=Value(0))
    querysets = [found.order_by().values_list(*columns) for found in (sections, pages, labelled)]
    return querysets[0].union(*querysets[1:], all=True)


AROUND = Statement(_all_around, article=int)


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
