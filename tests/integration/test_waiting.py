"""The honest waiting time: measured on the last decisions, told in plain words, and nothing when too few."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import PageVersion
from comments import review, waiting
from comments.models import Comment, Discussion
from tests.factories import make_article, make_comment, set_discussion

pytestmark = pytest.mark.django_db


def approve_after(article, *waits):
    """One comment for each wait, approved now."""
    for wait in waits:
        make_comment(article, status="pending", submitted_at=timezone.now() - wait)
    review.approve(Comment.objects.pending(), by="mira")


def test_readers_are_told_how_long_moderation_usually_takes(reader):
    article = make_article()

    approve_after(article, *[timedelta(hours=1)] * 2, *[timedelta(hours=3)] * 7, timedelta(days=4))

    assert "comments are usually published within about 3 hours" in reader.get(article.get_absolute_url()).text


def test_with_fewer_than_ten_decisions_nothing_is_promised(reader):
    article = make_article()

    approve_after(article, *[timedelta(hours=3)] * 9)

    assert "usually published" not in reader.get(article.get_absolute_url()).text
    assert Discussion.current().usual_wait_minutes is None


def test_imported_comments_and_old_decisions_are_no_measure(reader):
    article = make_article()
    for _ in range(12):
        make_comment(article)
    approve_after(article, *[timedelta(hours=1)] * 9)
    Comment.objects.filter(decided_at__isnull=False).update(decided_at=timezone.now() - timedelta(days=91))

    approve_after(article, *[timedelta(hours=3)] * 9)

    assert waiting.usual_wait(timezone.now()) is None


def test_the_owner_may_keep_the_line_off_the_page(reader):
    article = make_article()
    approve_after(article, *[timedelta(minutes=20)] * 10)

    set_discussion(shows_wait=False)

    assert "usually published" not in reader.get(article.get_absolute_url()).text


def test_all_pages_change_only_when_readers_would_read_other_words():
    article = make_article()
    approve_after(article, *[timedelta(minutes=20)] * 10)
    told = PageVersion.objects.get(key="site").version

    approve_after(article, timedelta(minutes=25))
    same = PageVersion.objects.get(key="site").version
    approve_after(article, *[timedelta(days=3)] * 40)

    assert same == told
    assert PageVersion.objects.get(key="site").version == told + 1


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, ""),
        (0, "a few minutes"),
        (14, "about a quarter of an hour"),
        (30, "about half an hour"),
        (60, "about an hour"),
        (76, "about 2 hours"),
        (180, "about 3 hours"),
        (751, "about a day"),
        (36 * 60 + 1, "about 2 days"),
        (10 * 1440, "about 10 days"),
    ],
)
def test_a_wait_is_told_in_round_words(minutes, words):
    assert waiting.in_words(minutes) == words
