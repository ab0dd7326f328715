"""Pages that are kept: the same as new ones, for everybody, and never a moment too long."""

import gzip
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic, sleep, time

import brotli
import pytest
from django.db.models import F
from django.test import RequestFactory
from django.utils import timezone

from articles import publishing
from articles.freshness import page_depends_on, page_expires
from articles.models import Article, Page, PageVersion
from comments import review
from comments.models import Comment
from opedsite import answers
from opedsite.answers import Answer, Slots
from opedsite.finished_pages import storable_keys
from opedsite.outermost import Outermost
from opedsite.page_keys import Wish
from opedsite.repeats import MOST, Repeat, Repeats, Reply, question_of
from tests.factories import make_article, make_author, make_comment, make_scheduled
from tests.site_client import InThisThread, SiteClient, Taken, new_page_cache

pytestmark = pytest.mark.django_db
HIT, STORED = "OpEd; hit", "OpEd; fwd=miss; stored"


def said(response):
    return response["Cache-Status"]


class Watched(dict):
    """A request's environ that notes what is read of it."""

    def __init__(self, plain):
        super().__init__(plain)
        self.seen = set()

    def __getitem__(self, name):
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.seen.add(name)
        return super().get(name, default)

    def __contains__(self, name):
        self.seen.add(name)
        return super().__contains__(name)


def client_that_rechecks_after(seconds):
    client = SiteClient()
    client.handler.cache = new_page_cache(recheck_seconds=seconds)
    return client


def not_ours(environ, start_response):
    """What Django says to a foreign host."""
    start_response("400 Bad Request", [])
    return []


# --- What is kept, and how it is answered


def test_the_second_reader_gets_the_page_of_the_first(reader):
    url = make_article().get_absolute_url()

    first, second = reader.get(url), reader.get(url)

    assert (said(first), said(second)) == (STORED, HIT)
    assert second["Age"] == "0"
    assert second.content == first.content
    assert set(dict(first.items())) | {"Age"} == set(dict(second.items()))


def test_a_kept_page_needs_one_look_at_the_database_and_within_the_second_none(django_assert_num_queries):
    url = make_article().get_absolute_url()
    always, seldom = client_that_rechecks_after(0), client_that_rechecks_after(60)
    always.get(url)
    seldom.get(url)

    with django_assert_num_queries(1):
        always.get(url)
    with django_assert_num_queries(0):
        assert said(seldom.get(url)) == HIT


@pytest.mark.parametrize(
    ("accepted", "decode"),
    [("gzip", gzip.decompress), ("br", brotli.decompress), ("gzip, br", brotli.decompress), ("gzip;q=0", bytes)],
)
def test_each_coding_is_the_same_page_with_a_validator_of_its_own(reader, accepted, decode):
    url = make_article().get_absolute_url()
    plain = reader.get(url)

    for _ in range(2):
        coded = reader.get(url, headers={"Accept-Encoding": accepted})
        assert decode(coded.content) == plain.content
        assert coded["Content-Length"] == str(len(coded.content))
        assert coded["Vary"] == "Accept-Encoding"
        assert (coded["ETag"] == plain["ETag"]) is (decode is bytes)


def test_a_coding_is_made_when_somebody_wants_it_and_takes_the_room_of_the_plain_page(reader):
    cache = reader.handler.cache
    reader.get("/about/")
    plain = cache.bytes

    for _ in range(2):
        reader.get("/about/", headers={"Accept-Encoding": "br"})

    assert set(cache.pages["/about/"].representations) == {"br"}
    assert plain > cache.bytes == cache.pages["/about/"].size


@pytest.mark.parametrize("kept", ["gzip", "br"])
def test_who_takes_no_coding_gets_the_plain_page_of_one_that_is_kept_in_another(reader, kept):
    url = make_article().get_absolute_url()
    plain = SiteClient().get(url)
    for _ in range(2):
        reader.get(url, headers={"Accept-Encoding": kept})

    again = reader.get(url)

    assert said(again) == HIT
    assert again.content == plain.content
    for header in ("Content-Type", "Content-Length", "Content-Encoding", "ETag", "Vary"):
        assert again.get(header) == plain.get(header)


def test_a_new_page_and_a_kept_one_have_the_same_validator(reader):
    url = make_article().get_absolute_url()
    etags = {
        SiteClient().get(url, headers={"Accept-Encoding": "gzip"})["ETag"],
        reader.get(url, headers={"Accept-Encoding": "gzip"})["ETag"],
        reader.get(url, headers={"Accept-Encoding": "gzip"})["ETag"],
    }

    assert len(etags) == 1


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_the_page_already_gets_304(reader, method, warm):
    url = make_article().get_absolute_url()
    etag = SiteClient().get(url, headers={"Accept-Encoding": "br"})["ETag"]
    if warm:
        reader.get(url)

    answer = getattr(reader, method)(url, headers={"Accept-Encoding": "br", "If-None-Match": f'"x", W/{etag}'})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert {"Cache-Control", "Vary", "Cache-Status"} <= set(answer.headers)
    assert not {"Content-Type", "Content-Encoding", "Content-Length"} & set(answer.headers)


def test_the_validator_of_another_coding_is_not_taken_for_this_one(reader):
    url = make_article().get_absolute_url()
    plain = reader.get(url)["ETag"]

    assert reader.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": plain}).status_code == 200


def test_a_precondition_that_fails_is_412(reader):
    assert reader.get("/", headers={"If-Match": '"another"'}).status_code == 412
    assert reader.get("/", headers={"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("warm", [False, True])
def test_no_cache_on_the_way_gives_one_readers_failed_precondition_to_others(reader, warm):
    if warm:
        reader.get("/")

    failed = reader.get("/", headers={"If-Match": '"another"'})

    assert failed.status_code == 412
    assert failed["Cache-Control"] == "no-store"
    assert "Surrogate-Key" not in failed


def test_head_is_answered_from_the_kept_page_without_a_body(reader):
    first = reader.head("/")
    get = reader.get("/")
    head = reader.head("/")

    assert (said(first), said(get), said(head)) == (STORED, HIT, HIT)
    assert head.content == first.content == b""
    assert head["Content-Length"] == str(len(get.content))


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=-5", "bytes=9-0", "bytes=0-1,3-4", "lines=1-2", "bytes=x"])
def test_a_range_is_answered_with_the_whole_page(reader, wanted):
    for _ in range(2):
        answer = reader.get("/", headers={"Range": wanted, "If-Range": '"x"'})

        assert answer.status_code == 200
        assert answer["Content-Length"] == str(len(answer.content))


def test_feeds_lists_and_standing_pages_are_kept_too(reader):
    article = make_article()
    make_comment(article)
    for url in ["/", "/about/", "/robots.txt", "/comments/feed/", f"{article.get_absolute_url()}feed/atom/"]:
        assert [said(reader.get(url)) for _ in range(2)] == [STORED, HIT], url


# --- What is never kept


@pytest.mark.parametrize(
    "url", ["/nothing/", "/about", "/comments/1/", "/healthz", "/readyz", "/admin/", "/static/x.css"]
)
def test_what_is_no_page_for_everybody_is_never_kept(reader, url):
    assert not any("hit" in said(reader.get(url)) or "stored" in said(reader.get(url)) for _ in range(2))
    assert not reader.handler.cache.pages


def test_the_form_aimed_at_one_comment_is_never_kept(reader):
    article = make_article()
    comment = make_comment(article)
    url = f"{article.get_absolute_url()}?reply_to={comment.pk}"

    answers_given = [reader.get(url, headers={"Accept-Encoding": "gzip"}) for _ in range(2)]

    assert [said(each) for each in answers_given] == ["OpEd; fwd=bypass"] * 2
    assert not reader.handler.cache.pages


def test_one_readers_own_page_is_never_kept(reader):
    article = make_article()
    sent = reader.post(
        f"/comments/post/{article.pk}/", {"body": "Mine.", "name": "Ana", "email": "ana@example.org", "fax": ""}
    )
    private = [reader.get(sent.url) for _ in range(2)]

    assert all("Mine." in page.text for page in private)
    assert all("no-store" in page["Cache-Control"] for page in private)
    assert not reader.handler.cache.pages


def test_what_may_hold_a_secret_is_not_compressed(reader, desk):
    article = make_article()
    sent = reader.post(
        f"/comments/post/{article.pk}/", {"body": "Mine.", "name": "Ana", "email": "ana@example.org", "fax": ""}
    )
    accepted = {"Accept-Encoding": "gzip, br"}

    for answer in [reader.get(sent.url, headers=accepted), desk("Owner").get("/admin/", headers=accepted)]:
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        [("Set-Cookie", "a=b")],
        [("Vary", "Cookie")],
        [("Vary", "Accept-Encoding, Cookie")],
        [("Content-Encoding", "gzip")],
    ],
)
def test_an_answer_with_a_cookie_or_for_some_readers_only_is_never_kept(headers):
    response = {}
    page_depends_on(response, "site")
    public = list(response.items())

    assert storable_keys(Answer("200 OK", public, b"")) == {"site"}
    assert storable_keys(Answer("200 OK", [*public, *headers], b"")) is None
    assert storable_keys(Answer("404 Not Found", public, b"")) is None
    assert storable_keys(Answer("200 OK", [("Surrogate-Key", "site"), ("Cache-Control", "private")], b"")) is None


def test_no_kept_page_sets_or_needs_a_cookie_and_staff_get_the_same(reader, desk):
    article = make_article()
    staff = desk("Owner")
    staff.handler.cache = reader.handler.cache

    for url in ["/", article.get_absolute_url(), "/about/"]:
        first = staff.get(url)
        again = reader.get(url, headers={"Cookie": "sessionid=x; csrftoken=y"})
        assert first.content == again.content
        assert said(again) == HIT
        assert "Set-Cookie" not in first
        assert "Set-Cookie" not in again


def test_a_page_for_everybody_is_made_without_knowing_who_asks(desk):
    request = desk("Owner").get("/").wsgi_request

    assert not hasattr(request, "user")
    assert not hasattr(request, "session")


# --- Poisoning


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-For", "X-Host",
        "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-HTTP-Method-Override", "User-Agent", "Accept",
        "Accept-Language", "Origin", "Referer", "Authorization", "X-Requested-With", "Sec-Fetch-Site",
        "If-Modified-Since", "Range", "Via", "Purpose", "X-Script-Name",
    ],
)  # fmt: skip
def test_no_header_of_one_reader_gets_into_the_page_of_another(reader, header):
    article = make_article()
    for url in ["/", article.get_absolute_url()]:
        clean = SiteClient().get(url)

        poisoned = reader.get(url, headers={header: "evil.example/admin/"})
        victim = reader.get(url)

        assert (poisoned.status_code, said(victim)) == (200, HIT)
        assert victim.content == poisoned.content == clean.content


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:80:80", "evil.example:8000"])
def test_an_unknown_host_gets_no_kept_page(reader, host):
    reader.get("/")

    assert reader.get("/", headers={"Host": host}).status_code == (200 if not host else 400)


def test_who_sends_many_long_headers_fills_no_memory():
    client = client_that_rechecks_after(1)
    client.get("/")
    site = Outermost(not_ours, not_ours, client.handler.cache, Slots(executor=InThisThread()))
    request, seen = RequestFactory().get("/").environ, []
    tracemalloc.start()
    try:
        for number in range(50):
            long = f"{number}{'x' * 100_000}"
            for header in ({"HTTP_ACCEPT_ENCODING": f"gzip, {long}"}, {"HTTP_HOST": long}):
                site(request | header, lambda status, headers: seen.append((status, dict(headers))))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [status for status, _ in seen[:2]] == ["200 OK", "400 Bad Request"]
    assert seen[0][1]["Content-Encoding"] == "gzip"
    assert kept < 3_000_000


def test_every_name_of_ours_has_one_and_the_same_page(reader):
    first = reader.get("/", headers={"Host": "localhost"})

    assert said(reader.get("/", headers={"Host": "127.0.0.1:8000"})) == HIT
    assert "localhost" not in first.text


def test_on_a_public_site_plain_http_is_redirected_though_the_page_is_kept(reader, settings):
    settings.OPED_IS_LOOPBACK = False
    settings.SECURE_SSL_REDIRECT = True
    settings.OPED_BASE_URL = "https://opinion.example"
    settings.ALLOWED_HOSTS = ["opinion.example"]
    settings.OPED_TRUSTED_PROXIES = ["127.0.0.1"]
    host = {"Host": "opinion.example"}
    kept = [reader.get("/", secure=True, headers=host) for _ in range(2)]

    plain = reader.get("/", headers=host)
    through_proxy = reader.get("/", headers=host | {"X-Forwarded-Proto": "https"})
    spoofed = reader.get("/", headers=host | {"X-Forwarded-Proto": "https"}, REMOTE_ADDR="203.0.113.9")
    oddly_spelled = reader.get("/", headers={"Host": "OPINION.example.:8080"})

    assert [said(each) for each in kept] == [STORED, HIT]
    assert (plain.status_code, spoofed.status_code) == (301, 301)
    assert said(through_proxy) == HIT
    assert {plain["Location"], oddly_spelled["Location"]} == {"https://opinion.example/"}


@pytest.mark.parametrize(
    "query", ["utm_source=x", "utm_source=y&fbclid=z", "x[]=1&x[]=2", "PAGE=7", "%3Cscript%3E", "="]
)
def test_parameters_that_no_view_reads_change_nothing_and_take_no_room(reader, query):
    plain = reader.get("/")

    other = reader.get(f"/?{query}")

    assert (said(other), other.content) == (HIT, plain.content)
    assert len(reader.handler.cache.pages) == 1


@pytest.mark.parametrize("query", ["utm_source=x", "page=2&fbclid=1"])
def test_a_page_first_visited_with_such_parameters_is_the_plain_one(reader, query):
    plain = SiteClient().get("/about/")

    first = reader.get(f"/about/?{query}")

    assert first.content == plain.content
    assert said(reader.get("/about/")) == HIT
    assert said(reader.get("/about/?page=3&comments=9")) == HIT
    assert len(reader.handler.cache.pages) == 1


@pytest.mark.parametrize("query", ["page=1&page=99", "page=99&page=1", "page=01", "page=٢", "order=x", "page="])
def test_doubled_and_odd_parameters_go_round_the_cache(reader, query):
    plain = reader.get("/")

    odd = reader.get(f"/?{query}")

    assert said(odd) == "OpEd; fwd=bypass"
    assert reader.get("/").content == plain.content
    assert list(reader.handler.cache.pages) == ["/"]


def test_pages_of_a_list_and_orders_of_comments_are_kept_apart(reader):
    for _ in range(22):
        article = make_article()
    for number in range(3):
        make_comment(article, body=f"Comment {number}.")
    url = article.get_absolute_url()
    urls = [
        "/",
        "/?page=1",
        "/?page=2",
        url,
        f"{url}?order=newest",
        f"{url}?comments=1",
        f"{url}?comments=1&order=newest",
    ]

    first = [reader.get(each).content for each in urls]
    second = [reader.get(each) for each in urls]

    assert [each.content for each in second] == first
    assert {said(each) for each in second} == {HIT}
    assert len({first[0], first[2], first[3], first[4]}) == 4
    # The view of articles does not know `page`: no room for what differs by it.
    assert said(reader.get(f"{url}?page=5")) == HIT


def test_a_redirect_keeps_the_whole_query(reader):
    reader.get("/about/")

    assert reader.get("/about?utm_source=x&page=1").url == "/about/?utm_source=x&page=1"


@pytest.mark.parametrize(
    "path", ["/./", "/%2e/", "/;x", "/x.css", "/index.html", "/%3Fpage=2", "/about/%3Fpage=2", "/ABOUT/"]
)
def test_only_the_exact_path_is_the_page(reader, path):
    reader.get("/")
    reader.get("/about/")

    answer = reader.generic("GET", path)

    assert answer.status_code in (301, 404)
    assert "hit" not in said(answer)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get", "PURGE", "TRACE"])
def test_no_other_method_gets_or_changes_a_kept_page(reader, method):
    kept = reader.get("/")

    assert reader.generic(method, "/").status_code == 405
    assert reader.get("/").content == kept.content


# --- Changes


def test_a_pending_comment_is_in_no_kept_page_and_an_approval_shows_at_once(reader):
    article = make_article()
    url = article.get_absolute_url()
    comment = make_comment(article, "Patience.", status=Comment.Status.PENDING)
    assert all("Patience." not in reader.get(url).text for _ in range(2))

    review.approve(Comment.objects.filter(pk=comment.pk), by="moderator")

    after = reader.get(url)
    assert "Patience." in after.text
    assert said(after) == "OpEd; fwd=stale; stored"
    assert said(reader.get(url)) == HIT


def test_a_change_elsewhere_leaves_the_page_where_it_is(reader):
    article, other = make_article(), make_article()
    reader.get(article.get_absolute_url())

    make_comment(other)

    assert said(reader.get(article.get_absolute_url())) == HIT


@pytest.mark.parametrize(
    "happens", [publishing.withdraw, lambda article: publishing.author_changed(article.bylines.get().author)]
)
def test_what_changed_is_never_served_from_before(reader, happens):
    article = make_article()
    reader.get(article.get_absolute_url())

    happens(article)

    assert said(reader.get(article.get_absolute_url())) in ("OpEd; fwd=stale; stored", "OpEd; fwd=stale")


def test_versions_that_a_restored_backup_has_set_back_count_as_a_change(reader):
    article = make_article()
    publishing.article_changed(article)
    reader.get(article.get_absolute_url())

    PageVersion.objects.update(version=F("version") - 1)

    assert said(reader.get(article.get_absolute_url())) == "OpEd; fwd=stale; stored"


def test_after_an_outage_whose_end_nobody_saw_the_first_reader_gets_what_is_new(reader):
    article, versions = make_article(), reader.handler.cache.versions
    reader.get(article.get_absolute_url())

    versions.is_away, versions.failed_at = True, monotonic() - 6
    publishing.article_changed(article)

    assert said(reader.get(article.get_absolute_url())) == "OpEd; fwd=stale; stored"


def test_a_page_that_is_made_again_takes_the_room_of_one(reader):
    article, cache = make_article(), reader.handler.cache

    for _ in range(3):
        reader.get(article.get_absolute_url())
        publishing.article_changed(article)

    assert cache.bytes == cache.pages[article.get_absolute_url()].size


def test_a_withdrawn_article_leaves_the_cache(reader):
    article = make_article()
    reader.get(article.get_absolute_url())

    publishing.withdraw(article)

    assert reader.get(article.get_absolute_url()).status_code == 410
    assert not reader.handler.cache.pages


def test_within_the_promised_time_a_change_may_wait_and_after_it_it_shows(time_machine):
    client = client_that_rechecks_after(1)
    article = make_article()
    url = article.get_absolute_url()
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    client.get(url)

    make_comment(article, "Late.")

    assert "Late." not in client.get(url).text
    time_machine.shift(1.01)
    assert "Late." in client.get(url).text


@pytest.mark.parametrize(("idle_seconds", "goes_on"), [(1.05, True), (1.2, False), (60, False)])
def test_while_one_thread_looks_others_go_on_only_with_what_was_known_a_moment_ago(time_machine, idle_seconds, goes_on):
    client = client_that_rechecks_after(1)
    cache, url = client.handler.cache, make_article().get_absolute_url()
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    client.get(url)
    time_machine.shift(idle_seconds)

    with ThreadPoolExecutor(1) as threads:
        with cache.looking:
            waiting = threads.submit(cache.recall, url)
            sleep(0.1)
            went_on = waiting.done()
            cache.versions.known = replace(cache.versions.known, at=time())  # what the other thread has found
        page = waiting.result()

    assert went_on is goes_on
    assert page is cache.pages[url]


def test_what_is_gone_leaves_the_cache_with_all_its_pages(reader):
    article = make_article()
    url = article.get_absolute_url()
    for each in (url, f"{url}?order=newest", "/", "/?page=1"):
        reader.get(each)

    publishing.withdraw(article)

    assert reader.get(f"{url}?page=2").status_code == 410
    assert list(reader.handler.cache.pages) == ["/", ("/", "page=1")]


def test_a_page_made_while_something_changed_is_made_again_and_otherwise_not_kept(reader):
    cache, article = reader.handler.cache, make_article()
    made = []
    response = {}
    page_depends_on(response, "site")

    def render(asked):
        made.append(len(made))
        if len(made) != 2 or article.title == "Restless":
            publishing.article_changed(article)
        return Answer("200 OK", list(response.items()), b"x")

    _, kept_at_the_second = cache.make(Wish("/x/"), render)
    article.title = "Restless"
    _, never_kept = cache.make(Wish("/y/"), render)

    assert kept_at_the_second is not None
    assert never_kept is None
    assert made == [0, 1, 2, 3]
    assert list(cache.pages) == ["/x/"]


@pytest.mark.parametrize("url", ["/", "/section/politics/", "/author/leila-haddad/", "/comments/feed/"])
def test_a_scheduled_article_appears_on_time_without_any_job(url, time_machine):
    client = client_that_rechecks_after(60)
    author = make_author()
    make_article(author=author)
    now = timezone.now()
    article = make_scheduled(author=author, title="Tomorrow’s view")
    publishing.publish(article, at=now + timedelta(seconds=30))
    shown = "Tomorrow’s view"
    if url == "/comments/feed/":
        shown = "Early bird."
        make_comment(article, shown)
    assert shown not in client.get(url).text

    time_machine.move_to(now + timedelta(seconds=29))
    before = client.get(url)
    time_machine.move_to(now + timedelta(seconds=31))
    after = client.get(url)

    assert (said(before), shown in before.text) == (HIT, False)
    assert shown in after.text


def test_a_page_that_falls_due_while_it_is_made_is_not_kept_beyond_that_moment(reader, time_machine):
    # Soon: what is kept for five minutes at most would be gone after days whoever had forgotten it.
    cache, article = reader.handler.cache, make_article(at=timezone.now() + timedelta(seconds=10))
    response = {}
    page_depends_on(response, "articles")

    def render(asked):
        time_machine.move_to(article.published_at + timedelta(seconds=1))
        return Answer("200 OK", list(response.items()), b"without it")

    cache.make(Wish("/"), render)

    assert cache.recall("/") is None


def test_a_view_can_say_when_its_page_changes_by_itself(reader, time_machine):
    cache, now = reader.handler.cache, timezone.now()
    response = {}
    page_depends_on(response, "site")
    page_expires(response, now + timedelta(seconds=50))
    page_expires(response, now + timedelta(seconds=40))
    page_expires(response, now + timedelta(seconds=60))

    cache.make(Wish("/x/"), lambda asked: Answer("200 OK", list(response.items()), b"open"))

    time_machine.move_to(now + timedelta(seconds=39))
    assert cache.recall("/x/") is not None
    time_machine.move_to(now + timedelta(seconds=41))
    assert cache.recall("/x/") is None


def test_when_a_page_expires_is_told_to_nobody():
    sent = []

    def application(environ, start):
        response = {"Content-Type": "text/plain"}
        page_depends_on(response, "site")
        page_expires(response, timezone.now() + timedelta(hours=1))
        start("200 OK", list(response.items()))
        return [b"open"]

    site = Outermost(application, application, new_page_cache(), Slots(executor=InThisThread()))
    for query in ["", "", "reply_to=1"]:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
        site(environ, lambda status, headers: sent.append({name.lower() for name, _ in headers}))

    assert len(sent) == 3
    assert not any("x-oped-expires" in names for names in sent)


def test_nothing_is_kept_for_longer_than_five_minutes(time_machine):
    client = client_that_rechecks_after(60)
    client.get("/about/")

    Page.objects.filter(slug="about").update(title="Changed behind everybody’s back")

    assert said(client.get("/about/")) == HIT
    time_machine.move_to(timezone.now() + timedelta(seconds=301))
    assert "behind everybody’s back" in client.get("/about/").text


def test_a_clock_that_steps_back_makes_pages_anew(time_machine):
    client = client_that_rechecks_after(60)
    client.get("/about/")

    time_machine.move_to(timezone.now() - timedelta(days=1))

    assert said(client.get("/about/")) == "OpEd; fwd=stale; stored"


# --- What is repeated to the next who asks the same


@pytest.fixture
def asked_twice(time_machine):
    """A client, and the address of a page that it has had twice in this second, which does not pass."""
    client, url = client_that_rechecks_after(1), make_article(title="Before").get_absolute_url()
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    assert [said(client.get(url)) for _ in range(3)] == [STORED, HIT, HIT]
    return client, url


def test_who_asks_differently_gets_another_answer_in_the_same_second(asked_twice):
    client, url = asked_twice
    etag = client.get(url)["ETag"]

    for _ in range(2):
        assert client.head(url).content == b""
        assert client.get(url, headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
        assert client.get(url, headers={"Accept-Encoding": "br"})["Content-Encoding"] == "br"
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
        assert client.get(url, headers={"If-Match": '"another"'}).status_code == 412
        assert client.get(url, headers={"Host": "evil.example"}).status_code == 400
        assert client.get(f"{url}?q=").status_code == client.get(url).status_code == 200
        assert client.post(url).status_code == 405


@pytest.mark.parametrize("is_loopback", [True, False])
@pytest.mark.parametrize("header", ["HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"])
@pytest.mark.parametrize("scheme", [{"HTTP_X_FORWARDED_PROTO": "https"}, {"wsgi.url_scheme": "https"}])
def test_an_answer_depends_on_nothing_but_the_question(reader, settings, is_loopback, header, scheme):
    settings.OPED_IS_LOOPBACK, settings.OPED_TRUSTED_PROXIES = is_loopback, ["127.0.0.1"]
    reader.get("/", headers={"X-Forwarded-Proto": "https"})
    site = Outermost(not_ours, not_ours, reader.handler.cache, Slots(executor=InThisThread()))
    plain = RequestFactory().get("/").environ | scheme | {header: "*"}
    asked, needed = Watched(plain), Watched(plain)

    reply = site.reply_from_cache(question_of(asked), needed)

    assert reply.status == ("200 OK" if header == "HTTP_IF_MATCH" else "304 Not Modified")
    assert needed.seen <= asked.seen


def test_nobody_gets_again_what_this_process_knows_to_be_changed(asked_twice):
    client, url = asked_twice
    article = Article.objects.get()
    article.title = "After"
    article.save()
    publishing.article_changed(article)

    kept = client.get(url)
    client.get("/about/")  # made anew, so the versions are looked at
    made = client.get(url)

    assert "Before" in kept.text
    assert "After" in made.text


def test_nothing_is_repeated_beyond_the_moment_when_its_page_changes_by_itself(time_machine):
    client = client_that_rechecks_after(1)
    due = make_scheduled(title="Due in no time").published_at
    time_machine.move_to(due - timedelta(seconds=0.5), tick=False)
    before = [client.get("/") for _ in range(3)]

    time_machine.shift(0.6)

    assert said(before[2]) == HIT
    assert "Due in no time" not in before[2].text
    assert "Due in no time" in client.get("/").text


@pytest.mark.parametrize("seconds", [0.5, 60, 86_400])
def test_nothing_is_repeated_when_the_clock_steps_back(asked_twice, time_machine, seconds):
    client, url = asked_twice
    time_machine.shift(1.5)
    assert [said(client.get(url)) for _ in range(2)] == [HIT, HIT]
    make_comment(Article.objects.get(), "Meanwhile.")

    time_machine.shift(-seconds)

    assert "Meanwhile." in client.get(url).text


def test_how_old_a_page_is_is_worked_out_each_time(time_machine):
    client = client_that_rechecks_after(60)
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    client.get("/")

    ages = []
    for _ in range(3):
        time_machine.shift(7)
        ages.append(client.get("/")["Age"])

    assert ages == ["7", "14", "21"]


def test_the_questions_that_are_remembered_are_few():
    repeats = Repeats()

    for number in range(1_000):
        repeats.keep((f"/{number}/",), Repeat(Reply("200 OK", [], []), 1, 1.0, time() + 1))

    assert 0 < len(repeats) <= MOST


def test_what_is_remembered_takes_no_room_beside_the_kept_pages(asked_twice):
    client, url = asked_twice
    client.get(url, headers={"Accept-Encoding": "gzip"})
    for number in range(20):
        client.get(url, headers={"Accept-Encoding": f"nonsense{number}"})  # the plain page, made anew each time
        client.get(url, headers={"Accept-Encoding": f"gzip, nonsense{number}"})
        client.get(url, headers={"If-None-Match": f'"nonsense{number}"'})

    page = client.handler.cache.pages[url]
    kept = {id(each.body) for each in page.representations.values()}
    repeats = client.handler.cache.repeats

    assert "gzip, nonsense19" in {question[4] for question in repeats}
    # What was remembered before the page was packed:
    assert len({id(each.reply.body) for each in repeats.values()} - kept) <= 1


def test_what_was_remembered_before_the_last_look_is_let_go(asked_twice, time_machine):
    client, url = asked_twice
    before = set(client.handler.cache.repeats)

    time_machine.shift(1.5)
    client.get(url, headers={"Accept-Encoding": "br"})
    client.get(url, headers={"Accept-Encoding": "br"})

    assert before
    assert before.isdisjoint(client.handler.cache.repeats)


@pytest.mark.parametrize("seconds", [0, 3])
def test_what_could_not_be_given_again_is_not_remembered(seconds):
    client = client_that_rechecks_after(seconds)

    answers_given = [client.get("/about/") for _ in range(3)]

    assert said(answers_given[2]) == HIT
    assert not client.handler.cache.repeats


# --- Bounds


def test_the_page_that_was_not_read_for_longest_leaves_first():
    client = SiteClient()
    client.handler.cache = cache = new_page_cache(max_bytes=60_000)
    articles = [make_article() for _ in range(6)]
    favourite = articles[0].get_absolute_url()

    for article in articles:
        client.get(article.get_absolute_url())
        client.get(favourite)

    assert cache.bytes == sum(page.size for page in cache.pages.values()) <= 60_000
    assert 1 < len(cache.pages) < 6
    assert favourite in cache.pages
    assert articles[1].get_absolute_url() not in cache.pages


def test_a_cache_without_room_keeps_nothing_and_asks_nothing(django_assert_num_queries):
    client = SiteClient()
    client.handler.cache = new_page_cache(max_bytes=0)

    with django_assert_num_queries(2):
        answers_given = [client.get("/about/", headers={"Accept-Encoding": "gzip"}) for _ in range(1)]

    assert said(answers_given[0]) == "OpEd; fwd=miss"
    assert answers_given[0]["Content-Encoding"] == "gzip"
    assert not client.handler.cache.pages


def test_one_thread_makes_a_page_and_others_wait_for_it(reader):
    cache, entered, order = reader.handler.cache, Event(), []

    def second():
        entered.wait()
        with cache.turns.take("/") as has_waited:
            order.append(has_waited)

    with ThreadPoolExecutor(1) as threads:
        with cache.turns.take("/") as has_waited:
            waiting = threads.submit(second)
            entered.set()
            sleep(0.1)
            order.append(has_waited)
        waiting.result()

    assert order == [False, True]
    assert not cache.turns.under_way


def test_a_wait_for_another_thread_ends(reader):
    cache = reader.handler.cache

    with cache.turns.take("/"), ThreadPoolExecutor(1) as threads:
        has_waited = threads.submit(lambda: cache.turns.take("/").__enter__()).result(answers.PATIENCE_SECONDS + 2)

    assert has_waited


@pytest.mark.parametrize(("method", "url"), [("GET", "/"), ("POST", "/comments/post/1/"), ("GET", "/admin/")])
def test_when_all_slots_stay_taken_the_answer_is_503_with_retry_after(reader, method, url):
    reader.handler.slots = Slots(executor=Taken())

    answer = reader.generic(method, url, b"body=x", content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_who_meets_a_busy_site_is_asked_to_try_again_and_not_to_change_anything(reader):
    reader.handler.slots = Slots(executor=Taken())

    busy, malformed = reader.get("/").text, reader.get("/", {"a": "x" * 5000}).text

    assert "Please try again in a little while" in busy
    assert "to change what was sent" not in busy
    assert "to change what was sent" in malformed


def test_a_kept_page_needs_no_slot(reader):
    reader.get("/")
    reader.handler.slots = Slots(executor=Taken())

    assert said(reader.get("/")) == HIT


def test_a_failure_frees_its_slot():
    slots = Slots(1)

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            slots.run(lambda: 1 / 0)

    assert slots.run(lambda: "free") == "free"
