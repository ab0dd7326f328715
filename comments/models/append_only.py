"""The base of logs, whose rows are only ever added."""

from typing import Any, NoReturn

from django.db import models


class AppendOnly(models.Model):
    """A row that is neither changed nor deleted by itself."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    @staticmethod
    def _refuse() -> NoReturn:
        raise TypeError("A row of a log is never edited or deleted; add another.")
