"""Put articles on the front page by hand, and take them off again."""

from django.db import transaction
from django.db.models import Max

from articles.freshness import pages_changed
from articles.models import Article, Pin


@transaction.atomic
def pin(article: Article) -> None:
    """Add it to the end of the editors' selection; one that has a place already keeps it."""
    last: int | None = Pin.objects.aggregate(last=Max("position"))["last"]
    Pin.objects.get_or_create(article=article, defaults={"position": 0 if last is None else last + 1})
    front_page_changed()


@transaction.atomic
def unpin(article: Article) -> None:
    """Leave it to the front page's own order again."""
    Pin.objects.filter(article=article).delete()
    front_page_changed()


def front_page_changed() -> None:
    """Something was put on the front page, moved there or taken off."""
    pages_changed(["front"])
