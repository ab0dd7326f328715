"""What the policy looks at: the owner's rules, and what is known about a comment and its writer."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone

from articles.models import Article, Author
from articles.names import look_alike_key
from comments.blocking import blocked_as
from comments.drafts import Draft, Sender
from comments.models import Comment, Commenter, Discussion
from comments.policy import Evidence, Mode, Rules
from comments.privacy import email_key, network_of
from comments.words import entries_of


def rules_of(discussion: Discussion, held: str = "") -> Rules:
    """The owner's choices, as the policy takes them; `held`: why everything waits."""
    return Rules(
        mode=Mode(discussion.mode),
        max_links=discussion.max_links,
        held_words=entries_of(discussion.held_words),
        blocked_words=entries_of(discussion.blocked_words),
        old_after_days=discussion.old_after_days,
        held=held,
    )


def evidence_of(
    draft: Draft, commenter: Commenter | None, article: Article, sender: Sender, *, has_past: bool = True
) -> Evidence:
    """What the policy looks at; `has_past` is false for somebody who comments for the first time."""
    approved, refused = _record_of(commenter) if commenter and has_past else (0, 0)
    is_confirmed = commenter is not None and commenter.confirmed_at is not None
    is_same_browser = commenter is not None and sender.reader_id == commenter.pk
    age = timezone.now() - article.published_at if article.published_at else timedelta()
    return Evidence(
        name=draft.name,
        website=draft.website,
        body=draft.body,
        honeypot=draft.honeypot,
        approved_before=approved,
        refused_before=refused,
        badge=draft.badge,
        namesake="" if draft.badge or is_confirmed else namesake(draft.name),
        email=draft.email,
        is_known=bool(is_confirmed and is_same_browser and approved),
        blocked="" if draft.badge else blocked_as(email_key(draft.email), network_of(sender.address)),
        article_age_days=max(0, age.days),
    )


def _record_of(commenter: Commenter) -> tuple[int, int]:
    """How many of a person's comments were approved, and how many went to spam or trash."""
    counted = Comment.objects.filter(origin__commenter=commenter).aggregate(
        approved=Count("pk", filter=Q(status=Comment.Status.APPROVED)),
        refused=Count("pk", filter=Q(status__in=(Comment.Status.SPAM, Comment.Status.TRASH))),
    )
    return counted["approved"], counted["refused"]


def namesake(name: str) -> str:
    """The author, or the member of staff, for whom readers would take somebody of this name; "" for nobody."""
    key = look_alike_key(name)
    author = Author.objects.filter(name_key=key).values_list("name", flat=True).first() if key else None
    if author is not None:
        return f"the author {author}"
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    names = staff.values_list("first_name", "last_name", "username")
    is_staff = any(key == look_alike_key(f"{first} {last}".strip() or username) for first, last, username in names)
    return "a member of staff" if key and is_staff else ""
