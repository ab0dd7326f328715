"""How the database finds what pages show: by an index that leads to it, whatever else the tables hold."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.beside import BESIDE
from articles.models import Article, Author, Topic
from articles.names import look_alike_key
from comments import records, review, telling
from comments.drafts import Draft, Past
from comments.evidence import namesakes
from comments.importing import Imported, import_comments
from comments.models import Comment
from comments.records import Record, record_of, records_of
from comments.reported import often_reported
from comments.threads import seen_by
from opedsite.jobs import refresh_statistics
from tests.factories import make_article, make_author, make_comment, report

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="on so few rows PostgreSQL rightly reads whole tables"),
]
numbers = count(1)


@pytest.fixture
def article() -> Article:
    """One among others, with an author who signed little."""
    authors = [make_author(f"Ana {next(numbers)}") for _ in range(20)]
    articles = [make_article(author=author) for author in authors for _ in range(3)]
    for each in articles[:20]:
        make_comment(each)
    refresh_statistics()
    return articles[0]


def test_the_feed_of_an_article_reads_its_own_comments_in_their_order(article):
    newest = Comment.objects.visible().filter(article=article).order_by("-submitted_at", "-pk")[:50]

    plan = newest.explain()

    assert "comment_article_newest" in plan
    assert "TEMP B-TREE" not in plan


def test_the_articles_of_an_author_are_found_by_their_bylines(article):
    author = Author.objects.get(bylines__article=article)

    plan = Article.objects.published().filter(bylines__author=author).newest_first()[:21].explain()

    assert "byline_newest" in plan


def test_picks_are_not_looked_for_among_all_comments(article):
    past = Past(submitted_at=timezone.now(), status="approved", by="trial")
    people = (Draft(body=f"Number {n}.", name="Ana", email=f"ana{n}@example.org") for n in range(600))
    import_comments([Imported(article, draft, past) for draft in people])
    refresh_statistics()

    picked = seen_by(article, None).filter(is_pick=True).in_thread_order()[:5]

    assert "comment_picks" in picked.explain()


def test_a_known_readers_name_is_found_among_those_of_known_readers(article):
    comment = make_comment(article, name="Bela Novak")
    telling.confirm(comment.origin.commenter)
    refresh_statistics()

    plan = namesakes(look_alike_key("Bela Novak")).explain()

    assert "origin_name" in plan
    assert "(status=?" not in plan


def test_what_was_reported_often_is_found_among_reports_and_not_among_comments(article):
    report(make_comment(article), times=3)
    refresh_statistics()

    plan = often_reported(3).explain()

    assert "report_open" in plan
    assert "(status=?" not in plan


def test_a_writers_latest_comments_are_counted_without_looking_at_the_others(article, monkeypatch):
    comments = [
        make_comment(article, status=status, email="ana@example.org") for status in ("spam", "trash", "pending")
    ]
    comments += [make_comment(article, email="ana@example.org") for _ in range(4)]
    withdrawn = make_comment(article, email="ana@example.org")
    review.withdraw(Comment.objects.filter(pk=withdrawn.pk))
    person = withdrawn.origin.commenter
    refresh_statistics()

    with CaptureQueriesContext(connection) as asked:
        whole = record_of(person)
    monkeypatch.setattr(records, "LATEST", 6)
    latest = records_of([person.pk])[person.pk]

    (query,) = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert (whole, latest) == (Record(4, 2, 1), Record(4, 0, 1))
    assert plan.count("origin_by_person") == 3
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("has_topic", [True, False])
def test_what_stands_beside_an_op_ed_is_as_much_work_in_a_section_of_any_size(article, has_topic):
    if has_topic:
        article.topics.add(Topic.objects.create(name="Water"))
    steps = []
    for _ in range(2):
        for _ in range(120):
            make_article(section=article.section)
        refresh_statistics()
        steps.append(steps_of(article))

    assert steps[1] < steps[0] + 5


def test_answers_to_an_op_ed_are_found_among_answers_and_not_among_articles(article):
    refresh_statistics()

    answers = Article.objects.published().filter(answers=article).order_by("-pk")[:10]

    assert "article_replies" in answers.explain()


def steps_of(article: Article) -> int:
    """How many hundreds of instructions SQLite needs for what stands beside the op-ed."""
    beside = {"slug": article.slug, "now": timezone.now()}
    BESIDE.rows(**beside)
    steps: list[None] = []
    connection.connection.set_progress_handler(lambda: steps.append(None), 100)
    BESIDE.rows(**beside)
    connection.connection.set_progress_handler(None, 0)
    return len(steps)
