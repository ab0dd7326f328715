"""How large a request may be: three megabytes from anybody, more where staff send pictures."""

from importlib import import_module

import django.db
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import parse_cookie

from opedsite.answers import Environ
from opedsite.page_versions import DatabaseAway, tidy_connection

PICTURES_GO_TO = "/admin/articles/image/"


def needs_more_room(environ: Environ) -> bool:
    """The request says that it brings more than anybody may send, to where pictures go."""
    declared = environ.get("CONTENT_LENGTH") or ""
    is_large = declared.isascii() and declared.isdigit() and int(declared) > settings.OPED_MAX_BODY
    return is_large and environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith(PICTURES_GO_TO)


def is_signed_in(environ: Environ) -> bool:
    """Somebody has logged in with this cookie: what they may do, the desk decides. Raises DatabaseAway."""
    cookie = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    if not cookie:
        return False
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie)
    try:
        with tidy_connection():
            return SESSION_KEY in session
    except django.db.Error as error:
        raise DatabaseAway from error
