"""The README's commands do what it says: each line of its shell blocks is run."""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("OPED_", "DATABASE"))}
    return keep | {"OPED_DATA_DIR": str(folder), "OPED_DEMO_PASSWORD": "a-long-and-quiet-table"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_readme_names_the_two_commands():
    assert COMMANDS[:2] == ["make run", "make test"]


def test_make_run_serves_a_site_with_articles_and_stops_at_ctrl_c(environment):
    port = free_port()
    site = subprocess.Popen(
        ["make", "run", f"PORT={port}"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    said = []
    try:
        for line in site.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            page = answer.read().decode()
    finally:
        os.killpg(site.pid, signal.SIGINT)
        site.communicate(timeout=20)

    assert page.count('<article class="item">') == 11
    assert f"http://127.0.0.1:{port}/admin/" in "".join(said)
    assert re.search(r"moderator\s+a-long-and-quiet-table", "".join(said))
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)


def test_make_test_runs_every_test_on_both_databases():
    planned = subprocess.run(["make", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "-m tests" in planned.stdout


@pytest.mark.parametrize("command", COMMANDS[2:])
def test_the_other_commands_work_on_the_site_that_make_run_made(environment, command):
    result = subprocess.run(command.split(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert result.stdout


def test_every_folder_that_the_readme_names_is_there():
    tree = re.search(r"## The tree\n\n```\n(.*?)```", README, re.DOTALL)[1]
    names = re.findall(r"^(\S+)", tree, re.MULTILINE)

    assert [name for name in names if not (ROOT / name).exists()] == []
