"""`manage.py run_site`: everything from an empty folder to a running site; what `make run` calls."""

import hashlib
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from opedsite.demo_staff import StaffLogin, ensure_demo_staff
from opedsite.jobs import refresh_statistics
from opedsite.models import DemoRow
from opedsite.supervision import stop_signals_interrupt


class Command(BaseCommand):
    help = "Prepare the database and the static files, then serve the site and run its jobs until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default: 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = options["port"]
        with stop_signals_interrupt():
            try:
                logins = self.prepare(port)
            except KeyboardInterrupt:
                self.say("\nStopped.")
                return
        self.serve(port, logins)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def prepare(self, port: int) -> list[StaffLogin]:
        refuse_taken_port(port)
        refuse_unwritable_folder(settings.OPED_DATA_DIR)
        self.prepare_database()
        self.collect_static_files()
        return self.fill()

    def prepare_database(self) -> None:
        try:
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

    def serve(self, port: int, logins: Sequence[StaffLogin]) -> NoReturn:
        """Become the site's processes; what was loaded to prepare it leaves the memory."""
        for line in login_lines(logins):
            self.stdout.write(line)
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        os.execve(sys.executable, [sys.executable, "-m", "opedsite.serving", str(port)], environment_on(port))  # noqa: S606


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


def environment_on(port: int) -> dict[str, str]:
    """What the site's processes see."""
    environment = {**os.environ}
    environment.setdefault("OPED_BASE_URL", f"http://127.0.0.1:{port}")
    # glibc gives each of the many threads a heap of its own, and hands back little of what pages leave there, unless
    # what is large is taken from the system and given back to it. Not the room that every page needs: memory that
    # comes from the system has to be cleared first, which took a seventh of a page.
    for name, value in (("ARENA_MAX", "2"), ("MMAP_THRESHOLD_", "1048576"), ("TRIM_THRESHOLD_", "2097152")):
        environment.setdefault(f"MALLOC_{name}", value)
    # So does jemalloc, which granian brings along, and each thread would keep some bodies that it has sent.
    environment.setdefault("_RJEM_MALLOC_CONF", "narenas:1,lg_tcache_max:12")
    if DemoRow.objects.exists():
        environment.setdefault("OPED_SITE_NAME", "The Long Table")
        environment.setdefault("OPED_TAGLINE", "Opinion, argued at length")
    return environment


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
