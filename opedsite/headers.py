"""Security headers: the policy of each part of the site, and what every answer must carry."""

from collections.abc import Iterator
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

DESK_PREFIXES = ("/admin/", "/accounts/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Readers' pages get the strict policy; the desk's adds a nonce for the editor's import map."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The parts that django-csp builds the header from."""
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(DESK_PREFIXES) and not report_only:
            # Reading the nonce makes it: error pages of the desk hold no script and need none.
            parts.nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
            parts.config = settings.OPED_DESK_POLICY
        return parts


def required_headers() -> dict[str, str]:
    """Name and value of each header that an answer must carry, whoever made it."""
    headers = {
        "Content-Security-Policy": build_policy(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        # What nobody has given a rule of its own: errors, redirects.
        "Cache-Control": "no-store",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return headers


def missing(present: list[tuple[str, str]], required: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """The required headers that an answer does not carry yet."""
    names = {name.lower() for name, _ in present}
    for name, value in required.items():
        if name.lower() not in names:
            yield name, value
