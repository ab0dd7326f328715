"""How PostgreSQL finds what a page shows, in the plan that it keeps for any values.

On few rows it would rightly read whole tables and sort them, so these are made dear: what is left to choose is the
index, and whether its rows come in the order that is asked for.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles.beside import BESIDE
from articles.models import Topic
from articles.statements import Statement, prepared, quote
from comments import telling
from comments.arrival import LATEST
from comments.evidence import NAMESAKES
from comments.models import Comment, Origin
from comments.threads import FIRST_PAGE, PICKS
from tests.factories import make_article, make_author, make_comment, make_section

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's plans are in test_plans.py"),
]
IN_ORDER = [
    (FIRST_PAGE[False], "comment_thread_order"),
    (FIRST_PAGE[True], "comment_newest_threads"),
    (PICKS, "comment_picks"),
]
MANY = 100
Step = dict[str, Any]


def kept_plan(statement: Statement[Any], *dear: str, **values: Any) -> list[Step]:
    """The steps of a statement's plan, after it ran; prepared anew, because tests before have made another."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL; SET LOCAL plan_cache_mode = force_generic_plan")
        for way in dear:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        prepared.clear()
        call = statement.call(values, partial(quote, connection=connection), connection)
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {call}")
        (((plan,),),) = cursor.fetchall()
        # Those that come after need none of these plans either.
        cursor.execute("DEALLOCATE ALL")
        prepared.clear()
    return list(steps_of(plan["Plan"]))


def steps_of(plan: Step) -> Iterator[Step]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps_of(part)


def busiest(statement: Statement[Any], **values: Any) -> int:
    """How many rows the busiest step looks at, with all that the database knows of its tables.

    To hold a whole table beside a few rows pays as long as it is as small as here, or what tests before left in it
    makes the index dear.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    steps = kept_plan(statement, "seqscan", "material", "hashjoin", "mergejoin", **values)
    return max(step["Actual Loops"] * (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) for step in steps)


@pytest.mark.parametrize(("statement", "index"), IN_ORDER)
def test_a_page_of_comments_is_read_from_an_index_in_its_order(statement, index):
    article = make_article()
    make_comment(article)

    values = {"article": article.pk, "slug": article.slug, "now": timezone.now()}
    steps = kept_plan(statement, "seqscan", "sort", **{name: values[name] for name in statement.kinds})

    assert index in {step.get("Index Name") for step in steps}
    assert "Sort" not in {step["Node Type"] for step in steps}


@pytest.mark.parametrize(("statement", "index"), IN_ORDER[:2])
def test_a_page_of_a_busy_op_ed_is_not_sorted_though_the_others_have_few_comments(statement, index):
    busy, *others = [make_article() for _ in range(80)]
    multiply(make_comment(busy), 3_000)
    for other in others:
        multiply(make_comment(other), 20)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    steps = kept_plan(statement, now=timezone.now(), slug=busy.slug)

    assert index in {step.get("Index Name") for step in steps}
    assert "Sort" not in {step["Node Type"] for step in steps}


def multiply(comment: Comment, times: int) -> None:
    """So many more like it on its op-ed, each a thread of its own."""
    columns = [field.column for field in Comment._meta.concrete_fields if field.name != "id"]
    copied = ", ".join("lpad(n::text, 12, '0')" if column == "sort_key" else column for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO comments_comment ({', '.join(columns)}) "
            f"SELECT {copied} FROM comments_comment, generate_series(100000, 100000 + %s) AS n WHERE id = %s",
            [times, comment.pk],
        )


def test_what_stands_beside_an_op_ed_is_a_few_rows_where_one_columnist_wrote_all_on_one_topic():
    author, section, topic = make_author(), make_section(), Topic.objects.create(name="Rivers")
    for _ in range(MANY):
        article = make_article(author=author, section=section)
        article.topics.add(topic)

    assert busiest(BESIDE, now=timezone.now(), slug=article.slug) < MANY / 4


def test_a_name_is_looked_for_among_those_of_known_readers():
    article = make_article()
    for number in range(MANY):
        comment = make_comment(article, name=f"Reader {number}")
        telling.confirm(comment.origin.commenter)

    assert busiest(NAMESAKES, key=comment.origin.name_key) < MANY / 4


def test_what_a_sender_sent_last_is_looked_for_among_their_own():
    article, now = make_article(), timezone.now()
    for number in range(MANY):
        comment = make_comment(article, email=f"reader{number}@example.org")
        Origin.objects.filter(pk=comment.pk).update(address_key=f"address {number}", network="192.0.2.0/24")
    values = {"person": comment.origin.commenter.email_key, "address": "address 7"}

    assert busiest(LATEST, since=now - timedelta(hours=1), until=timezone.now(), **values) < MANY / 4
