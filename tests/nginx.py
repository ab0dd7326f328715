"""Debian's nginx with our own configuration, in front of servers of a test or a measurement."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from opedsite.supervision import die_with_parent
from tests.servers import wait_until_answering

NGINX = Path("/usr/sbin/nginx")
OURS = Path(__file__).resolve().parents[1] / "opedsite/deploy/nginx.conf"
AROUND = """
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    {temporary}
    include {folder}/oped.conf;
}}
"""


def temporary_paths(folder: Path) -> str:
    """Where nginx may write; its own defaults belong to the system."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n    ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def as_this_user() -> str:
    """nginx started by root would give its workers to an account that can't read the folder."""
    return "user root;" if os.geteuid() == 0 else ""


@contextmanager
def running_nginx(folder: Path, port: int, servers: Sequence[str]) -> Iterator[str]:
    """The address of an nginx with the shipped configuration; only names, ports and folders are ours."""
    text = OURS.read_text()
    upstream = "".join(f"server {urlsplit(url).netloc} max_fails=1 fail_timeout=2s;\n    " for url in servers)
    for pattern, replacement in (
        (r"server 127\.0\.0\.1:8000 [^;]*;", upstream),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"/var/cache/nginx/oped", f"{folder}/cache"),
        (r"/var/lib/oped/media", f"{folder}/media"),
    ):
        text, count = re.subn(pattern, replacement, text, count=1)
        assert count == 1, f"{pattern} is not in {OURS.name} any more"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "oped.conf").write_text(text)
    (folder / "nginx.conf").write_text(
        AROUND.format(folder=folder, user=as_this_user(), temporary=temporary_paths(folder))
    )
    command = [NGINX, "-e", "stderr", "-c", folder / "nginx.conf"]
    with subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent) as process:
        try:
            wait_until_answering(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
