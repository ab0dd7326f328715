"""Forms of the desk that could not be taken come back with what was typed, to be sent again or copied.

A log-in that ended, a token of an earlier log-in, a comment that is deleted: none of them costs anybody's words.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from articles import masthead
from articles.desk import wants_json
from articles.navigation import words_of
from comments.views.answers import comes_from_our_page

DESK = "/admin/"
# Where people write sentences, and what stands beside them; everything else of a form is sent again unseen.
WORDS = {
    "title": "Title", "standfirst": "Standfirst", "body": "Text", "text": "Note", "note": "Note",
    "name": "Name", "website": "Website",
}  # fmt: skip
LONG = ("standfirst", "body", "text")
TOKEN, SECRET = "csrfmiddlewaretoken", "password"


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
    sent = [(name, value) for name, values in request.POST.lists() for value in values if value]
    can_be_sent = can_be_sent and request.path_info.startswith(DESK) and comes_from_our_page(request)
    context = words_of(masthead.last_known()) | {
        "status": status,
        "title": title,
        "sentence": sentence,
        "is_logged_out": not request.user.is_authenticated,
        "typed": [(name, WORDS[name], value) for name, value in sent if name in WORDS],
        "long": LONG,
        "unseen": [each for each in sent if each[0] not in WORDS and each[0] != TOKEN and SECRET not in each[0]],
        "can_be_sent": can_be_sent,
        "address": request.get_full_path(),
        "csrf_token": get_token(request) if can_be_sent else "",
    }
    response = render(None, "kept_words.html", context, status=status)  # type: ignore[arg-type]
    response["Cache-Control"] = "no-store"
    return response
