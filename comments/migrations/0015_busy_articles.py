"""Tell PostgreSQL that an op-ed may have thousands of comments.

It plans a page for an op-ed that it does not know yet, with as many comments as one has on average. Twenty are as
quickly sorted as read in order, or so it believes, and for a busy op-ed it then sorted 20,000 for a page of 200. Told
that each has 2,000 (a share of the table of distinct values, as ALTER TABLE takes it), it reads them in the order of
an index; how often the most frequent article occurs, it still counts itself.
"""

from typing import Any

from django.db import migrations


def expect_busy_articles(apps: Any, schema_editor: Any) -> None:
    tell(schema_editor, "SET (n_distinct = -0.0005)")


def expect_average_articles(apps: Any, schema_editor: Any) -> None:
    tell(schema_editor, "RESET (n_distinct)")


def tell(schema_editor: Any, option: str) -> None:
    """Other databases have no such option; SQLite reads in order."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE comments_comment ALTER COLUMN article_id {option}")
        schema_editor.execute("ANALYZE comments_comment (article_id)")


class Migration(migrations.Migration):
    dependencies = [("comments", "0014_latest_by_person")]
    operations = [migrations.RunPython(expect_busy_articles, expect_average_articles)]
