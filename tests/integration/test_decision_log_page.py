"""The log of decisions in the desk: who, when, from, to, why; narrowed, and taken along as CSV."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import review
from comments.models import Comment, Decision
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db
LOG = "/admin/comments/decision/"


@pytest.fixture
def comment(clock):
    """Approved by mira last week, declined by jonas today."""
    made = make_comment(make_article(), status="pending")
    chosen = Comment.objects.filter(pk=made.pk)
    review.approve(chosen, by="mira")
    clock.shift(timedelta(days=7))
    review.trash(chosen, by="jonas", reason="off-topic")
    return made


def told(response):
    """Who and what, line by line, of the CSV."""
    return [(row["who"], row["from"], row["to"], row["why"]) for row in csv.DictReader(response.text.splitlines())]


def narrowed(client, **choices):
    return [line[0] for line in told(client.get(f"{LOG}csv/", choices))]


def test_the_log_tells_who_when_from_to_and_why(desk, comment):
    page = desk("Moderators").get(LOG).text

    assert page.index("jonas</td>") < page.index("mira</td>") < page.index("factory</td>")
    assert "<td>off-topic</td>" in page
    assert f'/admin/comments/comment/{comment.pk}/change/">{comment.pk}</a>' in page


def test_the_log_outlives_the_comment(desk, comment):
    review.purge(Comment.objects.all())

    assert f"{comment.pk}, deleted" in desk("Moderators").get(LOG).text


def test_the_log_is_narrowed_by_who_what_and_when(desk, comment):
    client, today = desk("Moderators"), timezone.localdate()

    assert narrowed(client) == ["jonas", "mira", "factory"]
    assert narrowed(client, who="mira") == ["mira"]
    assert narrowed(client, what="trash") == ["jonas"]
    assert narrowed(client, since=str(today)) == ["jonas"]
    assert narrowed(client, until=str(today - timedelta(days=1))) == ["mira", "factory"]
    assert narrowed(client, who="mira", what="trash") == []
    assert "No decision like that." in client.get(LOG, {"who": "mira", "what": "trash"}).text


@pytest.mark.parametrize(
    "query", ["who=nobody", "what=gone", "since=soon", "until=2026-13-01", "page=0", "page=9999", "page=x"]
)
@pytest.mark.parametrize("page", ["", "csv/"])
def test_what_can_not_be_asked_for_is_422_with_a_sentence(desk, comment, query, page):
    response = desk("Moderators").get(f"{LOG}{page}?{query}")

    assert response.status_code == 422
    assert 'class="error"' in response.text


def test_no_cell_of_the_table_is_a_formula(desk):
    made = make_comment(make_article(), status="pending")
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", 'a "quoted", name', "mira"]
    for turn, name in enumerate(names):
        (review.trash if turn % 2 else review.approve)(Comment.objects.filter(pk=made.pk), by=name)

    response = desk("Moderators").get(f"{LOG}csv/")

    rows = list(csv.reader(response.content.decode().splitlines(keepends=True)))
    cells = [cell for row in rows for cell in row]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {f"'{name}" for name in names[:6]} | {*names[6:]} <= {*cells}


def test_older_decisions_are_a_page_away_and_none_is_counted(desk, comment):
    for turn in range(110):
        (review.approve if turn % 2 else review.hold)(Comment.objects.filter(pk=comment.pk), by="mira")
    client = desk("Moderators")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        first = client.get(LOG, {"who": "mira"}).text
    second = client.get(LOG, {"who": "mira", "page": 2}).text

    assert "?who=mira&amp;page=2" in first
    assert (first.count("mira</td>"), second.count("mira</td>")) == (100, 11)
    assert "page=1" in second
    assert [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()] == []


@pytest.mark.parametrize("page", ["", "csv/"])
def test_the_log_is_for_those_who_moderate(desk, reader, comment, page):
    assert desk("Writers").get(LOG + page).status_code == 403
    assert reader.get(LOG + page).status_code == 302


@pytest.mark.parametrize("address", ["add/", "{pk}/change/", "{pk}/delete/", "{pk}/"])
def test_nobody_changes_the_log_in_the_desk(desk, comment, address):
    before = list(Decision.objects.values_list())
    owner = desk("Owner")
    url = LOG + address.format(pk=Decision.objects.latest("pk").pk)

    answers = [
        owner.get(url),
        owner.post(url, {"post": "yes", "decided_by": "x"}),
        owner.post(LOG, {"action": "delete_selected"}),
    ]

    assert [answer.status_code for answer in answers[:2]] == [404, 404]
    assert list(Decision.objects.values_list()) == before
