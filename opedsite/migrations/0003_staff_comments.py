"""Rights that came with answering as staff, authors' links and the reasons for declining."""

from django.db import migrations

from opedsite.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("opedsite", "0002_roles"),
        ("articles", "0003_comments_close_at"),
        ("comments", "0003_reasons"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
