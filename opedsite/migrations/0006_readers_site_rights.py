"""Rights that came with pictures, corrections, the front page and redirects."""

from django.db import migrations

from opedsite.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("opedsite", "0005_mail_rights"),
        ("articles", "0006_readers_site"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
