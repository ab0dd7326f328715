"""Keyed hashes and coarse networks: what we keep of an address when we must not keep the address."""

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from ipaddress import ip_address, ip_network

import idna
from django.conf import settings

# What stands between spaces and brackets, and its sign of an address, also written as a reference.
WORD = re.compile(r"[^\s<>\"'(),:\[\]]+")
SIGN = re.compile(r"@|%40|&#0*64;|&#x0*40;|&commat;", re.IGNORECASE)
HIDDEN = "[address]"
MAX_HOST = 253


def keyed_hash(purpose: str, *parts: str) -> str:
    """HMAC-SHA256 (RFC 2104) of the parts under the privacy key, as 64 hex digits; purposes never collide."""
    message = "\0".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(settings.OPED_PRIVACY_KEY.encode(), message, hashlib.sha256).hexdigest()


def email_key(address: str) -> str:
    """One key for all spellings of an address: NFC, casefolded, its host in IDNA (RFC 5891)."""
    local, _, host = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    return f"{local.casefold()}@{_host_key(host)}"


# Most addresses are at the same few hosts, and a comment that comes in needs its writer’s key four times.
@lru_cache(256)
def _host_key(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        folded = host.casefold()
        # One letter can become three. A host that is longer than names can be (RFC 1035, 2.3.4) is nobody's anyway.
        return folded if len(folded) <= MAX_HOST else host


def line_of(address: str) -> str:
    """The line that an address belongs to: itself, of IPv6 its /64, in which one household has all addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network(f"{parsed}/64", strict=False))


def network_of(address: str) -> str | None:
    """The /24 (IPv4, also written in IPv6) or /48 (IPv6) around an address, wide enough not to name a person.

    None for no address.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if parsed.version == 6:
        parsed = parsed.ipv4_mapped or parsed
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def holds_address(text: str) -> bool:
    """Something in the text reads like an e-mail address."""
    return any(map(_is_address, WORD.findall(text)))


def without_addresses(text: str) -> str:
    """The text with HIDDEN for all that reads like an e-mail address."""
    return WORD.sub(lambda word: HIDDEN if _is_address(word[0]) else word[0], text)


def _is_address(word: str) -> bool:
    sign = SIGN.search(word, 1)
    return sign is not None and "." in word[sign.end() :].rstrip(".!?;")
