"""A prepared site's processes: the server and the jobs worker, forked from one that has loaded the site.

Django, the code and what they hold at rest are in memory once, because processes share what was loaded before the fork.
"""

import ctypes
import gc
import importlib
import os
import signal
import sys
import time
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.validators import validate_email
from django.db import DatabaseError, connections
from django.template.loader import get_template

from articles.html import clean_comment
from articles.names import look_alike_key
from articles.statements import build_everything
from opedsite.answers import whole_answer
from opedsite.supervision import (
    Child,
    die_with_parent,
    keep_running,
    stop,
    stop_signals_interrupt,
    stop_signals_wait,
)

READY_SECONDS = 30
STOP_SECONDS = 5
GARBAGE = 2_000
# malloc.h: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD.
GLIBC_HEAPS = {-8: 2, -3: 1_048_576, -1: 2_097_152}


def serve_until_stopped(port: int) -> None:
    """The site, loaded by `load_everything`, until a stop signal."""
    server = Child("The server", "oped-server", partial(serve, port))
    children = [server, Child("The jobs worker", "oped-jobs", work)]
    with stop_signals_interrupt():
        try:
            for child in children:
                child.start()
            wait_until_ready(server, port)
            say(welcome(settings.OPED_BASE_URL, port))
            keep_running(children, say)
        except KeyboardInterrupt:
            pass
        finally:
            with stop_signals_wait():
                stop(children, STOP_SECONDS)
    say("\nStopped.")


def load_everything() -> None:
    """Load what the processes would else load each for itself, with the first request of its kind."""
    keep_heaps_small()
    for name in ("opedsite.wsgi", "opedsite.jobs", "opedsite.management.commands.work"):
        importlib.import_module(name)
    get_template("admin/base.html")
    clean_comment("<b>warm</b> https://example.org/")
    look_alike_key("Warm")
    validate_email("warm@example.org")
    warm_database()
    # The collector would write on every page of memory, and end the sharing.
    gc.collect()
    gc.freeze()


def keep_heaps_small() -> None:
    """glibc gives each of the many threads a heap of its own, and hands back little of what pages leave there, unless
    what is large is taken from the system and given back to it. Not the room that every page needs: memory that comes
    from the system has to be cleared first, which took a seventh of a page.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for option, value in GLIBC_HEAPS.items():
            libc.mallopt(option, value)


def warm_database() -> None:
    """Make pages of the kinds that are read most, for nobody, and build all queries of what that has loaded; without
    a database the workers will do it.
    """
    from articles.models import Article
    from opedsite.everybody import EverybodysApplication

    everybodys = EverybodysApplication()
    try:
        newest = [article.get_absolute_url() for article in Article.objects.published().newest_first()[:1]]
        for path in ("/", *newest):
            environ = {"PATH_INFO": path, "HTTP_HOST": urlsplit(settings.OPED_BASE_URL).netloc}
            setup_testing_defaults(environ)
            whole_answer(everybodys, environ)
        build_everything()
    except DatabaseError:
        pass
    finally:
        # No two processes may share a connection.
        connections.close_all()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def serve(port: int) -> None:
    """Two workers. 64 threads each: with granian's own 256 the memory explodes, with 8 a few slow readers hang it."""
    # jemalloc, which comes with granian, reads this once. Each thread would else keep some bodies that it has sent.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1,lg_tcache_max:12")
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "opedsite.serving:site",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        # Without TLS no browser speaks HTTP/2, whose many requests on one connection would pass by what limits senders.
        http=HTTPModes.http1,
        blocking_threads=64,
        backpressure=128,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=4,
    ).serve()


def site() -> Any:
    """The site, for a worker of the server: without this it would outlive a server that was killed."""
    die_with_parent(signal.SIGKILL)
    # What a page needs is gone when it is done: to look for cycles after every 700 objects costs a twentieth of it,
    # after every 10,000 two megabytes more.
    gc.set_threshold(GARBAGE)
    application = importlib.import_module("opedsite.wsgi").application
    application.open_slots()
    forget_secrets()
    return application


def forget_secrets() -> None:
    """Settings have been read by now, and granian gives each request all that the environment still holds."""
    for name in [*os.environ]:
        if name == "DATABASE_URL" or name.startswith("OPED_"):
            del os.environ[name]


def work() -> None:
    """The jobs."""
    importlib.import_module("django.core.management").call_command("work")


def wait_until_ready(server: Child, port: int) -> None:
    """Raises SystemExit for a server that ends, or does not answer."""
    # Asked by its public name, the only one that it answers to.
    host = urlsplit(settings.OPED_BASE_URL).netloc
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.exit_code is None:
        if is_healthy(port, host):
            return
        time.sleep(0.05)
    raise SystemExit("The server did not start; what it said is above.")


def is_healthy(port: int, host: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def welcome(base_url: str, port: int) -> str:
    lines = ["", f"  Site  {base_url}/", f"  Desk  {base_url}/admin/"]
    if base_url != f"http://127.0.0.1:{port}":
        lines.append(f"  Here  http://127.0.0.1:{port}/")
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])
