"""The verbs that change what readers see of articles: publish, schedule, withdraw, and what follows from an edit."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles import redirects
from articles.freshness import pages_changed
from articles.models import Article, Author, Byline, Image, Page, Publication, Topic
from articles.search import index


class NotNow(Exception):
    """The verb doesn't fit the article as it stands; the message says why, in a sentence for the editor."""


STANDING = ("status", "published_at", "went_live_at", "first_live_at", "address_year", "address_month")
Status = Article.Status


def submit_for_review(article: Article) -> None:
    """A draft asks for an editor. Raises NotNow for anything but a draft."""
    with _standing_locked(article):
        if article.status != Status.DRAFT:
            raise NotNow(f"This article is not a draft any more; it is {article.get_status_display().lower()}.")
        article.status = Status.IN_REVIEW


def return_to_draft(article: Article) -> None:
    """Back to the writer. Raises NotNow for a published article."""
    with _standing_locked(article):
        if article.status == Status.PUBLISHED:
            raise NotNow("Withdraw the article first; then it can go back to draft.")
        article.status = Status.DRAFT


def publish(article: Article, at: datetime | None = None) -> None:
    """Publish at once, or at the given time; the first time fixes the address, and the bios as printed.

    `at` defaults to the article's own `published_at`, and that to now. Raises NotNow.
    """
    with _standing_locked(article):
        _require_text_and_author(article)
        now = timezone.now()
        if not article.is_live:
            article.published_at = at or article.published_at or now
            article.went_live_at = now if article.published_at <= now else None
        article.status = Status.PUBLISHED
        if article.address_year is None:
            local = timezone.localtime(article.published_at)
            article.address_year, article.address_month = local.year, local.month
        if article.is_live:
            article.first_live_at = article.first_live_at or now
        redirects.address_taken(article.get_absolute_url())
        print_bios(article)


def reschedule(article: Article) -> None:
    """Publish at another time what is scheduled; the address of one that nobody has seen follows the date."""
    with _standing_locked(article):
        if article.first_live_at is None:
            article.address_year = article.address_month = None
        # For the moment between two verbs no article is published without an address.
        article.status = Status.IN_REVIEW
    publish(article)


def withdraw(article: Article) -> None:
    """Take the article from the site; its address stays reserved and its comments stay with it.

    Raises NotNow for one that is not published.
    """
    with _standing_locked(article):
        if article.status != Status.PUBLISHED:
            raise NotNow("This article is not on the site.")
        if article.is_live:
            article.first_live_at = article.first_live_at or article.went_live_at or article.published_at
        article.went_live_at = None
        article.status = Status.WITHDRAWN


def date_of_correction(article: Article) -> bool:
    """Let the date of change follow the newest correction; False if it is as late already, or there is none."""
    newest = article.corrections.aggregate(newest=Max("made_at"))["newest"]
    if newest is None or (article.changed_at and article.changed_at >= newest):
        return False
    article.changed_at = newest
    article.save(update_fields=["changed_at", "saved_at"])
    return True


def move(article: Article, *, slug: str, at: datetime, address_follows: bool) -> None:
    """Another slug or date for an op-ed that readers may know; its former addresses lead to the new one for ever.

    The year and month in the address stay as first published unless `address_follows` the new date. Raises NotNow.
    """
    with _standing_locked(article, "slug"):
        before = article.get_absolute_url()
        if article.is_live and at > timezone.now():
            raise NotNow("Readers have this op-ed already; its date can’t lie ahead.")
        if Article.objects.filter(slug=slug).exclude(pk=article.pk).exists():
            raise NotNow("Another op-ed has this slug.")
        readdress(article, slug=slug, at=at, address_follows=address_follows)
        if article.was_seen:
            redirects.address_moved(before, article.get_absolute_url())


def readdress(article: Article, *, slug: str, at: datetime, address_follows: bool) -> None:
    """What `move` does to the article itself; stores nothing."""
    article.slug, article.published_at = slug, at
    if address_follows:
        local = timezone.localtime(at)
        article.address_year, article.address_month = local.year, local.month


def print_bios(article: Article) -> None:
    """Keep the authors' bios of today with the article, for bylines that have none yet."""
    bylines = list(article.bylines.filter(bio_html="").select_related("author"))
    for byline in bylines:
        byline.bio_html = byline.author.bio_html
    Byline.objects.bulk_update(bylines, ["bio_html"])


def stamp_due() -> int:
    """Stamp the scheduled articles that fell due since the last look, once each; the number of them.

    Pages never wait for this: `published()` goes by the time. The stamp drops cached lists.
    """
    with transaction.atomic():
        ids = list(Article.objects.due().select_for_update().order_by("pk").values_list("pk", flat=True))
        if ids:
            now = timezone.now()
            Article.objects.filter(pk__in=ids).update(
                went_live_at=now, first_live_at=Coalesce("first_live_at", Value(now))
            )
            pages_changed(keys_of(ids))
    return len(ids)


def article_changed(article: Article) -> None:
    """Its text, bylines, corrections or standing changed: search, the article and every list may look different now."""
    index.update([article.pk])
    pages_changed(keys_of([article.pk]))


def keys_of(article_ids: Collection[int]) -> set[str]:
    """The keys of all pages that show these articles in any way, or that list others and may have to list these."""
    articles = Article.objects.filter(pk__in=article_ids)
    places = articles.values_list("section", "answers", "answered_by")
    authors = Byline.objects.filter(article__in=article_ids).values_list("author", flat=True)
    topics = Topic.objects.filter(articles__in=article_ids).values_list("pk", flat=True)
    return {
        "articles",
        *(f"{shown}-{pk}" for pk in article_ids for shown in ("article", "listed")),
        *(f"section-{section}" for section, _, _ in places),
        *(f"article-{other}" for _, *pair in places for other in pair if other),
        *(f"author-{pk}" for pk in authors),
        *(f"topic-{pk}" for pk in topics),
    }


def author_changed(author: Author) -> None:
    """A name or bio changed: the author's page, articles that print it, lists, and what search finds by the name."""
    printed_on = list(Article.objects.filter(bylines__author=author).values_list("pk", flat=True))
    index.names_changed(printed_on)
    keys = [f"{shown}-{pk}" for pk in printed_on for shown in ("article", "listed")]
    pages_changed([f"author-{author.pk}", "articles", *keys])


def image_changed(image: Image) -> None:
    """A picture, or what is said of it, changed: pages that show it in front of an op-ed, as a portrait or as logo."""
    shown = Article.objects.filter(Q(lead_image=image) | Q(bylines__author__portrait=image)).values_list(
        "pk", flat=True
    )
    portrayed = Author.objects.filter(portrait=image).values_list("pk", flat=True)
    keys = [*(f"article-{pk}" for pk in shown), *(f"author-{pk}" for pk in portrayed)]
    if Publication.objects.filter(logo=image).exists():
        keys.append("site")
    if keys:
        pages_changed([*keys, "articles"])


def page_changed(page: Page) -> None:
    """A standing page changed; its title is in the foot of every page."""
    pages_changed([f"page-{page.pk}", "site"])


def topic_changed(topic: Topic) -> None:
    """A topic was added or renamed."""
    index.names_changed(list(topic.articles.values_list("pk", flat=True)))
    navigation_changed()


def delete_topic(topic: Topic) -> None:
    """Delete a topic; its articles stay, and are found by it no more."""
    with transaction.atomic():
        redirects.address_gone(topic.get_absolute_url())
        about_it = list(topic.articles.values_list("pk", flat=True))
        topic.delete()
        index.names_changed(about_it)
        navigation_changed()


def navigation_changed() -> None:
    """A section or topic was added, renamed or removed."""
    pages_changed(["site", "articles"])


def articles_recounted(article_ids: Iterable[int], *, everywhere: bool = False) -> None:
    """What stands below these articles, or its count, changed; `everywhere`: something below all articles did."""
    pages_changed(["articles", *(["site"] if everywhere else []), *(f"article-{pk}" for pk in article_ids)])


@contextmanager
def _standing_locked(article: Article, *more: str) -> Iterator[None]:
    """Read the article's standing again under its lock, let the verb change it, store it, mark the pages last."""
    with transaction.atomic():
        article.refresh_from_db(fields=[*STANDING, *more], from_queryset=Article.objects.select_for_update(no_key=True))
        yield
        article.save(update_fields=[*STANDING, *more, "saved_at"])
        article_changed(article)


def _require_text_and_author(article: Article) -> None:
    if not article.has_text:
        raise NotNow("The article has no text yet.")
    if not article.bylines.exists():
        raise NotNow("The article has no author yet: add a byline.")
