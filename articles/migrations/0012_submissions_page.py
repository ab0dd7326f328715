"""A page on how to submit an op-ed; pages that would hide behind the site's new lists get another address."""

from django.db import migrations

TAKEN = ("archive", "authors", "corrections", "topics")
SUBMISSIONS = (
    "<p>We publish op-eds by anybody who has something to argue and can show why. You need no title and no "
    "introduction.</p><h2>What we look for</h2><ul><li>One argument, made in 600 to 1,200 words.</li><li>Something "
    "that you know at first hand, or have taken the trouble to find out.</li><li>Facts with their sources, so that we "
    "and readers can check them.</li><li>A reader who disagrees with you, taken seriously.</li></ul><h2>What to "
    "send</h2><p>The whole text, your name as it should stand above it, and two sentences on who you are. Say what you "
    "stand to gain or lose by your argument: we print that below it.</p><h2>What happens then</h2><p>An editor reads "
    "every piece and answers. We edit for length and clarity, and publish nothing under your name that you have not "
    "seen. The headline is ours.</p>"
)


def add_submissions(apps, schema_editor):
    Page = apps.get_model("articles", "Page")
    Page.objects.get_or_create(
        slug="submissions",
        defaults={"title": "Submissions", "body": SUBMISSIONS, "body_html": SUBMISSIONS, "position": 1},
    )


def make_room(apps, schema_editor):
    Page = apps.get_model("articles", "Page")
    for page in Page.objects.filter(slug__in=TAKEN):
        slug, number = f"{page.slug}-page", 2
        while Page.objects.filter(slug=slug).exists():
            slug, number = f"{page.slug}-page-{number}", number + 1
        page.slug = slug
        page.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_search_index")]

    operations = [
        migrations.RunPython(make_room, migrations.RunPython.noop),
        migrations.RunPython(add_submissions, migrations.RunPython.noop),
    ]
