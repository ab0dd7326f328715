"""Keeps the words of articles in step with them; whatever changes what search finds calls this in its transaction."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from articles import html
from articles.models import Article, SearchText
from articles.words import cut, frequent, indexed

# More at once would be no faster, and the process that did it would stay half as large again.
BATCH = 50
# Of what verbs didn't tell us of (an import, an upgrade), one run of the job takes so many.
HEALED_AT_ONCE = 2000
COLUMNS = ("language", "title", "names", "standfirst", "frequent", "body", "saved_at")
Status = Article.Status


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: articles looked at, and how many of them search knew wrongly."""

    seen: int
    changed: int


def update(article_ids: Collection[int], *, dry_run: bool = False) -> int:
    """Know these articles as they are now if they are published or scheduled, and forget them otherwise.

    The number of those that differed. Rows are written in the order of their ids.
    """
    articles = _named(Article.objects.filter(pk__in=article_ids, status=Status.PUBLISHED))
    known = {words.pk: words for words in SearchText.objects.filter(pk__in=article_ids)}
    fresh = [_words_of(article) for article in articles]
    differing = [words for words in fresh if _columns(words) != _columns(known.pop(words.pk, None))]
    if dry_run:
        return len(differing) + len(known)
    SearchText.objects.filter(pk__in=[*known]).delete()
    SearchText.objects.bulk_create(differing, update_conflicts=True, update_fields=COLUMNS, unique_fields=["article"])
    return len(differing) + len(known)


def names_changed(article_ids: Collection[int]) -> None:
    """Know the names of their authors and topics anew; the texts are not read."""
    ids = sorted(article_ids)
    for begin in range(0, len(ids), BATCH):
        batch = _named(Article.objects.filter(pk__in=ids[begin : begin + BATCH], search_text__isnull=False))
        rows = [SearchText(article=article, names=_names(article)) for article in batch.only("language")]
        SearchText.objects.bulk_update(rows, ["names"])


def rebuild(*, dry_run: bool) -> Iterator[Progress]:
    """All articles, batch by batch, each in a transaction of its own."""
    seen = changed = last = 0
    while batch := list(Article.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            changed += update(batch, dry_run=dry_run)
        seen, last = seen + len(batch), batch[-1]
        yield Progress(seen, changed)
    if changed and not dry_run:
        _tidy()


def heal() -> int:
    """Learn of articles that no verb told us of; the number of them. Cheap when there are none."""
    missed = Article.objects.filter(status=Status.PUBLISHED).exclude(search_text__saved_at=F("saved_at"))
    gone = SearchText.objects.exclude(article__status=Status.PUBLISHED)
    ids = [*missed.values_list("pk", flat=True)[:HEALED_AT_ONCE], *gone.values_list("pk", flat=True)[:HEALED_AT_ONCE]]
    for begin in range(0, len(ids), BATCH):
        with transaction.atomic():
            update(ids[begin : begin + BATCH])
    return len(ids)


def _named(articles: "QuerySet[Article]") -> "QuerySet[Article]":
    return articles.order_by("pk").prefetch_related("bylines__author", "topics").defer("body", "toc")


def _words_of(article: Article) -> SearchText:
    language = article.language
    body = list(cut(html.text_of(article.body_html), language))
    return SearchText(
        article=article,
        language=language,
        title=indexed(article.title, language),
        names=_names(article),
        standfirst=indexed(article.standfirst, language),
        frequent=frequent(body, language),
        body=indexed(body, language),
        saved_at=article.saved_at,
    )


def _names(article: Article) -> str:
    """Each name apart from the next by a stroke, so that no phrase goes across."""
    names = [byline.author.name for byline in article.bylines.all()] + [topic.name for topic in article.topics.all()]
    return "".join(f"{indexed(name, article.language)}/ " for name in names)


def _columns(words: SearchText | None) -> list[Any]:
    return [getattr(words, name) for name in COLUMNS] if words else []


def _tidy() -> None:
    """After all has been written, SQLite's index is many small ones that a search goes through one by one."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in ("words", "title"):
                cursor.execute(f"INSERT INTO articles_search_{name} (articles_search_{name}) VALUES ('optimize')")  # noqa: S608
