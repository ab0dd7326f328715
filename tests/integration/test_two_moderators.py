"""Two moderators at the same moment: no decision is lost or made twice, and the second one hears who was first."""

from functools import partial

import pytest
from django.db import connection

from comments.models import Decision, Report
from tests.factories import make_article, make_comment, make_staff, report
from tests.meeting import at_once
from tests.site_client import SiteClient

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other anyway"),
    pytest.mark.usefixtures("migrated"),
]
ACT = "/admin/comments/queue/act/"


def pressed_at_once(**posts):
    """The answers that moderators got, who pressed at the same moment."""
    works = []
    for name, sent in posts.items():
        client = SiteClient()
        client.force_login(make_staff("Moderators", name))
        works.append(partial(client.post, ACT, sent, headers={"Accept": "application/json"}))
    answers = at_once(*works, writes='INSERT INTO "comments_decision"')
    return {name: answer.json() for name, answer in zip(posts, answers, strict=True)}


def newest(comment):
    return Decision.objects.filter(comment_id=comment.pk).latest("pk")


def decisions_on(comment):
    return list(
        Decision.objects.filter(comment_id=comment.pk).exclude(from_status="").values_list("to_status", flat=True)
    )


def test_two_who_decide_differently_at_the_same_moment_make_one_decision_and_one_hears_of_it():
    article = make_article()
    comment = make_comment(article, status="pending")
    seen = newest(comment).pk

    answers = pressed_at_once(mira={"verb": "approve", "seen": seen}, jonas={"verb": "spam", "seen": seen})

    comment.refresh_from_db()
    article.refresh_from_db()
    made = newest(comment)
    loser = answers["jonas" if made.decided_by == "mira" else "mira"]
    assert decisions_on(comment) == [comment.status]
    assert made.decided_by.capitalize() in loser["cards"][str(comment.pk)]
    assert loser["said"].startswith("0 comments")
    assert article.comment_count == int(comment.status == "approved")


def test_two_who_decide_on_crossing_selections_lose_nothing_and_count_right():
    articles = [make_article() for _ in range(2)]
    comments = [make_comment(article, f"Number {n}.", status="pending") for n in range(10) for article in articles]
    ids = [newest(comment).pk for comment in comments]
    mine, theirs = ids[:14], ids[6:]

    answers = pressed_at_once(mira={"verb": "approve", "seen": mine}, jonas={"verb": "trash", "seen": theirs})

    assert [len(decisions_on(comment)) for comment in comments] == [1] * 20
    missed = [len(answer["cards"]) for answer in answers.values()]
    assert sorted(missed) == [0, 8]
    for article in articles:
        article.refresh_from_db()
        assert article.comment_count == article.comments.approved().count()


def test_one_who_keeps_and_one_who_declines_what_readers_reported_make_one_decision():
    comment = make_comment(make_article())
    report(comment, times=3)
    seen = newest(comment).pk

    pressed_at_once(mira={"verb": "approve", "seen": seen}, jonas={"verb": "trash", "seen": seen})

    assert len(decisions_on(comment)) == 1
    assert Report.objects.unsettled().count() == 0
