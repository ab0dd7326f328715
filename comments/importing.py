"""How comments come in that were made and decided on elsewhere, or earlier: many at once, through submission's door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from articles import html
from articles.models import Article
from comments.arrival import next_ids
from comments.drafts import Draft, Past, Sender
from comments.evidence import evidence_of, rules_of
from comments.models import Comment, Commenter, Discussion, Origin
from comments.policy import judge
from comments.privacy import email_key
from comments.submission import fingerprint_of, new_comment, store

WAITS = (Comment.Status.PENDING, Comment.Status.SPAM)


@dataclass(frozen=True, slots=True)
class Imported:
    """One comment to import; `key` names it for those that answer it in the same batch by `parent_key`."""

    article: Article
    draft: Draft
    past: Past
    key: str = ""
    parent_key: str = ""


def import_comment(article: Article, draft: Draft, past: Past) -> Comment:
    """One comment; see `import_comments`."""
    return import_comments([Imported(article, draft, past)])[0]


def import_comments(batch: Sequence[Imported]) -> list[Comment]:
    """Store a batch in its order, in which parents come first; the caller recounts the articles.

    A status stays whatever the policy says; the findings of a comment that still waits are kept for the moderator.
    """
    with transaction.atomic():
        discussion = Discussion.current()
        people = _people(row.draft.email for row in batch)
        seen = _stored_fingerprints(batch)
        made: dict[str, Comment] = {}
        new: list[tuple[Comment, Origin]] = []
        for pk, row in zip(next_ids(len(batch)), batch, strict=True):
            commenter = people.get(email_key(row.draft.email))
            fingerprint = fingerprint_of(row.article, row.draft)
            findings = (
                judge(evidence_of(row.draft, commenter, row.article, Sender()), rules_of(discussion)).reasons
                if row.past.status in WAITS
                else []
            )
            origin = Origin(
                commenter=commenter, fingerprint=None if fingerprint in seen else fingerprint, findings=findings
            )
            seen.add(fingerprint)
            parent = row.past.parent or made.get(row.parent_key)
            body_html = html.clean_comment(row.draft.body)
            comment = new_comment(pk, row.article, row.draft, parent, body_html, row.past.status, row.past.submitted_at)
            if row.key:
                made[row.key] = comment
            new.append((comment, origin))
        for by, group in groupby(zip(batch, new, strict=True), key=lambda pair: pair[0].past.by):
            store([pair for _, pair in group], discussion.depth, by=by, reason="imported")
    return [comment for comment, _ in new]


def _people(addresses: Iterable[str]) -> dict[str, Commenter]:
    """The commenters of these addresses by their keys; made where there are none."""
    wanted = {email_key(address): address for address in addresses if address}
    missing = [Commenter(email_key=key, address=address) for key, address in wanted.items()]
    Commenter.objects.bulk_create(missing, ignore_conflicts=True)
    return {found.email_key: found for found in Commenter.objects.filter(email_key__in=wanted).order_by("pk")}


def _stored_fingerprints(batch: Sequence[Imported]) -> set[str]:
    wanted = {fingerprint_of(row.article, row.draft) for row in batch}
    return {str(found.fingerprint) for found in Origin.objects.filter(fingerprint__in=wanted)}
