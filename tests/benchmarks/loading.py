"""Fills an empty database with as many rows as a site of some years has, quickly: texts are made, not cleaned.

python -m tests.benchmarks.loading <articles> <comments>, with DATABASE_URL and OPED_DATA_DIR in the environment.
"""

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, models, transaction

from tests.benchmarks.sizes import Size

Row = tuple[Any, ...]
BATCH = 5_000
SECTIONS = ("Politics", "Culture", "Economy", "Science", "Cities", "World")
TOPICS = ("Water", "Schools", "Transport", "Housing", "Health", "Energy", "Courts", "Harbours", "Work", "Language")
TEXT = """
the a river of ministry and meadow in that it lease to council is for spring with our bridge on was plan by drawer
not but they school this have which toll from ferry road night shift letters garden or an town every were their year
"""
WORDS = TEXT.split()
ARTICLES_AN_AUTHOR = 50
SEED = 20261123
# So many of the comments answer another: a page of 50 threads then holds its 200 comments.
REPLIES = 0.8
REPORTED = 10_000


def main(arguments: Sequence[str]) -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    fill(Size(*map(int, arguments)))


def fill(size: Size) -> None:
    """Everything, in one transaction; then the database looks at its tables, as it does by itself in time."""
    from comments.models import Comment, Commenter, Decision, Origin

    chance = random.Random(SEED)
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction.atomic():
        add_articles(size, chance, now)
        people = max(2, size.comments // 5)
        insert(Commenter, ("id", "address", "email_key", "first_seen_at"), commenters(people, now))
        columns = (
            "id", "article_id", "parent_id", "sort_key", "depth", "name", "website", "body", "body_html", "status",
            "badge", "is_pick", "submitted_at", "decided_at",
        )  # fmt: skip
        insert(Comment, columns, comments(size, chance, now))
        private = ("comment_id", "commenter_id", "fingerprint", "network", "address_key", "user_agent", "findings",
                   "tell_decision", "tell_replies")  # fmt: skip
        insert(Origin, private, origins(size, people, chance))
        log = ("id", "comment_id", "from_status", "to_status", "decided_by", "decided_at", "reason", "mac")
        insert(Decision, log, decisions(size, now))
    recount()
    settle()


# --- Articles


def add_articles(size: Size, chance: random.Random, now: datetime) -> None:
    from articles.freshness import pages_changed
    from articles.models import Article, Author, Byline, Section, Topic

    for position, name in enumerate(SECTIONS):
        Section.objects.create(name=name, position=position)
    for name in TOPICS:
        Topic.objects.create(name=name)
    authors = max(3, size.articles // ARTICLES_AN_AUTHOR)
    bio = "<p>Writes on rivers, schools and <em>the law</em>. Lives in a harbour town.</p>"
    insert(
        Author,
        ("id", "name", "name_key", "slug", "bio", "bio_html", "website"),
        ((n, f"Author {n} Haddad", f"author{n}haddad", f"author-{n}", bio, bio, "") for n in range(1, authors + 1)),
    )
    columns = (
        "id", "title", "standfirst", "slug", "body", "body_html", "toc", "word_count", "section_id", "language",
        "status", "published_at", "went_live_at", "first_live_at", "address_year", "address_month", "comments_open",
        "comment_count", "created_at", "saved_at",
    )  # fmt: skip
    insert(Article, columns, articles(size, chance, now))
    bylines = ((n, n, 1 + n % authors, 0, bio) for n in range(1, size.articles + 1))
    insert(Byline, ("id", "article_id", "author_id", "position", "bio_html"), bylines)
    topics = ((n, n, 1 + n % len(TOPICS)) for n in range(1, size.articles + 1))
    insert(Article.topics.through, ("id", "article_id", "topic_id"), topics)
    pages_changed(["site", "articles"])


def articles(size: Size, chance: random.Random, now: datetime) -> Iterator[Row]:
    """The special ones first, so that their ids are 1, 2, 3; published in the course of eight years."""
    bodies = [article_body(chance) for _ in range(50)]
    special = list(size.special)
    for n in range(1, size.articles + 1):
        slug = special[n - 1] if n <= len(special) else f"the-river-{n}"
        at = now - timedelta(days=1, minutes=8 * 365 * 1440 * n / size.articles)
        body = bodies[n % len(bodies)]
        yield (
            n, f"The river that the ministry forgot {n}", "A flood plan sits in a drawer. It has been there for years.",
            slug, body, body, "[]", 800, 1 + n % len(SECTIONS), "en", "published", at, at, at, at.year, at.month,
            True, 0, at, at,
        )  # fmt: skip


def article_body(chance: random.Random) -> str:
    """About 800 words in twelve paragraphs."""
    return "".join(f"<p>{sentence(chance, 66)}</p>\n" for _ in range(12))


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


# --- Comments


def commenters(people: int, now: datetime) -> Iterator[Row]:
    for n in range(1, people + 1):
        yield n, f"reader{n}@example.org", f"reader{n}@example.org", now


def comments(size: Size, chance: random.Random, now: datetime) -> Iterator[Row]:
    """On the special articles their number, approved; the rest anywhere else, one in thirty still pending."""
    bodies = [sentence(chance, chance.randint(5, 90)) for _ in range(500)]
    latest: dict[int, list[tuple[int, str]]] = {}
    for n, article in enumerate(articles_of_comments(size, chance), start=1):
        thread = latest.setdefault(article, [])
        own = f"{n:012}"
        parent, key = None, own
        if thread and chance.random() < REPLIES:
            parent, above = chance.choice(thread[-20:])
            key = above[: 12 * 4] + own
        pending = article > len(size.special) and n % 30 == 0
        if not pending:
            thread.append((n, key))
        submitted = now - timedelta(seconds=100 + 60 * (number_of_comments(size) - n))
        body = f"{bodies[n % len(bodies)]} ({n})"
        yield (
            n, article, parent, key, len(key) // 12 - 1, f"Reader {n % 5000}", "", body, f"<p>{body}</p>",
            "pending" if pending else "approved", "", False, submitted,
            None if pending else submitted + timedelta(minutes=30),
        )  # fmt: skip


def articles_of_comments(size: Size, chance: random.Random) -> Iterator[int]:
    """The article of each comment: mixed, as they come in life."""
    wanted = [place for place, count in enumerate(size.special.values(), start=1) for _ in range(count)]
    others = size.comments - len(wanted)
    first = len(size.special) + 1
    mixed = wanted + [chance.randint(first, size.articles) for _ in range(max(0, others))]
    chance.shuffle(mixed)
    return iter(mixed)


def origins(size: Size, people: int, chance: random.Random) -> Iterator[Row]:
    for n in range(1, number_of_comments(size) + 1):
        key = f"{n:064x}"
        yield n, chance.randint(1, people), key, "192.0.2.0/24", key, "Mozilla/5.0", '["first comment"]', False, False


def decisions(size: Size, now: datetime) -> Iterator[Row]:
    for n in range(1, number_of_comments(size) + 1):
        yield n, n, "", "pending", "policy", now, "submitted", f"{n:064x}"


def number_of_comments(size: Size) -> int:
    return max(size.comments, sum(size.special.values()))


# --- Rows


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY on PostgreSQL, many rows a statement on SQLite; columns that aren't named get their models' defaults."""
    rest = defaults_of(model, columns)
    whole = ((*map(as_stored, row), *rest.values()) for row in rows)
    names = ", ".join(f'"{name}"' for name in (*columns, *rest))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in whole:
                    copy.write_row(row)
            if "id" in columns:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table}\"))", [table]
                )
            return
        marks = ", ".join(["%s"] * (len(columns) + len(rest)))
        while batch := list(islice(whole, BATCH)):
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)


def defaults_of(model: type[models.Model], columns: Sequence[str]) -> dict[str, Any]:
    others = [field for field in model._meta.local_concrete_fields if field.column not in columns]
    return {field.column: as_stored(field.get_default()) for field in others if not field.primary_key}


def as_stored(value: Any) -> Any:
    adapt: Callable[[datetime], Any] = connection.ops.adapt_datetimefield_value
    return adapt(value) if isinstance(value, datetime) else value


def recount() -> None:
    from articles.models import Article
    from comments.models import Comment

    counted = Comment.objects.approved().values("article").annotate(count=models.Count("pk"))
    counts = dict(counted.values_list("article", "count"))
    rows = [Article(pk=pk, comment_count=count) for pk, count in counts.items()]
    Article.objects.bulk_update(rows, ["comment_count"], batch_size=500)


def settle() -> None:
    """Do now what the site's jobs would else do while it is measured."""
    from articles.search.index import rebuild
    from opedsite.jobs import run_due

    for progress in rebuild(dry_run=False):
        if progress.seen % REPORTED == 0:
            print(f"{progress.seen:,} articles in the search …", flush=True)  # noqa: T201
    run_due()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1:])
