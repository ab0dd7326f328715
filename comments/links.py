"""Links that are a right: whoever has one may do what it is for, and nothing else. No address is in any of them.

Signed links say what they are for themselves. The one-time link to everything under an address is a random token,
mailed to that address; its state is a row of `AccessLink`, which holds only the token's hash.
"""

import secrets

from django.contrib.auth.models import User
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from articles.models import Author
from comments.models import AccessLink, AnsweringLink, Comment, Commenter
from comments.privacy import keyed_hash

OWN_SALT = "comments.own"
CONFIRM_SALT = "comments.confirm-address"
STOP_SALT = "comments.stop-mail"
STAFF_STOP_SALT = "comments.stop-staff-mail"
OPENED_SALT = "comments.opened-address"


def own_token(comment: Comment) -> str:
    """The token of a comment's own page: good for this one comment, for as long as it exists."""
    return signing.dumps(comment.pk, salt=OWN_SALT)


def own_url(comment: Comment) -> str:
    """The address of the page on which its writer follows one comment, at what may be done there."""
    return f"{reverse('comments:comment-own', args=[own_token(comment)])}#own"


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


def confirm_url(commenter: Commenter) -> str:
    """The path of the page on which the owner of an address says yes or never."""
    return reverse("comments:mail-confirm", args=[signing.dumps(commenter.pk, salt=CONFIRM_SALT)])


def stop_url(commenter: Commenter) -> str:
    """The path that stops all mail to an address."""
    return reverse("comments:mail-stop", args=[signing.dumps(commenter.pk, salt=STOP_SALT)])


def commenter_of(token: str, salt: str) -> Commenter | None:
    """Whose mail a token is about, made under CONFIRM_SALT or STOP_SALT; None for no such token or person."""
    try:
        pk = signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
    return Commenter.objects.filter(pk=pk).first()


def staff_stop_url(user: User) -> str:
    """The path that stops mail about comments to a member of staff."""
    return reverse("comments:staff-mail-stop", args=[signing.dumps(user.pk, salt=STAFF_STOP_SALT)])


def staff_of(token: str) -> User | None:
    """Whose mail a token stops; None for no such token or account."""
    try:
        pk = signing.loads(token, salt=STAFF_STOP_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()


def new_access_url(commenter: Commenter) -> str:
    """The path of a new one-time link; nobody can make it a second time."""
    token = secrets.token_urlsafe(32)
    AccessLink.objects.create(token_hash=_hash(token), commenter=commenter)
    return reverse("comments:address-open", args=[token])


def access_link(token: str) -> AccessLink | None:
    """The state of a one-time link, used or not; None for one that we never made or have forgotten."""
    return AccessLink.objects.select_related("commenter").filter(token_hash=_hash(token)).first()


def use_up(link: AccessLink) -> bool:
    """Take the one use of a link; False if somebody has, or its hour is over."""
    now = timezone.now()
    fresh = AccessLink.objects.filter(pk=link.pk, used_at=None, created_at__gt=now - AccessLink.LIFE)
    return bool(fresh.update(used_at=now))


def opened_key(link: AccessLink) -> str:
    """What the forms on an opened page carry: good for the rest of that link's hour."""
    return signing.dumps([link.pk, link.commenter_id], salt=OPENED_SALT)


def opened_link(key: str) -> AccessLink | None:
    """The used link that a form's key belongs to; None for a key that we did not make, or whose link is gone."""
    try:
        pk, commenter_id = signing.loads(key, salt=OPENED_SALT)
    except signing.BadSignature:
        return None
    used = AccessLink.objects.select_related("commenter").filter(used_at__isnull=False)
    return used.filter(pk=pk, commenter=commenter_id).first()


def _hash(token: str) -> str:
    return keyed_hash("access link", token)
