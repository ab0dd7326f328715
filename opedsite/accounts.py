"""Staff accounts: no sign-up, and a second factor wherever the site is public."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest

from articles import masthead
from comments.models import MailSettings


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the owner in the desk or by `manage.py create_owner`."""
        return False

    def get_from_email(self) -> str:
        """As all our mail, password resets too."""
        return MailSettings.current().sender


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks us about second factors."""

    def get_totp_issuer(self) -> str:
        """Under which name authenticator apps keep the account."""
        return masthead.current().name


def lacks_second_factor(user: AbstractBaseUser | AnonymousUser | Any) -> bool:
    """True for staff who must set up a second factor before the desk opens."""
    return bool(settings.OPED_REQUIRE_MFA and user.is_authenticated and not is_mfa_enabled(user))
