"""All that is measured on one database: this process has its DATABASE_URL and does what staff would do.

python -m tests.benchmarks.measuring <vendor> <file for the results>, started by `__main__`.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

from opedsite.supervision import stop_signals_interrupt
from tests.benchmarks.limits import granian_constant, nginx_static
from tests.benchmarks.sites import Site, running_site
from tests.benchmarks.writing import words_of
from tests.benchmarks.wrk import Sample, Target, measure, median_of
from tests.nginx import running_nginx
from tests.postgres import free_port

ROUNDS = 3
# A page that is kept has a short turn in each of many rounds: a ratio should say nothing of the machine's moods.
SHORT_ROUNDS = 9
SECONDS = int(os.environ.get("SECONDS", "3"))
POSTS = int(os.environ.get("POSTS", "1500"))
MEMORY_REQUESTS = 100_000
# A site is at rest once each of its jobs has had its turn.
FIRST_JOBS_SECONDS = 15
MANY_PAGES = 10_000
THREADS = 2
EVERY_SERVER = ("server", "date", "connection", "content-type", "content-length", "content-encoding")
REQUESTS = re.compile(r"(\d+) requests in ")
REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
PAGES_SCRIPT = Path(__file__).with_name("pages.lua")
NGINX, CONSTANT = "nginx, a static file", "granian, a constant answer"
HEADED = "the same with our headers"
BEHIND = "behind our nginx, gzip"
USUAL = "article with 200 comments"
GZIPPED = ", gzip"
QUEUE, QUEUE_PATH = "moderators’ queue", "/admin/comments/comment/"
POST = "comment posted"
SERVER, EVERYTHING = "server", "everything"


def main(arguments: Sequence[str]) -> None:
    django.setup()
    vendor, results = arguments
    with stop_signals_interrupt(), tempfile.TemporaryDirectory(prefix="oped-bench-") as folder:
        Path(results).write_text(json.dumps(Measurement(vendor, Path(folder)).run()))


class Measurement:
    """The numbers of one database, in the order in which the report shows them."""

    def __init__(self, vendor: str, folder: Path) -> None:
        self.vendor = vendor
        self.folder = folder
        self.numbers: dict[str, Any] = {"vendor": vendor, "seconds": SECONDS, "posts_sent": POSTS}

    def run(self) -> dict[str, Any]:
        began = os.getloadavg()[0]
        self.with_cache()
        self.without_cache()
        self.say("queries")
        self.numbers["queries"] = count_queries()
        self.numbers["load"] = [began, os.getloadavg()[0]]
        return self.numbers

    def say(self, what: str) -> None:
        print(f"{self.vendor}: {what}", file=sys.stderr, flush=True)  # noqa: T201

    def with_cache(self) -> None:
        with running_site():
            pass  # the first start compresses static files
        front = free_port()
        with running_site(OPED_BASE_URL=f"http://127.0.0.1:{front}") as site:
            self.numbers["start_seconds"] = site.started_in
            self.say("memory at rest")
            for path in paths().values():
                fetch(site.url + path, "gzip")
            time.sleep(FIRST_JOBS_SECONDS)
            self.numbers["pss_rest"] = memory_of(site)
            self.beside_the_limits(site, front)
            self.say("approval to every worker")
            self.numbers["approval_seconds"] = max(approval_to_visible(site) for _ in range(3))
            self.say("comments")
            kinds = {"on 100 op-eds": list(range(10, 110)), "all on one op-ed": [7]}
            self.numbers["posts"] = {name: median_write(site, articles) for name, articles in kinds.items()}
            self.say("memory after many pages")
            self.numbers["pages_visited"] = visit_many(site, self.folder)
            self.numbers["pss_after"] = memory_of(site)

    def beside_the_limits(self, site: Site, port: int) -> None:
        url = site.url + paths()[USUAL]
        plain = fetch(url, "identity").body
        answer = fetch(url, "gzip")
        with ExitStack() as limits:
            static, nginx = limits.enter_context(nginx_static(self.folder / "nginx", plain, answer.body))
            constant, granian = limits.enter_context(granian_constant(self.folder, answer.body))
            headed, granian_headed = limits.enter_context(granian_constant(self.folder, answer.body, answer.headers))
            proxy = limits.enter_context(running_nginx(self.folder / "proxy", port, [site.url]))
            targets = [
                Target(NGINX, static, nginx),
                Target(CONSTANT, constant, granian),
                Target(HEADED, headed, granian_headed),
                Target("gzip", url, site.server),
                Target("plain", url, site.server, accept="identity"),
                Target("brotli", url, site.server, accept="br"),
                Target("304", url, site.server, headers={"If-None-Match": answer.etag}),
                Target(BEHIND, proxy + paths()[USUAL]),
                *(Target(name, site.url + path, site.server) for name, path in paths().items() if name in LISTS),
            ]
            self.numbers["bytes"] = {"plain": len(plain), "gzip": len(answer.body)}
            self.numbers["cached"] = self.interleaved(targets, SHORT_ROUNDS, max(1, SECONDS * ROUNDS // SHORT_ROUNDS))

    def without_cache(self) -> None:
        with running_site(OPED_PAGE_CACHE_MB="0") as site:
            targets = [Target(name, site.url + path, site.server, accept="identity") for name, path in paths().items()]
            targets += [Target(each.name + GZIPPED, each.url, site.server) for each in targets[:2]]
            cookie = {"Cookie": f"sessionid={moderator_session()}"}
            queue = Target(QUEUE, site.url + QUEUE_PATH, site.server, headers=cookie)
            self.numbers["uncached"] = self.interleaved([*targets, queue], ROUNDS, SECONDS)

    def interleaved(self, targets: Sequence[Target], rounds: int, seconds: int) -> dict[str, dict[str, float]]:
        samples: dict[str, list[Sample]] = {target.name: [] for target in targets}
        for number in range(rounds):
            for target in targets:
                self.say(f"round {number + 1}, {target.name}")
                samples[target.name].append(measure(target, seconds))
        return {name: asdict(median_of(found)) for name, found in samples.items()}


LISTS = ("front page", "author", "comments feed")


def paths() -> dict[str, str]:
    """Which pages are measured."""
    from articles.models import Article, Author

    special = {slug: Article.objects.get(slug=slug).get_absolute_url() for slug in ("quiet", "usual", "busy")}
    return {
        "article without comments": special["quiet"],
        USUAL: special["usual"],
        "article with 20,000 comments": special["busy"],
        "front page": "/",
        "author": Author.objects.order_by("pk")[0].get_absolute_url(),
        "comments feed": "/comments/feed/",
        "feed of the article with 20,000": f"{special['busy']}feed/",
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """Body, validator and all headers of one answer but those that every server sends."""

    body: bytes
    etag: str
    headers: list[tuple[str, str]]


def fetch(url: str, accept: str) -> Answer:
    request = urllib.request.Request(url, headers={"Accept-Encoding": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in EVERY_SERVER]
        return Answer(answer.read(), answer.headers.get("ETag", ""), headers)


def memory_of(site: Site) -> dict[str, float]:
    return {SERVER: site.server.pss_megabytes(), EVERYTHING: site.everything.pss_megabytes()}


def moderator_session() -> str:
    """The cookie of a moderator who is logged in."""
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.test import Client

    user, _ = User.objects.get_or_create(username="bench-moderator", is_staff=True)
    user.groups.add(Group.objects.get(name="Moderators"))
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def approval_to_visible(site: Site) -> float:
    """Seconds from an approval's commit until no worker shows the page without the comment any more."""
    from articles.models import Article
    from comments import review
    from comments.drafts import Draft, Past
    from comments.importing import import_comment
    from comments.models import Comment

    article = Article.objects.get(slug="quiet")
    mark = f"Visible {time.time_ns()}"
    past = Past(submitted_at=article.published_at, status="pending", by="bench")
    comment = import_comment(article, Draft(body=mark, name="Ana", email="ana@example.org"), past)
    url = site.url + article.get_absolute_url()
    for _ in range(20):
        fetch(url, "identity")
    review.approve(Comment.objects.filter(pk=comment.pk), by="bench")
    began = last_without = time.monotonic()
    while time.monotonic() < began + 3:
        # A new connection each time: the kernel gives it to any worker.
        asked = time.monotonic()
        if mark.encode() not in fetch(url, "identity").body:
            last_without = asked
    return last_without - began


def median_write(site: Site, articles: Sequence[int]) -> dict[str, Any]:
    """The middle one of three rounds by comments a second; what was stored and refused, of all three."""
    rounds = sorted((write(site, articles) for _ in range(ROUNDS)), key=lambda found: found["rate"])
    refused: Counter[str] = Counter()
    for each in rounds:
        refused.update(each["refused"])
    sums = {name: sum(each[name] for each in rounds) for name in ("accepted", "stored")}
    return rounds[ROUNDS // 2] | sums | {"refused": refused}


def write(site: Site, articles: Sequence[int]) -> dict[str, Any]:
    """Comments by sixteen writers at once, and how many of them the database has afterwards."""
    from comments.models import Comment

    before = Comment.objects.count()
    command = [sys.executable, "-m", "tests.benchmarks.writing", site.url, str(POSTS), *map(str, articles)]
    used = site.server.cpu_seconds()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    used = site.server.cpu_seconds() - used
    said = json.loads(done.stdout)
    accepted = said["statuses"].get("303", 0)
    return {
        "rate": accepted / said["seconds"],
        "p50": said["p50"],
        "p99": said["p99"],
        "cpu": 1000 * used / POSTS,
        "accepted": accepted,
        "stored": Comment.objects.count() - before,
        "refused": {status: count for status, count in said["statuses"].items() if status != "303"},
    }


def visit_many(site: Site, folder: Path) -> int:
    """Ask for 10,000 pages again and again, 100,000 times in all, however long it takes; the number of requests."""
    from articles.models import Article

    found = [article.get_absolute_url() for article in Article.objects.published().only(*ADDRESS)[:MANY_PAGES]]
    pages = folder / "pages.txt"
    pages.write_text("\n".join(found))
    done = 0
    while done < MEMORY_REQUESTS:
        environment = os.environ | {"OPED_BENCH_PAGES": str(pages), "OPED_BENCH_FROM": str(done // THREADS)}
        command = ["wrk", f"-t{THREADS}", "-c16", "-d20s", "-H", "Accept-Encoding: gzip", "-s", str(PAGES_SCRIPT)]
        ran = subprocess.run(
            [*command, site.url], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        done += sum(map(int, REQUESTS.findall(ran.stdout))) - sum(map(int, REFUSED.findall(ran.stdout)))
    return done


ADDRESS = ("slug", "address_year", "address_month", "published_at")


def count_queries() -> dict[str, int]:
    """SQL statements that each page costs when it is made, those of the page cache among them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.site_client import SiteClient

    counted = {}
    desk = {"headers": {"cookie": f"sessionid={moderator_session()}"}}
    asked = {name: ("get", path, {}) for name, path in paths().items()} | {
        QUEUE: ("get", QUEUE_PATH, desk),
        POST: ("post", "/comments/post/7/", {"data": words_of(f"{time.time_ns():x}")}),
    }
    for name, (method, path, more) in asked.items():
        client = SiteClient(SERVER_NAME="127.0.0.1")
        client.get("/robots.txt")
        with CaptureQueriesContext(connection) as queries:
            assert getattr(client, method)(path, **more).status_code in (200, 303)
        counted[name] = len(queries)
    return counted


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(1)
