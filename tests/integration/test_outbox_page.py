"""The outbox in the desk: what waits, failed and went out, another attempt, a test mail, mails in files."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments import outbox, review
from comments.models import Comment, Mail
from tests.factories import make_article, make_comment, make_staff, wants_mail
from tests.postgres import free_port
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
OUTBOX = "/admin/comments/mail/"
TEST = f"{OUTBOX}test/"
ADDRESS = "ana@hidden-mail.example"


@pytest.fixture
def person():
    return make_comment(make_article(), email=ADDRESS).origin.commenter


@pytest.fixture
def nobody_listens(settings):
    """All mail goes to a port where there is no mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 0.3


@pytest.fixture
def into_files(settings, tmp_path):
    """The folder into which all mail is written."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def queue(person, purpose="1", **fields):
    outbox.queue(Mail.Kind.CONFIRM, person, purpose=purpose)
    Mail.objects.filter(purpose_key=f"confirm:{purpose}").update(**fields)
    return Mail.objects.get(purpose_key=f"confirm:{purpose}")


def editor(**fields):
    client, user = SiteClient(), make_staff("Editors")
    User.objects.filter(pk=user.pk).update(**fields)
    client.force_login(user)
    return client


def test_the_outbox_says_what_waits_what_failed_and_why_and_what_went_out(desk, person):
    now = timezone.now()
    queue(person, "1", attempts=2, trouble="ConnectionRefusedError", next_try_at=now + timedelta(minutes=5))
    queue(person, "2", attempts=6, failed="SMTPRecipientsRefused 550")
    queue(person, "3", attempts=1, sent_at=now)
    queue(person, "4", attempts=1, failed=outbox.NOTHING_TO_TELL)
    owner = desk("Owner")

    pages = {state: owner.get(OUTBOX, {"state": state}).text for state in ("waiting", "failed", "sent", "dropped")}
    everything = owner.get(OUTBOX).text

    assert "the mail server refused the connection; attempt 2, the next at" in pages["waiting"]
    assert "the mail server does not take mail for this address (550)" in pages["failed"]
    assert "nothing to tell any more" in pages["dropped"]
    for state, page in pages.items():
        assert re.findall(r'<span class="standing \w*">(\w+)</span>', page) == [state]
    assert everything.count('class="standing ') == 4


def test_an_address_is_shown_to_those_with_the_right_and_to_nobody_else(desk, person):
    row = queue(person)

    listed, one = desk("Editors").get(OUTBOX).text, desk("Editors").get(f"{OUTBOX}{row.pk}/change/").text
    owners = desk("Owner").get(OUTBOX).text

    assert "hidden-mail" not in listed + one
    assert "a reader" in listed
    assert ADDRESS in owners


@pytest.mark.parametrize("role", ["Moderators", "Writers"])
def test_the_outbox_is_for_editors_and_owners(desk, person, role):
    row = queue(person, failed="TimeoutError", attempts=6)
    client = desk(role)

    answers = [client.get(OUTBOX), client.post(TEST), client.post(f"{OUTBOX}{row.pk}/again/")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert set(Mail.objects.values_list("kind", "failed")) == {("confirm", "TimeoutError")}


def test_nothing_in_the_outbox_is_edited_added_or_deleted(desk, person):
    row = queue(person)
    owner = desk("Owner")

    answers = [
        owner.post(f"{OUTBOX}add/", {"kind": "confirm"}),
        owner.post(f"{OUTBOX}{row.pk}/change/", {"kind": "access"}),
        owner.post(f"{OUTBOX}{row.pk}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Mail.objects.get().kind == "confirm"


@pytest.mark.parametrize("lookup", ["commenter__address__contains=a", "purpose_key__startswith=a", "user__email=x"])
def test_the_outbox_can_be_asked_for_nothing_but_its_filters(desk, lookup):
    assert desk("Owner").get(f"{OUTBOX}?{lookup}").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_list(desk):
    owner = desk("Owner")
    counts = []
    for _ in range(2):
        for _ in range(10):
            comment = make_comment(make_article(), status="pending")
            wants_mail(comment)
            review.approve(Comment.objects.filter(pk=comment.pk), by="mira")
        owner.get(OUTBOX)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert owner.get(OUTBOX).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 16


def test_a_failed_mail_is_tried_again_by_its_button_and_goes_out(person):
    row = queue(person, failed="TimeoutError", attempts=6)
    client = editor()

    assert f"{OUTBOX}{row.pk}/again/" in client.get(OUTBOX).text
    said = client.post(f"{OUTBOX}{row.pk}/again/", follow=True).text
    sent = outbox.send_due()

    assert "1 mail will be tried again" in said
    assert (sent, [message.to for message in mail.outbox]) == (1, [[ADDRESS]])


def test_the_selected_mails_that_failed_or_wait_after_a_failure_are_tried_again(person):
    later = timezone.now() + timedelta(hours=12)
    rows = [
        queue(person, "failed", failed="TimeoutError", attempts=6),
        queue(person, "waiting", trouble="TimeoutError", attempts=5, next_try_at=later),
        queue(person, "sent", sent_at=timezone.now(), attempts=1),
        queue(person, "dropped", failed=outbox.NOTHING_TO_TELL, attempts=1),
        queue(person, "new", next_try_at=later),
        queue(person, "in hands", attempts=1, leased_until=later),
    ]

    said = editor().post(OUTBOX, {"action": "try_again", "_selected_action": [row.pk for row in rows]}, follow=True)

    due = set(Mail.objects.due(timezone.now()).values_list("purpose_key", "attempts"))
    assert due == {("confirm:failed", 0), ("confirm:waiting", 0)}
    assert "2 mails will be tried again" in said.text


def test_a_test_mail_goes_to_ones_own_address_and_the_page_says_so(clock):
    client = editor(email="mira@desk-mail.example")

    waiting = client.post(TEST, follow=True).text
    client.post(TEST)
    outbox.send_due()
    done = client.get(OUTBOX).text

    assert "Your test mail waits" in waiting
    assert [message.to for message in mail.outbox] == [["mira@desk-mail.example"]]
    assert "List-Unsubscribe" not in mail.outbox[0].message()
    assert "Your test mail went out: " in done


def test_a_test_mail_that_fails_says_at_once_why(nobody_listens):
    client = editor(email="mira@desk-mail.example")

    client.post(TEST)
    outbox.send_due()

    sentence = "Your test mail was not sent: the mail server refused the connection."
    assert sentence in client.get(OUTBOX).text
    assert Mail.objects.get().state == "failed"


def test_without_an_address_of_ones_own_there_is_no_test_mail():
    said = editor(email="").post(TEST, follow=True)

    assert "Your account has no address yet" in said.text
    assert Mail.objects.count() == 0


def test_nobody_sends_or_tries_by_following_a_link(desk, person):
    row = queue(person, failed="TimeoutError", attempts=6)
    owner = desk("Owner")

    assert [owner.get(url).status_code for url in (TEST, f"{OUTBOX}{row.pk}/again/")] == [405, 405]
    assert Mail.objects.get().failed == "TimeoutError"


def test_a_local_sites_owner_reads_the_last_mails_and_follows_only_our_own_links(desk, into_files, person, settings):
    settings.OPED_SITE_NAME = "<b>The Long Table</b>"
    queue(person)
    outbox.send_due()

    page = desk("Owner").get(OUTBOX).text

    assert f"<code>{into_files}</code>" in page
    assert f"to {ADDRESS}" in page
    assert re.search(r'<a href="http://127\.0\.0\.1:8000/comments/confirm/[^"]+">', page)
    assert "<b>The Long Table" not in page
    assert "The Long Table" in page


def test_editors_read_no_mails_of_others(into_files, person):
    queue(person)
    outbox.send_due()

    page = editor().get(OUTBOX).text

    assert "hidden-mail" not in page
    assert str(into_files) not in page


def test_what_is_no_mail_of_ours_in_that_folder_is_not_shown(desk, into_files):
    secret = into_files.parent / "secret"
    secret.write_text("Subject: planted\n\nplanted")
    into_files.mkdir()
    (into_files / "notes.log").write_text("Subject: planted\n\nplanted")
    (into_files / "20260101-000000-1.log").symlink_to(secret)
    (into_files / "20260101-000000-2.log").mkdir()
    (into_files / "20260101-000000-3.log").write_bytes(b"\xff\xfe no mail at all")

    response = desk("Owner").get(OUTBOX)

    assert response.status_code == 200
    assert "planted" not in response.text


def test_before_the_first_mail_the_folder_is_empty(desk, into_files):
    assert "There is none yet." in desk("Owner").get(OUTBOX).text


def test_the_page_names_the_mail_server_and_not_its_password(desk, nobody_listens, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "planted-user", "planted-password"

    page = desk("Owner").get(OUTBOX).text

    assert "Mail goes out by 127.0.0.1" in page
    assert "planted" not in page
    assert reverse("admin:comments_mail_changelist") == OUTBOX
