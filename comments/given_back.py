"""Words that could not be taken go back to their reader: one page, which needs no database."""

import re
from urllib.parse import parse_qsl

from django.conf import settings
from django.template.loader import render_to_string

from comments.forms import WORDS, CommentForm

FORM_ADDRESS = re.compile(r"/comments/(?:post|preview)/([0-9]{1,18})/")


def page_with_words(form: CommentForm, *, title: str, sentence: str, back: str = "") -> str:
    """A title, one plain sentence, the form with the words, and a link back if there is a page to go back to."""
    context = {"form": form, "title": title, "sentence": sentence, "back": back, "site_name": settings.OPED_SITE_NAME}
    return render_to_string("comments/given_back.html", context)


def words_in(body: bytes) -> dict[str, str]:
    """The words in a urlencoded form, read with patience: any number of fields, any bytes, even cut short."""
    fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
    return {field: fields.get(field, "") for field in WORDS}


def page_for_request(path: str, body: bytes, *, title: str, sentence: str) -> str | None:
    """The page for a comment that never got as far as Django; None if the request brought no words of one."""
    address = FORM_ADDRESS.fullmatch(path)
    words = words_in(body) if address else {}
    if address is None or not words["body"]:
        return None
    return page_with_words(CommentForm(int(address[1]), initial=words), title=title, sentence=sentence)
