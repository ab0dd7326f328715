"""The project's own app and the admin site that carries our name."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class OpEdSiteConfig(AppConfig):
    """Settings, desk, jobs and whatever needs both articles and comments."""

    name = "opedsite"
    verbose_name = "Site"

    def ready(self) -> None:
        """Start the security log."""
        from opedsite import audit

        audit.connect()


class DeskConfig(AdminConfig):
    """Django's admin with our site as the default, so that apps register in the ordinary way."""

    default_site = "opedsite.desk.Desk"
