"""`manage.py create_owner`: the first account of a site, with every right."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError


class Command(BaseCommand):
    help = (
        "Make an account with every right. Asks for what --username, --email and the environment variable "
        "OPED_OWNER_PASSWORD do not say."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username")
        parser.add_argument("--email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            owner = User(
                username=options["username"] or ask("Username: "),
                email=options["email"] or ask("E-mail: "),
                is_staff=True,
                is_superuser=True,
            )
            check_account(owner)
            password = os.environ.get("OPED_OWNER_PASSWORD") or ask_password()
            check_password(password, owner)
        except (KeyboardInterrupt, EOFError) as error:
            raise CommandError("No account was made.") from error
        owner.set_password(password)
        owner.save()
        self.stdout.write(f"{owner.username} can log in at /admin/ and has every right.")


def ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError("Nobody is here to answer: give --username, --email and OPED_OWNER_PASSWORD.")
    return input(question).strip()


def ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError("Nobody is here to answer: set OPED_OWNER_PASSWORD.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password once more: ") != password:
        raise CommandError("The two passwords differ.")
    return password


def check_account(owner: User) -> None:
    """Raises CommandError for a name or an address that is empty, malformed or in use."""
    if not owner.email:
        raise CommandError("An owner needs an e-mail address: a lost password is mailed to it.")
    try:
        owner.full_clean(exclude=["password"])
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    except DatabaseError as error:
        raise CommandError("There is no database yet; run first: .venv/bin/python manage.py migrate") from error


def check_password(password: str, owner: User) -> None:
    try:
        validate_password(password, owner)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
