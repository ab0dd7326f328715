"""Forms of the desk that could not be taken come back with what was typed, to be sent again or copied.

A log-in that ended, a token of an earlier log-in, a comment that is deleted, a site that is busy, a database that is
away: none of them costs anybody's words.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise

from articles import masthead
from articles.desk import wants_json
from articles.navigation import words_of
from comments.views.answers import comes_from_our_page

DESK = "/admin/"
# Where people write sentences, and what stands beside them; everything else of a form is sent again unseen.
WORDS = {
    "title": "Title", "standfirst": "Standfirst", "body": "Text", "text": "Note", "note": "Note",
    "name": "Name", "website": "Website", "bio": "Bio", "alt": "Alternative text", "caption": "Caption", "why": "Why",
}  # fmt: skip
LONG = ("standfirst", "body", "text", "bio", "alt", "caption")
TOKEN, SECRET = "csrfmiddlewaretoken", "password"
# As many fields as Django takes; the line between parts (RFC 2046, 5.1.1), and what is read of a part's headers.
MOST_FIELDS, MAX_EDGE, MAX_HEAD = 1_000, 74, 300
# A file's name would follow.
NAME_OF_PART = re.compile(rb'; name="([^"\r\n]+)"\Z')


def brings_words(request: HttpRequest) -> bool:
    """A form of the desk with something that somebody typed."""
    return request.path_info.startswith(DESK) and any(request.POST.get(field) for field in WORDS)


def give_back(
    request: HttpRequest, status: int, title: str, sentence: str, *, can_be_sent: bool = False
) -> HttpResponse:
    """The words below a title and a sentence; a script gets the sentence alone, as it still has the words.

    Only what comes from a page of ours can be sent again: nobody else's form is to be pressed on staff.
    """
    if wants_json(request):
        return JsonResponse({"error": f"{title}. {sentence}"}, status=status)
    can_be_sent = can_be_sent and request.path_info.startswith(DESK) and comes_from_our_page(request)
    token = get_token(request) if can_be_sent else ""
    page = page_with_words(
        fields_of(request.POST),
        status=status,
        title=title,
        sentence=sentence,
        address=request.get_full_path(),
        token=token,
        is_logged_out=not request.user.is_authenticated,
    )
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def page_with_words(
    sent: Sequence[tuple[str, str]],
    *,
    status: int,
    title: str | Promise,
    sentence: str,
    address: str = "",
    token: str = "",
    is_logged_out: bool = False,
) -> str:
    """The page itself, which needs no database. With a token the words can be sent again, else only be copied."""
    filled = [(name, value) for name, value in sent if value]
    context = words_of(masthead.last_known()) | {
        "status": status,
        "title": title,
        "sentence": sentence,
        "is_logged_out": is_logged_out,
        "typed": [(name, WORDS[name], value) for name, value in filled if name in WORDS],
        "long": LONG,
        "unseen": [each for each in filled if each[0] not in WORDS and each[0] != TOKEN and SECRET not in each[0]],
        "address": address,
        "csrf_token": token,
    }
    return render_to_string("kept_words.html", context)


def page_if_typed(path: str, sent: Sequence[tuple[str, str]], *, status: int, title: str | Promise) -> str | None:
    """The page for a form that the desk could not look at; None if nobody typed anything in it."""
    if not path.startswith(DESK) or not any(name in WORDS and value for name, value in sent):
        return None
    # A part of a form, sent again, would empty the rest of what it changes; the browser still has all of it.
    again = "Reload this page in a moment to send it again." if status == 503 else "Not all of it may have arrived."
    return page_with_words(sent, status=status, title=title, sentence=f"Nothing was done. {again}")


def fields_of(form: QueryDict) -> list[tuple[str, str]]:
    """Each field with each of its values."""
    return [(name, value) for name, values in form.lists() for value in values]


def fields_in(body: bytes) -> list[tuple[str, str]]:
    """What a form holds, in parts or in one line, read with patience: any bytes, even cut short. No files.

    Each byte is looked at once: who sends this need not be logged in.
    """
    if not body.startswith(b"--"):
        try:
            return parse_qsl(body.decode("utf-8", "replace"), errors="replace", max_num_fields=MOST_FIELDS)
        except ValueError:
            return []
    edge = body[:MAX_EDGE].partition(b"\r\n")[0]
    parts = [part.partition(b"\r\n\r\n") for part in body.split(b"\r\n" + edge, MOST_FIELDS)]
    named = [(NAME_OF_PART.search(head[-MAX_HEAD:]), value) for head, _, value in parts]
    return [(name[1].decode("utf-8", "replace"), value.decode("utf-8", "replace")) for name, value in named if name]
