"""The digest of each picture as it came, and when its renditions are due."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_readers_site'),
    ]

    operations = [
        migrations.AddField(
            model_name='image',
            name='digest',
            field=models.CharField(editable=False, max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='image',
            name='due_at',
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, null=True),
        ),
    ]
