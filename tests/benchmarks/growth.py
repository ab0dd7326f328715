"""How the time of a page grows with the database: each page on ever larger ones.

python -m tests.benchmarks.growth <file for the results> measures one database, started by `measure`.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django

from tests.benchmarks.databases import kept_folder, loaded_database
from tests.benchmarks.processes import finish
from tests.benchmarks.sizes import GROWTH

TIMES = 15
SECONDS = 1800


def measure(vendors: Sequence[str]) -> dict[str, Any]:
    """Milliseconds by vendor, size and page."""
    found: dict[str, Any] = {}
    for vendor in vendors:
        for size in GROWTH[: int(os.environ.get("STEPS", len(GROWTH)))]:
            print(f"{vendor}: {size.articles:,} articles, {size.comments:,} comments", file=sys.stderr, flush=True)  # noqa: T201
            with loaded_database(vendor, size) as url, tempfile.NamedTemporaryFile() as results:
                environment = os.environ | {
                    "DATABASE_URL": url,
                    "OPED_DATA_DIR": str(kept_folder() / "site"),
                    "DJANGO_SETTINGS_MODULE": "opedsite.settings",
                    "OPED_RATE_LIMITS": "off",
                }
                command = [sys.executable, "-m", "tests.benchmarks.growth", results.name]
                finish(command, environment, SECONDS)
                found.setdefault(vendor, {})[size.name] = json.loads(Path(results.name).read_text())
    return found


def main(arguments: Sequence[str]) -> None:
    django.setup()
    Path(arguments[0]).write_text(json.dumps(times_of_pages()))


def times_of_pages() -> dict[str, float]:
    """Milliseconds of each page when it is made anew, of a post and of the moderators' queue."""
    from tests.benchmarks.measuring import moderator_session, paths
    from tests.benchmarks.writing import words_of
    from tests.site_client import SiteClient, new_page_cache

    client = SiteClient(SERVER_NAME="127.0.0.1")
    desk = SiteClient(SERVER_NAME="127.0.0.1")
    desk.cookies["sessionid"] = moderator_session()
    client.handler.cache = new_page_cache(max_bytes=0)
    times = {name: median_time(lambda path=path: client.get(path), 200) for name, path in paths().items()}
    numbers = iter(range(10_000))
    run = f"{time.time_ns():x}"
    times["comment posted"] = median_time(
        lambda: client.post("/comments/post/2/", words_of(f"{run}-{next(numbers)}")), 303
    )
    times["moderators’ queue"] = median_time(lambda: desk.get("/admin/comments/comment/"), 200)
    times["all comments in the desk"] = median_time(lambda: desk.get("/admin/comments/comment/?status=all"), 200)
    return times


def median_time(do: Callable[[], Any], expected: int) -> float:
    for _ in range(2):
        assert do().status_code == expected
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return 1000 * statistics.median(taken)


if __name__ == "__main__":
    main(sys.argv[1:])
