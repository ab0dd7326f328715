"""What the lists and forms of the desk have in common: closed look-ups, clear refusals, the editor's nonce."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from js_asset import Media

from articles import html

MAX_ID_DIGITS = 18
COUNTED = 10_000
FIRST_YEAR, LAST_YEAR = 1900, 2100


class MomentField(forms.DateTimeField):
    """A date and its time in one field, and of our days: browsers take half a year for a whole one, such as 0202."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        """Of an hour that the clock shows twice, the first; for one that it leaves out, the next.

        Django refuses both, and nobody could save again what was corrected in such a night.
        """
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            if refusal.code != "ambiguous_timezone" or not refusal.params:
                raise
            shown: datetime = refusal.params["datetime"]
            return shown.replace(tzinfo=refusal.params["current_timezone"])

    def validate(self, value: datetime | None) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(f"Give a year between {FIRST_YEAR} and {LAST_YEAR}.")


# Instead of the admin's two fields.
ONE_FIELD: Mapping[type[models.Field], Mapping[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": MomentField.widget}
}


# What readers see as one line of text. Addresses are not among them: of those nothing is left out silently.
LINES = frozenset(
    {
        "alt", "caption", "copyright_notice", "credit", "description", "disclosure", "label", "name", "role",
        "standfirst", "tagline", "title",
    }
)  # fmt: skip


class LineField(forms.CharField):
    """Text on one line, without what nobody sees: what is pasted brings line breaks, tabs and marks of direction."""

    def to_python(self, value: str | None) -> str | None:
        """What is left of it."""
        return html.plain_line(super().to_python(value) or "") or self.empty_value


def wants_json(request: HttpRequest) -> bool:
    """It was sent by a script of the desk."""
    return request.headers.get("Accept", "") == "application/json"


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to a limit only: what lies beyond is found by searching, and no list of the desk counts a whole table."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, COUNTED at most."""
        return int(self.object_list.order_by()[:COUNTED].count())  # type: ignore[attr-defined]


class NamedInputs(forms.ModelForm):
    """A row of a list that can be edited: each input says what it is, and of which row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django makes an empty row too, to ask for its scripts; it has no name yet.
        row = f": {self.instance}" if self.instance.pk else ""
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = f"{field.label}{row}"


class DeskAdmin(admin.ModelAdmin):
    """The base of our ModelAdmins."""

    formfield_overrides = ONE_FIELD
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # What the addresses of this list's filters may ask for.
    open_lookups: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Names and titles are one line each."""
        line = {"form_class": LineField} if db_field.name in LINES else {}
        return super().formfield_for_dbfield(db_field, request, **line, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what a filter of ours links to.

        Django lets every look-up on a model's own fields through: `?body__regex=` with a slow pattern would
        hold a worker, and look-ups across relations can probe for what a person may not see.
        """
        return lookup in self.open_lookups

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Related rows are named by id."""
        return to_field in ("id", "pk")

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        """Names the inputs of a list that can be edited."""
        return super().get_changelist_form(request, **{"form": NamedInputs} | kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuses ids that are none. Raises BadRequest."""
        for value in request.POST.getlist("_selected_action"):
            if not (value.isascii() and value.isdigit() and len(value) <= MAX_ID_DIGITS):
                raise BadRequest("A selected row has no proper id.")
        named = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, named | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Adds the CSP nonce that the rich-text editor's import map needs."""
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        context |= {"media": Media.from_media(context["media"], nonce=nonce)}
        return super().render_change_form(request, context, *args, **kwargs)
