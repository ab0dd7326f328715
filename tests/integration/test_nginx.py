"""The shipped nginx configuration, in front of two application servers on one database."""

import gzip
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connections

from articles import publishing
from comments import review
from comments.models import Comment, Origin
from tests.factories import filled_in, make_article, make_comment
from tests.nginx import NGINX, running_nginx
from tests.pictures import photo
from tests.postgres import free_port
from tests.servers import DatabaseLine, Received, get, running_server

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("migrated"),
    pytest.mark.skipif(not NGINX.exists(), reason="nginx is not installed: apt-get install nginx-light"),
]
# One second in the application, one in nginx, five of stale-while-revalidate.
PROMISE = 7


@dataclass(slots=True)
class Front:
    """nginx's address, and the servers behind it, each of which can be stopped."""

    url: str
    servers: list[str]
    line: DatabaseLine
    running: list[ExitStack] = field(default_factory=list)

    def stop(self, number: int) -> None:
        self.running[number].close()


@pytest.fixture
def front(server_folder: Path, tmp_path: Path) -> Iterator[Front]:
    line, port = DatabaseLine(), free_port()
    line.mend()
    with ExitStack() as everything:
        everything.callback(line.mend)
        running = [everything.enter_context(ExitStack()) for _ in range(2)]
        environment = {"OPED_BASE_URL": f"http://127.0.0.1:{port}", "OPED_TRUSTED_PROXIES": "127.0.0.1"}
        servers = [each.enter_context(running_server(server_folder, line.url, **environment)) for each in running]
        url = everything.enter_context(running_nginx(tmp_path / "nginx", port, servers))
        yield Front(url, servers, line, running)
        line.cut()


def status_of_cache(answer: Received) -> str:
    return answer.headers.get_all("Cache-Status")[-1]


def raw(url: str, accept: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def post(url: str, body: bytes, **headers: str) -> Received:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    request = urllib.request.Request(url, body, kind | {name.replace("_", "-"): headers[name] for name in headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return Received(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Received(error.code, error.headers, error.read().decode())


def test_pages_come_from_nginx_byte_for_byte_and_change_in_time(front):
    article = make_article()
    waiting = make_comment(article, "Seen everywhere.", status="pending")
    url = front.url + article.get_absolute_url()

    first, second = get(url), get(url)
    packed = raw(url, "deflate, gzip;q=0.8")
    packed_by_us = raw(front.servers[0] + article.get_absolute_url(), "gzip")
    plain = raw(url, "gzip;q=0, br;q=0.0, *;q=0")
    assert status_of_cache(first) == "nginx; fwd=miss"
    assert status_of_cache(second) == "nginx; hit"
    assert len(second.headers.get_all("Cache-Status")) == 2
    assert packed == packed_by_us
    assert gzip.decompress(packed) == plain == first.text.encode()
    assert second.headers["Vary"] == "Accept-Encoding"

    review.approve(Comment.objects.filter(pk=waiting.pk), by="trial")
    approved = time.monotonic()
    while "Seen everywhere." not in get(url).text:
        assert time.monotonic() < approved + PROMISE
        time.sleep(0.1)

    publishing.withdraw(article)
    withdrawn = time.monotonic()
    while get(url).status != 410:
        assert time.monotonic() < withdrawn + PROMISE
        time.sleep(0.1)


def test_what_is_ones_own_is_never_kept_and_nobody_writes_their_own_address(front):
    article = make_article()
    form = f"{front.url}/comments/post/{article.pk}/"

    own = post(form, urlencode(filled_in()).encode(), X_Forwarded_For="203.0.113.9", X_Real_IP="203.0.113.9")
    large = post(form, b"body=" + b"a" * 4 * 1024 * 1024)
    private = [get(front.url + path) for path in ("/admin/", "/accounts/login/", "/comments/mine/")]

    assert "awaiting moderation" in own.text
    assert status_of_cache(own) == "nginx; fwd=bypass"
    assert {status_of_cache(answer) for answer in private} == {"nginx; fwd=bypass"}
    assert Origin.objects.get().network == "127.0.0.0/24"
    assert large.status == 413
    assert "larger than the site accepts" in large.text


def test_pictures_come_from_the_disk_and_nothing_else_of_their_folder_does(front, tmp_path, server_folder):
    key, content = "0123456789abcdef", photo((320, 200), "WEBP")
    (tmp_path / "nginx/media/originals").mkdir(parents=True)
    (tmp_path / "nginx/media/originals" / key).write_bytes(b"private")
    for folder, name in ((tmp_path / "nginx/media", "320.webp"), (server_folder / "media", "640.webp")):
        (folder / "served" / key).mkdir(parents=True)
        (folder / "served" / key / name).write_bytes(content)

    from_nginx = get(f"{front.url}/media/{key}/320.webp")
    from_the_site = get(f"{front.url}/media/{key}/640.webp")

    assert raw(f"{front.url}/media/{key}/320.webp", "identity") == content
    assert "Cache-Status" not in from_nginx.headers or "OpEd" not in from_nginx.headers["Cache-Status"]
    for answer in (from_nginx, from_the_site):
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = get(f"{front.url}/media/{key}/320.webp", {"If-None-Match": from_nginx.headers["ETag"]})
    assert again.status == 304
    for path in (f"originals/{key}", f"{key}/../../originals/{key}", f"{key}/%2e%2e/%2e%2e/originals/{key}", f"{key}/"):
        assert get(f"{front.url}/media/{path}").status in (400, 404)


def test_a_photographers_picture_passes_and_everything_else_stays_small(front):
    picture, form = f"{front.url}/admin/articles/image/add/", f"{front.url}/comments/post/1/"
    body = b"x" * (9 * 1024 * 1024)

    by_the_site, by_nginx = post(picture, body), post(form, body)

    # Without a session the site refuses it: nginx has let it through.
    assert by_the_site.status == 413
    assert "nginx" not in by_the_site.text
    assert by_nginx.status == 413
    assert "nginx" in by_nginx.text


def test_readers_go_on_while_servers_or_the_database_are_down(front):
    article, unvisited = make_article(), make_article()
    url, form = front.url + article.get_absolute_url(), f"{front.url}/comments/post/{article.pk}/"
    before = get(url)

    connections.close_all()
    front.line.cut()
    refused = post(form, urlencode(filled_in()).encode())
    front.line.mend()
    front.stop(0)
    with_one = [get(front.url + unvisited.get_absolute_url()).status for _ in range(4)]
    front.stop(1)
    time.sleep(2.2)  # nginx counts in whole seconds
    kept, lost = get(url), get(f"{front.url}/author/nobody/")

    assert refused.status == 503
    assert "The meadow is leased" in refused.text
    assert refused.headers["Retry-After"]
    assert with_one == [200] * 4
    assert kept.text == before.text
    assert status_of_cache(kept) == "nginx; hit; detail=stale"
    assert lost.status == 503
    assert lost.headers["Retry-After"] == "10"
