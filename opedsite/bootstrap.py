"""Makes .venv and installs the locked packages; needs nothing but a bare python3.

python3 -I opedsite/bootstrap.py [--dev] [--system] [--bench] [--audit]
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
CHROMIUM = Path("/usr/bin/chromium")
POSTGRESQL = Path("/usr/lib/postgresql")
NGINX = Path("/usr/sbin/nginx")
WRK = Path("/usr/bin/wrk")
# What `make audit` runs: each at one version, so that what it finds changes with our pages and not with the day.
AUDIT_TOOLS = ("vnu-jar@26.9.27", "lighthouse@12.8.2", "schema-dts@2.1.0")
AUDIT_PYTHON = "pip-audit==2.9.0"


def main(arguments: list[str]) -> None:
    options = read_options(arguments)
    refuse_old_python(sys.version_info[:2])
    lock = ROOT / ("requirements-dev.lock" if options.dev else "requirements.lock")
    prepare_environment(ROOT / ".venv", lock)
    if options.audit:
        provide_system_packages(missing_audit_packages())
        install_audit_tools(ROOT / ".venv" / "audit")
    if options.system or options.bench:
        provide_system_packages(missing_system_packages(bench=options.bench))


def read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make .venv and install the locked packages.")
    parser.add_argument("--dev", action="store_true", help="also what tests and guards need")
    parser.add_argument("--system", action="store_true", help="also the browser, the database and the proxy for tests")
    parser.add_argument("--bench", action="store_true", help="also what measures the speed")
    parser.add_argument("--audit", action="store_true", help="also what looks at the running site")
    return parser.parse_args(arguments)


def refuse_old_python(version: tuple[int, ...]) -> None:
    if version < OLDEST_PYTHON:
        found = ".".join(str(part) for part in version)
        sys.exit(f"OpEd needs Python 3.11 or newer; this is Python {found}. Try: make PYTHON=python3.11 …")


def prepare_environment(environment: Path, lock: Path) -> None:
    """Install `lock` into `environment`, unless its stamp says that this is done."""
    if is_installed(environment, lock):
        return
    refuse_missing_venv()
    refuse_unwritable(environment.parent)
    if (environment.parent / environment.name).exists():
        refuse_unwritable(environment)
    only_one_at_a_time(environment.parent)
    if not is_installed(environment, lock):
        install(environment, lock)


def is_installed(environment: Path, lock: Path) -> bool:
    wanted = {place(environment), fingerprint(lock)}
    return (environment / "bin/python").exists() and wanted <= set(read_stamp(environment))


def place(environment: Path) -> str:
    # The scripts of an environment name their folder: one that was moved or copied is no use.
    return f"python {sys.version_info[0]}.{sys.version_info[1]} in {environment}"


def fingerprint(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def stamp_of(environment: Path) -> Path:
    return environment / "installed.txt"


def read_stamp(environment: Path) -> list[str]:
    stamp = stamp_of(environment)
    return stamp.read_text("utf-8").splitlines() if stamp.is_file() else []


def write_stamp(environment: Path, lock: Path) -> None:
    # The development lock holds everything that the other one holds, at the same versions (see `make lock`).
    locks = {lock, lock.with_name("requirements.lock")} if "dev" in lock.stem else {lock}
    lines = [place(environment), *sorted(fingerprint(each) for each in locks)]
    stamp_of(environment).write_text("\n".join(lines) + "\n", "utf-8")


def install(environment: Path, lock: Path) -> None:
    # An environment without a stamp was never finished: it is made anew. So the stamp goes before pip begins.
    finished = place(environment) in read_stamp(environment) and (environment / "bin/python").exists()
    stamp_of(environment).unlink(missing_ok=True)
    if not finished:
        say("Making the virtual environment (once)…")
        run(
            [sys.executable, "-I", "-m", "venv", "--clear", str(environment)],
            f"Python could not make a virtual environment in {environment}; its own words are above.",
        )
    say("Installing Python packages (once)…")
    run(
        pip_install(environment, lock),
        "pip could not install the Python packages (its own words are above); is there a network? Try again.",
    )
    write_stamp(environment, lock)


def pip_install(environment: Path, lock: Path) -> list[str]:
    pip = [str(environment / "bin/python"), "-I", "-m", "pip", "--no-input", "--disable-pip-version-check"]
    return [*pip, "install", "-qq", "--root-user-action=ignore", "--require-hashes", "-r", str(lock)]


def only_one_at_a_time(folder: Path) -> None:
    """Wait until no other bootstrap works in `folder`; the lock is held until this process ends."""
    fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)


def refuse_missing_venv() -> None:
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        sys.exit("Python's venv module is missing. Try: apt-get install python3-venv")


def refuse_unwritable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        sys.exit(f"The folder {folder} can't be written by this user; OpEd keeps its Python packages in it.")


def missing_system_packages(*, bench: bool = False) -> list[str]:
    """What the tests, or the measurements, need from the system and do not find, as names of Debian packages."""
    tool, package = (WRK, "wrk") if bench else (CHROMIUM, "chromium")
    missing = [] if tool.exists() else [package]
    if not NGINX.exists():
        missing.append("nginx-light")
    if not os.environ.get("TEST_DATABASE_URL") and not list(POSTGRESQL.glob("*/bin/initdb")):
        missing.append("postgresql")
    return missing


def missing_audit_packages() -> list[str]:
    """What the audit needs from the system and does not find, as names of Debian packages."""
    commands = {"java": "default-jre-headless", "node": "nodejs", "npm": "npm", "chromium": "chromium"}
    return [package for command, package in commands.items() if not shutil.which(command)]


def install_audit_tools(folder: Path) -> None:
    """Into a folder of their own; nothing of theirs is run while they are installed."""
    wanted, stamp = "\n".join((*AUDIT_TOOLS, AUDIT_PYTHON)), folder / "installed.txt"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    say("Installing the tools of the audit (once)…")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    npm = ["npm", "install", "--prefix", str(folder), "--no-save", "--no-package-lock", "--ignore-scripts"]
    run([*npm, "--no-audit", "--no-fund", *AUDIT_TOOLS], "npm could not install the tools; its own words are above.")
    pip = [str(folder.parent / "bin/python"), "-I", "-m", "pip", "--no-input", "--disable-pip-version-check", "install"]
    run(
        [*pip, "-qq", "--root-user-action=ignore", "--target", str(folder / "python"), AUDIT_PYTHON],
        "pip could not install pip-audit; its own words are above.",
    )
    stamp.write_text(wanted, "utf-8")


def provide_system_packages(packages: list[str]) -> None:
    if not packages:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_system_packages(packages)
        return
    sentence = f"This also needs these system packages: {', '.join(packages)}."
    if os.environ.get("CI"):
        sys.exit(sentence)
    say(f"Warning: {sentence}")


def install_system_packages(packages: list[str]) -> None:
    say(f"Installing {' and '.join(packages)} with apt-get (once)…")
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a"}
    failure = f"apt-get could not install {' and '.join(packages)}; its own words are above."
    run([*apt, "update"], failure, quiet)
    run([*apt, "install", "--no-install-recommends", "--yes", *packages], failure, quiet)


def run(command: list[str], failure: str, extra_environment: dict[str, str] | None = None) -> None:
    """Run a command; what it says is shown only when it fails, and then `failure` ends the program."""
    done = subprocess.run(
        command,
        env={**os.environ, **(extra_environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
        sys.exit(failure)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Stopped; the next run takes up where this one ended.")
    except OSError as error:
        sys.exit(f"OpEd could not prepare its Python packages: {error}")
