"""`manage.py run_site`: from an empty folder to a running site, and back to nothing."""

import gc
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import Settings

from articles.models import Article
from articles.statements import everything
from comments.arrival import ARTICLE
from opedsite.demo_staff import StaffLogin
from opedsite.management.commands.run_site import Command, login_lines, static_fingerprint
from opedsite.serving import warm_database, welcome
from tests.postgres import free_port
from tests.servers import database_url

COMPRESSING = "opedsite.static_files.HashedFiles"


ENVIRONMENT = "import os; from opedsite.serving import site; site(); print(*os.environ)"


class RunningSite:
    """The command in a process of its own, on an SQLite file of its own unless another database is given."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.port = free_port()
        folder.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "OPED_DATA_DIR": str(folder),
            "DATABASE_URL": database or f"sqlite:///{folder}/site.sqlite3",
            "OPED_DEMO_PASSWORD": "walnut-harbour-42",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run_site", "--port", str(self.port)],
            cwd=site.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said = ""

    def read_until(self, words: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        pytest.fail(f"“{words}” was not said, but: {self.said}")

    def speak_http2(self) -> bytes:
        """What comes back for the way in which HTTP/2 is begun without TLS (RFC 9113, 3.4)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
            return client.recv(1024)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def children(self) -> dict[str, int]:
        """What the command started, by the title of the process."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {title(pid): int(pid) for pid in listed}

    def has_again(self, name: str) -> bool:
        deadline = time.monotonic() + 10
        while name not in self.children() and time.monotonic() < deadline:
            time.sleep(0.05)
        return name in self.children()

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)


def title(pid: str) -> str:
    """What `ps` shows; nothing for a process that has just ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture
def running_site(tmp_path: Path) -> Iterator[RunningSite]:
    running = RunningSite(tmp_path)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The DATABASE_URL of a database in which there is nothing, beside that of the tests."""
    if connection.vendor == "sqlite":
        pytest.skip("a file of SQLite is prepared by one server")
    test, name = connection.settings_dict["NAME"], f"empty_{secrets.token_hex(4)}"
    with psycopg.connect(database_url().replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield database_url().removesuffix(test) + name
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_one_command_brings_up_a_site_that_mends_itself_and_leaves_nothing(running_site: RunningSite) -> None:
    running_site.read_until("Ctrl-C stops everything.")
    assert "walnut-harbour-42" in running_site.said
    assert "<title>The Long Table" in running_site.get("/")
    assert not running_site.speak_http2()  # its many requests on one connection pass by the limits of HTTP/1.1
    children = running_site.children()

    os.kill(children["oped-jobs"], signal.SIGKILL)
    running_site.read_until("The jobs worker stopped by itself (SIGKILL); starting it again.")
    assert running_site.has_again("oped-jobs")
    running_site.process.send_signal(signal.SIGTERM)
    running_site.read_until("Stopped.")

    assert running_site.process.wait(10) == 0
    assert not Path(f"/proc/{children['oped-server']}").exists()


def test_servers_that_start_together_on_an_empty_database_all_come_up(tmp_path: Path, empty_database: str) -> None:
    servers = [RunningSite(tmp_path / str(number), empty_database) for number in range(3)]
    try:
        for server in servers:
            server.read_until("Ctrl-C stops everything.")
            assert "<title>The Long Table" in server.get("/")
    finally:
        for server in servers:
            server.end()


def test_a_taken_port_is_refused_in_one_sentence(tmp_path: Path, settings: Settings) -> None:
    settings.OPED_DATA_DIR = tmp_path
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"^Port {port} is taken; try: make run PORT={port + 1}$"):
            call_command("run_site", port=port)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").touch()
    settings.OPED_DATA_DIR = tmp_path / "file" / "data"

    with pytest.raises(CommandError, match="can't be made: Not a directory"):
        call_command("run_site", port=free_port())


def test_a_database_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "OPED_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/none/site.sqlite3",
    }
    command = [sys.executable, "manage.py", "run_site", "--port", str(free_port())]

    ended = subprocess.run(command, cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 1
    assert ended.stderr == "CommandError: The database can't be used: unable to open database file\n"


@pytest.mark.django_db
def test_a_site_with_an_account_of_its_own_gets_no_demo() -> None:
    User.objects.create_superuser("ada")

    logins = Command().fill()

    assert logins == []
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_an_empty_site_names_the_way_to_its_first_account(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPED_DEMO", "0")

    logins = Command().fill()

    assert logins == []
    assert ".venv/bin/python manage.py create_owner" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("migrated")
def test_the_first_reader_and_the_first_writer_wait_for_no_query_to_be_built() -> None:
    # Those that other tests have made and given up.
    gc.collect()
    for statement in everything:
        statement.built.clear()

    warm_database()

    assert ARTICLE in everything
    assert [statement.name for statement in everything if connection.vendor not in statement.built] == []


def test_no_request_is_given_what_only_settings_need_to_know(tmp_path: Path) -> None:
    secret = {"OPED_SECRET_KEY": "walnut harbour " * 5, "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3"}
    environment = os.environ | secret | {"OPED_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ENVIRONMENT], env=environment, capture_output=True, text=True, check=True
    )
    left = done.stdout.split()

    assert "PATH" in left
    assert [name for name in left if name == "DATABASE_URL" or name.startswith("OPED_")] == []


def test_static_files_are_collected_again_when_one_of_ours_changes(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").touch()
    style = tmp_path / "opedsite/static/site.css"
    style.parent.mkdir(parents=True)
    style.write_text("body { }")
    before = static_fingerprint(tmp_path)

    style.write_text("body { margin: 0 }")

    assert static_fingerprint(tmp_path) != before


def test_what_was_collected_does_not_count_as_ours(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").touch()
    before = static_fingerprint(tmp_path)

    (tmp_path / ".data/static").mkdir(parents=True)
    (tmp_path / ".data/static/site.css").touch()

    assert static_fingerprint(tmp_path) == before


def test_only_what_pages_name_is_compressed(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": COMPRESSING}}

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])

    compressed = {path.relative_to(tmp_path).as_posix().removesuffix(".br") for path in tmp_path.rglob("*.br")}
    named = set(json.loads((tmp_path / "staticfiles.json").read_text())["paths"].values())
    assert compressed
    assert compressed <= named
    assert [name for name in compressed if ".map" in name] == []


def test_new_passwords_are_shown_and_older_ones_are_not_promised() -> None:
    logins = [StaffLogin("owner", "owner", "x7-kQ"), StaffLogin("editor", "editor", None)]

    shown = "\n".join(login_lines(logins))

    assert "owner  x7-kQ" in shown
    assert "as editor\n  (password: printed at the first run" in shown


def test_a_site_behind_a_proxy_is_told_with_its_public_address() -> None:
    shown = welcome("https://opinion.example", 8000)

    assert "Site  https://opinion.example/" in shown
    assert "Here  http://127.0.0.1:8000/" in shown
