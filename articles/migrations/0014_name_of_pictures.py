"""What staff read in place of “image”; changes no table."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_newest_by_author_and_topic'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='image',
            options={'ordering': ['-created_at', '-pk'], 'verbose_name': 'picture'},
        ),
    ]
