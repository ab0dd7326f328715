"""Static files are sent whole, in a coding that the client takes, and not twice to who has them."""

import gzip
from contextlib import closing

import pytest
from django.test import RequestFactory
from whitenoise.responders import StaticFile

from opedsite.static_files import WholeFiles

WORDS = b"body { color: black }" * 100


@pytest.fixture
def ask(tmp_path):
    """The answer to these headers, and its body."""
    plain, packed = tmp_path / "site.css", tmp_path / "site.css.gz"
    plain.write_bytes(WORDS)
    packed.write_bytes(gzip.compress(WORDS))
    static_file = StaticFile(str(plain), [("Content-Type", "text/css")], encodings={"gzip": str(packed)})

    def answer(method="get", **headers):
        request = getattr(RequestFactory(), method)("/static/site.css", headers=headers)
        with closing(WholeFiles.serve(static_file, request)) as response:
            return response, response.getvalue()

    return answer


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip", "gzip"), ("GZIP;q=0.5", "gzip"), ("gzip;q=0", None), ("not-gzip", None), ("", None), ("*", "gzip")],
)
def test_a_coding_is_sent_only_to_who_takes_it(ask, accepted, coding):
    response, body = ask(accept_encoding=accepted)

    assert response.get("Content-Encoding") == coding
    assert (gzip.decompress(body) if coding else body) == WORDS


@pytest.mark.parametrize("wanted", ["bytes=0-0", "bytes=5-3", "bytes=-1", "bytes=100-", "bytes= 1_0-2_0"])
def test_a_range_is_answered_with_the_whole_file(ask, wanted):
    response, body = ask(range=wanted, if_range='"other"')

    assert response.status_code == 200
    assert body == WORDS


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_the_file_gets_304(ask, method):
    etag = ask()[0]["ETag"]

    assert etag.startswith('W/"')
    for told in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        assert ask(method, if_none_match=told)[0].status_code == 304
    assert ask(method, if_none_match='"x"')[0].status_code == 200
