# ruff: noqa: T201
"""`python -m tests [pytest's arguments]`: every test, once on SQLite and once on PostgreSQL."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from opedsite.supervision import stop_signals_interrupt
from tests.nginx import NGINX
from tests.postgres import PostgresUnavailable, find_binaries, running_postgres

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
CLEAN_UP_SECONDS = 20


def main(arguments: Sequence[str]) -> int:
    missing = missing_services()
    for sentence in missing:
        print(sentence, flush=True)
    if missing and os.environ.get("CI"):
        return 1
    if not os.environ.get("OPED_TEST_MATERIAL"):
        print("OPED_TEST_MATERIAL is not set: the tests on its material are not collected.", flush=True)
    with stop_signals_interrupt():
        results = {"SQLite": on_sqlite(arguments), "PostgreSQL": on_postgres(arguments)}
    print()
    for database, result in results.items():
        print(f"{database}: {result}")
    return 1 if "failed" in results.values() else 0


def missing_services() -> list[str]:
    missing = [] if CHROMIUM.exists() else ["Chromium is not installed: apt-get install chromium."]
    if not NGINX.exists():
        missing.append("nginx is not installed: apt-get install nginx-light.")
    if not os.environ.get("TEST_DATABASE_URL"):
        try:
            find_binaries()
        except PostgresUnavailable as reason:
            missing.append(str(reason))
    return missing


def on_sqlite(arguments: Sequence[str]) -> str:
    print("\n=== All tests on SQLite", flush=True)
    with tempfile.TemporaryDirectory(prefix="oped-tests-") as folder:
        return run_pytest(arguments, folder, f"sqlite:///{folder}/site.sqlite3")


def on_postgres(arguments: Sequence[str]) -> str:
    print("\n=== All tests on PostgreSQL", flush=True)
    try:
        with running_postgres() as url, tempfile.TemporaryDirectory(prefix="oped-tests-") as folder:
            return run_pytest(arguments, folder, url)
    except PostgresUnavailable as reason:
        print(reason)
        return "failed" if os.environ.get("CI") else "not run"


def run_pytest(arguments: Sequence[str], folder: str, database_url: str) -> str:
    environment = {**os.environ, "DATABASE_URL": database_url, "OPED_DATA_DIR": folder}
    pytest = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment)
    try:
        # Also "no tests were found" (5) is a failure: nothing was shown.
        return "failed" if pytest.wait() else "passed"
    except KeyboardInterrupt:
        clean_up(pytest)
        raise


def clean_up(pytest: subprocess.Popen[bytes]) -> None:
    """Let pytest end its fixtures (a browser, a server) before the database goes."""
    try:
        pytest.wait(1)  # after a Ctrl-C it is ending already
    except subprocess.TimeoutExpired:
        pytest.send_signal(signal.SIGINT)
    try:
        pytest.wait(CLEAN_UP_SECONDS)
    except subprocess.TimeoutExpired:
        pytest.kill()
        pytest.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
