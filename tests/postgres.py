"""A throw-away PostgreSQL: started for the tests, deleted after them."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from opedsite.supervision import die_with_parent, stop_signals_interrupt

INSTALLED = Path("/usr/lib/postgresql")
START_SECONDS = 30
STOP_SECONDS = 10
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
}
# The data lives only as long as the tests.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresUnavailable(RuntimeError):
    """There is no PostgreSQL here and none can be started; the text says why."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The DATABASE_URL of an empty database: `TEST_DATABASE_URL` if set, else of a server of our own."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    binaries = find_binaries()
    with stop_signals_interrupt(), temporary_folder() as folder:
        yield from serve(binaries, folder, SETTINGS | CARELESS)


@contextmanager
def durable_postgres(folder: Path) -> Iterator[str]:
    """The DATABASE_URL of a server whose commits survive a power cut; its data stay in the folder for the next time."""
    binaries = find_binaries()
    folder.mkdir(parents=True, exist_ok=True)
    give_to_own_account(folder)
    with stop_signals_interrupt():
        yield from serve(binaries, folder, SETTINGS)


def find_binaries() -> Path:
    """The folder of the newest PostgreSQL that Debian's packages installed."""
    found = [path.parent for path in INSTALLED.glob("*/bin/initdb")]
    if not found:
        raise PostgresUnavailable("PostgreSQL is not installed: apt-get install postgresql, or set TEST_DATABASE_URL.")
    return max(found, key=lambda folder: float(folder.parent.name))


def own_account() -> dict[str, Any]:
    """How subprocess starts PostgreSQL: it refuses to run as root, so root uses Debian's account for it."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresUnavailable("PostgreSQL can't run as root, and no user is named postgres.") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give_to_own_account(path: Path) -> None:
    if account := own_account():
        os.chown(path, account["user"], account["group"])


@contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="oped-postgres-", dir=reachable_folder()))
    try:
        give_to_own_account(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reachable_folder() -> str:
    """Where temporary files may lie; root's TMPDIR is often closed to other accounts."""
    folder = tempfile.gettempdir()
    return folder if os.geteuid() != 0 or is_open_to_all(Path(folder)) else "/tmp"


def is_open_to_all(folder: Path) -> bool:
    path = folder.resolve()
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))


def serve(binaries: Path, folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    # A password, because other users of this machine can reach the loopback address too.
    secret = folder / "password"
    if not (folder / "data" / "PG_VERSION").exists():
        secret.write_text(secrets.token_urlsafe(16))
        create_cluster(binaries, folder, secret)
    port = free_port()
    address = f"postgres://oped:{secret.read_text()}@127.0.0.1:{port}"
    server = start(binaries, folder, port, settings)
    try:
        create_database(server, f"{address}/postgres", folder / "log")
        yield f"{address}/oped"
    finally:
        stop(server)


def create_cluster(binaries: Path, folder: Path, secret: Path) -> None:
    secret.chmod(0o600)
    give_to_own_account(secret)
    options = ["--username=oped", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [binaries / "initdb", "--pgdata", folder / "data", "--pwfile", secret, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        **own_account(),
    )
    if done.returncode:
        raise PostgresUnavailable(f"PostgreSQL's initdb failed: {done.stderr.strip()}")


def free_port() -> int:
    """A free port below 32768: above it, any outgoing connection may take the port before we do."""
    while True:
        port = 20000 + secrets.randbelow(12768)
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) != 0:
                return port


def start(binaries: Path, folder: Path, port: int, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = [f"--{name}={value}" for name, value in settings.items()]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", f"--port={port}", *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A Ctrl-C is for the tests, which still need the database to clean up.
            start_new_session=True,
            preexec_fn=partial(die_with_parent, signal.SIGQUIT),
            **own_account(),
        )


def create_database(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Create the database as soon as the server answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'oped'").fetchone():
                    connection.execute("CREATE DATABASE oped")
                return
        except psycopg.OperationalError:
            time.sleep(0.1)
    said = log.read_text("utf-8", "replace").strip()
    raise PostgresUnavailable(f"PostgreSQL did not start: {said[-800:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown: there is nothing to save
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
