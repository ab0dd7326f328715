"""What members of staff choose for themselves."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models


class MailChoice(models.Model):
    """What a moderator wants to hear of comments that wait; without a row, the digest once a day."""

    class Wish(models.TextChoices):
        EACH = "each", "Each comment, at once"
        HOURLY = "hourly", "A digest each hour in which something new came"
        DAILY = "daily", "A digest each morning at seven, if something waits"
        NONE = "none", "No mail"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="mail_choice"
    )
    wish = models.CharField(max_length=6, choices=Wish, default=Wish.DAILY)

    class Meta:
        verbose_name = "your mail"
        verbose_name_plural = "your mail"

    def __str__(self) -> str:
        return self.get_wish_display()

    @classmethod
    def wish_of(cls, user: User) -> str:
        """The choice in force."""
        stored = cls.objects.filter(user=user).values_list("wish", flat=True).first()
        return stored or cls.Wish.DAILY
