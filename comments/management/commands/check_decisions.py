"""Operators' look at the log of decisions."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from comments.checking import Trouble, check_decisions
from comments.policy import counted

TOLD_EVERY = 50_000


class Command(BaseCommand):
    """Exits with 1 if anything is wrong."""

    help = "Check that no decision was edited or removed by hand, and that each comment’s status is explained by them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--json", action="store_true", help="print one JSON object, a trouble a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each trouble as it is found. Raises SystemExit."""
        troubles, as_json = 0, options["json"]
        if as_json:
            self.stdout.write('{"troubles": [')
        for steps, trouble in enumerate(check_decisions(), 1):
            if trouble:
                self.print_trouble(trouble, as_json=as_json, is_first=not troubles)
                troubles += 1
            if steps % TOLD_EVERY == 0:
                self.stderr.write(f"{steps:,} comments …")
        if as_json:
            self.stdout.write(f'], "count": {troubles}}}')
        else:
            self.stdout.write(f"{counted(troubles, 'trouble')} found." if troubles else "The log is whole.")
        if troubles:
            raise SystemExit(1)

    def print_trouble(self, trouble: Trouble, *, as_json: bool, is_first: bool) -> None:
        """One line."""
        if as_json:
            self.stdout.write(f"{'' if is_first else ','}{json.dumps(asdict(trouble))}")
        else:
            self.stdout.write(f"{trouble.kind}: {trouble.words}")
