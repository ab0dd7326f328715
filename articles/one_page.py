"""Settings in the desk: a model of one row, on one page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.desk import DeskAdmin


class OnePageAdmin(DeskAdmin):
    """One page: there is one row."""

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
