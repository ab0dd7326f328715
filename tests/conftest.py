"""Fixtures for every test: a reader, staff, and what counts as the data of others."""

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from articles import masthead
from tests.factories import make_staff
from tests.servers import collect_static_files
from tests.site_client import SiteClient

MATERIAL = os.environ.get("OPED_TEST_MATERIAL", "")


def pytest_configure(config: pytest.Config) -> None:
    """Plain static files: the hashed ones are for the real server of the browser tests."""
    django_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    config.addinivalue_line("markers", "material: reads data of others from OPED_TEST_MATERIAL")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests last, because each empties the database; those on the data of others only where there is some.

    Refuses a test that commits and leaves nothing for the next one.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)
    for item in items:
        marks = [mark.kwargs for mark in item.iter_markers("django_db")]
        if any(mark.get("transaction") and not mark.get("serialized_rollback") for mark in marks):
            raise pytest.UsageError(f"{item.nodeid} leaves a database that no other test can use: see `migrated`.")
    if MATERIAL:
        return
    unreadable = [item for item in items if item.get_closest_marker("material")]
    if unreadable:
        config.hook.pytest_deselected(items=unreadable)
        items[:] = [item for item in items if item not in unreadable]


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A slow hash is right for people and wrong for a thousand tests; no rate limit but where it is the point."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.OPED_RATE_LIMITS = False
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture(autouse=True)
def forgotten_masthead():
    """What a process remembers of the masthead is not rolled back with the database."""
    yield
    masthead.learn(None)


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    """A folder for the pictures of one test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def migrated(django_db_setup, django_db_blocker) -> str:
    """The database as `migrate` leaves it (pages, groups), for tests after which it is emptied.

    A test that commits asks for it and marks itself django_db(transaction=True, serialized_rollback=True): it finds
    the database refilled, and leaves it empty for the next one to refill.
    """
    with django_db_blocker.unblock():
        contents = connection.creation.serialize_db_to_string()
    connection._test_serialized_contents = contents
    return contents


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of real servers, with the static files collected: it takes seconds, so once for all."""
    folder = tmp_path_factory.mktemp("server")
    collect_static_files(folder)
    return folder


@pytest.fixture
def material() -> Path:
    return Path(MATERIAL)


@pytest.fixture
def reader() -> SiteClient:
    """An anonymous browser."""
    return SiteClient()


@pytest.fixture
def desk(db):
    """A function from a role to a browser that is logged in with it."""

    def log_in(role: str) -> SiteClient:
        client = SiteClient()
        client.force_login(make_staff(role))
        return client

    return log_in
