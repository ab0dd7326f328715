"""Stored HTML cleaned once more, by the rules of today: what an upgrade of the cleaner asks for.

Nothing but the HTML is written, and only while the source is still what was cleaned: no save, no lock, no new date.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from articles import html
from articles.freshness import pages_changed
from articles.models import Article, Author, Byline, Correction, Page, Publication
from comments.models import Comment

BATCH = 500


@dataclass(frozen=True, slots=True)
class Text:
    """The columns that some HTML is made from, and what is computed from their values, by column."""

    model: type[models.Model]
    sources: Sequence[str]
    computed: Callable[..., Mapping[str, Any]]


def _article(body: str, language: str) -> Mapping[str, Any]:
    clean = html.clean_article(body, language)
    return {"body_html": clean.html, "toc": clean.toc, "word_count": clean.word_count}


TEXTS: Sequence[Text] = (
    Text(Comment, ["body"], lambda body: {"body_html": html.clean_comment(body)}),
    Text(Article, ["body", "language"], _article),
    Text(Page, ["body"], lambda body: {"body_html": html.clean_article(body, Publication.spoken()).html}),
    Text(Correction, ["text"], lambda text: {"text_html": html.clean_bio(text)}),
    Text(Author, ["bio"], lambda bio: {"bio_html": html.clean_bio(bio)}),
    # A bio as printed has no other source.
    Text(Byline, ["bio_html"], lambda bio: {"bio_html": html.clean_bio(bio)}),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one model is: rows looked at, and how many of them changed, or would."""

    model: type[models.Model]
    seen: int
    changed: int


def rebuild_html(*, dry_run: bool) -> Iterator[Progress]:
    """Clean everything, batch by batch; all pages are marked as changed once, at the end, if anything was."""
    any_changed = False
    try:
        for text in TEXTS:
            for progress in _rebuild(text, dry_run=dry_run):
                any_changed = any_changed or progress.changed > 0
                yield progress
    finally:
        # Also when it is stopped half-way.
        if any_changed and not dry_run:
            pages_changed(["site", "articles"])


def _rebuild(text: Text, *, dry_run: bool) -> Iterator[Progress]:
    seen = changed = last = 0
    computed: list[str] = [*text.computed(*("" for _ in text.sources))]
    rows = text.model._default_manager.order_by("pk")
    while batch := list(rows.filter(pk__gt=last).values("pk", *text.sources, *computed)[:BATCH]):
        read = [(row, {name: row[name] for name in text.sources}) for row in batch]
        differing = [
            (row["pk"], source, new)
            for row, source in read
            if (new := _differing(row, text.computed(*source.values())))
        ]
        if not dry_run and differing:
            with transaction.atomic():
                for pk, source, new in differing:
                    rows.filter(pk=pk, **source).update(**new)
        last, seen, changed = batch[-1]["pk"], seen + len(batch), changed + len(differing)
        yield Progress(text.model, seen, changed)


def _differing(row: Mapping[str, Any], computed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in computed.items() if row[name] != value}
