"""The empty "Leave a Reply" form and its section, made once a language.

Below all articles of a language they differ in one number; they speak the language that is active.
"""

from functools import cache

from crispy_forms.utils import render_crispy_form
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.kept import kept
from comments.forms import CommentForm

# Stands for the article's id in the form that is kept; it is found nowhere else in it, and no article has it.
ANY_ARTICLE = 999_999_999_999_999_999


def blank_form(article_id: int) -> SafeString:
    """The form that posts below this article: the same HTML as `{% crispy form %}` makes of an empty CommentForm."""
    return _aimed_at(article_id, _form(get_language()))


def blank_reply(article_id: int, *, pace: str, usual_wait: str) -> SafeString:
    """The whole section with that form, for an article whose comments don't close by themselves."""
    return _aimed_at(
        article_id, kept("comments/_reply.html", blank_form=_form(get_language()), pace=pace, usual_wait=usual_wait)
    )


def _aimed_at(article_id: int, html: str) -> SafeString:
    return mark_safe(html.replace(str(ANY_ARTICLE), str(int(article_id))))  # noqa: S308 - made by our templates


@cache
def _form(language: str | None) -> SafeString:
    return SafeString(render_crispy_form(CommentForm(ANY_ARTICLE, initial={"parent": ""})))
