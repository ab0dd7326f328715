"""The comments app: the "Leave a Reply" form, what becomes of a comment, and its moderation."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Uses articles; articles know nothing of it."""

    name = "comments"
    verbose_name = "Comments"
