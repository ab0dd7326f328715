"""A clock to move, and a mail server to send to."""

import pytest
from django.utils import timezone


@pytest.fixture
def clock(time_machine):
    """A clock that runs on from now, and can be moved."""
    time_machine.move_to(timezone.now())
    return time_machine


@pytest.fixture
def by_smtp(settings):
    """A function that sends all mail to a port of this machine."""

    def use(port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 0.3

    return use
