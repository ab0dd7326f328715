"""Queries whose SQL is built once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.inserting import insert
from articles.models import Article, Author, Section, Topic
from articles.statements import Statement, Written, together
from tests.factories import make_article, make_scheduled, make_section

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def by_title() -> Statement[Article]:
    return Statement(
        lambda now, title: Article.objects.published(now).filter(title=title).select_related("section").defer("body"),
        now=datetime,
        title=str,
    )


def test_finds_what_its_queryset_finds_with_what_it_selects_along() -> None:
    made = make_article(NOON, title="Tides")
    statement = by_title()
    statement.objects(now=NOON, title="another")
    [found] = statement.objects(now=NOON, title="Tides")
    with CaptureQueriesContext(connection) as queries:
        assert (found, found.published_at, found.section.name) == (made, NOON, made.section.name)
    assert not queries
    assert "body" in found.get_deferred_fields()


def test_values_change_from_call_to_call() -> None:
    due = make_scheduled(title="Tides").published_at
    assert due
    statement = by_title()
    assert len(statement.objects(now=due, title="Tides")) == 1
    assert statement.objects(now=due - timedelta(hours=1), title="Tides") == []
    assert statement.objects(now=due, title="Ebb") == []
    assert statement.objects(now=due, title="%s' OR 1=1 --") == []


def test_rows_come_as_python_knows_them() -> None:
    article = make_article(NOON, title="Tides")
    columns = Statement(
        lambda pk: Article.objects.filter(pk=pk).values_list("published_at", "toc", "comments_open", "pk"), pk=int
    )
    assert [tuple(row) for row in columns.rows(pk=article.pk)] == [(NOON, article.toc, True, article.pk)]


def test_a_value_that_the_queryset_changes_is_refused() -> None:
    with pytest.raises(ValueError, match="title"):
        Statement(lambda title: Article.objects.filter(title__startswith=title), title=str).objects(title="T")


def test_a_number_that_no_column_can_hold_finds_nothing() -> None:
    make_article()
    found = Statement(lambda pk: Article.objects.filter(pk=pk), pk=int)
    assert [found.objects(pk=number) for number in (2**63, -(2**63) - 1, 10**30)] == [[], [], []]
    assert found.objects(pk=2**63 - 1) == []


def test_statements_that_are_asked_together_keep_their_answers_apart() -> None:
    article = make_article()
    found = Statement(lambda pk: Article.objects.filter(pk=pk), pk=int)
    titles = Statement(lambda title: Article.objects.filter(title=title).values_list("pk", "title"), title=str)
    asked = [(found, {"pk": article.pk}), (found, {"pk": 2**64}), (titles, {"title": "?"})]

    first, impossible, nothing, last = together(*asked, (titles, {"title": article.title}))

    assert (first, impossible, nothing) == ([article], [], [])
    assert [tuple(row) for row in last] == [(article.pk, article.title)]


@pytest.mark.usefixtures("migrated")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_new_connection_knows_the_statements_of_the_one_before() -> None:
    article = make_article()
    found = Statement(lambda pk: Article.objects.filter(pk=pk), pk=int)
    for _ in range(2):
        assert found.objects(pk=article.pk) == [article]
        connection.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL prepares statements by name")
def test_postgresql_plans_a_statement_once() -> None:
    found = Statement(lambda pk: Article.objects.filter(pk=pk), pk=int)
    for _ in range(9):
        found.objects(pk=1)
    with connection.cursor() as cursor:
        # Five plans are made for their values, to compare with the one that is then kept.
        cursor.execute("SELECT generic_plans FROM pg_prepared_statements WHERE name = %s", [found.name])
        assert cursor.fetchall() == [(4,)]


def test_inserts_rows_and_gives_them_their_ids() -> None:
    topics = [Topic(name="Sea", slug="sea"), Topic(name="Land", slug="land")]
    insert(topics)
    assert [Topic.objects.get(pk=topic.pk).name for topic in topics] == ["Sea", "Land"]


def test_inserts_objects_of_several_models_in_their_order() -> None:
    section, topic = make_section("Sea"), Topic(name="Tides", slug="tides")
    insert(
        [Section(pk=section.pk + 1, name="Land", slug="land")],
        [topic],
        [Author(name="Ines", slug="ines", name_key="ines")],
    )
    assert Section.objects.get(slug="land").pk == section.pk + 1
    assert Topic.objects.get(slug="tides").pk == topic.pk
    assert Author.objects.get().name == "Ines"


def test_finds_what_written_sql_finds_beside_what_a_queryset_does() -> None:
    made = make_article(NOON, title="Tides")
    new_topic = Written(
        "INSERT INTO articles_topic (name, slug) VALUES (%(name)s, 'sea') ON CONFLICT (slug) DO NOTHING RETURNING name",
        name=str,
    )

    articles, first = together((by_title(), {"now": NOON, "title": "Tides"}), (new_topic, {"name": "Sea %s"}))
    again = new_topic.rows(name="Another sea")

    assert (articles, [tuple(row) for row in first], again) == ([made], [("Sea %s",)], [])
    assert Topic.objects.get().name == "Sea %s"
