"""Rights that came with blocked senders."""

from django.db import migrations

from opedsite.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("opedsite", "0003_staff_comments"),
        ("comments", "0005_policy"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
