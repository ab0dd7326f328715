"""The same-origin rule: an anonymous reader has no session to ride on, so the browser's word on the origin decides."""

from collections.abc import Collection, Mapping

from django.core import signing

from comments.privacy import keyed_hash

SALT = "comments.confirmed-words"
TOKEN_SECONDS = 600


def is_same_origin(headers: Mapping[str, str], own: Collection[str]) -> bool:
    """True if the request comes from a page of ours (Fetch Metadata, then Origin of RFC 6454, then Referer)."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("Origin")
    if origin is not None:
        return origin in own
    referer = headers.get("Referer", "")
    return any(referer.startswith(f"{ours}/") for ours in own)


def words_token(*words: str) -> str:
    """A token for a page of ours that shows these very words and asks to send them."""
    return signing.TimestampSigner(salt=SALT).sign(keyed_hash(SALT, *words))


def is_words_token(token: str, *words: str) -> bool:
    """True for a token that we made for these words within the last ten minutes."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(token, max_age=TOKEN_SECONDS) == keyed_hash(SALT, *words)
    except signing.BadSignature:
        return False
