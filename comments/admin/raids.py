"""Raid switches in the desk: one page for the whole site and one for each op-ed, and below them who used them."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from articles import html
from articles.desk import DeskAdmin, MomentField
from articles.models import Article, Raid
from comments.admin.addresses import for_eyes_of
from comments.models import Comment, RaidLog
from comments.querysets import MODERATE
from comments.raids import SWITCHED, named, next_morning, running_anywhere, sentence, switch_off, switch_on

OFF = "off"
HOUR, MORNING, MOMENT, OPEN = "hour", "morning", "moment", "open"
FURTHEST = timedelta(days=365)
# Among so many of the last comments we look for the op-eds that they came in on.
RECENT = 200
SHOWN = 8
LOGGED = 50


class SwitchForm(forms.Form):
    """How long, how slow, and why; the button says what."""

    raid = forms.ChoiceField(choices=[(raid.value, raid.label) for raid in SWITCHED])
    lasts = forms.ChoiceField(label="How long", widget=forms.RadioSelect, initial=HOUR)
    until = forms.DateTimeField(label="Date and time", required=False, widget=MomentField.widget)
    every = forms.IntegerField(label="One comment in", min_value=1, max_value=1440, initial=5)
    unit = forms.TypedChoiceField(label="Unit", coerce=int, choices=[(60, "minutes"), (1, "seconds")], initial=60)
    why = forms.CharField(label="Why, for your colleagues", max_length=200, required=False)

    def __init__(self, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix, self.now = "", now
        self.fields["lasts"].choices = [  # type: ignore[attr-defined]
            (HOUR, "One hour"),
            (MORNING, f"Until the morning: {date_format(next_morning(now), 'l j F, H:i')}"),
            (MOMENT, "Until the date and time below"),
            (OPEN, "Until somebody switches it off"),
        ]

    def clean_why(self) -> str:
        """One line."""
        return html.plain_line(self.cleaned_data["why"])

    def clean(self) -> dict[str, Any]:
        """`end`: when it goes off by itself."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        moment = data.get("until")
        is_near = moment is not None and self.now < moment <= self.now + FURTHEST
        if data.get("lasts") == MOMENT and "until" not in self.errors and not is_near:
            self.add_error("until", "Please give a date and time to come, within a year.")
        ends = {HOUR: self.now + timedelta(hours=1), MORNING: next_morning(self.now), MOMENT: moment}
        return data | {"end": ends.get(data.get("lasts", ""))}


@admin.register(RaidLog)
class RaidAdmin(DeskAdmin):
    """What runs, three buttons, and the log."""

    def has_view_permission(self, request: HttpRequest, obj: RaidLog | None = None) -> bool:
        """Whoever moderates."""
        return bool(request.user.has_perm(MODERATE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The switches write the log."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RaidLog | None = None) -> bool:
        """It stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RaidLog | None = None) -> bool:
        """As above."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Adds the page of one op-ed."""
        view = self.admin_site.admin_view(self.article_view)
        return [path("op-ed/<int:article_id>/", view, name="comments_raidlog_article"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The whole site's page. Raises PermissionDenied."""
        return self.switches(request, None)

    def article_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """One op-ed's page. Raises PermissionDenied, Http404."""
        return self.switches(request, article_id)

    def switches(self, request: HttpRequest, article_id: int | None) -> HttpResponse:
        """Show the switches, or use one. Raises PermissionDenied for those who don't moderate, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        needed = Article.objects.only("title", "status", "published_at", "went_live_at")
        article = None if article_id is None else get_object_or_404(needed, pk=article_id)
        if request.method != "POST":
            return self.show(request, article, SwitchForm(timezone.now()))
        if request.POST.get("raid") == OFF:
            return self.off(request, article)
        form = SwitchForm(timezone.now(), request.POST)
        if not form.is_valid():
            return self.show(request, article, form, 422)
        return self.on(request, article, form.cleaned_data)

    def on(self, request: HttpRequest, article: Article | None, choice: dict[str, Any]) -> HttpResponse:
        """Switch on, and say so."""
        raid, end = Raid(choice["raid"]), choice["end"]
        seconds = choice["every"] * choice["unit"]
        switch_on(article, raid, until=end, seconds=seconds, by=request.user.get_username(), why=choice["why"])
        self.message_user(request, sentence(raid, article, end), messages.SUCCESS)
        return HttpResponseRedirect(page_of(article))

    def off(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        """Switch off, and say so."""
        if switch_off(article, by=request.user.get_username()):
            self.message_user(request, f"Comments on {named(article)} are as before.", messages.SUCCESS)
        else:
            self.message_user(request, f"Nothing runs on {named(article)} any more.", messages.WARNING)
        return HttpResponseRedirect(page_of(article))

    def show(self, request: HttpRequest, article: Article | None, form: SwitchForm, status: int = 200) -> HttpResponse:
        """The page."""
        shown, log = for_eyes_of(request.user), RaidLog.objects.select_related("article").order_by("-pk")[:LOGGED]
        context = self.admin_site.each_context(request) | {
            "title": "Raid switches",
            "article": article,
            "form": form,
            "switches": running_anywhere(timezone.now()),
            "busy": [] if article else busy_articles(),
            "log": [(line, shown(line.why)) for line in log],
        }
        return render(request, "admin/comments/raidlog/change_list.html", context, status=status)


def page_of(article: Article | None) -> str:
    """Where its switches are."""
    if article is None:
        return reverse("admin:comments_raidlog_changelist")
    return reverse("admin:comments_raidlog_article", args=[article.pk])


def busy_articles() -> list[tuple[Article, int]]:
    """The op-eds on which the last comments came in, with how many, the busiest first."""
    last = Comment.objects.order_by("-pk").values_list("article_id", flat=True)[:RECENT]
    counts = dict(Counter(last).most_common(SHOWN))
    articles = Article.objects.only("title").in_bulk(list(counts))
    return [(articles[pk], count) for pk, count in counts.items() if pk in articles]
