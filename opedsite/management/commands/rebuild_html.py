"""Operators' command for the day after an upgrade of the HTML cleaner."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from opedsite.rebuilding import Progress, rebuild_html


class Command(BaseCommand):
    """Says how far it is."""

    help = "Clean the stored HTML of comments, articles, pages and bios anew, by the rules of today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--dry-run", action="store_true", help="say how many would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line a batch on stderr, and one a model at the end."""
        last: dict[str, Progress] = {}
        for progress in rebuild_html(dry_run=options["dry_run"]):
            name = str(progress.model._meta.verbose_name_plural)
            last[name] = progress
            self.stderr.write(f"{name}: {progress.seen:,} …")
        would = "would be " if options["dry_run"] else ""
        for name, progress in last.items():
            self.stdout.write(f"{progress.changed} of {progress.seen} {name} {would}changed.")
