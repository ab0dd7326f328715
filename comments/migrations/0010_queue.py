"""The moderators' queue: its address in the desk, and what it remembers of each moderator."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('comments', '0009_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='queue_seat', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('comment_id', models.BigIntegerField(editable=False, null=True)),
                ('seen_at', models.DateTimeField(editable=False, null=True)),
                ('single_keys', models.BooleanField(db_default=True, default=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
            ],
            options={
                'verbose_name': 'queue',
                'verbose_name_plural': 'queue',
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('comments.comment',),
        ),
    ]
