"""The site under audit: a server of its own with demo content in a folder that is thrown away, and what it lists."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import free_port
from tests.servers import Received, get, wait_until_answering

ROOT = Path(__file__).resolve().parents[2]
# Where `opedsite/bootstrap.py --audit` puts what it installs.
TOOLS = ROOT / ".venv" / "audit"
NODE_MODULES = TOOLS / "node_modules"
CHROMIUM = "/usr/bin/chromium"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
# One op-ed more than the demo: without pictures and with fifty comments, as the limit on weight is said.
MORE = """
import django
django.setup()
from tests.factories import make_article, make_comment
article = make_article(title="Fifty replies", body="<p>Every spring the water comes up.</p>" * 8)
parents = [make_comment(article, "We are a street of forty houses. " * 4, name=f"Reader {n}") for n in range(30)]
for parent in parents[:20]:
    make_comment(article, "May I quote you on that? " * 3, parent=parent)
make_article(title="]]> &amp; <b>Any text</b> -->", standfirst="<!-- ]]> &lt;", body="<p>]]&gt; &amp;amp;</p>")
"""


# A machine may be busy; the limit is for a site that never starts.
START_SECONDS = 400


class NotChecked(Exception):
    """Why a check could not be made."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where it runs, and the paths of all pages in its sitemaps."""

    url: str
    paths: Sequence[str]

    def get(self, path: str) -> Received:
        return get(f"{self.url}{path}")

    def first(self, pattern: str) -> str:
        """The first path that the pattern matches."""
        return next(path for path in self.paths if re.search(pattern, path))

    @property
    def kinds(self) -> dict[str, str]:
        """One page of each kind."""
        month = self.first(r"^/\d{4}/\d\d/")[:9]
        return {
            "front page": "/",
            "op-ed": self.first("/fifty-replies/"),
            "op-ed right to left": self.first(r"^/\d{4}/\d\d/%D9"),
            "author": self.first("^/author/"),
            "section": self.first("^/section/"),
            "topic": self.first("^/topic/"),
            "year": month[:6],
            "month": month,
            "authors": "/authors/",
            "topics": "/topics/",
            "corrections": "/corrections/",
            "search": "/search/?q=council",
            "search without result": "/search/?q=zzzz",
            "page": self.first("^/privacy/"),
            "nothing": "/nothing/here/",
        }


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """The site with demo content, served as `make run` serves it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPED_")} | {
        "OPED_BASE_URL": url,
        "OPED_DATA_DIR": str(folder),
        "OPED_RATE_LIMITS": "off",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "opedsite.settings",
    }
    command = [sys.executable, "manage.py", "run_site", "--port", str(port)]
    with (folder / "site.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_answering(f"{url}/healthz", pause=1, seconds=START_SECONDS)
            subprocess.run([sys.executable, "-c", MORE], cwd=ROOT, env=environment, check=True, stderr=log)
            yield Site(url, listed(url))
        except (AssertionError, subprocess.CalledProcessError):
            print((folder / "site.log").read_text()[-2000:])  # noqa: T201
            raise
        finally:
            process.terminate()
            process.wait(30)


def listed(url: str) -> list[str]:
    """The paths of all pages that the sitemaps name."""
    maps = locations(get(f"{url}/sitemap.xml").text)
    return [page.removeprefix(url) for sitemap in maps for page in locations(get(sitemap).text)]


def locations(sitemap: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(sitemap).iter(LOC)]
