"""The newest op-eds of an author or a topic, found without a walk through all that is newer."""

from django.db import migrations, models


def add_index(apps, schema_editor):
    """SQLite's index on the topic has the row's id in it anyway."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX article_topic_newest ON articles_article_topics (topic_id, id)")


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX article_topic_newest")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0012_submissions_page'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='byline',
            index=models.Index(fields=['author', 'id'], name='byline_newest'),
        ),
        migrations.RunPython(add_index, remove_index),
    ]
