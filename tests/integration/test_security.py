"""The outermost layer and the headers: what no page ever sees, and what every answer carries."""

import json
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as django_settings

from opedsite.audit import UtcFormatter
from tests.factories import make_article
from tests.site_client import SiteClient

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/nothing/here/at/all/", "/robots.txt", "/healthz", "/?q=%00", "/static/no.css"])
def test_every_answer_carries_the_security_headers(reader, url):
    response = reader.get(url)

    assert set(response["Content-Security-Policy"].split("; ")) == STRICT
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_the_desk_allows_scripts_by_a_nonce_that_is_never_the_same(desk):
    owner = desk("Owner")

    policies = [owner.get("/admin/articles/article/add/")["Content-Security-Policy"] for _ in range(2)]

    assert policies[0] != policies[1]
    assert all("'nonce-" in policy and "unsafe" not in policy for policy in policies)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/%00", "/a%00b/", "/?page=%00", "/?a=1&b=x%00y"])
def test_nul_in_an_address_is_400(reader, url):
    assert reader.get(url).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/?q=" + "a" * 5000, "/" + "a-" * 2500 + "/", "/a" + "%CC%81%CC%96" * 1500 + "/"])
def test_an_address_that_nobody_types_is_414(reader, url):
    assert reader.get(url).status_code == 414


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "rot13", "zip", "bogus-9", "latin-1"])
def test_a_form_in_another_charset_is_415(reader, charset):
    response = reader.generic(
        "POST", "/comments/post/1/", b"body=x", content_type=f"application/x-www-form-urlencoded; charset={charset}"
    )

    assert response.status_code == 415


@pytest.mark.django_db
def test_a_form_in_utf_8_is_read(reader):
    url = f"/comments/post/{make_article().pk}/"

    response = reader.post(url, "body=x", content_type='application/x-www-form-urlencoded; charset="UTF-8"')

    assert response.status_code == 422


@pytest.mark.django_db
def test_a_body_of_more_than_three_megabytes_is_413(reader):
    response = reader.post("/comments/post/1/", b"x" * (3 * 1024 * 1024 + 1), content_type="text/plain")

    assert response.status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"])
def test_methods_that_the_site_does_not_use_are_405(reader, method):
    response = reader.generic(method, "/", headers={"Cookie": "secret=1"})

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert reader.generic(method, "/comments/post/1/")["Allow"] == "GET, HEAD, POST"


@pytest.mark.django_db
def test_too_many_fields_are_400_not_500(reader):
    url = f"/comments/post/{make_article().pk}/"

    assert reader.post(url, {f"f{number}": "x" for number in range(1100)}).status_code == 400


@pytest.mark.django_db
def test_an_unknown_host_is_400(reader):
    assert reader.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_an_unknown_host_leaves_no_traceback_in_the_log(reader, capsys, caplog):
    reader.get("/", headers={"Host": "evil.example"})

    assert "evil.example" not in capsys.readouterr().err + caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "Forwarded"],
)
def test_forwarded_headers_of_a_stranger_change_nothing(reader, header):
    clean = reader.get("/").content

    assert reader.get("/", headers={header: "evil.example"}).content == clean


@pytest.mark.django_db
def test_absolute_links_use_our_own_address_only(reader):
    article = make_article()

    page = reader.get(article.get_absolute_url(), headers={"Host": "localhost"}).text

    assert f'<link rel="canonical" href="{django_settings.OPED_BASE_URL}{article.get_absolute_url()}">' in page


@pytest.mark.django_db
def test_the_log_in_leads_nowhere_else():
    response = SiteClient().get("/admin/login/?next=//evil.example/")

    assert response.status_code == 302
    assert "evil.example" not in response.url


@pytest.mark.django_db
def test_nobody_signs_up(reader):
    assert reader.get("/accounts/signup/").status_code == 404
    assert reader.post("/accounts/signup/", {"username": "x"}).status_code == 404


STRONG = "k3yQ" * 4 + "p0Zx7LmN" * 5


def start_with(**environment):
    """Load the settings in a process of its own."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("OPED_", "DATABASE"))}
    return subprocess.run(
        [sys.executable, "-c", "from opedsite import settings"],
        env=keep | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "OPED_SECRET_KEY must be set"),
        ({"OPED_SECRET_KEY": "django-insecure-" + STRONG}, "too weak"),
        ({"OPED_SECRET_KEY": "local-" + STRONG}, "too weak"),
        ({"OPED_SECRET_KEY": "x" * 60}, "too weak"),
        ({"OPED_SECRET_KEY": STRONG}, "OPED_PRIVACY_KEY must be set"),
        ({"OPED_SECRET_KEY": STRONG, "OPED_PRIVACY_KEY": STRONG}, "OPED_EMAIL_URL must be set"),
        ({"OPED_SECRET_KEY": STRONG, "OPED_PRIVACY_KEY": STRONG, "OPED_DEBUG": "1"}, "loopback site only"),
        ({"OPED_SECRET_KEY": STRONG, "OPED_PRIVACY_KEY": STRONG, "OPED_RATE_LIMITS": "off"}, "keeps its limits"),
        ({"OPED_BASE_URL": "http://opinion.example"}, "plain http"),
        ({"OPED_BASE_URL": "opinion.example"}, "must look like"),
    ],
)
def test_a_public_site_refuses_to_start_unsafely(environment, sentence, tmp_path):
    result = start_with(**{"OPED_BASE_URL": "https://opinion.example", "OPED_DATA_DIR": str(tmp_path)} | environment)

    assert result.returncode != 0
    assert sentence in result.stderr


def test_a_public_site_with_strong_keys_starts(tmp_path):
    result = start_with(
        OPED_BASE_URL="https://opinion.example",
        OPED_DATA_DIR=str(tmp_path),
        OPED_SECRET_KEY=STRONG,
        OPED_PRIVACY_KEY=STRONG[::-1],
        OPED_EMAIL_URL="smtp://mail.example",
    )

    assert result.returncode == 0, result.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type",
    ["text/plain; a*=utf-99''b", "text/plain; charset=utf-8; charset=base64", "text/plain; charset*=x", ";;;=\x7f"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_content_type_is_a_server_error(reader, method, content_type):
    response = reader.generic(method, "/comments/post/1/", b"x", content_type=content_type)

    assert response.status_code in ((404, 415) if method == "POST" else (404,))


@pytest.mark.django_db
def test_of_two_charsets_neither_slips_through(reader):
    boundary = "multipart/form-data; boundary=x; charset=utf-8; charset=utf-16"

    assert reader.generic("POST", "/comments/post/1/", b"--x--", content_type=boundary).status_code == 415


@pytest.mark.django_db
def test_a_form_in_parts_that_is_damaged_is_400_and_leaves_one_line(reader, caplog):
    url = f"/comments/post/{make_article().pk}/"

    response = reader.generic("POST", url, b"--x--", content_type="multipart/form-data")

    assert response.status_code == 400
    assert [UtcFormatter().format(record).count("\n") for record in caplog.records] == [0]


@pytest.mark.django_db
def test_a_cookie_that_somebody_sends_is_neither_read_nor_answered_on_a_public_page(reader):
    clean = reader.get("/")

    response = reader.get("/", headers={"Cookie": "csrftoken=x; sessionid=y"})

    assert "Set-Cookie" not in response
    assert not response.cookies
    assert response.content == clean.content


@pytest.mark.django_db
def test_nul_in_a_cookie_is_400_where_cookies_are_read(reader):
    assert reader.get("/admin/", headers={"Cookie": 'sessionid="\\000aaaa"'}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/about/", "/healthz", "/nothing/"])
def test_posting_to_a_page_is_405(reader, url):
    response = reader.post(url, {"a": "b"})

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
def test_what_has_no_rule_of_its_own_is_kept_by_no_cache(reader):
    assert reader.get("/nothing/")["Cache-Control"] == "no-store"
    assert reader.get("/about")["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_head_answers_as_get_does(reader):
    get = reader.get("/")

    head = reader.head("/")

    assert head["ETag"] == get["ETag"]
    assert reader.head("/", headers={"If-None-Match": get["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_every_text_says_its_charset(reader):
    article = make_article()
    urls = [
        "/",
        article.get_absolute_url(),
        "/comments/feed/",
        "/comments/feed/atom/",
        "/robots.txt",
        "/nothing/",
        "/%00",
    ]

    types = {url: reader.get(url)["Content-Type"] for url in urls}

    assert {url for url, kind in types.items() if "charset=utf-8" not in kind} == set()


PUBLIC_SITE = """
import json, django
django.setup()
from opedsite.wsgi import application
from django.test import RequestFactory
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
seen = {}
def start(status, headers, exc_info=None):
    seen["status"], seen["headers"] = status, headers
environ = RequestFactory().get("/accounts/login/", secure=True, headers={"Host": "opinion.example"}).environ
list(application(environ, start))
print(json.dumps(seen))
"""


def test_a_public_site_sends_hsts_and_host_cookies(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPED_")} | {
        "DJANGO_SETTINGS_MODULE": "opedsite.settings",
        "OPED_BASE_URL": "https://opinion.example",
        "OPED_SECRET_KEY": "pj4h" + secrets.token_hex(40),
        "OPED_PRIVACY_KEY": "k9wq" + secrets.token_hex(40),
        "OPED_EMAIL_URL": "smtp://mail.example",
        "OPED_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
    }

    run = subprocess.run(
        [sys.executable, "-c", PUBLIC_SITE], env=environment, capture_output=True, text=True, check=True
    )

    answer = json.loads(run.stdout)
    headers = {name.lower(): value for name, value in answer["headers"]}
    cookie = headers["set-cookie"].strip()
    assert answer["status"] == "200 OK"
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"
    assert cookie.startswith("__Host-csrftoken=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
