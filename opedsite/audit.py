"""The security log: log-ins and refusals, in UTC; never a password, an address or a reader's words."""

import logging
import re
import time
from copy import copy
from http import HTTPStatus
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

logger = logging.getLogger("oped.audit")
# Whoever has a token may do what its link is for, so it is worth as much as a password.
SECRET_LINK = re.compile(r"(/comments/[a-z]+/)[\w:.%-]{16,}")


class UtcFormatter(logging.Formatter):
    """Times in UTC, whatever the site's time zone; the tokens of secret links left out, and tracebacks of refusals:
    anybody can send what is refused, as often as they like.
    """

    converter = time.gmtime  # type: ignore[assignment]

    def format(self, record: logging.LogRecord) -> str:
        """One line, or several with a traceback."""
        if getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record = copy(record)
            record.exc_info = record.exc_text = None
        return SECRET_LINK.sub(r"\1…", super().format(record))


def connect() -> None:
    """Listen to what Django says of log-ins."""
    user_logged_in.connect(log_success, dispatch_uid="oped.audit.in")
    user_logged_out.connect(log_end, dispatch_uid="oped.audit.out")
    user_login_failed.connect(log_failure, dispatch_uid="oped.audit.failed")


def log_success(sender: object, request: Any, user: Any, **kwargs: Any) -> None:
    """Somebody is in."""
    logger.info("log-in user=%s from=%s", user.pk, origin_of(request))


def log_end(sender: object, request: Any, user: Any, **kwargs: Any) -> None:
    """Somebody left."""
    logger.info("log-out user=%s from=%s", getattr(user, "pk", None), origin_of(request))


def log_failure(sender: object, request: Any = None, **kwargs: Any) -> None:
    """Somebody failed; what was typed may be a password in the wrong field, so it is not logged."""
    logger.warning("log-in failed from=%s", origin_of(request))


def origin_of(request: Any) -> str:
    """The network address, as the outermost layer found it."""
    return str(request.META.get("REMOTE_ADDR", "?")) if request is not None else "?"
