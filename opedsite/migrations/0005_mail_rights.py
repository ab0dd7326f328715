"""Rights that came with the outbox in the desk."""

from django.db import migrations

from opedsite.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("opedsite", "0004_blocks"),
        ("comments", "0006_staff_mail"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
