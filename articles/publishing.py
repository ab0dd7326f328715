"""The verbs that change what readers see of articles: publish, schedule, withdraw, and what follows from an edit."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from articles.freshness import pages_changed
from articles.models import Article, Author, Byline, Page


class CannotPublish(Exception):
    """The article lacks something that readers need; the message says what, in a sentence for the editor."""


def submit_for_review(article: Article) -> None:
    """A draft asks for an editor."""
    _set_status(article, Article.Status.IN_REVIEW)


def return_to_draft(article: Article) -> None:
    """Back to the writer; a published article has to be withdrawn first."""
    if article.status == Article.Status.PUBLISHED:
        raise CannotPublish("Withdraw the article first; then it can go back to draft.")
    _set_status(article, Article.Status.DRAFT)


def publish(article: Article, at: datetime | None = None) -> None:
    """Publish at once, or at the given time; the first time fixes the address and the bios as printed.

    `at` defaults to the article's own `published_at`, and that to now. Raises CannotPublish.
    """
    if not article.body_html.strip():
        raise CannotPublish("The article has no text yet.")
    with transaction.atomic():
        bylines = list(article.bylines.select_related("author"))
        if not bylines:
            raise CannotPublish("The article has no author yet: add a byline.")
        now = timezone.now()
        article.published_at = at or article.published_at or now
        if article.address_year is None:
            local = timezone.localtime(article.published_at)
            article.address_year, article.address_month = local.year, local.month
            for byline in bylines:
                byline.bio_html = byline.author.bio_html
            Byline.objects.bulk_update(bylines, ["bio_html"])
        if article.published_at <= now:
            article.went_live_at = article.went_live_at or now
        _set_status(article, Article.Status.PUBLISHED)


def reschedule(article: Article) -> None:
    """Publish at another time an article that nobody has seen yet: its address follows the new date."""
    article.address_year = article.address_month = None
    publish(article)


def withdraw(article: Article) -> None:
    """Take the article from the site; its address stays reserved and its comments stay with it."""
    article.went_live_at = None
    _set_status(article, Article.Status.WITHDRAWN)


def stamp_due() -> int:
    """Stamp the scheduled articles that fell due since the last look, once each; the number of them.

    Pages never wait for this: `published()` goes by the time. The stamp drops cached lists.
    """
    with transaction.atomic():
        ids = list(Article.objects.due().select_for_update().order_by("pk").values_list("pk", flat=True))
        if ids:
            Article.objects.filter(pk__in=ids).update(went_live_at=timezone.now())
            pages_changed(key for pk in ids for key in (f"article-{pk}", "articles"))
    return len(ids)


def article_changed(article: Article) -> None:
    """Its text, bylines or standing changed: the article and every list may look different now."""
    pages_changed([f"article-{article.pk}", "articles"])


def author_changed(author: Author) -> None:
    """A name or bio changed: the author's page, articles that print it, and lists."""
    printed_on = Article.objects.filter(bylines__author=author).values_list("pk", flat=True)
    pages_changed([f"author-{author.pk}", "articles", *(f"article-{pk}" for pk in printed_on)])


def page_changed(page: Page) -> None:
    """A standing page changed; its title is in the foot of every page."""
    pages_changed([f"page-{page.pk}", "site"])


def navigation_changed() -> None:
    """A section or topic was added, renamed or removed."""
    pages_changed(["site", "articles"])


def articles_recounted(article_ids: Iterable[int]) -> None:
    """What stands below these articles, or its count, changed."""
    pages_changed(["articles", *(f"article-{pk}" for pk in article_ids)])


def _set_status(article: Article, status: Article.Status) -> None:
    with transaction.atomic():
        article.status = status
        fields = ["status", "published_at", "went_live_at", "address_year", "address_month", "saved_at"]
        article.save(update_fields=fields)
        article_changed(article)
