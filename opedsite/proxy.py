"""Who is really asking: forwarded headers count only when a proxy that we trust has set them."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

IsTrusted = Callable[[str], bool]
# Besides X-Forwarded-*: headers that some frameworks or proxies take for a host, a path or a client.
SPOOFABLE = frozenset(
    (
        "HTTP_FORWARDED",
        "HTTP_X_REAL_IP",
        "HTTP_CLIENT_IP",
        "HTTP_TRUE_CLIENT_IP",
        "HTTP_CF_CONNECTING_IP",
        "HTTP_X_HOST",
        "HTTP_X_ORIGINAL_HOST",
        "HTTP_X_ORIGINAL_URL",
        "HTTP_X_REWRITE_URL",
        "HTTP_X_HTTP_METHOD_OVERRIDE",
        "HTTP_X_SCRIPT_NAME",
        "HTTP_SCRIPT_NAME",
        "HTTP_PROXY",
    )
)


def trusted_proxies(values: Sequence[str]) -> IsTrusted:
    """Whether a text is an address of one of our proxies, which are given as addresses or CIDR blocks.

    Raises ValueError for anything else. The same few ask again and again, and to look costs more than a kept page.
    """
    networks = [ip_network(value.strip(), strict=False) for value in values]

    @lru_cache(1024)
    def is_trusted(address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in networks)

    return is_trusted


def client_address(peer: str, forwarded_for: str, is_trusted: IsTrusted) -> str:
    """The nearest address that is not one of our proxies, read from the right (OWASP ASVS 5.0, 4.1.3).

    What a client wrote stands on the left, so it never counts; a hop that is no address ends the walk.
    """
    address = peer
    for hop in reversed(forwarded_for.split(",")):
        if not is_trusted(address):
            break
        candidate = hop.strip()
        try:
            address = str(ip_address(candidate))
        except ValueError:
            break
    return address


def true_scheme(environ: dict[str, Any], is_trusted: IsTrusted) -> str:
    """`https` or `http`, as the client used it: a trusted proxy's word, else the server's."""
    forwarded: str = environ.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
    if forwarded in ("http", "https") and is_trusted(environ.get("REMOTE_ADDR", "")):
        return forwarded
    return str(environ.get("wsgi.url_scheme", "http"))


def rewrite(environ: dict[str, Any], is_trusted: IsTrusted) -> None:
    """Set REMOTE_ADDR and the scheme from a trusted proxy, then drop every forwarded header."""
    peer = environ.get("REMOTE_ADDR", "")
    if is_trusted(peer):
        if "HTTP_X_FORWARDED_PROTO" in environ:
            environ["wsgi.url_scheme"] = true_scheme(environ, is_trusted)
        environ["REMOTE_ADDR"] = client_address(peer, environ.get("HTTP_X_FORWARDED_FOR", ""), is_trusted)
    for name in [key for key in environ if key.startswith("HTTP_X_FORWARDED_") or key in SPOOFABLE]:
        del environ[name]
