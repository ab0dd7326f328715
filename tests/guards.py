# ruff: noqa: T201
"""The guards of `make check`: each is run and named, also when an earlier one failed.

python -m tests.guards [word in a guard's name …]
"""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from opedsite.supervision import stop_signals_interrupt
from tests.postgres import PostgresUnavailable, running_postgres

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")
# Run as code: the command `lintmigrations` would make the linter an installed app, which no site needs.
LINT_MIGRATIONS = """
import django, sys
django.setup()
from django_migration_linter import MigrationLinter
ours = ["articles", "comments", "opedsite"]
linter = MigrationLinter(include_apps=ours, no_cache=True, quiet=["ok", "ignore"])
linter.lint_all_migrations()
sys.exit(linter.has_errors)
"""


@dataclass(frozen=True, slots=True)
class Guard:
    name: str
    command: Sequence[str]
    needs_postgres: bool = False


def guards() -> Sequence[Guard]:
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    return (
        Guard("style: ruff check", (PYTHON, "-m", "ruff", "check", ".")),
        Guard("layout: ruff format", (PYTHON, "-m", "ruff", "format", "--check", ".")),
        Guard("types: mypy", (PYTHON, "-m", "mypy")),
        Guard("imports go one way: import-linter", (script("lint-imports"), "--no-logo")),
        Guard("template layout: djade", (script("djade"), "--check", "--target-version", "5.2", *templates)),
        Guard("template lint: djlint", (PYTHON, "-m", "djlint", "--lint", "--quiet", *templates)),
        Guard("no migration is missing", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        Guard("migrations are safe on a live PostgreSQL", (PYTHON, "-c", LINT_MIGRATIONS), needs_postgres=True),
        Guard("production settings", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING")),
    )


def script(name: str) -> str:
    return str(Path(PYTHON).parent / name)


def main(words: Sequence[str]) -> int:
    chosen = [guard for guard in guards() if not words or any(word in guard.name for word in words)]
    with stop_signals_interrupt(), production_environment() as environment:
        failed = [guard for guard in chosen if not holds(guard, environment)]
    if failed:
        print("\nFailed: " + "; ".join(guard.name for guard in failed))
        return 1
    print(f"\nAll {len(chosen)} guards hold.")
    return 0


@contextmanager
def production_environment() -> Iterator[dict[str, str]]:
    """A public site's settings, with nothing of this machine's own and a data folder that is thrown away."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPED_")}
    with tempfile.TemporaryDirectory(prefix="oped-guards-") as folder:
        yield inherited | {
            "DJANGO_SETTINGS_MODULE": "opedsite.settings",
            "OPED_BASE_URL": "https://opinion.example",
            "OPED_SECRET_KEY": secrets.token_hex(32),
            "OPED_PRIVACY_KEY": secrets.token_hex(32),
            "OPED_EMAIL_URL": "smtp+tls://user:password@mail.example:587",
            "OPED_DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        }


def holds(guard: Guard, environment: Mapping[str, str]) -> bool:
    print(f"\n=== {guard.name}", flush=True)
    if not guard.needs_postgres:
        return succeeds(guard.command, environment)
    try:
        with running_postgres() as url:
            return succeeds(guard.command, {**environment, "DATABASE_URL": url})
    except PostgresUnavailable as reason:
        print(reason)
        return False


def succeeds(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
