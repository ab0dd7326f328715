"""The owner's choices on mail: who it is from, where answers go, the site's own lines in each kind."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from comments import outbox, review, staff_mail
from comments.models import Comment, Mail, MailSettings
from tests.factories import make_article, make_comment, make_staff, wants_mail

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/comments/mailsettings/1/change/"
TEXTS = [field.name for field in MailSettings._meta.fields if field.name.endswith(("opening", "closing"))]
EMPTY = dict.fromkeys(["from_name", "from_address", "reply_to", *TEXTS], "")


@pytest.fixture
def send(time_machine):
    """A function that approves all that waits and gives the mails that go out then."""
    time_machine.move_to(timezone.now())

    def later():
        mail.outbox.clear()
        review.approve(Comment.objects.pending(), by="mira")
        time_machine.shift(outbox.SECOND_THOUGHTS)
        outbox.send_due()
        return list(mail.outbox)

    return later


def published(title="The bridge"):
    """A confirmed reader's comment, which waits to be published."""
    comment = make_comment(make_article(title=title), status="pending")
    wants_mail(comment)
    return comment


def choose(**changes):
    MailSettings.objects.update_or_create(pk=1, defaults=EMPTY | changes)


def test_until_the_owner_chooses_mail_is_from_the_address_of_the_environment(send, settings):
    settings.DEFAULT_FROM_EMAIL = "desk@opinion.example"
    published()

    (message,) = send()

    assert message.message()["From"] == "desk@opinion.example"
    assert message.message()["Reply-To"] is None


def test_the_owner_chooses_who_mail_is_from_and_where_answers_go(desk, send):
    changes = {"from_name": "Café „Ana“", "from_address": "mail@opinion.example", "reply_to": "answers@opinion.example"}
    said = desk("Owner").post(SETTINGS, EMPTY | changes, follow=True).text
    published()

    (message,) = send()

    assert "The mail settings are saved." in said
    sent = message.message()
    assert sent["From"].startswith("=?utf-8?")
    assert message.from_email == '"Café „Ana“" <mail@opinion.example>'
    assert sent["Reply-To"] == "answers@opinion.example"


@pytest.mark.parametrize(
    ("name", "default", "expected"),
    [
        ("The Long Table", "desk@opinion.example", '"The Long Table" <desk@opinion.example>'),
        ("The Long Table", "Old Name <desk@opinion.example>", '"The Long Table" <desk@opinion.example>'),
        ('A "B", C', "desk@opinion.example", '"A \\"B\\", C" <desk@opinion.example>'),
        ("victim@example.org, x", "desk@opinion.example", '"victim@example.org, x" <desk@opinion.example>'),
    ],
)
def test_a_name_alone_is_put_before_the_address_of_the_environment(send, settings, name, default, expected):
    settings.DEFAULT_FROM_EMAIL = default
    choose(from_name=name)
    published()

    (message,) = send()

    assert message.message()["From"] == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from_name", "Ana\r\nBcc: victim@example.org"),
        ("from_name", "Ana\u2028Bcc: x"),
        ("from_name", "A" * 101),
        ("from_address", "mail@opinion.example\r\nBcc: victim@example.org"),
        ("from_address", "Ana <mail@opinion.example>"),
        ("from_address", "a@opinion.example, b@opinion.example"),
        ("reply_to", "nobody"),
        ("published_opening", "x" * 501),
        ("published_opening", "Dear {name},"),
        ("published_closing", "{site.password}"),
        ("confirm_opening", "About {title}"),
        ("access_closing", "{title}"),
    ],
)
def test_what_no_header_or_mail_can_hold_is_refused_with_a_sentence(desk, field, value):
    response = desk("Owner").post(SETTINGS, EMPTY | {field: value})

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert getattr(MailSettings.current(), field) == ""


def test_the_owners_lines_stand_around_ours_with_site_and_title_filled_in(send, settings):
    settings.OPED_SITE_NAME = "The {title} Table"
    choose(published_opening="Good news from {site}.\nReally.", published_closing="Thank you for “{title}”. 100 {x")
    published(title="The {site} bridge")

    (message,) = send()

    assert message.body.startswith("Good news from The {title} Table.\nReally.\n\nYour comment on “The {site} bridge”")
    assert "Thank you for “The {site} bridge”. 100 {x\n\n--\n" in message.body


def test_what_looks_like_a_template_or_a_format_is_only_text(send):
    choose(published_opening="{% load static %}{{ settings.SECRET_KEY }} %s {0} $site <b>")
    published()

    (message,) = send()

    assert message.body.startswith("{% load static %}{{ settings.SECRET_KEY }} %s {0} $site <b>\n\n")


def test_each_kind_of_mail_has_its_own_lines(send):
    choose(**{name: f"These are {name}." for name in TEXTS})
    comment = published()
    person = comment.origin.commenter
    outbox.queue(Mail.Kind.ACCESS, person, purpose="1")
    stranger = make_comment(make_article()).origin.commenter
    outbox.queue(Mail.Kind.CONFIRM, stranger, purpose="2")
    make_comment(comment.article, parent=comment, status="pending", submitted_at=timezone.now())
    review.approve(Comment.objects.filter(pk=comment.pk), by="mira")
    sent = send()
    review.trash(Comment.objects.filter(pk=comment.pk), by="mira")
    sent += send()

    found = {name for name in TEXTS if any(f"These are {name}." in message.body for message in sent)}
    assert found == set(TEXTS)
    for message in sent:
        lines = [line for line in message.body.splitlines() if line.startswith("These are")]
        assert len(lines) == 2
        assert "\n\n\n" not in message.body


def test_a_moderators_mail_is_from_the_same_sender(settings):
    choose(from_address="mail@opinion.example")
    user = make_staff("Owner")
    user.email = "owner@opinion.example"
    user.save()
    staff_mail.queue_test(user)

    outbox.send_due()

    assert mail.outbox[0].from_email == "mail@opinion.example"


def test_a_password_reset_is_from_the_same_sender(reader):
    choose(from_name="The Long Table", from_address="mail@opinion.example")
    user = make_staff("Editors")
    user.email = "mira@opinion.example"
    user.save()

    reader.post(reverse("account_reset_password"), {"email": user.email})

    assert mail.outbox[0].from_email == '"The Long Table" <mail@opinion.example>'


@pytest.mark.parametrize("role", ["Editors", "Writers", "Moderators"])
def test_the_mail_settings_are_the_owners(desk, role):
    client = desk(role)

    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, EMPTY | {"from_name": "Mine"}).status_code == 403
    assert MailSettings.current().from_name == ""


def test_the_page_says_what_is_filled_in(desk):
    page = desk("Owner").get("/admin/comments/mailsettings/", follow=True).text

    assert "<code>{site}</code>" in page
    assert all(f'for="id_{name}"' in page for name in EMPTY)
