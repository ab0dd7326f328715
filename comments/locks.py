"""What a new comment locks, in one message: its op-ed, what it answers, its writer, and whoever may be told of it.

Others who comment on the op-ed wait until it is stored. The order is always this one, and people are locked by id: two
who answer each other would deadlock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.statements import NOBODY, Statement, together
from comments.closing import takes_comments
from comments.drafts import CLOSED, Closed, Draft, ParentGone
from comments.models import Comment, Commenter, Discussion, Origin
from comments.models.discussion import CURRENT
from comments.privacy import email_key
from comments.raids import Running, running

RULES = ("comments_open", "comments_close_at", "published_at", "raid", "raid_until", "raid_seconds")


@dataclass(frozen=True, slots=True)
class Locked:
    """The owner's choices and the raid switches as they stand now; what is answered; the writer's key and row.

    The key is "" for who gave no address, the row None for whom nobody knew.
    """

    discussion: Discussion
    switches: Sequence[Running]
    parent: Comment | None
    person: str
    writer: Commenter | None


def lock(article_id: int, draft: Draft) -> Locked:
    """Lock all that a comment on this op-ed needs until it is stored. Raises Closed or ParentGone."""
    now, answered = timezone.now(), draft.parent_id or NOBODY
    person = email_key(draft.email) if draft.email else ""
    # What nobody is there for is not asked: on SQLite each statement is on its own.
    parent = [(PARENT, {"now": now, "pk": answered, "article": article_id})] if answered else []
    people = [(PEOPLE, {"person": person, "answered": answered})] if person or answered else []
    articles, choices, *more = together((ARTICLE, {"now": now, "pk": article_id}), (CURRENT, {}), *parent, *people)
    discussion, now = Discussion.of(choices), timezone.now()
    if not articles or not takes_comments(articles[0], discussion, now):
        raise Closed(CLOSED)
    parents = more[0] if answered else []
    if draft.parent_id is not None and not parents:
        raise ParentGone(_("The comment you are answering is no longer there. Send again to post yours by itself."))
    writers = [each for each in more[-1] if each.email_key == person] if people else []
    return Locked(
        discussion,
        running(articles[0], discussion, now),
        parent=parents[0] if parents else None,
        person=person,
        writer=writers[0] if writers else None,
    )


def _people(person: str, answered: int) -> QuerySet[Commenter]:
    """Who has this key, and who wrote the comment that is answered."""
    told = Origin.objects.filter(pk=answered).values("commenter")[:1]
    return Commenter.objects.filter(Q(email_key=person) | Q(pk=told)).order_by("pk").select_for_update()


ARTICLE = Statement(
    lambda now, pk: Article.objects.published(now).filter(pk=pk).only(*RULES).select_for_update(no_key=True),
    now=datetime,
    pk=int,
)
PARENT = Statement(
    lambda now, pk, article: (
        Comment.objects.visible(now).filter(pk=pk, article_id=article).select_for_update(of=("self",), no_key=True)
    ),
    now=datetime,
    pk=int,
    article=int,
)
PEOPLE = Statement(_people, person=str, answered=int)
