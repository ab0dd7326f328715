"""A real server process on the test database, and a real Chromium that reports whatever goes wrong."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Error, Locator, Page, expect

from tests.factories import PASSWORD

# Playwright's loop runs in this thread; our database calls beside it are ordinary ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# What is waited for comes or does not; how fast, tests that are about speed measure in the page itself.
expect.set_options(timeout=60_000)
ROOT = Path(__file__).resolve().parents[2]
SERVER = "-m granian --interface wsgi --host 127.0.0.1 --workers 1 --no-ws --log-level error opedsite.wsgi:application"


@pytest.fixture(autouse=True)
def quick_passwords() -> None:
    """Not here: the real server reads the hashes that the tests store."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; root has no sandbox."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": flags}


@pytest.fixture(scope="session")
def server(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, served as `make run` serves it, on the database of the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "OPED_BASE_URL": url,
        "OPED_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "OPED_MEDIA_DIR": str(settings.MEDIA_ROOT),
        "OPED_RATE_LIMITS": "off",
        # Each test empties the database, versions of pages included: no real one starts to count again.
        "OPED_PAGE_CACHE_MB": "0",
        "DATABASE_URL": database_url(),
        "OPED_SECRET_KEY": settings.SECRET_KEY,
        "OPED_PRIVACY_KEY": settings.OPED_PRIVACY_KEY,
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True
    )
    process = subprocess.Popen([sys.executable, *SERVER.split(), "--port", str(port)], cwd=ROOT, env=environment)
    try:
        wait_for(f"{url}/healthz")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def database_url() -> str:
    test = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{test['NAME']}"
    credentials = f"{test['USER']}:{test['PASSWORD']}@" if test["USER"] else ""
    return f"postgres://{credentials}{test['HOST']}:{test['PORT']}/{test['NAME']}"


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def refill(migrated: str) -> None:
    """Let Django refill the database before each test.

    It keeps the contents on the connection object, and Playwright's event loop gives this thread another one.
    """
    connection._test_serialized_contents = migrated  # type: ignore[attr-defined]


@pytest.fixture
def site(server: str, refill: None, transactional_db: None, django_db_serialized_rollback: None) -> Iterator[str]:
    """The site's address, its database as after `migrate`, and what the test stores."""
    yield server
    connections.close_all()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser says against a page: console and script errors, refusals by the CSP, foreign requests."""
    found: list[str] = []
    page.on("console", lambda message: message.type in ("error", "warning") and found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "request",
        lambda request: (
            found.append(request.url) if not request.url.startswith(("http://127.0.0.1", "data:", "blob:")) else None
        ),
    )
    return found


def log_in(page: Page, site: str, username: str) -> None:
    """Log in as a person does."""
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{site}/admin/")


def click_to_close(target: Locator) -> None:
    """Click what closes the window it stands in, which may be gone before the click is reported as done."""
    with target.page.expect_event("close"), suppress(Error):
        target.click()


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and best practice: rule and first place."""
    results = Axe().run(page).response
    return [f"{found['id']}: {found['nodes'][0]['target']}" for found in results["violations"]]
