"""The groups Editors, Writers and Moderators with their rights, and the table of the cache."""

from django.contrib.auth.management import create_permissions
from django.core.management import call_command
from django.db import migrations

from opedsite.roles import ROLES


def make_roles(apps, schema_editor):
    # Django makes permissions after the last migration; the groups need them now.
    for label in ("articles", "comments"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in ROLES.items():
        role, _ = Group.objects.get_or_create(name=name)
        for right in rights:
            label, codename = right.split(".")
            role.permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [
        ("opedsite", "0001_initial"),
        ("articles", "0001_initial"),
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
