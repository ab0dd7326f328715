"""Operators' command on comments: list them, decide on them, delete them for ever."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import BigIntegerField

from comments import review
from comments.models import Comment
from comments.querysets import CommentQuerySet

ACTIONS = {"approve": review.approve, "spam": review.mark_as_spam, "trash": review.trash}
BECOMES = {"approve": Comment.Status.APPROVED, "spam": Comment.Status.SPAM, "trash": Comment.Status.TRASH}
OPERATOR = "operator"


class Command(BaseCommand):
    """`manage.py comments list|approve|spam|trash|purge`, through the same verbs as the desk."""

    help = "List comments, approve them, mark them as spam, trash them, or purge them (delete for ever)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which comments, and how to print them."""
        parser.add_argument("action", choices=["list", *ACTIONS, "purge"])
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument(
            "--all",
            action="store_true",
            help="all that the action applies to; for approve: all that are pending",
        )
        chosen.add_argument("--ids", nargs="+", type=int, metavar="ID", help="these comments only")
        parser.add_argument("--status", choices=Comment.Status.values, help="only comments of this status")
        parser.add_argument("--json", action="store_true", help="print a JSON list (of what was listed or done)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one action."""
        action = options["action"]
        comments = self.chosen(options)
        if action == "list":
            self.print_list(comments.oldest_first(), as_json=options["json"])
            return
        comments = comments.exclude(status=BECOMES.get(action))
        ids = list(comments.order_by("pk").values_list("pk", flat=True))
        if not options["dry_run"]:
            if action == "purge":
                review.purge(comments)
            else:
                ids = [made.comment_id for made in ACTIONS[action](comments, by=OPERATOR)]
        self.print_done(action, ids, options)

    def chosen(self, options: dict[str, Any]) -> CommentQuerySet:
        """The comments that the options name. Raises CommandError for none named or an unknown id."""
        comments = Comment.objects.all()
        if options["ids"]:
            comments = comments.filter(pk__in=self.known(options["ids"]))
        if options["status"]:
            comments = comments.filter(status=options["status"])
        if options["ids"]:
            return comments
        if options["action"] != "list" and not options["all"]:
            raise CommandError("Say which comments: --ids 12 15, or --all.")
        if options["action"] == "approve" and not options["status"]:
            return comments.pending()
        return comments

    @staticmethod
    def known(ids: list[int]) -> list[int]:
        """The ids, each that of a stored comment. Raises CommandError."""
        possible = [pk for pk in ids if 0 < pk <= BigIntegerField.MAX_BIGINT]
        found = set(Comment.objects.filter(pk__in=possible).values_list("pk", flat=True))
        unknown = sorted(set(ids) - found)
        if unknown:
            raise CommandError(f"No such comment: {', '.join(map(str, unknown))}.")
        return sorted(found)

    def print_list(self, comments: CommentQuerySet, *, as_json: bool) -> None:
        """One line a comment, or a JSON list; never an e-mail address."""
        if not as_json:
            for comment in comments.select_related("article").iterator():
                self.stdout.write(f"{comment.pk}\t{comment.status}\t{comment.article.slug}\t{comment}")
            return
        columns = ("id", "article_id", "parent_id", "status", "name", "website", "body", "submitted_at")
        rows = [row | {"submitted_at": row["submitted_at"].isoformat()} for row in comments.values(*columns)]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))

    def print_done(self, action: str, ids: list[int], options: dict[str, Any]) -> None:
        """What was done, or would be."""
        if options["json"]:
            self.stdout.write(json.dumps({"action": action, "ids": ids, "dry_run": options["dry_run"]}))
            return
        would = "would be " if options["dry_run"] else ""
        done = {"approve": "approved", "spam": "marked as spam", "trash": "trashed", "purge": "purged"}[action]
        self.stdout.write(f"{len(ids)} comment{'' if len(ids) == 1 else 's'} {would}{done}.")
