"""Renditions for readers, for ever under their address; nginx serves the same files in production."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles.pictures import files

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@require_safe
def rendition(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One file of our own making. The address says what it holds, so whoever has it asks never again."""
    path = files.served(key, name)
    try:
        with path.open("rb") as file:
            content, changed = file.read(), path.stat().st_mtime
    except (FileNotFoundError, NotADirectoryError) as gone:
        raise Http404("There is no such picture.") from gone
    except OSError:
        return HttpResponse(status=503, headers={"Retry-After": "10"})
    response = HttpResponse(content, content_type=TYPES[path.suffix.removeprefix(".")])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Disposition"] = "inline"
    # Feeds are read on other sites too.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["ETag"] = etag = f'"{int(changed):x}-{len(content):x}"'
    return get_conditional_response(request, etag, int(changed), response) or response
