"""The words of an article, ready to be looked for."""

from django.db import models

from articles.models.article import Article


class SearchText(models.Model):
    """What search knows of one article that is published or scheduled; `articles.search.index` keeps it.

    Each column holds words as `articles.words.indexed` writes them. From these the database keeps its own index by
    itself (migration 0011): FTS5 tables and triggers on SQLite, generated columns with GIN on PostgreSQL. SQLite loses
    the triggers when a column of this table is changed: such a migration makes them anew.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    language = models.CharField(max_length=10, db_index=True)
    title = models.TextField()
    names = models.TextField(help_text="Of its authors and topics.")
    standfirst = models.TextField()
    frequent = models.TextField(help_text="Words that the body comes back to; only for the order of results.")
    body = models.TextField()
    saved_at = models.DateTimeField(help_text="That of the article as it was read.")

    def __str__(self) -> str:
        return f"Words of article {self.pk}"
