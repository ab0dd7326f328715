"""The log of decisions is looked through for what was edited or removed by hand."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from comments import review
from comments.checking import check_seals, seal_decisions
from comments.models import Comment, Decision, Seal
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    """Decided three times, between two others."""
    article = make_article()
    make_comment(article)
    made = make_comment(article, status="pending")
    make_comment(article, status="spam")
    chosen = Comment.objects.filter(pk=made.pk)
    review.approve(chosen, by="mira")
    review.trash(chosen, by="jonas", reason="off-topic")
    review.undo(Decision.objects.filter(comment_id=made.pk).order_by("-pk").values_list("pk", flat=True)[:1], by="mira")
    return made


def check(*options):
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("check_decisions", *options, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def by_hand(statement, *values):
    """What somebody does in the database's own shell."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def nth(comment, place):
    return Decision.objects.filter(comment_id=comment.pk).order_by("pk")[place].pk


def test_a_log_that_nobody_touched_is_whole(comment):
    review.purge(Comment.objects.filter(status="spam"))

    assert check() == (0, "The log is whole.\n")
    assert json.loads(check("--json")[1]) == {"troubles": [], "count": 0}


@pytest.mark.parametrize(
    ("column", "value"),
    [("decided_by", "nobody"), ("to_status", "spam"), ("from_status", "spam"), ("reason", ""), ("mac", "0" * 64),
     ("decided_at", "2020-01-01 00:00:00")],
)  # fmt: skip
def test_an_edited_decision_is_reported(comment, column, value):
    edited = nth(comment, 2)

    by_hand(f"UPDATE comments_decision SET {column} = %s WHERE id = %s", value, edited)

    code, said = check()
    assert code == 1
    assert f"decision {edited} on comment {comment.pk}" in said.replace("Decision", "decision")


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_removed_decision_is_reported_wherever_it_stood(comment, place):
    by_hand("DELETE FROM comments_decision WHERE id = %s", nth(comment, place))

    code, said = check("--json")

    found = json.loads(said)
    assert code == 1
    assert {each["comment"] for each in found["troubles"]} == {comment.pk}
    assert {each["kind"] for each in found["troubles"]} == {"unexplained" if place == 3 else "gap"}


def test_a_comment_without_any_decision_is_reported(comment):
    by_hand("DELETE FROM comments_decision WHERE comment_id = %s", comment.pk)

    assert check() == (
        1,
        f"unexplained: Comment {comment.pk} is approved, but no decision is there.\n1 trouble found.\n",
    )


def test_a_status_that_was_set_by_hand_is_reported(comment):
    by_hand("UPDATE comments_comment SET status = 'spam' WHERE id = %s", comment.pk)

    assert f"Comment {comment.pk} is spam, but the last decision says approved." in check()[1]


def test_what_is_gone_from_the_end_without_a_change_of_status_is_seen_by_the_seal(comment, clock):
    review.purge(Comment.objects.filter(pk=comment.pk))
    clock.shift(timedelta(hours=2))
    assert seal_decisions().decisions == Decision.objects.count() == 6
    assert seal_decisions() is None

    by_hand("DELETE FROM comments_decision WHERE comment_id = %s", comment.pk)

    assert "4 of 6 decisions from 1 to" in check()[1]


def test_a_seal_that_was_made_to_fit_is_reported(comment, clock):
    clock.shift(timedelta(hours=2))
    seal_decisions()
    make_comment(make_article())
    clock.shift(timedelta(hours=2))
    seal_decisions()

    by_hand("UPDATE comments_seal SET decisions = decisions - 1 WHERE id = %s", Seal.objects.earliest("pk").pk)

    assert [trouble.kind for trouble in check_seals()] == ["edited"]


def test_a_decision_of_this_minute_is_not_sealed_yet(comment):
    assert seal_decisions() is None
