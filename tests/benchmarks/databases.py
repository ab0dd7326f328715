"""Databases to measure on: loaded once, kept in a folder, and copied for each run, which may then write."""

import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks.processes import finish
from tests.benchmarks.sizes import Size
from tests.postgres import durable_postgres, reachable_folder

ROOT = Path(__file__).resolve().parents[2]
LOAD_SECONDS = 1800


@contextmanager
def loaded_database(vendor: str, size: Size) -> Iterator[str]:
    """The DATABASE_URL of a fresh copy of a loaded database."""
    with (sqlite if vendor == "SQLite" else postgresql)(size) as url:
        yield url


def kept_folder() -> Path:
    """Where loaded databases wait for the next run: PostgreSQL's own account must reach it, nobody else's."""
    folder = Path(os.environ.get("OPED_BENCH_DIR") or f"{reachable_folder()}/oped-bench-{os.getuid()}")
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    facts = folder.stat()
    if facts.st_uid != os.getuid() or facts.st_mode & stat.S_IWOTH:
        raise SystemExit(f"{folder} belongs to somebody else; name another with OPED_BENCH_DIR.")
    return folder


def fingerprint(size: Size) -> str:
    """Changes with what is loaded, and with the tables that it is loaded into."""
    digest = hashlib.sha256(size.name.encode())
    for path in (Path(__file__).with_name("loading.py"), *sorted(ROOT.glob("*/migrations/*.py"))):
        digest.update(path.read_bytes())
    return f"{size.name}-{digest.hexdigest()[:8]}"


@contextmanager
def sqlite(size: Size) -> Iterator[str]:
    folder = kept_folder()
    loaded = folder / f"{fingerprint(size)}.sqlite3"
    if not loaded.exists():
        half = loaded.with_suffix(".loading")
        remove_sqlite(half)
        load(f"sqlite:///{half}", size)
        half.rename(loaded)
        remove_sqlite(half)
    copy = folder / "run.sqlite3"
    remove_sqlite(copy)
    shutil.copyfile(loaded, copy)
    try:
        yield f"sqlite:///{copy}"
    finally:
        remove_sqlite(copy)


def remove_sqlite(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-queue"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def postgresql(size: Size) -> Iterator[str]:
    loaded = f"loaded-{fingerprint(size)}"
    with durable_postgres(kept_folder() / "postgresql") as url:
        server = f"{url.rpartition('/')[0]}"
        if not exists(url, loaded):
            execute(url, 'DROP DATABASE IF EXISTS "loading"', 'CREATE DATABASE "loading"')
            load(f"{server}/loading", size)
            execute(url, f'ALTER DATABASE "loading" RENAME TO "{loaded}"')
        execute(url, 'DROP DATABASE IF EXISTS "run"', f'CREATE DATABASE "run" TEMPLATE "{loaded}"', "CHECKPOINT")
        yield f"{server}/run"


def exists(url: str, database: str) -> bool:
    with psycopg.connect(url, autocommit=True) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def load(url: str, size: Size) -> None:
    print(f"Loading {size.articles:,} articles and {size.comments:,} comments into {urlsplit(url).scheme} (once)…")  # noqa: T201
    command = [sys.executable, "-m", "tests.benchmarks.loading", str(size.articles), str(size.comments)]
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "opedsite.settings",
        "OPED_DATA_DIR": str(kept_folder()),
    }
    finish(command, environment, LOAD_SECONDS)
