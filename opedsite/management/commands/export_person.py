"""Operators' answer to "what do you know of me?"."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from opedsite.personal_data import export_person


class Command(BaseCommand):
    """Prints JSON."""

    help = "Print what is held of a person, known by an e-mail address, as JSON: to be sent to that address only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who."""
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, *args: Any, **options: Any) -> None:
        """An empty object for somebody we don't know."""
        self.stdout.write(json.dumps(export_person(options["address"]), ensure_ascii=False, indent=1))
