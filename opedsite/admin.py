"""Staff accounts and their roles in the desk; allauth's own tables stay out of sight."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from articles.desk import DeskAdmin

# What the desk asks for; other apps' rights open nothing.
APPS = ("articles", "comments", "auth")

for model in (EmailAddress, Authenticator, Group, User):
    admin.site.unregister(model)


class Ticked(DeskAdmin):
    """Rights and groups as boxes; the stock lists in two columns have no names for those who can't see them."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Boxes; of rights only ours."""
        kwargs |= {"widget": CheckboxSelectMultiple(), "help_text": ""}
        if db_field.remote_field.model is Permission:
            kwargs["queryset"] = our_rights()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class StaffAdmin(Ticked, UserAdmin):
    """Accounts; when they were last here is read only."""

    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "email", "first_name", "last_name", "is_active")
    open_lookups = ("is_staff__exact", "is_superuser__exact", "is_active__exact", "groups__id__exact")


@admin.register(Group)
class RoleAdmin(Ticked, GroupAdmin):
    """Groups of rights."""

    filter_horizontal = ()


def our_rights() -> QuerySet[Permission]:
    """In the order of what they are about."""
    rights = Permission.objects.filter(content_type__app_label__in=APPS).select_related("content_type")
    return rights.order_by("content_type__app_label", "content_type__model", "codename")
