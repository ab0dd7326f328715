"""Load the demo content through the site's own verbs, and remove it again."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from articles import publishing
from articles.models import Article, Author, Byline, Correction, Image, Pin, Section, Topic
from articles.pictures import uploading
from comments import review
from comments.drafts import Draft, Past
from comments.importing import import_comment
from comments.models import Comment, Commenter
from comments.visibility import visible_comments_changed
from opedsite.demo import drawings
from opedsite.models import DemoRow

FOLDER = Path(__file__).parent
KINDS: dict[str, type[models.Model]] = {
    "article": Article,
    "author": Author,
    "section": Section,
    "topic": Topic,
    "image": Image,
    "user": get_user_model(),
}


class NotADemoSite(Exception):
    """Demo content is for a site on one's own machine."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How much was added."""

    articles: int
    comments: int


@transaction.atomic
def seed() -> Seeded:
    """Load everything once; a site that was seeded before, or has articles of its own, is left alone."""
    if not settings.OPED_IS_LOOPBACK:
        raise NotADemoSite("Demo content is for 127.0.0.1 and localhost only.")
    if DemoRow.objects.exists() or Article.objects.exists():
        return Seeded(0, 0)
    people = _read("people.json")
    sections = {row["slug"]: Section(position=n, **row) for n, row in enumerate(people["sections"])}
    topics = {row["slug"]: Topic(**row) for row in people["topics"]}
    authors = {row["slug"]: Author(**row) for row in people["authors"]}
    for row in (*sections.values(), *topics.values(), *authors.values()):
        row.save()
        remember(row)
    now = timezone.now()
    articles = [_article(row, sections, topics, authors, now) for row in reversed(_read("articles.json"))]
    by_slug = {article.slug: article for article in articles}
    for image in drawings.hang(by_slug, authors):
        remember(image)
    comments = sum(_comments(by_slug[slug], rows) for slug, rows in _read("comments.json").items())
    publishing.navigation_changed()
    return Seeded(len(articles), comments)


def remove(*, dry_run: bool) -> Iterator[str]:
    """Remove what the demo brought; yields a line for each kind, and one for each row that had to stay."""
    for kind, model in KINDS.items():
        ids = list(DemoRow.objects.filter(kind=kind).values_list("row_id", flat=True))
        rows = model._default_manager.filter(pk__in=ids)
        count = rows.count()
        if not dry_run:
            yield from _delete(rows)
            DemoRow.objects.filter(kind=kind).delete()
        yield f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
    if not dry_run:
        Commenter.objects.forgettable().delete()
        publishing.navigation_changed()


def remember(row: models.Model) -> None:
    """Note that the demo made this row."""
    kind = next(kind for kind, model in KINDS.items() if isinstance(row, model))
    DemoRow.objects.get_or_create(kind=kind, row_id=row.pk)


def _delete(rows: models.QuerySet[Any]) -> Iterator[str]:
    for row in rows:
        try:
            with transaction.atomic():
                uploading.delete(row) if isinstance(row, Image) else row.delete()
        except ProtectedError:
            yield f"kept “{row}”: something of your own uses it"


def _article(
    row: dict[str, Any],
    sections: dict[str, Section],
    topics: dict[str, Topic],
    authors: dict[str, Author],
    now: datetime,
) -> Article:
    article = Article(
        title=row["title"],
        standfirst=row["standfirst"],
        slug=row["slug"],
        section=sections[row["section"]],
        language=row["language"],
        comments_open=row["comments_open"],
        disclosure=row.get("disclosure", ""),
        answers=Article.objects.get(slug=row["answers"]) if "answers" in row else None,
        body=(FOLDER / "bodies" / f"{row['slug']}.html").read_text(encoding="utf-8"),
    )
    article.save()
    remember(article)
    article.topics.set([topics[slug] for slug in row["topics"]])
    for position, slug in enumerate(row["authors"]):
        Byline.objects.create(article=article, author=authors[slug], position=position)
    _bring_to_status(article, row["status"], row["days_ago"], now)
    if place := row.get("pin"):
        Pin.objects.create(article=article, place=place)
    for each in row.get("corrections", []):
        made_at = now - timedelta(days=each["days_ago"])
        Correction.objects.create(article=article, text=each["text"], made_at=made_at)
        publishing.date_of_correction(article)
    return article


def _bring_to_status(article: Article, status: str, days_ago: float | None, now: datetime) -> None:
    if days_ago is not None:
        publishing.publish(article, at=now - timedelta(days=days_ago))
    if status == "withdrawn":
        publishing.withdraw(article)
    if status == "in_review":
        publishing.submit_for_review(article)


def _comments(article: Article, rows: Sequence[dict[str, Any]]) -> int:
    count = sum(_thread(article, row, None) for row in rows)
    visible_comments_changed([article.pk])
    return count


def _thread(article: Article, row: dict[str, Any], parent: Comment | None) -> int:
    if article.published_at is None:
        raise ValueError(f"“{article}” has comments but no date")
    draft = Draft(body=row["body"], name=row["name"], email=row["email"], website=row["website"], badge=row["badge"])
    past = Past(
        submitted_at=article.published_at + timedelta(hours=row["hours_after"]),
        status=row["status"],
        by="demo",
        parent=parent,
    )
    comment = import_comment(article, draft, past)
    if row.get("is_pick"):
        review.pick(Comment.objects.filter(pk=comment.pk), by="demo")
    return 1 + sum(_thread(article, reply, comment) for reply in row["replies"])


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
