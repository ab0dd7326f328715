"""What is deleted by itself after some days: spam and trash, and where comments and reports came from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import fading, review
from comments.models import Comment, Origin, Report
from opedsite.jobs import JOBS
from tests.factories import filled_in, make_article, make_comment, report, set_discussion

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def send(reader, article, **changes):
    headers = {"User-Agent": "Browser of somebody"}
    reader.post(f"/comments/post/{article.pk}/", filled_in(**changes), headers=headers, REMOTE_ADDR="203.0.113.77")
    return Comment.objects.latest("pk")


def test_spam_and_trash_of_thirty_days_are_deleted_and_nothing_else():
    article = make_article()
    for status in Comment.Status.values:
        make_comment(article, f"Old {status}.", status=status, submitted_at=days_ago(31))
        make_comment(article, f"New {status}.", status=status, submitted_at=days_ago(29))

    assert fading.delete_old() == 2

    kept = sorted(Comment.objects.values_list("body", flat=True))
    assert kept == ["New approved.", "New pending.", "New spam.", "New trash.", "Old approved.", "Old pending."]


def test_the_days_count_from_the_decision():
    old = make_comment(make_article(), submitted_at=days_ago(400))
    review.trash(Comment.objects.filter(pk=old.pk), by="mira")

    assert fading.delete_old() == 0
    assert Comment.objects.filter(pk=old.pk).exists()


def test_the_owner_says_after_how_many_days_and_may_say_never():
    article = make_article()
    for status in ("spam", "trash"):
        make_comment(article, status=status, submitted_at=days_ago(8))

    set_discussion(spam_days=7, trash_days=None)
    assert fading.delete_old() == 1

    assert [each.status for each in Comment.objects.all()] == ["trash"]


def test_a_reply_that_readers_see_stays_when_the_trash_is_emptied(reader):
    article = make_article()
    gone = make_comment(article, status="trash", submitted_at=days_ago(31))
    make_comment(article, "I answered you.", parent=gone)

    fading.delete_old()

    page = reader.get(article.get_absolute_url()).text
    assert "I answered you." in page
    assert "in reply to a comment that was removed" in page


@pytest.mark.parametrize("status", ["spam", "trash"])
def test_moderators_read_when_spam_and_trash_are_deleted(desk, status):
    moderator = desk("Moderators")

    told = moderator.get(f"/admin/comments/comment/?status={status}").text

    assert "What has been here for 30 days is deleted for ever." in told
    assert "is deleted for ever" not in moderator.get("/admin/comments/comment/?status=approved").text


def test_after_ninety_days_nobody_knows_from_where_a_comment_came(reader, clock):
    article = make_article()
    sent = send(reader, article, body="The first.")
    before = Origin.objects.values().get(pk=sent.pk)
    clock.shift(timedelta(days=89))
    send(reader, article, body="The second.", email="bela@example.org")

    assert fading.forget_traces() == 0
    clock.shift(timedelta(days=2))
    assert fading.forget_traces() == 1

    faded = {"network": None, "address_key": None, "user_agent": None}
    assert all(before[name] for name in faded)
    assert Origin.objects.values().get(pk=sent.pk) == before | faded
    assert Origin.objects.with_traces().count() == 1
    assert fading.forget_traces() == 0


def test_after_ninety_days_nobody_knows_from_where_a_report_came(clock):
    comment = make_comment(make_article())
    report(comment, times=2, note="Look at this.")
    clock.shift(timedelta(days=91))

    assert fading.forget_traces() == 2

    assert list(Report.objects.values_list("reporter", "note")) == [(None, "Look at this.")] * 2


def test_the_owner_says_when_traces_fade(reader, clock):
    send(reader, make_article())
    clock.shift(timedelta(days=8))

    set_discussion(traces_days=None)
    assert fading.forget_traces() == 0
    set_discussion(traces_days=7)
    assert fading.forget_traces() == 1


def test_the_worker_does_it():
    assert {fading.delete_old, fading.forget_traces} <= {job.run for job in JOBS}
