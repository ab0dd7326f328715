"""The accounts that `make run` offers for a first look."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

from articles.models import Author
from opedsite.demo_staff import ensure_demo_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPED_DEMO_PASSWORD", raising=False)


def test_each_role_has_an_account_in_its_group() -> None:
    ensure_demo_staff()

    groups = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert groups == {"owner": [], "editor": ["Editors"], "writer": ["Writers"], "moderator": ["Moderators"]}
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["owner"]


def test_passwords_are_random_and_work() -> None:
    logins = ensure_demo_staff()

    assert len({login.password for login in logins}) == 4
    assert all(User.objects.get(username=login.username).check_password(login.password or "") for login in logins)


def test_a_second_run_changes_no_password_and_tells_none() -> None:
    (owner, *_) = ensure_demo_staff()

    logins = ensure_demo_staff()

    assert [login.password for login in logins] == [None] * 4
    assert User.objects.get(username="owner").check_password(owner.password or "")


def test_oped_demo_password_is_given_to_all_also_later(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_demo_staff()
    monkeypatch.setenv("OPED_DEMO_PASSWORD", "walnut-harbour-42")

    ensure_demo_staff()

    assert all(user.check_password("walnut-harbour-42") for user in User.objects.all())


def test_somebodys_own_account_keeps_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("editor", password="a password of my own")
    monkeypatch.setenv("OPED_DEMO_PASSWORD", "walnut-harbour-42")

    logins = ensure_demo_staff()

    assert User.objects.get(username="editor").check_password("a password of my own")
    assert [login.username for login in logins] == ["owner", "writer", "moderator"]


def test_the_writer_signs_as_the_first_author() -> None:
    author = Author.objects.create(name="Ines Okafor")

    ensure_demo_staff()

    author.refresh_from_db()
    assert author.user == User.objects.get(username="writer")


def test_a_public_site_gets_no_demo_accounts(settings: Settings) -> None:
    settings.OPED_IS_LOOPBACK = False

    with pytest.raises(ImproperlyConfigured):
        ensure_demo_staff()

    assert not User.objects.exists()


def test_remove_demo_takes_the_accounts_away() -> None:
    ensure_demo_staff()

    call_command("remove_demo", verbosity=0)

    assert not User.objects.exists()
