"""Signed links: whoever has one may do what it is for, and nothing else."""

from django.core import signing
from django.urls import reverse

from comments.models import Comment

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
