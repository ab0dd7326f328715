"""docs/performance.md: what was measured, as tables and charts, beside what must be reached."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import charts
from tests.benchmarks.databases import kept_folder
from tests.benchmarks.measuring import BEHIND, CONSTANT, EVERYTHING, GZIPPED, HEADED, NGINX, POST, SERVER, USUAL
from tests.benchmarks.sizes import Size

DOCS = Path(__file__).resolve().parents[2] / "docs"
Numbers = Mapping[str, Any]
HEAD = """# Performance

Written by `make bench`. Rates, waits and CPU of pages are medians of three rounds, of nine short ones where a page is
kept, taken in turn with the others, over 16 connections that are kept alive. Comments are the middle of three rounds;
memory and the start were measured once.
"""
GROWTH_TITLE = "## Growth\n"


def keep(name: str, found: Any) -> None:
    """Remember results, so that the page can be written whole when only a part was measured again."""
    (kept_folder() / f"{name}.json").write_text(json.dumps(found))


def kept(name: str) -> Any:
    path = kept_folder() / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def write() -> str:
    """Write the page and its charts; returns the page. What this machine has never measured stays as it is there."""
    file = DOCS / "performance.md"
    parts = [HEAD, machine()]
    if speed := kept("speed"):
        parts += page_of_speed(speed["size"], speed["databases"])
    if growth := kept("growth"):
        parts += page_of_growth(growth)
    else:
        parts += ["", growth_on(file.read_text(encoding="utf-8"))]
    page = "\n".join(parts).rstrip() + "\n"
    file.write_text(page, encoding="utf-8")
    return page


def growth_on(page: str) -> str:
    """The part of such a page that tells of growth, which takes half an hour to measure; "" if there is none."""
    _, title, after = page.partition(GROWTH_TITLE)
    return title + after


def machine() -> str:
    words = Path("/proc/cpuinfo").read_text().split("model name")
    model = words[1].split(":", 1)[1].splitlines()[0].strip() if len(words) > 1 else platform.machine()
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024**2
    return (
        f"Machine: {os.cpu_count()} × {model}, {memory} GB, Linux {platform.release()}, Python "
        f"{platform.python_version()}. Clients, server and database share it.\n"
    )


def page_of_speed(size: Sequence[int], databases: Sequence[Numbers]) -> Iterator[str]:
    first = databases[0]
    loads = ", ".join(f"{found['load'][0]:.1f} to {found['load'][1]:.1f} ({found['vendor']})" for found in databases)
    yield f"Site: {size[0]:,} articles, {size[1]:,} comments."
    seconds, posts_sent = 3 * first["seconds"], first["posts_sent"]
    yield f"Each page was measured for {seconds} s, {posts_sent:,} comments in each of six rounds."
    yield f"Processes that wanted to run, ours among them, from the beginning to the end: {loads}.\n"
    yield "## Must reach\n"
    yield from table(["", "at least", *(found["vendor"] for found in databases)], targets(databases))
    values = {name: sample["rate"] for name, sample in databases[0]["cached"].items()}
    svg = charts.bars("Requests a second, cached", values, [NGINX, CONSTANT])
    (DOCS / "performance.svg").write_text(svg, encoding="utf-8")
    yield "\n![Requests a second of cached pages](performance.svg)"
    for found in databases:
        yield f"\n## {found['vendor']}\n"
        yield from table(COLUMNS, rows_of(found, "cached"))
        yield "\nMade anew for each request (`OPED_PAGE_CACHE_MB=0`):\n"
        yield from table(COLUMNS, rows_of(found, "uncached"))
        yield "\nComments by 16 writers, the whole policy on, durable:\n"
        yield from table(
            ["", "a second", "p50 ms", "p99 ms", "CPU ms", "queries", "accepted", "stored", "refused"], posts(found)
        )
    yield ""


COLUMNS = ["", "a second", "p50 ms", "p99 ms", "CPU ms", "queries", "× nginx", "× constant", "failed"]


def rows_of(found: Numbers, part: str) -> Iterator[list[str]]:
    cached = found["cached"]
    for name, sample in found[part].items():
        queries = "0" if part == "cached" else str(found["queries"].get(name, ""))
        yield [
            name,
            f"{sample['rate']:,.0f}",
            f"{sample['p50']:.2f}",
            f"{sample['p99']:.1f}",
            f"{sample['cpu']:.3f}" if sample["cpu"] else "",
            queries,
            f"{sample['rate'] / cached[NGINX]['rate']:.2f}",
            f"{sample['rate'] / cached[CONSTANT]['rate']:.2f}",
            str(sample["failed"]),
        ]


def posts(found: Numbers) -> Iterator[list[str]]:
    for name, said in found["posts"].items():
        refused = ", ".join(f"{count} × {status}" for status, count in said["refused"].items()) or "0"
        numbers = [f"{said[each]:,.0f}" for each in ("rate", "p50", "p99")]
        counts = (found["queries"][POST], said["accepted"], said["stored"])
        yield [name, *numbers, f"{said['cpu']:.1f}", *map(str, counts), refused]


def targets(databases: Sequence[Numbers]) -> Iterator[list[str]]:
    for name, least, value in TARGETS:
        yield [name, least, *(value(found) for found in databases)]


def rate(name: str, of: str) -> Callable[[Numbers], str]:
    return lambda found: f"{found['cached'][name]['rate'] / found['cached'][of]['rate']:.2f}"


def cpu(name: str) -> Callable[[Numbers], str]:
    return lambda found: f"{found['uncached'][name]['cpu']:.1f}"


def growth_of(name: str, of: str) -> Callable[[Numbers], str]:
    return lambda found: f"{found['uncached'][name]['cpu'] / found['uncached'][of]['cpu']:.2f}"


def pss(when: str, of: str) -> Callable[[Numbers], str]:
    return lambda found: f"{found[when][of]:.0f}"


NONE, BUSY = "article without comments", "article with 20,000 comments"
SPREAD = "on 100 op-eds"
TARGETS: Sequence[tuple[str, str, Callable[[Numbers], str]]] = (
    ("cached article, gzip / granian’s constant answer", "0.9", rate("gzip", CONSTANT)),
    ("the same / a constant answer with our headers", "", rate("gzip", HEADED)),
    ("cached article, gzip / nginx static", "0.45", rate("gzip", NGINX)),
    ("the same through our nginx / nginx static", "0.8", rate(BEHIND, NGINX)),
    ("uncached article with 200 comments, CPU ms", "≤ 4; 4.5 on PostgreSQL", cpu(USUAL)),
    ("the same compressed, CPU ms", "", cpu(USUAL + GZIPPED)),
    ("uncached article without comments, CPU ms", "≤ 2", cpu(NONE)),
    ("the same compressed, CPU ms", "", cpu(NONE + GZIPPED)),
    ("growth from none to 200", "≤ 2.5", growth_of(USUAL, NONE)),
    ("growth from 200 to 20,000", "≤ 1.2", growth_of(BUSY, USUAL)),
    ("comments accepted a second", "300", lambda found: f"{found['posts'][SPREAD]['rate']:.0f}"),
    ("p99 of those, ms", "< 100", lambda found: f"{found['posts'][SPREAD]['p99']:.0f}"),
    (
        "stored − accepted; 5xx",
        "0; 0",
        lambda found: "; ".join(
            (
                str(sum(each["stored"] - each["accepted"] for each in found["posts"].values())),
                str(sum(n for each in found["posts"].values() for code, n in each["refused"].items() if code >= "5")),
            )
        ),
    ),
    ("approval → visible on every worker, s", "1 + a render", lambda found: f"{found['approval_seconds']:.2f}"),
    ("PSS of everything at rest, jobs and launcher too, MB", "≤ 160", pss("pss_rest", EVERYTHING)),
    ("of it the server, MB", "", pss("pss_rest", SERVER)),
    ("PSS of everything after these pages, MB", "", pss("pss_after", EVERYTHING)),
    (
        "PSS after 100,000 requests over 10,000 pages / at rest",
        "≤ 1.3",
        lambda found: (
            f"{found['pss_after'][EVERYTHING] / found['pss_rest'][EVERYTHING]:.2f} "
            f"({found['pages_visited']:,} requests)"
        ),
    ),
    ("cold start (`run_site`) to the first page, s", "≤ 2", lambda found: f"{found['start_seconds']:.1f}"),
)


def page_of_growth(growth: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    yield f"\n{GROWTH_TITLE}"
    yield "Milliseconds to make a page, in one process, medians of fifteen; the number of articles / of comments grows."
    yield "No article has more than a third of the comments, so the one with 20,000 has fewer in the smaller databases."
    for vendor, sizes in growth.items():
        marks = [" / ".join(f"{int(part):,}" for part in name.split("-")) for name in sizes]
        pages = {name: [times.get(name) for times in sizes.values()] for name in next(reversed(sizes.values()))}
        yield f"\n### {vendor}\n"
        yield from table(
            ["", *marks], ([name, *(f"{each:.1f}" if each else "" for each in found)] for name, found in pages.items())
        )
        file = f"growth-{vendor.lower()}.svg"
        short = [f"{Size(*map(int, name.split('-'))).comments:,}" for name in sizes]
        svg = charts.lines(f"Milliseconds a page by comments in the database, {vendor}", short, pages)
        (DOCS / file).write_text(svg, encoding="utf-8")
        yield f"\n![Milliseconds a page, {vendor}]({file})"


def table(head: Sequence[str], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
