"""One measurement with wrk: 16 connections that are kept alive."""

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.processes import Group

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("report.lua")
# A server that took so little of the time between two looks is idle; after so many looks it is measured as it is.
LOOK_SECONDS, IDLE_SECONDS, IDLE_LOOKS = 0.2, 0.01, 50


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, of which processes; `accept` is the value of Accept-Encoding."""

    name: str
    url: str
    server: Group | None = None
    accept: str = "gzip"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: requests a second, milliseconds, milliseconds of processor a request."""

    rate: float
    p50: float
    p99: float
    cpu: float
    failed: int


def measure(target: Target, seconds: int) -> Sample:
    """Load the target for so long. Raises SystemExit without wrk."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk.")
    headers = {"Accept-Encoding": target.accept, **target.headers}
    options = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}", "--timeout", "10s", "-s", str(SCRIPT), *options]
    if target.server:
        wait_until_idle(target.server)
    before = target.server.cpu_seconds() if target.server else 0.0
    done = subprocess.run([*command, target.url], capture_output=True, text=True, check=True, timeout=seconds + 30)
    used = (target.server.cpu_seconds() if target.server else 0.0) - before
    said = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    requests = max(1, said["requests"])
    return Sample(
        rate=said["requests"] / said["seconds"],
        p50=said["p50"],
        p99=said["p99"],
        cpu=1000 * used / requests,
        failed=said["refused"] + said["broken"],
    )


def wait_until_idle(server: Group) -> None:
    """What the last measurement asked for and did not wait for is still being made: it is not this one's work."""
    used = server.cpu_seconds()
    for _ in range(IDLE_LOOKS):
        time.sleep(LOOK_SECONDS)
        before, used = used, server.cpu_seconds()
        if used - before <= IDLE_SECONDS:
            return


def median_of(samples: list[Sample]) -> Sample:
    """The median of each number; failures are added up."""
    middle = {
        name: statistics.median(getattr(each, name) for each in samples) for name in ("rate", "p50", "p99", "cpu")
    }
    return Sample(**middle, failed=sum(each.failed for each in samples))
