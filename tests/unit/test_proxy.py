"""Whose address counts: a trusted proxy's word, never the client's."""

import pytest

from opedsite.proxy import client_address, rewrite, trusted_proxies

TRUSTED = trusted_proxies(["10.0.0.0/8", "2001:db8::/32"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "not an address", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, 999.1.1.1", "10.0.0.1"),
        ("2001:db8::1", "2001:0DB8:1::2, 198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_nearest_hop_that_is_no_proxy_of_ours_is_the_client(peer, forwarded, client):
    assert client_address(peer, forwarded, TRUSTED) == client


@pytest.mark.parametrize(("peer", "scheme"), [("10.0.0.1", "https"), ("203.0.113.9", "http")])
def test_the_scheme_comes_from_a_trusted_proxy_only(peer, scheme):
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": "https"}

    rewrite(environ, TRUSTED)

    assert environ["wsgi.url_scheme"] == scheme


def test_all_forwarded_headers_are_dropped_whoever_sent_them():
    environ = {
        "REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4", "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_FORWARDED": "host=evil.example", "HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_HOST": "opinion.example",
    }  # fmt: skip

    rewrite(environ, TRUSTED)

    assert environ == {"REMOTE_ADDR": "1.2.3.4", "HTTP_HOST": "opinion.example"}


def test_a_network_that_is_none_stops_the_start():
    with pytest.raises(ValueError, match="appear"):
        trusted_proxies(["everywhere"])
