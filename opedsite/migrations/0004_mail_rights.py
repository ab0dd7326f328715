"""Rights that came with the outbox in the desk."""

from django.db import migrations

from opedsite.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("opedsite", "0003_staff_comments"),
        ("comments", "0005_staff_mail"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
