"""`manage.py create_owner`, the first account of a site that starts empty."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

pytestmark = pytest.mark.django_db


def create_owner(username: str = "ada", email: str = "ada@longtable.example") -> None:
    call_command("create_owner", username=username, email=email, verbosity=0)


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPED_OWNER_PASSWORD", "walnut-harbour-42")


def test_the_owner_has_every_right_and_the_given_password() -> None:
    create_owner()

    owner = User.objects.get(username="ada")
    assert owner.is_superuser
    assert owner.is_staff
    assert owner.check_password("walnut-harbour-42")


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPED_OWNER_PASSWORD", "password")

    with pytest.raises(CommandError, match="too common"):
        create_owner()

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("username", "email", "reason"),
    [
        ("ada", "second@longtable.example", "already exists"),
        ("eve", "not an address", "valid email"),
        ("eve\nadmin", "eve@longtable.example", "valid username"),
    ],
)
def test_an_unusable_name_or_address_is_refused(username: str, email: str, reason: str) -> None:
    create_owner()

    with pytest.raises(CommandError, match=reason):
        create_owner(username, email)


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPED_OWNER_PASSWORD")

    with pytest.raises(CommandError, match="OPED_OWNER_PASSWORD"):
        create_owner()
