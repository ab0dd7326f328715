"""Operators' answer to "forget me"."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.mail_forms import KEEP, REMOVE
from comments.policy import counted
from opedsite.personal_data import Erased, StillThere, erase_person, would_erase

OPERATOR = "operator"


class Command(BaseCommand):
    """Says what it will do, asks, and does it."""

    help = "Erase a person, known by an e-mail address, for ever: name, website, address and all that leads to them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and what becomes of the words."""
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument(
            "--words", choices=[KEEP, REMOVE], default=KEEP, help="keep the texts, without the address, or remove them"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased, and erase nothing")
        parser.add_argument("--yes", action="store_true", help="don’t ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError if the address stands where nothing may be changed, or nobody confirmed."""
        address, words = options["address"].strip(), options["words"]
        if "@" not in address:
            raise CommandError("Give a complete e-mail address.")
        told = in_words(would_erase(address), words)
        if options["dry_run"]:
            self.stdout.write(f"Would erase {told}.")
            return
        if not options["yes"]:
            self.stdout.write(f"This erases {told}. It can’t be undone.")
            if input("Type yes to erase: ").strip().lower() != "yes":
                raise CommandError("Nothing was erased.")
        try:
            erased = erase_person(address, keep_words=words == KEEP, by=OPERATOR)
        except StillThere as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Erased {in_words(erased, words)}.")
        if not erased.is_swept:
            self.stderr.write("The database is busy: its file may still hold deleted bytes. Please run this again.")


def in_words(erased: Erased, words: str) -> str:
    """ "the writer of 3 comments (words kept) and the address in 1 comment of others"."""
    fate = "kept" if words == KEEP else "removed"
    own = f"the writer of {counted(erased.comments, 'comment')} (words {fate})"
    return f"{own} and the address in {counted(erased.mentions, 'comment')} of others"
