"""The way from a bare python3 to an environment with every locked package."""

import sys
import time
from pathlib import Path

import pytest

from opedsite import bootstrap


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text("# nothing to install\n")
    return path


@pytest.fixture
def environment(tmp_path: Path, lock: Path) -> Path:
    """An environment that was finished."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").touch()
    bootstrap.write_stamp(folder, lock)
    return folder


def test_a_finished_environment_needs_nothing_more(environment: Path, lock: Path) -> None:
    assert bootstrap.is_installed(environment, lock)


def test_a_changed_lock_is_installed_again(environment: Path, lock: Path) -> None:
    lock.write_text("django==5.2.20\n")

    assert not bootstrap.is_installed(environment, lock)


def test_an_environment_that_was_moved_is_made_again(environment: Path, lock: Path) -> None:
    moved = environment.rename(environment.with_name("moved"))

    assert not bootstrap.is_installed(moved, lock)


def test_an_environment_whose_python_is_gone_is_made_again(environment: Path, lock: Path) -> None:
    (environment / "bin/python").unlink()

    assert not bootstrap.is_installed(environment, lock)


def test_what_the_tests_need_includes_what_the_site_needs(environment: Path, lock: Path) -> None:
    development = lock.with_name("requirements-dev.lock")
    development.write_text("# nothing to install\n")

    bootstrap.write_stamp(environment, development)

    assert bootstrap.is_installed(environment, lock)


def test_a_half_made_environment_is_repaired(environment: Path, lock: Path) -> None:
    bootstrap.stamp_of(environment).unlink()

    bootstrap.prepare_environment(environment, lock)

    assert bootstrap.is_installed(environment, lock)
    assert (environment / "bin/pip").exists()


def test_the_second_run_takes_no_time(environment: Path, lock: Path) -> None:
    begin = time.monotonic()

    bootstrap.prepare_environment(environment, lock)

    assert time.monotonic() - begin < 0.2


def test_an_old_python_is_refused_in_one_sentence() -> None:
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is Python 3\.10\."):
        bootstrap.refuse_old_python((3, 10))


def test_a_missing_venv_module_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        bootstrap.refuse_missing_venv()


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="can't be written by this user"):
        bootstrap.refuse_unwritable(tmp_path / "missing")


def test_a_failing_installation_shows_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such package')"]

    with pytest.raises(SystemExit, match="could not install"):
        bootstrap.run(command, "pip could not install the packages.")

    assert "no such package" in capsys.readouterr().err


@pytest.mark.parametrize(("ci", "ending"), [("true", "error"), ("", "warning")])
def test_without_root_missing_system_packages_are_named(
    ci: str, ending: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("CI", ci)

    try:
        bootstrap.provide_system_packages(["chromium", "postgresql"])
        said, seen = capsys.readouterr().err, "warning"
    except SystemExit as error:
        said, seen = str(error), "error"

    assert "chromium, postgresql" in said
    assert seen == ending
