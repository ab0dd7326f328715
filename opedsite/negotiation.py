"""What a request says about the bytes it wants: content codings and entity tags."""

import re

from django.utils.http import parse_etags

# In our order of preference where a client has none.
CODINGS = ("br", "gzip", "identity")
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def wanted_coding(accept_encoding: str | None) -> str:
    """The best of CODINGS for an Accept-Encoding header (RFC 9110, 12.5.3).

    A client that doesn't send the header gets plain bytes; so does one that accepts nothing we have, because that
    is more use than a 406.
    """
    return next(iter(accepted_codings(accept_encoding)), "identity")


def accepted_codings(accept_encoding: str | None) -> list[str]:
    """Those of CODINGS that an Accept-Encoding header asks for, the best first; `identity` that is only not forbidden
    is not among them.
    """
    weights = _weights(accept_encoding or "")
    others = weights.get("*", 0.0)
    weights.setdefault("gzip", weights.get("x-gzip", others))
    weights.setdefault("br", others)
    weights.setdefault("identity", 0.0)
    return sorted((coding for coding in CODINGS if weights[coding] > 0), key=lambda coding: -weights[coding])


def _weights(accept_encoding: str) -> dict[str, float]:
    """Each coding that the header names, with its weight; a member that is malformed counts for nothing."""
    weights = {}
    for member in accept_encoding.lower().split(","):
        coding, *parameters = (part.strip() for part in member.split(";"))
        weight = "1"
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            weight = value.strip() if name.strip() == "q" else weight
        if coding and WEIGHT.fullmatch(weight):
            weights[coding] = float(weight)
    return weights


def has_weak_match(if_none_match: str, etag: str) -> bool:
    """The client has this representation already (RFC 9110, 13.1.2: weak comparison, 8.8.3.2)."""
    listed = parse_etags(if_none_match)
    return listed == ["*"] or etag in (tag.removeprefix("W/") for tag in listed)


def has_strong_match(if_match: str, etag: str) -> bool:
    """The representation is the one that the client means (RFC 9110, 13.1.1: strong comparison)."""
    listed = parse_etags(if_match)
    return listed == ["*"] or etag in listed
