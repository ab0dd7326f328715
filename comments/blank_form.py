"""The empty "Leave a Reply" form as HTML, rendered once in a process for each language.

Below all articles of a language it differs in one number.
"""

from functools import cache

from crispy_forms.utils import render_crispy_form
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from comments.forms import CommentForm

# Stands for the article's id in the form that is kept; it is found nowhere else in it, and no article has it.
ANY_ARTICLE = 999_999_999_999_999_999


def blank_form(article_id: int) -> SafeString:
    """The form that posts below this article: the same HTML as `{% crispy form %}` makes of an empty CommentForm.

    It speaks the language that is active.
    """
    return mark_safe(_kept(get_language()).replace(str(ANY_ARTICLE), str(int(article_id))))  # noqa: S308 - made by our templates


@cache
def _kept(language: str | None) -> str:
    return str(render_crispy_form(CommentForm(ANY_ARTICLE, initial={"parent": ""})))
