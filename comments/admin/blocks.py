"""Blocked senders in the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from articles.desk import DeskAdmin
from comments.blocking import block, key_of
from comments.models import Block
from comments.privacy import holds_address, without_addresses


class BlockForm(forms.ModelForm):
    """Whom to block; what is typed is turned into the key that is stored."""

    value = forms.CharField(
        max_length=254,
        label="address, domain or network",
        help_text="ana@example.org, example.org (with all below it), or 192.0.2.7: of a network address its "
        "neighbourhood (/24, of IPv6 /48) is blocked, because we keep no more. A reader is blocked from the queue.",
    )

    class Meta:
        model = Block
        fields = ("kind", "until", "note")

    def clean_note(self) -> str:
        """No address: not every moderator may see it."""
        note: str = self.cleaned_data["note"]
        if holds_address(note):
            raise ValidationError("Please leave the email address out: not every moderator may see it.")
        return note

    def clean(self) -> dict[str, Any]:
        """What was typed must be of the kind that was chosen."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") and data.get("value"):
            try:
                key_of(data["kind"], data["value"])
            except ValueError as error:
                raise ValidationError({"value": str(error)}) from error
        return data


@admin.register(Block)
class BlockAdmin(DeskAdmin):
    """Block, see who is blocked, and let them in again."""

    form = BlockForm
    fields = ("kind", "value", "until", "note")
    list_display = ("what", "until", "why", "made_by", "made_at")
    list_display_links = None
    ordering = ("-made_at",)

    def has_change_permission(self, request: HttpRequest, obj: Block | None = None) -> bool:
        """A block is made anew or lifted."""
        return False

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Who may not see addresses blocks none by typing it: who is blocked then would tell whose it is."""
        if db_field.name == "kind" and not request.user.has_perm("comments.view_email"):
            kwargs["choices"] = [choice for choice in Block.Kind.choices if choice[0] != Block.Kind.ADDRESS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Block, form: Any, change: bool) -> None:
        """Store the key, never the address; the same sender is blocked once."""
        words = form.cleaned_data
        by = request.user.get_username()
        obj.pk = block(obj.kind, words["value"], by=by, until=words["until"], note=words["note"]).pk

    @admin.display(description="blocked")
    def what(self, obj: Block) -> str:
        """A domain or network by name; an address can't be read from its key."""
        return f"one address, no. {obj.pk}" if obj.kind == Block.Kind.ADDRESS else str(obj)

    @admin.display(description="note")
    def why(self, obj: Block) -> str:
        """Without addresses that were written into it all the same."""
        return without_addresses(obj.note)
