"""The log of decisions in the desk: to be read, narrowed and taken along, never changed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from articles.desk import DeskAdmin
from comments.log import MAX_ROWS, Asked, deciders, decisions, table
from comments.models import Comment, Decision
from comments.querysets import MODERATE

PER_PAGE = 100
LAST_PAGE = 1_000


class LogForm(forms.Form):
    """What to read."""

    who = forms.ChoiceField(required=False)
    what = forms.ChoiceField(choices=[("", "everything"), *Comment.Status.choices], required=False, label="Became")
    since = forms.DateField(required=False, label="From", widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput({"type": "date"}))
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "log-%s"
        self.fields["who"].choices = [("", "everybody"), *((name, name) for name in deciders())]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """The choices of a valid form."""
        return Asked(**{name: value for name, value in self.cleaned_data.items() if name != "page"})


@admin.register(Decision)
class DecisionAdmin(DeskAdmin):
    """One page and its table."""

    def has_view_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """Whoever moderates."""
        return bool(request.user.has_perm(MODERATE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Decisions write the log."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """It stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """As above."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The log and its table; a decision has no page of its own."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="comments_decision_changelist"),
            path("csv/", wrap(self.table), name="comments_decision_csv"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A page of the log. Raises PermissionDenied."""
        form = self.form_of(request)
        if not form.is_valid():
            return self.show(request, form, [], status=422)
        page = form.cleaned_data["page"] or 1
        start = (page - 1) * PER_PAGE
        # One more than is shown says whether there is an older one; the log is never counted.
        rows = list(decisions(form.asked)[start : start + PER_PAGE + 1])
        query = request.GET.copy()
        query.pop("page", None)
        pages = {"newer": page - 1, "older": page + 1 if len(rows) > PER_PAGE and page < LAST_PAGE else 0}
        return self.show(request, form, rows[:PER_PAGE], query=query.urlencode(), **pages)

    def table(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The same as CSV. Raises PermissionDenied."""
        form = self.form_of(request)
        if not form.is_valid():
            return self.show(request, form, [], status=422)
        response = StreamingHttpResponse(table(form.asked), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="decisions.csv"'
        return response

    def form_of(self, request: HttpRequest) -> LogForm:
        """What is asked for. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return LogForm(request.GET)

    def show(
        self, request: HttpRequest, form: LogForm, rows: list[Decision], status: int = 200, **more: Any
    ) -> HttpResponse:
        """The page; of comments, only whether they are still there."""
        there = set(Comment.objects.filter(pk__in=[row.comment_id for row in rows]).values_list("pk", flat=True))
        context = self.admin_site.each_context(request) | {
            "title": "Log of decisions",
            "form": form,
            "rows": [(row, row.comment_id in there) for row in rows],
            "max_rows": MAX_ROWS,
            **more,
        }
        return render(request, "admin/comments/decision/change_list.html", context, status=status)
