"""The limits of the machine: the same bytes from nginx's static files, and from granian without any work."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.processes import Group, started
from tests.nginx import NGINX, as_this_user, temporary_paths
from tests.postgres import free_port
from tests.servers import wait_until_answering

CONSTANT = (
    "-m granian --interface wsgi --workers 2 --http 1 --blocking-threads 64 --backpressure 128 --no-ws "
    "--log-level error --host 127.0.0.1 --port {port} tests.benchmarks.constant:application"
)
STATIC = """
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    types {{ text/html html; }}
    {temporary}
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        gzip_static on;
    }}
}}
"""


@contextmanager
def nginx_static(folder: Path, plain: bytes, packed: bytes) -> Iterator[tuple[str, Group]]:
    """Address and processes of an nginx that sends a file, compressed before."""
    files = folder / "files"
    files.mkdir(parents=True)
    (files / "page.html").write_bytes(plain)
    (files / "page.html.gz").write_bytes(packed)
    port = free_port()
    text = STATIC.format(folder=folder, port=port, user=as_this_user(), temporary=temporary_paths(folder))
    (folder / "nginx.conf").write_text(text)
    url = f"http://127.0.0.1:{port}/page.html"
    with started([str(NGINX), "-e", "stderr", "-c", str(folder / "nginx.conf")]) as group:
        wait_until_answering(url)
        yield url, group


@contextmanager
def granian_constant(
    folder: Path, packed: bytes, headers: Sequence[tuple[str, str]] = ()
) -> Iterator[tuple[str, Group]]:
    """Address and processes of a granian that sends the same bytes, with the two headers that it needs, and more."""
    (folder / "constant.gz").write_bytes(packed)
    port = free_port()
    command = [sys.executable, *CONSTANT.format(port=port).split()]
    with started(
        command, {"OPED_BENCH_BODY": str(folder / "constant.gz"), "OPED_BENCH_HEADERS": json.dumps(headers)}
    ) as group:
        url = f"http://127.0.0.1:{port}/"
        wait_until_answering(url)
        yield url, group
