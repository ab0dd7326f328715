"""Secret links: whoever has one may do what it is for, and nothing else."""

import secrets

from django.core import signing
from django.urls import reverse

from articles.models import Author
from comments.models import AnsweringLink, Comment
from comments.privacy import keyed_hash

OWN_SALT = "comments.own"


def own_token(comment: Comment) -> str:
    """The token of a comment's own page: good for this one comment, for as long as it exists."""
    return signing.dumps(comment.pk, salt=OWN_SALT)


def own_url(comment: Comment) -> str:
    """The address of the page on which its writer follows one comment."""
    return f"{reverse('comments:comment-own', args=[own_token(comment)])}#comment-{comment.pk}"


def own_comment_id(token: str) -> int:
    """The id of the comment that a token is good for. Raises signing.BadSignature."""
    return int(signing.loads(token, salt=OWN_SALT))


def new_answering_link(author: Author, *, by: str) -> tuple[AnsweringLink, str]:
    """Make a link with which the author answers without an account: its row, and its path, which is told this once."""
    token = secrets.token_urlsafe(24)
    link = AnsweringLink.objects.create(author=author, token_hash=keyed_hash("answering", token), made_by=by)
    return link, reverse("comments:answering", args=[token])


def answering_author(token: str) -> Author | None:
    """The author whose link it is; None for a link that was revoked or never made."""
    links = AnsweringLink.objects.select_related("author").filter(revoked_at__isnull=True)
    link = links.filter(token_hash=keyed_hash("answering", token)).first()
    return link.author if link else None
