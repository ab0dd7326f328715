"""Real server processes on the database of the tests, and a line to that database which can be cut."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[1]
SERVER = "-m granian --interface wsgi --host 127.0.0.1 --workers 1 --blocking-threads 64 --no-ws --log-level error"
START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Received:
    """What came over the wire."""

    status: int
    headers: Message
    text: str


def collect_static_files(folder: Path) -> None:
    """Hash and compress them for servers whose data folder this is."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    environment = os.environ | {"OPED_DATA_DIR": str(folder)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def running_server(
    folder: Path, database_url: str, target: str = "opedsite.wsgi:application", **environment: str
) -> Iterator[str]:
    """The address of a server process with one worker."""
    url = f"http://127.0.0.1:{free_port()}"
    whole = os.environ | {
        "OPED_BASE_URL": url,
        "OPED_DATA_DIR": str(folder),
        "OPED_RATE_LIMITS": "off",
        "DATABASE_URL": database_url,
        "OPED_SECRET_KEY": settings.SECRET_KEY,
        "OPED_PRIVACY_KEY": settings.OPED_PRIVACY_KEY,
    }
    command = [sys.executable, *SERVER.split(), "--port", url.rsplit(":", 1)[1], target]
    process = subprocess.Popen(command, cwd=ROOT, env=whole | environment)
    try:
        wait_until_healthy(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def wait_until_healthy(url: str) -> None:
    wait_until_answering(f"{url}/healthz")


def wait_until_answering(url: str, pause: float = 0.1, seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while get(url).status != 200:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(pause)


def get(url: str, headers: Mapping[str, str] | None = None) -> Received:
    """One GET; status 0 if there was no answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers or {})), timeout=10) as answer:
            return Received(answer.status, answer.headers, answer.read().decode(errors="replace"))
    except urllib.error.HTTPError as error:
        with error:
            return Received(error.code, error.headers, error.read().decode())
    except OSError:
        return Received(0, Message(), "")


def database_url(port: int = 0) -> str:
    """The database of the tests, as another process names it; through another port if one is given."""
    test = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{test['NAME']}"
    credentials = f"{test['USER']}:{test['PASSWORD']}@" if test["USER"] else ""
    return f"postgres://{credentials}{test['HOST']}:{port or test['PORT']}/{test['NAME']}"


class DatabaseLine:
    """The way from a server to the database, which a test can cut and mend: a file's name, or a TCP relay."""

    def __init__(self) -> None:
        self.port = 0
        self.open = ExitStack()
        self.listener: socket.socket | None = None
        self.flowing = threading.Event()
        self.flowing.set()

    @property
    def url(self) -> str:
        return database_url(self.port)

    def mend(self) -> None:
        if connection.vendor == "sqlite":
            self._rename(".away", "")
            return
        self.port = self.port or free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self) -> None:
        if connection.vendor == "sqlite":
            self._rename("", ".away")
            # Without this SQLite would make an empty file at once.
            Path(connection.settings_dict["NAME"]).mkdir()
        elif self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.open.close()

    def freeze(self) -> None:
        """Everything stays open, and nothing comes through: a database whose machine has stopped (not for SQLite)."""
        self.flowing.clear()

    def thaw(self) -> None:
        self.flowing.set()

    @staticmethod
    def _rename(before: str, after: str) -> None:
        name = str(connection.settings_dict["NAME"])
        if Path(name).is_dir():
            Path(name).rmdir()
        with suppress(FileNotFoundError):
            Path(name + before).rename(name + after)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                test = connection.settings_dict
                server = socket.create_connection((test["HOST"], int(test["PORT"])))
                for source, target in ((client, server), (server, client)):
                    self.open.callback(close, source)
                    threading.Thread(target=pump, args=[source, target, self.flowing], daemon=True).start()


def pump(source: socket.socket, target: socket.socket, flowing: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            flowing.wait()
            target.sendall(data)
    close(source)
    close(target)


def close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
