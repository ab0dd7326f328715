"""Pictures that staff upload, and what must be said of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.web_addresses import validate_website

# What pages are drawn with: a phone's column up to a wide screen's, and a face beside a name. A picture of some other
# width is also there in its own, and none is ever enlarged.
WIDTHS = (320, 640, 960, 1280, 1920)
SQUARES = (96, 192, 384)
# What stands in `src`, for programs that don't choose from `srcset`.
USUAL_WIDTH = 960


def wanted_widths(width: int) -> list[int]:
    """The widths of which a picture that is so wide gets a rendition."""
    return sorted({*(each for each in WIDTHS if each <= width), min(width, WIDTHS[-1])})


class Image(models.Model):
    """A picture. Readers get its WebP renditions only, those in `widths` and the squares; see `articles.pictures`."""

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
    # Of the file as it came: the same one twice is one picture.
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    # When its renditions are to be made, or tried again; empty: all are there.
    due_at = models.DateTimeField(default=timezone.now, null=True, db_index=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "picture"

    def __str__(self) -> str:
        return self.name

    def address(self, width: int) -> str:
        """Where its rendition of this width is."""
        return f"{settings.MEDIA_URL}{self.key}/{width}.webp"

    def square_address(self, side: int) -> str:
        """Where its middle is, as a square."""
        return f"{settings.MEDIA_URL}{self.key}/square-{side}.webp"

    @property
    def squares(self) -> list[int]:
        """The sides of its squares; none of a picture that is too small for one, or not ready."""
        return [side for side in SQUARES if side <= min(self.width, self.height)] if self.widths else []

    @property
    def usual_address(self) -> str:
        """The rendition for programs that take only one."""
        fitting = [width for width in self.widths if width <= USUAL_WIDTH]
        return self.address(max(fitting or self.widths))

    @property
    def smallest_address(self) -> str:
        """The rendition for the desk's lists and forms."""
        return self.address(self.widths[0]) if self.widths else ""

    @property
    def share_address(self) -> str:
        """A JPEG of 1200 by 630 for those who share a link; empty until it is there."""
        return f"{settings.MEDIA_URL}{self.key}/share.jpg" if self.widths and self.due_at is None else ""
