"""One's own comment, through its signed link: edit it for a quarter of an hour, withdraw it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from comments import review
from comments.models import Comment, Decision
from tests.factories import filled_in, make_article
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(reader):
    """The address of the page of a comment just sent."""
    response = reader.post(reverse("comments:comment-post", args=[make_article().pk]), filled_in(body="First words."))
    return response.url.split("#")[0]


def test_its_writer_changes_a_pending_comment_and_the_policy_rules_again(reader, own):
    page = reader.get(own).text

    saved = reader.post(f"{own}edit/", {"body": "Other words, https://a.example/ and https://b.example/."})

    comment = Comment.objects.get()
    assert "Edit your comment" in page
    assert saved.status_code == 303
    assert comment.body_html.startswith("<p>Other words, <a ")
    assert "2 links" in comment.origin.findings
    assert Decision.objects.last().reason == "edited by its writer"


def test_above_ones_own_comment_alone_the_page_does_not_say_that_there_is_none(reader, own):
    heading = reader.get(own).text.partition('id="comments-title">')[2].partition("<")[0]

    assert heading == "Your comment"


def test_an_edit_without_words_is_refused_on_the_same_page(reader, own):
    response = reader.post(f"{own}edit/", {"body": "  "})

    assert response.status_code == 422
    assert "Please write your comment." in response.text
    assert Comment.objects.get().body == "First words."


def test_an_edit_that_meets_a_purge_gives_its_words_back(reader, own):
    purged = []

    def purge_before_it_begins(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT") and not purged:
            purged.append(True)
            review.purge(Comment.objects.all())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(purge_before_it_begins):
        response = reader.post(f"{own}edit/", {"body": "Other words."})

    assert purged
    assert response.status_code == 404
    assert "Other words." in response.text


def test_after_a_quarter_of_an_hour_or_a_decision_the_words_stay(reader, own):
    Comment.objects.update(submitted_at=timezone.now() - timedelta(minutes=16))
    late = reader.post(f"{own}edit/", {"body": "Too late."})
    Comment.objects.update(submitted_at=timezone.now())
    review.approve(Comment.objects.all(), by="mira")
    decided = reader.post(f"{own}edit/", {"body": "Decided."})

    assert (late.status_code, decided.status_code) == (409, 409)
    assert "Too late." in late.text
    assert "Edit your comment" not in reader.get(own).text
    assert Comment.objects.get().body == "First words."


def test_its_writer_withdraws_a_comment_even_a_published_one(reader, own):
    review.approve(Comment.objects.all(), by="mira")
    article = Comment.objects.get().article

    reader.post(f"{own}withdraw/")

    assert Comment.objects.get().status == "trash"
    assert "First words." not in reader.get(article.get_absolute_url()).text
    assert Decision.objects.last().decided_by == "its writer"
    assert "Withdraw your comment" not in reader.get(own).text


@pytest.mark.parametrize("publish", [review.approve, review.hold])
def test_what_its_writer_withdrew_nobody_publishes_by_whatever_detour(reader, own, publish):
    reader.post(f"{own}withdraw/")
    comments = Comment.objects.all()

    assert publish(comments, by="mira") == []
    as_spam = review.mark_as_spam(comments, by="mira")
    assert publish(comments, by="mira") == []
    review.undo([decision.pk for decision in as_spam], by="mira")
    assert publish(comments, by="mira") == []
    assert Comment.objects.get().status == "trash"


def test_what_its_writer_withdrew_after_a_moderator_declined_it_no_undo_publishes(reader, own):
    review.approve(Comment.objects.all(), by="mira")
    declined = review.trash(Comment.objects.all(), by="mira")
    reader.post(f"{own}withdraw/")
    reader.post(f"{own}withdraw/")

    assert review.undo([decision.pk for decision in declined], by="mira") == []
    assert review.approve(Comment.objects.all(), by="mira") == []
    assert Comment.objects.get().status == "trash"
    assert "You withdrew this comment." in reader.get(own).text
    assert Decision.objects.filter(reason="withdrawn").count() == 1


def test_a_withdrawal_that_fails_in_the_middle_did_not_happen(reader, own):
    def fail_at_the_origin(execute, sql, params, many, context):
        if sql.startswith('UPDATE "comments_origin"'):
            raise OperationalError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_at_the_origin):
        assert reader.post(f"{own}withdraw/").status_code == 503

    assert Comment.objects.get().status == "pending"
    assert reader.post(f"{own}withdraw/").status_code == 303
    assert Comment.objects.get().origin.fingerprint is None


def test_what_was_withdrawn_may_be_said_again(reader, own):
    reader.post(f"{own}withdraw/")
    article = Comment.objects.get().article

    again = reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(body="First words."))

    assert again.status_code == 303


def test_the_page_of_what_went_to_spam_looks_as_if_it_waited(reader):
    article = make_article()
    url = reverse("comments:comment-post", args=[article.pk])
    waits = reader.get(reader.post(url, filled_in(body="Waits.")).url).text
    spam = reader.get(reader.post(url, filled_in(body="Spam.", email="b@c.example", fax="x")).url).text

    for sign in ("awaiting moderation", "Edit your comment", "Withdraw your comment", "when a moderator has decided"):
        assert sign in waits
        assert sign in spam


def test_an_edit_after_a_decision_is_told_the_true_reason(reader, own):
    review.approve(Comment.objects.all(), by="mira")

    assert "decided on meanwhile" in reader.post(f"{own}edit/", {"body": "Too late."}).text


@pytest.mark.parametrize("verb", ["edit", "withdraw"])
def test_a_foreign_site_or_a_followed_link_does_neither(reader, own, verb):
    stranger = SiteClient(headers={"Sec-Fetch-Site": "cross-site"})

    stranger.post(f"{own}{verb}/", {"body": "Not mine."})
    reader.get(f"{own}{verb}/")

    comment = Comment.objects.get()
    assert (comment.body, comment.status) == ("First words.", "pending")


def test_the_same_words_as_in_another_comment_are_refused(reader, own):
    article = Comment.objects.get().article
    reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(body="Second words."))

    assert reader.post(f"{own}edit/", {"body": "second WORDS."}).status_code == 409


def test_the_link_of_one_comment_reaches_no_other(reader, own):
    article = Comment.objects.get().article
    second = reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(body="Second words."))
    review.trash(Comment.objects.filter(body="Second words."), by="mira")

    assert "Second words." not in reader.get(own).text
    assert "Second words." in reader.get(second.url).text
