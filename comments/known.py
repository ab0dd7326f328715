"""Known readers: who pressed the button behind a mailed confirmation, in the browser in which they pressed it.

The cookie goes to what takes comments and nowhere else, so no page for everybody ever sets or receives it.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from comments.models import Commenter

SALT = "comments.known-reader"
YEAR = 365 * 24 * 60 * 60


def remember(response: HttpResponse, commenter: Commenter) -> None:
    """Give the browser the signed cookie of this reader, for a year."""
    response.set_cookie(
        settings.OPED_READER_COOKIE,
        signing.dumps(commenter.pk, salt=SALT),
        max_age=YEAR,
        path="/comments/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def known_reader(request: HttpRequest) -> int | None:
    """The commenter whose cookie the browser has; None without one that we signed within a year."""
    try:
        return int(signing.loads(request.COOKIES.get(settings.OPED_READER_COOKIE, ""), salt=SALT, max_age=YEAR))
    except signing.BadSignature:
        return None
