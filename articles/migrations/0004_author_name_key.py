"""A key by which a commenter's name is compared with the authors'."""

from django.db import migrations, models

from articles.names import look_alike_key


def fill(apps, schema_editor):
    Author = apps.get_model("articles", "Author")
    for author in Author.objects.all().iterator():
        Author.objects.filter(pk=author.pk).update(name_key=look_alike_key(author.name))


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_comments_close_at")]

    operations = [
        migrations.AddField(
            model_name="author",
            name="name_key",
            field=models.CharField(blank=True, db_default="", db_index=True, editable=False, max_length=400),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
