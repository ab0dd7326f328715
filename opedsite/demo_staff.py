"""Staff accounts for trying the site out: one of each role, on a loopback site only."""

import os
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from articles.models import Author

OWNER = "owner"
GROUPS = {"editor": "Editors", "writer": "Writers", "moderator": "Moderators"}


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """How to log in; `password` is None for an account that existed before, whose password nobody knows."""

    role: str
    username: str
    password: str | None


@transaction.atomic
def ensure_demo_staff() -> list[StaffLogin]:
    """Make the accounts that are missing; OPED_DEMO_PASSWORD also sets the password of those that exist."""
    if not settings.OPED_IS_LOOPBACK:
        raise ImproperlyConfigured(
            "Demo accounts are for 127.0.0.1 and localhost only; use: manage.py create_owner"
        )
    logins = [ensure_account(role) for role in (OWNER, *GROUPS)]
    give_writer_an_author()
    return logins


def ensure_account(role: str) -> StaffLogin:
    user, is_new = User.objects.get_or_create(
        username=role,
        defaults={"email": f"{role}@longtable.example", "is_staff": True, "is_superuser": role == OWNER},
    )
    password = os.environ.get("OPED_DEMO_PASSWORD") or (secrets.token_urlsafe(12) if is_new else None)
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    if is_new and role in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[role]))
    return StaffLogin(role, user.username, password)


def give_writer_an_author() -> None:
    """The demo writer writes as the first author, unless a person or another account already does."""
    writer = User.objects.get(username="writer")
    author = Author.objects.order_by("pk").first()
    if author and author.user is None and not Author.objects.filter(user=writer).exists():
        author.user = writer
        author.save(update_fields=["user"])
