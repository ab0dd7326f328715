"""Staff accounts for trying the site out: one of each role, on a loopback site only."""

import os
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from articles.models import Author
from opedsite.demo.loader import remember
from opedsite.models import DemoRow

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
    """Make the accounts that are missing; OPED_DEMO_PASSWORD also sets the password of those that exist.

    Somebody's own account with one of these names is neither changed nor returned.
    Raises ImproperlyConfigured on a public site.
    """
    if not settings.OPED_IS_LOOPBACK:
        raise ImproperlyConfigured("Demo accounts are for a site on 127.0.0.1 or localhost only.")
    logins = []
    for role in (OWNER, *GROUPS):
        user, is_new = ensure_account(role)
        if is_demo(user):
            logins.append(StaffLogin(role, user.username, set_password(user, is_new=is_new)))
    return logins


def ensure_account(role: str) -> tuple[User, bool]:
    """The account, and whether it is new."""
    facts = {"email": f"{role}@longtable.example", "is_staff": True, "is_superuser": role == OWNER}
    user, is_new = User.objects.get_or_create(username=role, defaults=facts)
    if is_new:
        remember(user)
        if role in GROUPS:
            user.groups.add(Group.objects.get(name=GROUPS[role]))
        if role == "writer":
            make_author(user)
    return user, is_new


def is_demo(user: User) -> bool:
    return DemoRow.objects.filter(kind="user", row_id=user.pk).exists()


def set_password(user: User, *, is_new: bool) -> str | None:
    password = os.environ.get("OPED_DEMO_PASSWORD") or (secrets.token_urlsafe(12) if is_new else None)
    # Setting the same one again would log everybody out.
    if password and not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return password


def make_author(writer: User) -> None:
    """The demo writer signs as the first author, unless another account does."""
    author = Author.objects.order_by("pk").first()
    if author and author.user is None:
        author.user = writer
        author.save(update_fields=["user"])
