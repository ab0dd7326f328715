"""The archive: what was published in a year and in a month, by the site's clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.addresses import address_of
from articles.cards import cards_page
from articles.freshness import page_depends_on
from articles.models import Article

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Month:
    """A month and how many op-eds it has."""

    first_day: datetime
    count: int

    @property
    def url(self) -> str:
        return month_url(self.first_day)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The way into the archive: its newest year; a page that says so when there is none."""
    newest = _edge("-published_at")
    if newest is None:
        return _answer(request, "articles/archive_empty.html", {})
    return HttpResponseRedirect(year_url(newest))


@require_safe
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    """The months of a year, each with its number of op-eds. Raises Http404 for a year without any."""
    begin, end = _month(year, 1), _month(year + 1, 1)
    borders = [_month(year, month) for month in MONTHS] + [end]
    within = {f"month{n}": _between(borders[n], borders[n + 1]) for n in range(12)}
    all_year = Article.objects.published().filter(_between(begin, end))
    counts = all_year.aggregate(**{name: Count("pk", filter=condition) for name, condition in within.items()})
    months = [Month(borders[n], counts[f"month{n}"]) for n in range(12)]
    if not any(month.count for month in months):
        raise Http404("Nothing was published in this year.")
    context = {"year": borders[0], "months": months, "total": sum(month.count for month in months)}
    return _answer(request, "articles/archive_year.html", context | _neighbours(begin, end, year_url))


@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The op-eds of a month, newest first. Raises Http404 for a month without any."""
    begin, end = _month(year, month), _month(year, month + 1)
    articles = cards_page(request, Article.objects.published().filter(_between(begin, end)))
    if not articles.items:
        raise Http404("Nothing was published in this month.")
    context = {"month": begin, "year_url": year_url(begin), "articles": articles}
    return _answer(request, "articles/archive_month.html", context | _neighbours(begin, end, month_url))


def year_url(moment: datetime) -> str:
    """The archive of the year that this moment is in."""
    return address_of("articles:archive-year", timezone.localtime(moment).year)


def month_url(moment: datetime) -> str:
    """The archive of the month that this moment is in."""
    local = timezone.localtime(moment)
    return address_of("articles:archive-month", local.year, local.month)


def _month(year: int, month: int) -> datetime:
    """When a month begins by the site's clock; the 13th is the next year's first. Raises Http404 for no real year."""
    if month > MONTHS[-1]:
        year, month = year + 1, 1
    if not 1 < year < MAXYEAR:
        raise Http404("There is no such year.")
    return datetime(year, month, 1, tzinfo=timezone.get_default_timezone())


def _neighbours(begin: datetime, end: datetime, address: Callable[[datetime], str]) -> dict[str, Any]:
    """The nearest years or months before and after that have op-eds: a day in each, and its address."""
    older, newer = _edge("-published_at", published_at__lt=begin), _edge("published_at", published_at__gte=end)
    links = {"older_url": older and address(older), "newer_url": newer and address(newer)}
    return {"older": older, "newer": newer, **links}


def _between(begin: datetime, end: datetime) -> Q:
    return Q(published_at__gte=begin, published_at__lt=end)


def _edge(order: str, **among: Any) -> datetime | None:
    """The first or last date of publication among these."""
    dates = Article.objects.published().filter(**among).order_by(order).values_list("published_at", flat=True)
    return dates.first()


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    page_depends_on(response, "site", "articles")
    return response
