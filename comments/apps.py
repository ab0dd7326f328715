"""The comments app: the "Leave a Reply" form, what becomes of a comment, and its moderation."""

from django.apps import AppConfig

from articles.along import READERS


class CommentsConfig(AppConfig):
    """Uses articles; articles know nothing of it."""

    name = "comments"
    verbose_name = "Comments"

    def ready(self) -> None:
        """An op-ed's page reads its comments along with the op-ed."""
        from comments.threads import usual_questions

        READERS.append(usual_questions)
