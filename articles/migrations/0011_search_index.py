"""What each database itself keeps of the words of articles, to find them; and the words of names.

SQLite: two FTS5 tables over `articles_searchtext`, kept by triggers. All that they are told is words with spaces
between, so that the plainest tokenizer will do, and they note no places in a text (detail=none): phrases are looked
for in the columns. PostgreSQL: the same as two columns that it generates, with GIN.
"""

from django.db import migrations

from articles.words import sequence

TABLE = "articles_searchtext"
COLUMNS = {"words": ("title", "names", "standfirst", "body"), "title": ("title",)}


def make(apps, schema_editor):
    make = {"sqlite": make_on_sqlite, "postgresql": make_on_postgresql}[schema_editor.connection.vendor]
    for name, columns in COLUMNS.items():
        for statement in make(name, columns):
            schema_editor.execute(statement)


def make_on_sqlite(name, columns):
    index, named = f"articles_search_{name}", ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in ("article_id", *columns)) for row in ("old", "new"))
    add = f"INSERT INTO {index} (rowid, {named}) VALUES ({new});"
    remove = f"INSERT INTO {index} ({index}, rowid, {named}) VALUES ('delete', {old});"
    prefixes = ", prefix='1 2 3'" if name == "title" else ""
    yield (
        f"CREATE VIRTUAL TABLE {index} USING fts5({named}, content='{TABLE}', content_rowid='article_id', "
        f"tokenize='ascii', detail=none, columnsize=0{prefixes})"
    )
    yield f"CREATE TRIGGER {index}_added AFTER INSERT ON {TABLE} BEGIN {add} END"
    yield f"CREATE TRIGGER {index}_removed AFTER DELETE ON {TABLE} BEGIN {remove} END"
    yield f"CREATE TRIGGER {index}_changed AFTER UPDATE OF {named} ON {TABLE} BEGIN {remove} {add} END"


def make_on_postgresql(name, columns):
    words = " || ".join(columns)
    yield (
        f"ALTER TABLE {TABLE} ADD COLUMN {name}_index tsvector GENERATED ALWAYS AS "
        f"(array_to_tsvector(array_remove(string_to_array({words}, ' '), ''))) STORED"
    )
    # What is written waits in no list that a search would have to go through.
    yield f"CREATE INDEX {TABLE}_{name}_index ON {TABLE} USING gin ({name}_index) WITH (fastupdate = off)"


def remove(apps, schema_editor):
    for name in COLUMNS:
        if schema_editor.connection.vendor == "sqlite":
            for event in ("added", "removed", "changed"):
                schema_editor.execute(f"DROP TRIGGER articles_search_{name}_{event}")
            schema_editor.execute(f"DROP TABLE articles_search_{name}")
        else:
            schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {name}_index")


def fill_names(apps, schema_editor):
    Author = apps.get_model("articles", "Author")
    for author in Author.objects.only("name").iterator():
        Author.objects.filter(pk=author.pk).update(name_words=sequence(author.name))
    Topic = apps.get_model("articles", "Topic")
    for topic in Topic.objects.only("name").iterator():
        Topic.objects.filter(pk=topic.pk).update(name_words=sequence(topic.name))


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_search")]

    operations = [
        migrations.RunPython(make, remove),
        migrations.RunPython(fill_names, migrations.RunPython.noop),
    ]
