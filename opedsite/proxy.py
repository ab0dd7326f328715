"""Who is really asking: forwarded headers count only when a proxy that we trust has set them."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network
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


def parse_networks(values: Sequence[str]) -> tuple[Network, ...]:
    """Networks from addresses or CIDR blocks; raises ValueError for anything else."""
    return tuple(ip_network(value.strip(), strict=False) for value in values)


def is_within(address: str, networks: Sequence[Network]) -> bool:
    """True if the text is an address inside one of the networks; False for text that is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The nearest address that is not one of our proxies, read from the right (OWASP ASVS 5.0, 4.1.3).

    What a client wrote stands on the left, so it never counts; a hop that is no address ends the walk.
    """
    address = peer
    for hop in reversed(forwarded_for.split(",")):
        if not is_within(address, trusted):
            break
        candidate = hop.strip()
        try:
            address = str(ip_address(candidate))
        except ValueError:
            break
    return address


def true_scheme(environ: dict[str, Any], trusted: Sequence[Network]) -> str:
    """`https` or `http`, as the client used it: a trusted proxy's word, else the server's."""
    forwarded: str = environ.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
    if forwarded in ("http", "https") and is_within(environ.get("REMOTE_ADDR", ""), trusted):
        return forwarded
    return str(environ.get("wsgi.url_scheme", "http"))


def rewrite(environ: dict[str, Any], trusted: Sequence[Network]) -> None:
    """Set REMOTE_ADDR and the scheme from a trusted proxy, then drop every forwarded header."""
    peer = environ.get("REMOTE_ADDR", "")
    if is_within(peer, trusted):
        if "HTTP_X_FORWARDED_PROTO" in environ:
            environ["wsgi.url_scheme"] = true_scheme(environ, trusted)
        environ["REMOTE_ADDR"] = client_address(peer, environ.get("HTTP_X_FORWARDED_FOR", ""), trusted)
    for name in [key for key in environ if key.startswith("HTTP_X_FORWARDED_") or key in SPOOFABLE]:
        del environ[name]
