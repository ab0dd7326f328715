"""Operators' command that lets search learn of all articles anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.search.index import Progress, rebuild


class Command(BaseCommand):
    """Says how far it is."""

    help = "Let search know all articles anew; belongs to an upgrade that changes how words are cut."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--dry-run", action="store_true", help="say how many would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line a batch on stderr, and the sum at the end."""
        progress = Progress(0, 0)
        for progress in rebuild(dry_run=options["dry_run"]):
            self.stderr.write(f"articles: {progress.seen:,} …")
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(f"{progress.changed} of {progress.seen} articles {would}changed.")
