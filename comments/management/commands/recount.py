"""Operators' command that counts the comments of all articles anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from comments.policy import counted
from comments.recounting import recount


class Command(BaseCommand):
    """Says what differed."""

    help = "Count the comments of all articles anew, and correct the counts that are wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--dry-run", action="store_true", help="say what differs, and correct nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line an article, and the sum."""
        wrong = 0
        for each in recount(dry_run=options["dry_run"]):
            wrong += 1
            self.stdout.write(f"article {each.article}: {each.stored} stored, {each.found} found")
        done = "would be corrected" if options["dry_run"] else "corrected"
        self.stdout.write(f"{counted(wrong, 'article')} {done}.")
