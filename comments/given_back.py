"""Words that could not be taken go back to their reader: one page, which needs no database."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl

from django.template.loader import render_to_string
from django.utils.functional import Promise

from articles import masthead
from articles.languages import speaking
from articles.navigation import words_of
from comments.forms import WORDS, AnswerForm, CommentForm, ConfirmationForm, CopyForm, EditForm, WordsForm

COMMENT_ADDRESS = re.compile(r"/comments/(?:post|preview)/([0-9]+)/")
EDIT_ADDRESS = re.compile(r"/comments/own/[^/]+/edit/")
REPORT_ADDRESS = re.compile(r"/comments/[0-9]+/report/")
ANSWER_ADDRESS = re.compile(r"/comments/answer/[^/]+/[0-9]+/")


def page_with_words(form: WordsForm, *, title: str | Promise, sentence: str | Promise, back: str = "") -> str:
    """A title, one plain sentence, the form with the words, and a link back if there is a page to go back to."""
    context = {"form": form, "title": title, "sentence": sentence, "back": back}
    return render_to_string("comments/given_back.html", context | words_of(masthead.last_known()))


def page_with_note(note: str, *, title: str | Promise, sentence: str | Promise) -> str:
    """A title, one plain sentence, and the note of a report to be copied."""
    context = {"title": title, "sentence": sentence, "note": note}
    return render_to_string("comments/report_refused.html", context | words_of(masthead.last_known()))


def words_in(body: bytes, fields: Collection[str] = WORDS) -> dict[str, str]:
    """The words in a urlencoded form, read with patience: any number of fields, any bytes, even cut short."""
    sent = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
    return {field: sent.get(field, "") for field in fields}


def page_for_request(path: str, body: bytes, *, title: str | Promise, sentence: str | Promise) -> str | None:
    """The page for a comment or report that never got as far as Django; None if the request brought no words of one."""
    if REPORT_ADDRESS.fullmatch(path):
        note = words_in(body, ["note"])["note"]
        return page_with_note(note, title=title, sentence=sentence) if note else None
    words = words_in(body) if path.startswith("/comments/") else {}
    form = form_at(path, words) if words.get("body") else None
    return page_with_words(form, title=title, sentence=sentence) if form else None


def form_at(path: str, words: dict[str, str], *, can_be_sent: bool = True) -> WordsForm | None:
    """The form that is posted to this address, with words in it, to be sent again or only copied; None elsewhere."""
    with speaking(masthead.last_known().language):
        return _form_at(path, words, can_be_sent=can_be_sent)


def _form_at(path: str, words: dict[str, str], *, can_be_sent: bool) -> WordsForm | None:
    if address := COMMENT_ADDRESS.fullmatch(path):
        article_id = int(address[1])
        return (
            CommentForm(article_id, initial=words)
            if can_be_sent
            else ConfirmationForm(article_id, words, can_be_sent=False)
        )
    kinds = ((EDIT_ADDRESS, EditForm), (ANSWER_ADDRESS, AnswerForm))
    for pattern, kind in kinds:
        if pattern.fullmatch(path):
            return kind(path, initial=words) if can_be_sent else CopyForm(initial=words)
    return None
