"""Reasons for declining that most newsrooms need; owners edit them in the desk."""

from django.db import migrations

REASONS = [
    ("off-topic", "Off topic", "It has little to do with the op-ed or the comment that it answers."),
    ("attack", "Attacks a person", "It attacks a person or a group instead of an argument. Disagree as bluntly as you like, but about the matter."),
    ("claim", "Claim without a source", "It states something damaging as a fact and gives no source that we could check."),
    ("private", "Private details", "It names other people’s private matters, such as an address or an illness."),
    ("advertising", "Advertising", "It mostly leads to something that is sold or promoted elsewhere."),
    ("repeated", "Said before", "The same has been said here already, by you or somebody else."),
    ("unclear", "Hard to follow", "We could not make out what it argues. Please try again in a few plain sentences."),
]


def make_reasons(apps, schema_editor):
    Reason = apps.get_model("comments", "Reason")
    for position, (code, label, text) in enumerate(REASONS):
        Reason.objects.get_or_create(code=code, defaults={"label": label, "text": text, "position": position})


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_discussion")]

    operations = [migrations.RunPython(make_reasons, migrations.RunPython.noop)]
