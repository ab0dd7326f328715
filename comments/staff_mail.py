"""Mail to staff: the test mail that one sends oneself."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from comments import outbox
from comments.models import Mail

TEST_EVERY = timedelta(seconds=10)


def queue_test(user: User) -> None:
    """Queue a mail to one's own address, at most one in ten seconds; it shows whether all mail would go out."""
    slot = int(timezone.now().timestamp() // TEST_EVERY.total_seconds())
    if not user.mails.waiting().filter(kind=Mail.Kind.TEST).exists():
        outbox.queue(Mail.Kind.TEST, None, user=user, purpose=f"{user.pk}:{slot}")
