"""Load the demo content; a second run changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opedsite.demo import loader


class Command(BaseCommand):
    """`manage.py seed_demo`"""

    help = "Load demo op-eds, authors and comments; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much."""
        try:
            seeded = loader.seed()
        except loader.NotADemoSite as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["verbosity"] and seeded.articles:
            self.stdout.write(f"Demo content: {seeded.articles} op-eds and {seeded.comments} comments added.")
