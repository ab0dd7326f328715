"""Readers' reports, and a key by which known readers' names are compared."""

import comments.models.discussion
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from articles.names import look_alike_key

BATCH = 1_000


def fill(apps, schema_editor):
    Origin = apps.get_model("comments", "Origin")
    named = Origin.objects.filter(commenter__confirmed_at__isnull=False).order_by("pk").select_related("comment")
    last = 0
    while batch := list(named.filter(pk__gt=last).only("comment__name", "name_key")[:BATCH]):
        for origin in batch:
            origin.name_key = look_alike_key(origin.comment.name)[:200]
        Origin.objects.bulk_update(batch, ["name_key"], batch_size=200)
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0008_raids_and_edits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='In the words that the reader chose from.', max_length=80)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('reporter', models.CharField(help_text='Keyed hash of the network address.', max_length=64)),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='comments.comment')),
                ('settled_by', models.BigIntegerField(help_text='The moderator’s decision that came after it.', null=True)),
            ],
        ),
        migrations.AddField(
            model_name='discussion',
            name='report_reasons',
            field=models.TextField(db_default='Insults or threatens somebody\nSpreads hatred against a group\nTells private things about somebody\nSpam or advertising\nOff topic\nSomething else', default='Insults or threatens somebody\nSpreads hatred against a group\nTells private things about somebody\nSpam or advertising\nOff topic\nSomething else', help_text='One a line; readers choose one. Reports that are there keep theirs. WordPress has none.', max_length=2000, validators=[comments.models.discussion.validate_reasons], verbose_name='reasons for reporting'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='reports_hide',
            field=models.BooleanField(db_default=False, default=False, help_text='Takes such a comment off the page until a moderator has looked at it. One that a moderator kept after reports is not hidden again. WordPress hides nothing by itself.', verbose_name='hide what was reported so often'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='reports_to_review',
            field=models.PositiveSmallIntegerField(db_default=3, default=3, help_text='When so many readers have reported a comment, it stands first in the moderators’ list. A decision on it settles the reports before. WordPress has no reports.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='reports that call a moderator'),
        ),
        migrations.AddField(
            model_name='origin',
            name='name_key',
            field=models.CharField(help_text='See `Commenter.name_key`.', max_length=200, null=True),
        ),
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('confirm', 'Please confirm this address'), ('decision', 'What became of a comment'), ('reply', 'A reply to a comment'), ('access', 'The link to everything under an address'), ('each', 'A comment for a moderator'), ('reported', 'A comment that readers reported'), ('digest', 'What waits for moderators'), ('test', 'A test mail')], max_length=8),
        ),
        migrations.AddIndex(
            model_name='origin',
            index=models.Index(condition=models.Q(('name_key__isnull', False)), fields=['name_key'], name='origin_name'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('settled_by', None)), fields=['comment'], name='report_open'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['reporter', 'reported_at'], name='report_flood'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('comment', 'reporter'), name='report_once'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
