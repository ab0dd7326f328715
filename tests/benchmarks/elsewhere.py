"""The pages of any address, measured by reading alone: `make bench BASE=https://…`."""

import os
import re
import urllib.request
from collections.abc import Iterator
from urllib.parse import urljoin

from tests.benchmarks.wrk import Sample, Target, measure, median_of

ROUNDS = 3
ARTICLE = re.compile(r'<a[^>]+href="(/\d{4}/\d\d/[^"#?]+)"')
AUTHOR = re.compile(r'<a[^>]+href="(/author/[^"#?]+)"')


def measure_elsewhere(base: str) -> str:
    """A table of what is found there: OPED_BENCH_PATHS (parted by commas), or the front page and what it leads to."""
    given = os.environ.get("OPED_BENCH_PATHS")
    pages = [urljoin(base, path) for path in given.split(",")] if given else list(discovered(base))
    targets = [
        Target(f"{url.removeprefix(base)} {accept}", url, accept=accept)
        for url in pages
        for accept in ("gzip", "identity")
    ]
    samples: dict[str, list[Sample]] = {target.name: [] for target in targets}
    for _ in range(ROUNDS):
        for target in targets:
            samples[target.name].append(measure(target, int(os.environ.get("SECONDS", "3"))))
    lines = [f"{base}: medians of {ROUNDS}, 16 connections", "", "| page | a second | p50 ms | p99 ms | failed |"]
    lines.append("|---|---|---|---|---|")
    for name, found in samples.items():
        middle = median_of(found)
        lines.append(f"| {name} | {middle.rate:,.0f} | {middle.p50:.2f} | {middle.p99:.1f} | {middle.failed} |")
    return "\n".join(lines)


def discovered(base: str) -> Iterator[str]:
    yield f"{base}/"
    front = body_of(f"{base}/")
    article = ARTICLE.search(front)
    if article is None:
        return
    yield urljoin(base, article[1])
    if author := AUTHOR.search(body_of(urljoin(base, article[1]))):
        yield urljoin(base, author[1])
    yield f"{base}/comments/feed/"


def body_of(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        text: str = answer.read().decode("utf-8", "replace")
        return text
