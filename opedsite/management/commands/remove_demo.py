"""Remove the demo content and the demo staff."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from opedsite.demo import loader


class Command(BaseCommand):
    """`manage.py remove_demo`"""

    help = "Remove the demo op-eds with all comments below them, demo authors, sections, topics and staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be removed, and remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, and say what; things of your own that use a demo author or section keep it."""
        for line in loader.remove(dry_run=options["dry_run"]):
            self.stdout.write(line)
