"""Readers report comments: the small page, what is kept of a report, and what it never does."""

import re
from functools import partial

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import PageVersion
from comments import review
from comments.models import Comment, Decision, Report
from comments.reporting import report_comment
from tests.factories import make_article, make_comment, report, set_discussion
from tests.meeting import at_once
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
REASON = "Spam or advertising"
STORES = 'INSERT INTO "comments_report"'


def address_of(comment):
    return reverse("comments:comment-report", args=[comment.pk])


def send(client, comment, address="203.0.113.7", **words):
    return client.post(address_of(comment), {"reason": REASON, "note": "", "fax": ""} | words, REMOTE_ADDR=address)


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("badge", ["", "staff", "author"])
def test_each_comment_on_the_page_can_be_reported(reader, is_open, badge):
    set_discussion(is_open=is_open)
    comment = make_comment(make_article(), name="Ana <b>", badge=badge)

    page = reader.get(comment.article.get_absolute_url()).text

    words = 'Report<span class="unseen"> the comment by Ana &lt;b&gt;</span>'
    assert f'<a href="{address_of(comment)}" rel="nofollow">{words}</a>' in page


def test_who_waits_for_a_moderator_sees_no_link_to_report_oneself(reader):
    article = make_article()
    own = reader.post(
        reverse("comments:comment-post", args=[article.pk]),
        {"body": "Mine.", "name": "Ana", "email": "ana@example.org"},
    )

    assert "/report/" not in reader.get(own.url).text


def test_the_page_quotes_the_comment_offers_the_owners_reasons_and_is_kept_by_nobody(reader):
    set_discussion(report_reasons="Rude\n\n Off  topic \nRude\n")
    comment = make_comment(make_article(), "A <script>bad</script> word.", name="Ana")

    page = reader.get(address_of(comment))

    assert re.findall(r'type="radio" name="reason" value="([^"]+)"', page.text) == ["Rude", "Off topic"]
    assert "A &lt;script&gt;bad&lt;/script&gt; word." in page.text
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert not page.cookies
    assert Report.objects.count() == 0


def test_a_report_keeps_reason_note_and_moment_and_no_address(reader):
    comment = make_comment(make_article())

    thanks = send(reader, comment, note="Sells\r\nshoes.\x07", address="203.0.113.77")

    stored = Report.objects.get()
    assert (thanks.status_code, "<h1>Thank you</h1>" in thanks.text) == (200, True)
    assert (stored.comment, stored.reason, stored.note) == (comment, REASON, "Sells\nshoes.")
    assert (timezone.now() - stored.reported_at).total_seconds() < 60
    assert len(stored.reporter) == 64
    assert "203.0.113" not in str(Report.objects.values_list().get())
    assert stored.reporter != comment.origin.address_key


@pytest.mark.parametrize("second", ["203.0.113.7", "2001:db8:7:1::2"])
def test_a_person_reports_once_and_is_answered_the_same_way_again(reader, second):
    comment = make_comment(make_article())
    first = "203.0.113.7" if "." in second else "2001:db8:7:1::1"

    answers = [send(reader, comment, first), send(SiteClient(), comment, second, reason="Off topic")]

    assert answers[0].text == answers[1].text
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Report.objects.get().reason == REASON


def test_two_people_are_two_reports_and_neither_changes_the_page(reader):
    comment = make_comment(make_article())
    before = list(PageVersion.objects.order_by("key").values())

    send(reader, comment), send(reader, comment, "203.0.113.8"), send(reader, comment, "2001:db8:7:2::1")

    assert Report.objects.count() == 3
    assert Comment.objects.get().status == "approved"
    assert list(PageVersion.objects.order_by("key").values()) == before


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"reason": ""}, "Please choose a reason."),
        ({"reason": "<b>Mine</b>"}, "Please choose a reason."),
        ({"note": "x" * 501}, "it has 501 characters, and 500 fit"),
    ],
)
def test_a_report_that_is_not_complete_comes_back_with_its_words(reader, words, error):
    comment = make_comment(make_article())

    answer = send(reader, comment, **{"note": "My own words."} | words)

    assert answer.status_code == 422
    assert error in answer.text
    assert words.get("note", "My own words.") in answer.text
    assert "<b>Mine</b>" not in answer.text
    assert Report.objects.count() == 0


def test_a_filled_hidden_field_is_thanked_and_forgotten(reader):
    comment = make_comment(make_article())

    answer = send(reader, comment, fax="x")

    assert "Thank you" in answer.text
    assert Report.objects.count() == 0


def test_a_report_from_a_foreign_page_is_sent_once_more_by_hand_with_its_words():
    comment = make_comment(make_article())
    foreign = SiteClient(headers={"Sec-Fetch-Site": "cross-site"})

    refused = send(foreign, comment, note="My own words.")
    token = re.search(r'name="token" value="([^"]+)"', refused.text)[1]
    other = send(foreign, comment, note="Other words.", token=token)
    again = send(foreign, comment, note="My own words.", token=token)

    assert (refused.status_code, other.status_code, again.status_code) == (403, 403, 200)
    assert "My own words." in refused.text
    assert f'value="{REASON}" id="report-reason_3" checked' in " ".join(refused.text.replace("required", "").split())
    assert [each.note for each in Report.objects.all()] == ["My own words."]


def test_the_eleventh_report_within_an_hour_has_to_wait_with_its_words(reader, settings, clock):
    settings.OPED_RATE_LIMITS = True
    article = make_article()
    comments = [make_comment(article, f"Number {number}.") for number in range(12)]

    statuses = [send(reader, comment).status_code for comment in comments[:10]]
    refused = send(reader, comments[10], note="My own words.")
    somebody_else = send(SiteClient(), comments[10], "203.0.113.8")
    clock.shift(3601)
    later = send(reader, comments[11])

    assert set(statuses) == {200}
    assert (refused.status_code, somebody_else.status_code, later.status_code) == (429, 200, 200)
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "My own words." in refused.text


@pytest.mark.parametrize("status", ["pending", "spam", "trash"])
def test_what_readers_do_not_see_can_not_be_reported_and_is_not_shown(reader, status):
    comment = make_comment(make_article(), "Hidden words.", status=status)

    page, answer = reader.get(address_of(comment)), send(reader, comment, note="My own words.")
    unknown = reader.post("/comments/999999/report/", {"reason": REASON, "note": "My own words."})

    assert (page.status_code, answer.status_code) == (404, 404)
    assert "Hidden words." not in page.text + answer.text
    assert "My own words." in answer.text
    assert answer.text == unknown.text
    assert Report.objects.count() == 0


def test_a_comment_that_left_while_its_reporter_typed_is_answered_kindly(reader):
    article = make_article()
    gone, hidden = make_comment(article), make_comment(make_article())
    assert reader.get(address_of(gone)).status_code == 200

    review.trash(Comment.objects.filter(pk=gone.pk), by="mira")
    publishing.withdraw(hidden.article)

    for comment in (gone, hidden):
        answer = send(reader, comment)
        assert answer.status_code == 404
        assert "This comment is not on the page any more" in answer.text
    assert Report.objects.count() == 0


def test_a_report_goes_when_its_comment_goes():
    comment = make_comment(make_article())
    report(comment, times=2)

    review.purge(Comment.objects.filter(pk=comment.pk))

    assert Report.objects.count() == 0


def test_following_the_link_reports_nothing(reader):
    comment = make_comment(make_article())

    reader.get(address_of(comment), {"reason": REASON})
    reader.head(address_of(comment))

    assert Report.objects.count() == 0


# --- At the same moment


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_reports_of_one_person_at_the_same_moment_are_one(migrated):
    comment = make_comment(make_article())

    answers = at_once(*(partial(send, SiteClient(), comment) for _ in range(20)), writes=STORES)

    assert [answer.status_code for answer in answers] == [200] * 20
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other anyway")
def test_reports_and_comments_at_the_same_moment_hide_once_and_count_right(migrated):
    set_discussion(reports_hide=True, mode="publish")
    article = make_article()
    comment = make_comment(article)
    words = {"name": "Ana", "website": "", "parent": "", "fax": ""}
    post = reverse("comments:comment-post", args=[article.pk])

    works = []
    for each in range(6):
        works.append(partial(send, SiteClient(), comment, f"203.0.113.{each}"))
        sent = words | {"body": f"Number {each}.", "email": f"reader{each}@example.org"}
        works.append(partial(SiteClient().post, post, sent))

    answers = at_once(*works, writes=f'{STORES}|UPDATE "articles_article"')

    hidden = Decision.objects.filter(comment_id=comment.pk, to_status="pending")
    assert {answer.status_code for answer in answers} <= {200, 303, 404}
    assert Report.objects.count() == 3
    assert [decision.decided_by for decision in hidden] == ["readers’ reports"]
    article.refresh_from_db()
    assert article.comment_count == article.comments.approved().count() > 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other anyway")
def test_a_report_that_hides_and_a_moderator_who_decides_at_the_same_moment_get_past_each_other(migrated):
    set_discussion(reports_hide=True, reports_to_review=1)
    article = make_article()
    comments = [make_comment(article, f"Number {number}.") for number in range(3)]

    failed = []
    for comment in comments:
        reports = partial(report_comment, comment.pk, reason=REASON, note="", address="203.0.113.7")
        declines = partial(review.trash, Comment.objects.filter(pk=comment.pk), by="mira")
        given = at_once(reports, declines, writes=f'{STORES}|INSERT INTO "comments_decision"')
        failed += [each for each in given if isinstance(each, DatabaseError)]

    assert failed == []
    assert set(article.comments.values_list("status", flat=True)) == {"trash"}
