"""Django for pages that are the same for everybody: without what is for those who log in or send forms.

Sessions, accounts, messages and form tokens are one person's, static files go another way, and the outermost layer
completes the security headers. So a page for everybody does not pay for them, and a view of one that asked who is
there would fail instead of putting somebody's name into everybody's page.
"""

from typing import Any

from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.middleware.common import CommonMiddleware

from opedsite.outages import OutageMiddleware


class FewMiddleware(BaseHandler):
    """A handler of Django's with CommonMiddleware and OutageMiddleware, whatever the settings say."""

    def load_middleware(self, is_async: bool = False) -> None:
        """The chain, from the view outwards."""
        view: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        outages = OutageMiddleware(view)
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware = [outages.process_exception]
        self._middleware_chain: Any = convert_exception_to_response(CommonMiddleware(outages))


class EverybodysApplication(FewMiddleware, WSGIHandler):
    """What makes pages for everybody."""
