"""Processes of a measurement: started, always ended, and read from /proc."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from opedsite.supervision import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
END_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A process and all that it started."""

    pid: int

    def members(self) -> list[int]:
        """The process and its descendants."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (fields := stat_fields(int(entry.name))):
                parents[int(entry.name)] = int(fields[1])
        found = [self.pid]
        for each in found:
            found += [child for child, parent in parents.items() if parent == each]
        return found

    def cpu_seconds(self) -> float:
        """Time on a processor so far, of those that live; fields 14 and 15 of proc_pid_stat(5)."""
        used = [stat_fields(pid) for pid in self.members()]
        return sum(int(fields[11]) + int(fields[12]) for fields in used if fields) / TICKS

    def pss_megabytes(self) -> float:
        """Memory, in which what processes share is counted once."""
        return sum(pss_kilobytes(pid) for pid in self.members()) / 1024


def stat_fields(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on; empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def pss_kilobytes(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def finish(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> None:
    """Run a program of ours to its end. A Ctrl-C lets it end its own processes before anything else is cleared up."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, preexec_fn=die_with_parent)
    try:
        if process.wait(seconds):
            raise SystemExit(f"{' '.join(command[1:3])} failed; what it said is above.")
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the process to end, and insist."""
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Group]:
    """The program runs inside the block; it gets a Ctrl-C of the terminal from us alone, and ends if we are killed."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        yield Group(process.pid)
    finally:
        end(process)
