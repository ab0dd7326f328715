"""Pictures that staff upload, and what must be said of them."""

from django.conf import settings
from django.db import models

from articles.web_addresses import validate_website


class Image(models.Model):
    """A picture. Readers get its WebP renditions only, which a job makes in `widths`; the file as uploaded is kept."""

    key = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(max_length=120, help_text="For staff: how you find it again.")
    alt = models.CharField(
        "alternative text",
        max_length=300,
        blank=True,
        help_text="What the picture shows, for those who can’t see it. Empty for pure decoration.",
    )
    caption = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it, as printed below it.")
    copyright_notice = models.CharField(max_length=200, blank=True)
    licence_url = models.CharField(
        "licence", max_length=200, blank=True, validators=[validate_website], help_text="The address of its licence."
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, db_default=[], editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
