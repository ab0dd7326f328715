# ruff: noqa: T201
"""`make bench`: how fast the site is, beside the limits of the machine; writes docs/performance.md.

In the environment: SIZE (small, default, large), DATABASES (SQLite,PostgreSQL), SECONDS of each measurement, POSTS,
BASE (an address: its pages are measured, by reading alone), GROWTH=1 (instead: each page on ever larger databases;
STEPS of the five sizes).
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from opedsite.supervision import stop_signals_interrupt
from tests.benchmarks import growth, report
from tests.benchmarks.databases import kept_folder, loaded_database
from tests.benchmarks.elsewhere import measure_elsewhere
from tests.benchmarks.processes import finish
from tests.benchmarks.sites import forget_environment
from tests.benchmarks.sizes import SIZES, Size

VENDOR_SECONDS = 3600


def main() -> None:
    if base := os.environ.get("BASE"):
        print(measure_elsewhere(base.rstrip("/")))
        return
    forget_environment()
    size = SIZES[os.environ.get("SIZE") or "default"]
    vendors = (os.environ.get("DATABASES") or "SQLite,PostgreSQL").split(",")
    if os.environ.get("GROWTH") == "1":
        report.keep("growth", growth.measure(vendors))
    else:
        found = [measure(vendor, size) for vendor in vendors]
        report.keep("speed", {"size": [size.articles, size.comments], "databases": found})
    print(report.write())


def measure(vendor: str, size: Size) -> dict[str, Any]:
    """The numbers of one database, measured by a process whose settings name it."""
    with loaded_database(vendor, size) as url, tempfile.NamedTemporaryFile(prefix="oped-bench-") as results:
        environment = os.environ | {
            "DATABASE_URL": url,
            "OPED_DATA_DIR": str(kept_folder() / "site"),
            "DJANGO_SETTINGS_MODULE": "opedsite.settings",
        }
        command = [sys.executable, "-m", "tests.benchmarks.measuring", vendor, results.name]
        finish(command, environment, VENDOR_SECONDS)
        numbers: dict[str, Any] = json.loads(Path(results.name).read_text())
        return numbers


if __name__ == "__main__":
    try:
        with stop_signals_interrupt():
            main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
