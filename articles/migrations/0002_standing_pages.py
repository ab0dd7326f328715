"""The pages that every site needs from its first day; owners edit them in the desk."""

from django.db import migrations

PAGES = [
    (
        "About",
        "about",
        "<p>This is a site for opinion: signed articles by people who argue for something, and the replies of those "
        "who read them.</p><p>Each article gives its author’s view, not the publication’s.</p>",
    ),
    (
        "Comment policy",
        "comment-policy",
        "<p>We publish comments that answer the article or another reader, whether they agree or not. A moderator "
        "reads each one first.</p><h2>What we let through</h2><ul><li>An argument, a question, a fact with its "
        "source, a story of your own.</li><li>Blunt words about ideas.</li></ul><h2>What we don’t</h2><ul><li>Attacks "
        "on persons or groups, threats, and other people’s private matters.</li><li>Advertising, and the same text "
        "sent again and again.</li><li>What has nothing to do with the article.</li></ul><p>A comment that is "
        "declined is not a verdict on its writer. Write again.</p>",
    ),
    (
        "Privacy",
        "privacy",
        "<h2>When you read</h2><p>We set no cookie, load nothing from other companies and count nobody.</p>"
        "<h2>When you comment</h2><p>Your name, your website if you give one, and your words are published. Your "
        "email address is not: it is kept apart from what pages are made of, is used to tell one commenter from "
        "another and to reach you, and is shown to nobody but the moderators who need it.</p><p>Of your network "
        "address we keep a shortened form and a keyed fingerprint, against floods of unwanted messages.</p>"
        "<h2>Your rights</h2><p>We mail you a link to <a href=\"/comments/mine/\">everything kept under your address</a>: "
        "to read, to take along or to erase, and to stop all mail.</p>",
    ),
]


def make_pages(apps, schema_editor):
    Page = apps.get_model("articles", "Page")
    for position, (title, slug, body) in enumerate(PAGES):
        Page.objects.get_or_create(
            slug=slug, defaults={"title": title, "body": body, "body_html": body, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(make_pages, migrations.RunPython.noop)]
