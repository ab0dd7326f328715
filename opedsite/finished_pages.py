"""Pages as they go over the wire: bytes and headers of each representation, made once."""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import brotli

from articles.freshness import EXPIRES_HEADER, SHARED_CACHES
from opedsite.answers import Answer, Environ, Header
from opedsite.negotiation import has_strong_match, has_weak_match
from opedsite.repeats import Reply

# Gzip's level and Brotli's quality: for a page that is kept, and for one that is made for a single reader.
KEPT = (6, 5)
SENT_ONCE = (1, 1)
TEXTS = (
    "text/",
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/manifest+json",
    "application/xml",
    "application/json",
)
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}
# Written anew for each representation, or for the outermost layer's eyes only.
REWRITTEN = {"content-length", "content-encoding", "etag", "vary", EXPIRES_HEADER.lower()}
# RFC 9110, 15.4.5: a 304 describes no body.
ABOUT_THE_BODY = {"content-length", "content-encoding", "content-type"}
FOR_CACHES = {"Cache-Control", "Surrogate-Key"}
# What the cache adds to a page that it gives, nearly always.
HIT: tuple[Header, ...] = (("Age", "0"), ("Cache-Status", "OpEd; hit"))


@dataclass(frozen=True, slots=True)
class Representation:
    """One coding of a page: body, strong validator, and the headers of a 200, of one from the cache, of a 304."""

    body: list[bytes]
    etag: str
    headers: list[Header]
    hit: list[Header]
    not_modified: list[Header]


def is_public(answer: Answer) -> bool:
    """A page for everybody, which holds no secret: it may be compressed whatever else stands on it (BREACH)."""
    return answer.status.startswith("200") and answer.get("Surrogate-Key") is not None


def storable_keys(answer: Answer) -> frozenset[str] | None:
    """The keys that the answer depends on; None if nobody but its reader may have it (RFC 9111, 3)."""
    names = {name.lower() for name, _ in answer.headers}
    varies = (answer.get("Vary") or "Accept-Encoding").lower()
    may_be_kept = (
        is_public(answer)
        and answer.get("Cache-Control") == SHARED_CACHES
        and varies == "accept-encoding"
        and names.isdisjoint({"set-cookie", "content-encoding"})
    )
    return frozenset((answer.get("Surrogate-Key") or "").split()) if may_be_kept else None


def codings_for(answer: Answer) -> tuple[str, ...]:
    """In which codings the answer is worth keeping."""
    is_text = (answer.get("Content-Type") or "").startswith(TEXTS)
    return ("identity", "gzip", "br") if is_text else ("identity",)


def represent(answer: Answer, required: Iterable[Header]) -> Representation:
    """The answer as it is; `required` headers are completed where it lacks them."""
    kept = [header for header in answer.headers if header[0].lower() not in REWRITTEN]
    names = {name.lower() for name, _ in kept}
    kept += [header for header in required if header[0].lower() not in names]
    etag = answer.get("ETag")
    if etag is None and "no-store" not in (answer.get("Cache-Control") or ""):
        etag = f'"{sha256(answer.body).hexdigest()[:32]}"'
    return _representation(answer.body, [*kept, ("Vary", "Accept-Encoding")], etag or "")


def encoded(plain: Representation, coding: str, efforts: tuple[int, int] = KEPT) -> Representation:
    """The same in another coding."""
    if coding == "identity":
        return plain
    # Strong, so different for each coding (RFC 9110, 8.8.3.3).
    etag = plain.etag and f'{plain.etag[:-1]}-{coding}"'
    headers = [header for header in plain.headers if header[0] not in ("Content-Length", "ETag")]
    return _representation(_encode(plain.body[0], coding, *efforts), [*headers, ("Content-Encoding", coding)], etag)


def decoded(kept: Representation, coding: str) -> Representation:
    """What `encoded` made this of."""
    etag = kept.etag and kept.etag.removesuffix(f'-{coding}"') + '"'
    headers = [header for header in kept.headers if header[0] not in ("Content-Length", "Content-Encoding", "ETag")]
    return _representation(DECODERS[coding](kept.body[0]), headers, etag)


def _representation(body: bytes, headers: list[Header], etag: str) -> Representation:
    headers = [*headers, ("Content-Length", str(len(body)))]
    if etag:
        headers.append(("ETag", etag))
    not_modified = [header for header in headers if header[0].lower() not in ABOUT_THE_BODY]
    return Representation([body], etag, headers, [*headers, *HIT], not_modified)


def _encode(plain: bytes, coding: str, gzip_level: int, brotli_quality: int) -> bytes:
    if coding == "gzip":
        return gzip.compress(plain, gzip_level, mtime=0)
    if coding == "br":
        return bytes(brotli.compress(plain, quality=brotli_quality))
    return plain


def reply_with(chosen: Representation, environ: Environ, more: Sequence[Header]) -> Reply:
    """The answer to a GET or HEAD: 200, 304 or 412 (RFC 9110, 13.2.2). A Range is ignored, as 14.2 allows."""
    etag = chosen.etag  # none on what nobody may keep
    if etag and "HTTP_IF_MATCH" in environ and not has_strong_match(environ["HTTP_IF_MATCH"], etag):
        # Said to this reader alone: a cache on the way would give what is marked as public to all.
        own = [header for header in chosen.not_modified if header[0] not in FOR_CACHES]
        return Reply("412 Precondition Failed", [*own, ("Cache-Control", "no-store"), *more], [])
    if etag and "HTTP_IF_NONE_MATCH" in environ and has_weak_match(environ["HTTP_IF_NONE_MATCH"], etag):
        return Reply("304 Not Modified", [*chosen.not_modified, *more], [])
    headers = chosen.hit if more is HIT else [*chosen.headers, *more]
    return Reply("200 OK", headers, chosen.body if environ["REQUEST_METHOD"] == "GET" else [])
