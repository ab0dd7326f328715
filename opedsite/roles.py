"""The staff's roles: three groups and what each may do. Owners are superusers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.management import create_permissions

ROLES: Mapping[str, Sequence[str]] = {
    "Editors": (
        "articles.add_article", "articles.change_article", "articles.delete_article", "articles.view_article",
        "articles.publish_article",
        "articles.add_byline", "articles.change_byline", "articles.delete_byline", "articles.view_byline",
        "articles.add_author", "articles.change_author", "articles.delete_author", "articles.view_author",
        "articles.add_section", "articles.change_section", "articles.delete_section", "articles.view_section",
        "articles.add_topic", "articles.change_topic", "articles.delete_topic", "articles.view_topic",
        "articles.add_page", "articles.change_page", "articles.delete_page", "articles.view_page",
        "articles.add_image", "articles.change_image", "articles.delete_image", "articles.view_image",
        "articles.add_correction", "articles.change_correction", "articles.delete_correction",
        "articles.view_correction",
        "articles.add_pin", "articles.change_pin", "articles.delete_pin", "articles.view_pin",
        "articles.add_redirect", "articles.change_redirect", "articles.delete_redirect", "articles.view_redirect",
        "articles.view_missingpath", "articles.delete_missingpath",
        "comments.view_comment", "comments.add_comment", "comments.moderate_comment",
        "comments.view_block", "comments.add_block", "comments.delete_block",
        "comments.view_answeringlink", "comments.add_answeringlink", "comments.change_answeringlink",
        "comments.view_mail", "comments.change_mail",
    ),
    # Writers see and change their own drafts only; see ArticleAdmin.
    "Writers": (
        "articles.add_article", "articles.change_article", "articles.view_article",
        "articles.add_byline", "articles.change_byline", "articles.delete_byline", "articles.view_byline",
        "articles.view_author", "articles.view_section", "articles.view_topic",
        "articles.add_image", "articles.view_image", "articles.view_correction",
    ),
    "Moderators": (
        "articles.view_article", "comments.view_comment", "comments.add_comment", "comments.moderate_comment",
        "comments.view_block", "comments.add_block", "comments.delete_block",
    ),
}  # fmt: skip


def grant(apps: Any, schema_editor: Any) -> None:
    """Make the groups and give each its rights, as far as they exist; what migrations call after a new right came."""
    # Django makes permissions after the last migration; the groups need them now.
    for label in ("articles", "comments"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    groups, permissions = apps.get_model("auth", "Group").objects, apps.get_model("auth", "Permission").objects
    for name, rights in ROLES.items():
        role, _ = groups.get_or_create(name=name)
        for right in rights:
            label, codename = right.split(".")
            role.permissions.add(*permissions.filter(content_type__app_label=label, codename=codename))
