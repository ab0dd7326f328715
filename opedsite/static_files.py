"""Static files: by names that change with their contents, sent whole, in the coding that the client likes best."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from opedsite.negotiation import accepted_codings, has_weak_match

# Django's own pattern also takes names of import maps for files ("oped/asides").
NEIGHBOUR = (r"""(?P<matched>from "(?P<url>\./[^"]+)")""", 'from "%(url)s"')


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, which follows `from "./neighbour.js"` of our own modules as well."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*.js", (NEIGHBOUR,)))


class WholeFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, told in its own words what a request says: it looks for "gzip" in Accept-Encoding, whatever stands
    around it, and for the one validator. It has one for all codings of a file, which is weak then, and a range of one
    coding would be joined to another: ranges are ignored, as RFC 9110, 14.2, allows.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, or 304 (RFC 9110, 12.5.3, 13.1.2 and 8.8.1)."""
        meta = request.META
        meta["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted_codings(meta.get("HTTP_ACCEPT_ENCODING")))
        meta.pop("HTTP_RANGE", None)
        if has_weak_match(meta.get("HTTP_IF_NONE_MATCH", ""), static_file.etag):
            meta["HTTP_IF_NONE_MATCH"] = static_file.etag
        response: HttpResponse = WhiteNoiseMiddleware.serve(static_file, request)
        if "ETag" in response:
            response["ETag"] = f"W/{static_file.etag}"
        return response
