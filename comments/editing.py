"""How staff edit a comment: cleaned and judged like anyone's words, kept with what stood there before.

The findings are for the moderator to read; no verdict overrules a moderator, so the status stays.
"""

import logging
from dataclasses import asdict, dataclass

from django.db import transaction

from articles import html
from articles.models import Article
from comments.drafts import Draft, Duplicate, Gone, Overtaken, Sender, TooLate
from comments.evidence import evidence_of, rules_of
from comments.models import Comment, Discussion, Edit, Origin
from comments.policy import judge
from comments.privacy import keyed_hash
from comments.submission import fingerprint_of
from comments.visibility import visible_comments_changed

logger = logging.getLogger("oped.audit")


@dataclass(frozen=True, slots=True)
class Words:
    """What staff may change of a comment."""

    body: str
    name: str
    website: str

    @property
    def key(self) -> str:
        """Names these words; a form carries it to say what it was opened on."""
        return keyed_hash("words", self.body, self.name, self.website)


def words_of(comment: Comment) -> Words:
    """As they stand."""
    return Words(comment.body, comment.name, comment.website)


def edit_by_staff(comment: Comment, words: Words, *, opened_on: str, by: str) -> list[str]:
    """Replace a comment's words by a moderator's; returns the policy's findings on them.

    `opened_on` is the key of the words that the moderator saw. Raises SubmissionRefused.
    """
    body_html = html.clean_comment(words.body)
    with transaction.atomic():
        article = Article.objects.select_for_update(no_key=True).filter(pk=comment.article_id).first()
        found = Comment.objects.select_for_update(of=("self",)).select_related("origin__commenter")
        locked = found.filter(pk=comment.pk).first()
        if article is None or locked is None:
            raise Gone("This comment has been deleted for ever.")
        before, origin = words_of(locked), locked.origin
        if before.key != opened_on:
            raise Overtaken("Somebody has changed this comment since you opened it. Nothing is saved yet.")
        if locked.status == Comment.Status.TRASH:
            raise TooLate("This comment is in the trash; put it back first. Nothing is saved yet.")
        if before == words:
            return list(origin.findings)
        draft = _draft_of(locked, words)
        if origin.fingerprint is not None:
            origin.fingerprint = fingerprint_of(article, draft)
            if Origin.objects.filter(fingerprint=origin.fingerprint).exclude(pk=origin.pk).exists():
                raise Duplicate("The same person has said exactly this in another comment on this op-ed.")
        evidence = evidence_of(draft, origin.commenter, article, _sender_of(origin))
        origin.findings = judge(evidence, rules_of(Discussion.current())).reasons
        origin.name_key = origin.commenter.name_key(words.name) if origin.commenter else None
        origin.save(update_fields=["fingerprint", "findings", "name_key"])
        locked.body, locked.body_html, locked.name, locked.website = words.body, body_html, words.name, words.website
        locked.edited_by_staff = True
        locked.save(update_fields=["body", "body_html", "name", "website", "edited_by_staff"])
        Edit.objects.create(comment=locked, before=asdict(before), after=asdict(words), edited_by=by)
        logger.info("comment=%s edited by=%s", locked.pk, by)
        if locked.status == Comment.Status.APPROVED:
            visible_comments_changed([article.pk])
    return list(origin.findings)


def _draft_of(comment: Comment, words: Words) -> Draft:
    commenter = comment.origin.commenter
    return Draft(
        body=words.body,
        name=words.name,
        email=commenter.address if commenter else "",
        website=words.website,
        badge=comment.badge,
    )


def _sender_of(origin: Origin) -> Sender:
    """As far as we keep it: an address that stands for the whole network."""
    return Sender(address=(origin.network or "").partition("/")[0])
