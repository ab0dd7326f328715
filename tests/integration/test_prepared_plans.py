"""By which index PostgreSQL finds what a page shows, in the plan that it keeps for any values.

On so few rows it would rightly read whole tables and sort them, so both are made dear: what is left to choose is the
index, and whether its rows come in the order that is asked for.
"""

from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from articles.beside import BESIDE
from articles.statements import prepared, quote
from comments.evidence import NAMESAKES
from comments.threads import FIRST_PAGE, PICKS
from tests.factories import make_article, make_comment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's plans are in test_plans.py"),
]
IN_ORDER = [
    (FIRST_PAGE[False], "comment_thread_order"),
    (FIRST_PAGE[True], "comment_newest_threads"),
    (PICKS, "comment_picks"),
]


def kept_plan(statement, **values) -> str:
    """The plan of a statement, as PostgreSQL explains it; prepared anew, because tests before have made another."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL; SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        prepared.clear()
        cursor.execute(f"EXPLAIN {statement.call(values, partial(quote, connection=connection), connection)}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        # Those that come after need none of these plans either.
        cursor.execute("DEALLOCATE ALL")
        prepared.clear()
    return plan


@pytest.mark.parametrize(("statement", "index"), IN_ORDER)
def test_a_page_of_comments_is_read_from_an_index_in_its_order(statement, index):
    article = make_article()
    make_comment(article)

    values = {"article": article.pk, "slug": article.slug, "now": timezone.now()}
    plan = kept_plan(statement, **{name: values[name] for name in statement.kinds})

    assert f"using {index}" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("index", ["byline_newest", "article_topic_newest"])
def test_more_by_an_author_and_on_a_topic_is_the_beginning_of_an_index(index):
    article = make_article()

    plan = kept_plan(BESIDE, now=timezone.now(), slug=article.slug)

    assert f"using {index}" in plan
    assert "Seq Scan" not in plan


def test_a_name_is_looked_for_among_those_of_known_readers():
    assert "origin_name" in kept_plan(NAMESAKES, key="ana")
