"""Figures on the desk's front page: charts, each with its table, from a few rows that a job has counted."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import figures, review
from comments.models import Comment, DayFigures
from opedsite.jobs import JOBS
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def noon(time_machine):
    """Noon of a day, so that hours before are of the same one."""
    moment = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
    time_machine.move_to(moment, tick=False)
    return moment


def decide(verb, submitted_at, *, by):
    made = make_comment(make_article(), status="pending", submitted_at=submitted_at)
    verb(Comment.objects.filter(pk=made.pk), by=by)


def test_a_day_tells_what_became_of_its_comments_and_how_long_they_waited(noon):
    for hours, verb in ((1, review.approve), (2, review.approve), (3, review.mark_as_spam), (10, review.trash)):
        decide(verb, noon - timedelta(hours=hours), by="jonas" if hours == 1 else "mira")
    make_comment(make_article(), status="pending", submitted_at=noon - timedelta(days=1))

    figures.count_days()

    today, yesterday = DayFigures.objects.order_by("-day")[:2]
    assert (today.approved, today.pending, today.spam, today.trash) == (2, 0, 1, 1)
    assert (yesterday.approved, yesterday.pending, yesterday.median_minutes) == (0, 1, None)
    assert (today.median_minutes, today.slow_minutes) == (120, 600)
    assert (today.decided, today.let_through) == (4, 2)
    assert today.decisions == {"mira": 3, "jonas": 1}


def test_what_became_of_older_comments_is_counted_anew(noon):
    made = make_comment(make_article(), status="pending", submitted_at=noon - timedelta(days=20))
    figures.count_days()
    review.approve(Comment.objects.filter(pk=made.pk), by="mira")

    figures.count_days()

    day = DayFigures.objects.get(day=timezone.localdate(made.submitted_at))
    assert (day.pending, day.approved) == (0, 1)


def test_days_gone_by_are_forgotten(noon, time_machine):
    figures.count_days()
    time_machine.move_to(noon + timedelta(days=3), tick=False)

    figures.count_days()

    assert DayFigures.objects.count() == figures.DAYS
    assert max(DayFigures.objects.values_list("day", flat=True)) == timezone.localdate()


def test_the_front_page_has_four_charts_each_with_its_table(desk, noon):
    decide(review.approve, noon - timedelta(hours=1), by="mira")
    decide(review.trash, noon - timedelta(hours=2), by="<b>jonas</b>")
    figures.count_days()

    page = desk("Moderators").get("/admin/").text

    shown = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(shown) == 4
    assert all('<svg viewBox="0 0 600 140" role="img" aria-labelledby="chart-' in each for each in shown[:3])
    assert '<rect width="600.0" height="20"/>' in shown[3]
    assert all("<table" in each and '<th scope="row">' in each for each in shown)
    assert "2 in 30 days: 1 approved, 0 waiting, 1 trash, 0 spam." in shown[0]
    assert "half within 60 min, nine of ten within 2 h." in shown[1]
    assert "50 % of 2 decided." in shown[2]
    assert "2 by 2." in shown[3]
    assert "&lt;b&gt;jonas&lt;/b&gt;" in shown[3]
    assert "style=" not in "".join(shown)


def test_the_front_page_reads_the_figures_in_one_query_however_many_comments_there_are(desk, noon):
    moderator = desk("Moderators")

    def queries_on_figures():
        with CaptureQueriesContext(connection) as queries:
            moderator.get("/admin/")
        return [each["sql"] for each in queries if "figures" in each["sql"].lower()], len(queries)

    figures.count_days()
    few = queries_on_figures()
    for _ in range(5):
        make_comment(make_article())
    figures.count_days()
    many = queries_on_figures()

    assert len(few[0]) == len(many[0]) == 1
    assert few[1] == many[1]


def test_before_the_first_count_and_for_writers_there_is_no_chart(desk):
    moderator, writer = desk("Moderators"), desk("Writers")
    before = moderator.get("/admin/").text
    figures.count_days()

    assert "<figure" not in before
    assert "<figure" in moderator.get("/admin/").text
    assert "<figure" not in writer.get("/admin/").text


def test_the_worker_counts():
    assert figures.count_days in {job.run for job in JOBS}
