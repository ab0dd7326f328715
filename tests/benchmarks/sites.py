"""The site itself, started as `make run` starts it."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import Group, started
from tests.postgres import free_port
from tests.servers import wait_until_answering


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its address, all its processes, those that answer requests, seconds until the first answer."""

    url: str
    everything: Group
    server: Group
    started_in: float


@contextmanager
def running_site(**environment: str) -> Iterator[Site]:
    """`run_site` on the database of this process, which trusts us to name the addresses of clients."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    whole = {"OPED_BASE_URL": url, "OPED_DEMO": "0", "OPED_TRUSTED_PROXIES": "127.0.0.1", **environment}
    command = [sys.executable, "manage.py", "run_site", "--port", str(port)]
    began = time.monotonic()
    with started(command, whole) as group:
        wait_until_answering(f"{url}/", pause=0.02)
        took = time.monotonic() - began
        yield Site(url, group, server_of(group), took)


def server_of(group: Group) -> Group:
    """Of the processes of a site, the server and its workers."""
    for pid in group.members():
        if Path(f"/proc/{pid}/comm").read_text().strip() == "oped-server":
            return Group(pid)
    raise LookupError("no server was started")


def forget_environment() -> None:
    """Settings of this machine's own site must not change what is measured."""
    for name in [name for name in os.environ if name.startswith("OPED_") and name != "OPED_BENCH_DIR"]:
        del os.environ[name]
