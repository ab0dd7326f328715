"""What Accept-Encoding, If-None-Match and If-Match mean (RFC 9110)."""

import pytest

from opedsite.negotiation import has_strong_match, has_weak_match, wanted_coding


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.000, br;q=0.0", "identity"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=0, *", "br"),
        ("br;q=0, gzip;q=0, *", "identity"),
        ("gzip ; q=1.000 ,br ; q=0.9", "gzip"),
        ("deflate", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=nan, br;q=inf", "identity"),
        ("gzip;q=٠", "identity"),
        ("gzip;q=", "identity"),
        (";;;,,,=;q", "identity"),
        ("not-gzip, brotli", "identity"),
    ],
)
def test_the_best_coding_that_a_client_accepts_is_chosen(accept_encoding, coding):
    assert wanted_coding(accept_encoding) == coding


@pytest.mark.parametrize(
    ("if_none_match", "matches"),
    [
        ('"a-gzip"', True),
        ('W/"a-gzip"', True),
        ('"b", "a-gzip"', True),
        ('"b,c",W/"a-gzip"', True),
        ("*", True),
        (" * ", True),
        ('"a"', False),
        ('"a-br"', False),
        ("a-gzip", False),
        ('"b", *', False),
        ("", False),
        ('"unfinished', False),
    ],
)
def test_if_none_match_compares_weakly(if_none_match, matches):
    assert has_weak_match(if_none_match, '"a-gzip"') is matches


@pytest.mark.parametrize(("if_match", "matches"), [('"a"', True), ("*", True), ('W/"a"', False), ('"b"', False)])
def test_if_match_compares_strongly(if_match, matches):
    assert has_strong_match(if_match, '"a"') is matches
