"""Mails to staff, made at the moment of sending; no reader's address is in them."""

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from comments.letters import Letter
from comments.links import absolute
from comments.models import Mail


def _test(mail: Mail, user: User) -> Letter:
    url = absolute(reverse("admin:comments_mail_changelist"))
    return Letter("test", f"A test mail from {settings.OPED_SITE_NAME}", {"outbox_url": url})


STAFF_LETTERS = {
    Mail.Kind.TEST: _test,
}
