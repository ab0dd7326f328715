"""The owner's choices on mail: who it is from, and the site's own lines in it."""

from django.contrib import admin

from articles.one_page import OnePageAdmin
from comments.models import MailSettings


@admin.register(MailSettings)
class MailSettingsAdmin(OnePageAdmin):
    """One page; only owners have its right."""

    change_form_template = "admin/comments/mailsettings/change_form.html"
    fieldsets = (
        ("Who it is from", {"fields": ("from_name", "from_address", "reply_to")}),
        ("Your comment was published", {"fields": ("published_opening", "published_closing")}),
        ("Your comment was not published", {"fields": ("declined_opening", "declined_closing")}),
        ("Somebody replied", {"fields": ("reply_opening", "reply_closing")}),
        ("Please confirm this address", {"fields": ("confirm_opening", "confirm_closing")}),
        ("The link to everything under an address", {"fields": ("access_opening", "access_closing")}),
    )
