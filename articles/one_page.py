"""Settings in the desk: a model of one row, on one page."""

from hashlib import sha256
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.desk import DeskAdmin

MEANWHILE = (
    "Somebody else has saved these settings since you opened them. What you typed is still here: compare it with the "
    "page as it is now, then save again to put yours in its place."
)


class SeenField(forms.CharField):
    """What was on the page when it was opened; no choice of anybody's."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Nothing of it is stored."""
        return False


class SeenForm(forms.ModelForm):
    """A form that was open while somebody else saved is not taken at once: it would put back what was there before."""

    seen = SeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = repr(sorted((name, self.initial.get(name)) for name in self._meta.fields or ()))
        self.initial["seen"] = sha256(now.encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        """Say once that the page has changed. The words stay; a form that names no state is taken as it is."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("seen") not in ("", self.initial["seen"]):
            sent: Any = self.data
            sent = sent.copy()
            sent["seen"] = self.initial["seen"]
            self.data = sent
            self.add_error(None, MEANWHILE)
        return data


class OnePageAdmin(DeskAdmin):
    """One page: there is one row."""

    form = SeenForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what was on the page, hidden among the first choices."""
        (name, first), *others = super().get_fieldsets(request, obj)
        return [(name, {**first, "fields": (*first["fields"], "seen")}), *others]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It stays."""
        return False

    def page_url(self) -> str:
        """Where it is."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[1])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No list: straight to the settings."""
        return HttpResponseRedirect(self.page_url())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, stored with our defaults when it is first looked at."""
        return self.model._default_manager.get_or_create(pk=1)[0] if object_id == "1" else None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store what was changed and nothing else."""
        obj.save(update_fields=form.changed_data)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay on the page."""
        self.message_user(request, f"The {self.opts.verbose_name} are saved.")
        return HttpResponseRedirect(self.page_url())
