"""`manage.py run_site`: everything from an empty folder to a running site; what `make run` calls."""

import hashlib
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from opedsite.demo_staff import StaffLogin, ensure_demo_staff
from opedsite.jobs import refresh_statistics
from opedsite.models import DemoRow
from opedsite.postgresql import REQUEST_TIMEOUT_MS, limit_statements
from opedsite.serving import load_everything, serve_until_stopped
from opedsite.supervision import die_with_parent, stop_signals_interrupt

DEFAULT_PORT = 8000
# The number of PostgreSQL's advisory lock.
TURN = 7_302
DEMO_NAMES = {"OPED_SITE_NAME": "The Long Table", "OPED_TAGLINE": "Opinion, argued at length"}


class Command(BaseCommand):
    help = "Prepare the database and the static files, then serve the site and run its jobs until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1 (default: 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """The server and the jobs are children of this process: what Django has loaded is loaded once."""
        port: int = options["port"]
        refuse_taken_port(port)
        refuse_unwritable_folder(settings.OPED_DATA_DIR)
        if port != DEFAULT_PORT and "OPED_BASE_URL" not in os.environ:
            begin_again(f"http://127.0.0.1:{port}")
        with stop_signals_interrupt():
            try:
                self.prepare_aside()
                set_for_serving()
                load_everything()
            except KeyboardInterrupt:
                self.say("\nStopped.")
                return
        serve_until_stopped(port)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def prepare_aside(self) -> None:
        """Prepare in a process that ends, and all that it has loaded with it. Raises SystemExit if that fails."""
        preparing = get_context("fork").Process(target=self.prepare)
        preparing.start()
        try:
            preparing.join()
        except KeyboardInterrupt:
            preparing.terminate()
            preparing.join()
            raise
        if preparing.exitcode:
            sys.exit(preparing.exitcode)

    def prepare(self) -> None:
        die_with_parent()
        try:
            self.prepare_database()
            self.collect_static_files()
            for line in login_lines(self.fill()):
                self.say(line)
        except CommandError as error:
            sys.exit(f"CommandError: {error}")
        except KeyboardInterrupt:
            sys.exit(1)

    def prepare_database(self) -> None:
        try:
            take_turn()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            # A migration that writes a table anew takes what SQLite knew of it along.
            refresh_statistics()
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"The database can't be used: {reason}") from error

    def collect_static_files(self) -> None:
        """Hash and compress the static files, unless nothing changed since the last time."""
        stamp = Path(settings.STATIC_ROOT) / "collected.txt"
        current = static_fingerprint(settings.BASE_DIR)
        if stamp.is_file() and stamp.read_text() == current:
            return
        self.say("Compressing the static files (once)…")
        # Gone while it works: an interrupted run is done again.
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(current)

    def fill(self) -> list[StaffLogin]:
        """Demo content and staff, for a site on this machine that nobody made their own."""
        has_accounts = User.objects.exists()
        may_fill = settings.OPED_IS_LOOPBACK and os.environ.get("OPED_DEMO") != "0"
        if may_fill and (DemoRow.objects.exists() or not has_accounts):
            call_command("seed_demo", stdout=self.stdout)
            return ensure_demo_staff()
        if not has_accounts:
            self.say("There is no account yet. Make one: .venv/bin/python manage.py create_owner")
        return []


def take_turn() -> None:
    """Several servers that start together prepare their one database in turn: until this process ends it is our turn.

    SQLite's file is used by the servers of one machine only, and has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])


def refuse_taken_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise CommandError(f"There is no port {port}; try: make run PORT=8000")
    with socket.socket() as probe:
        # Without this, a site stopped a moment ago would still count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise CommandError(f"This user may not open port {port}; try: make run PORT=8000") from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise CommandError(f"Port {port} is taken; try: make run PORT={other}") from error


def refuse_unwritable_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"The data folder {folder} can't be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"The data folder {folder} can't be written by this user.")


def static_fingerprint(root: Path) -> str:
    """Changes when a package (the lock) or one of the project's own static files does."""
    digest = hashlib.sha256((root / "requirements.lock").read_bytes())
    for path in sorted(root.glob("[!.]*/static/**/*")):
        facts = path.stat()
        digest.update(f"{path.relative_to(root)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def begin_again(base_url: str) -> NoReturn:
    """With the address that this port makes, which settings are worked out from."""
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"OPED_BASE_URL": base_url})  # noqa: S606


def set_for_serving() -> None:
    """What is known only now, or holds for requests and not for what has prepared the site."""
    limit_statements(REQUEST_TIMEOUT_MS)
    if DemoRow.objects.exists():
        for name, value in DEMO_NAMES.items():
            if name not in os.environ:
                setattr(settings, name, value)


def login_lines(logins: Sequence[StaffLogin]) -> list[str]:
    """New passwords are shown this once; nobody can read the others again."""
    lines = []
    if new := [login for login in logins if login.password]:
        width = max(len(login.username) for login in new)
        lines += ["", "  Log in at the desk with one of these (shown this once):"]
        lines += [f"    {login.username:<{width}}  {login.password}" for login in new]
    if old := ", ".join(login.username for login in logins if not login.password):
        lines += ["", f"  Log in at the desk as {old}"]
        lines += ["  (password: printed at the first run; set a new one with OPED_DEMO_PASSWORD=… make run)."]
    return lines
