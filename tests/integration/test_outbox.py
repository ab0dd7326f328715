"""The outbox: mail waits in the database, goes out once, outlives a dead server, and never slows a reader."""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comments import outbox, review
from comments.models import AccessLink, Comment, Commenter, Mail
from opedsite import jobs
from tests.factories import filled_in, make_article, make_comment, wants_mail
from tests.mail_server import mail_server
from tests.meeting import at_once
from tests.postgres import free_port

pytestmark = pytest.mark.django_db
ADDRESS = "ana@hidden-mail.example"


@pytest.fixture
def person():
    return make_comment(make_article(), email=ADDRESS).origin.commenter


def queue(person, purpose="1"):
    outbox.queue(Mail.Kind.CONFIRM, person, purpose=purpose)
    return Mail.objects.get(purpose_key=f"confirm:{purpose}")


def test_a_mail_is_queued_once_for_its_purpose(person):
    queue(person)
    queue(person)

    assert Mail.objects.count() == 1


def test_what_did_not_happen_is_not_told(person):
    with transaction.atomic():
        queue(person)
        transaction.set_rollback(True)

    assert Mail.objects.count() == 0


def test_the_row_of_a_mail_holds_neither_address_nor_words(person):
    queue(person)

    row = " ".join(map(str, Mail.objects.values_list().get()))

    assert "hidden-mail" not in row
    assert {field.name for field in Mail._meta.fields} == {
        "id", "purpose_key", "kind", "commenter", "user", "comment", "created_at", "attempts", "next_try_at",
        "leased_until", "sent_at", "failed", "trouble",
    }  # fmt: skip


def test_a_mail_goes_out_once(person):
    row = queue(person)

    sent = [outbox.send_due(), outbox.send_due()]

    row.refresh_from_db()
    assert sent == [1, 0]
    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    assert row.sent_at is not None
    assert row.leased_until is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_the_same_moment_send_each_mail_once(migrated):
    person = make_comment(make_article(), email=ADDRESS).origin.commenter
    for number in range(20):
        queue(person, purpose=str(number))

    # Both have found the same one due.
    sent = at_once(outbox.send_due, outbox.send_due, writes='UPDATE "comments_mail" SET "leased_until"')

    assert sum(sent) == len(mail.outbox) == 20
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 20
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


def test_a_dead_server_delays_mail_and_its_return_sends_all_of_it(person, by_smtp, clock):
    port = free_port()
    by_smtp(port)
    rows = [queue(person, purpose=str(number)) for number in range(3)]

    assert outbox.send_due() == 0
    clock.shift(timedelta(minutes=2))
    with mail_server(port) as server:
        sent = outbox.send_due()

    assert sent == 3
    assert len(server.taken) == 3
    assert all(f"To: {ADDRESS}" in message for message in server.taken)
    assert Mail.objects.filter(pk__in=[row.pk for row in rows], sent_at__isnull=False).count() == 3


def test_a_hanging_server_holds_the_worker_for_one_timeout_and_no_reader(reader, person, by_smtp):
    article = make_article()
    with mail_server(hangs=True) as server:
        by_smtp(server.port)
        for number in range(5):
            queue(person, purpose=str(number))

        begin = time.monotonic()
        sent = outbox.send_due()
        worked = time.monotonic() - begin
        own = reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in()).url.split("#")[0]
        begin = time.monotonic()
        told = reader.post(f"{own}tell/", {"decision": "on"})
        waited = time.monotonic() - begin

    assert sent == 0
    assert worked < 3
    assert told.status_code == 303
    assert waited < worked
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 0, 1]


def test_a_mail_is_tried_six_times_in_sixteen_hours_and_then_given_up_without_naming_anybody(
    person, by_smtp, clock, caplog
):
    row = queue(person)
    waits = [0, 1, 5, 30, 180, 720]
    with mail_server(refuses=f"550 {ADDRESS} is unknown here".encode()) as server:
        by_smtp(server.port)
        for number, minutes in enumerate(waits, start=1):
            clock.shift(timedelta(minutes=minutes, seconds=-2))
            if number > 1:
                assert outbox.send_due() == 0
            row.refresh_from_db()
            assert (row.attempts, row.failed) == (number - 1, "")
            clock.shift(timedelta(seconds=4))
            assert outbox.send_due() == 0
        clock.shift(timedelta(days=7))
        outbox.send_due()

    row.refresh_from_db()
    assert (row.attempts, row.failed, row.sent_at) == (6, "SMTPRecipientsRefused 550", None)
    assert "given up" in caplog.text
    assert "hidden-mail" not in caplog.text


def test_one_address_that_is_refused_does_not_hold_up_the_others(by_smtp):
    article = make_article()
    people = [make_comment(article).origin.commenter for _ in range(3)]
    Commenter.objects.filter(pk=people[0].pk).update(address="no\nline@example.org")
    for person in people:
        queue(person, purpose=str(person.pk))

    with mail_server() as server:
        by_smtp(server.port)
        sent = outbox.send_due()

    assert sent == 3 - 1
    assert len(server.taken) == 2


def test_a_worker_that_died_between_claiming_and_sending_loses_nothing(person, clock):
    row = queue(person)
    Mail.objects.update(leased_until=timezone.now() + outbox.LEASE, attempts=1)

    leased = outbox.send_due()
    clock.shift(outbox.LEASE + timedelta(seconds=1))
    expired = outbox.send_due()

    assert (leased, expired) == (0, 1)
    assert row.purpose_key == "confirm:1"


def test_a_mail_sent_again_is_known_by_its_message_id(person, settings):
    settings.OPED_BASE_URL = "https://opinion.example"
    queue(person)
    outbox.send_due()
    Mail.objects.update(sent_at=None)
    outbox.send_due()

    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)

    assert first == second
    assert re.fullmatch(r"<[0-9a-f]{32}@opinion\.example>", first)


def test_a_call_does_a_bounded_amount_of_work(person):
    for number in range(outbox.MAILS_A_CALL + 5):
        queue(person, purpose=str(number))

    assert [outbox.send_due(), outbox.send_due()] == [outbox.MAILS_A_CALL, 5]


def test_every_mail_is_text_for_one_person_and_can_be_stopped_with_one_click(person):
    queue(person)

    outbox.send_due()

    message = mail.outbox[0].message()
    assert message.get_content_type() == "text/plain"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://127\.0\.0\.1:8000/comments/stop/[^/]+/>", message["List-Unsubscribe"])
    assert mail.outbox[0].recipients() == [ADDRESS]
    assert "hidden-mail" not in mail.outbox[0].body


@pytest.mark.parametrize(
    "planted",
    ["\r\nBcc: victim@example.org", "\nSubject: other\n\nother body", "\u2028Bcc: x\u2029", "\x0bBcc: x\x85y"],
)
def test_names_and_titles_write_no_header(clock, planted):
    article = make_article(title=f"The bridge{planted}")
    first = make_comment(article, email=ADDRESS)
    wants_mail(first)
    reply = make_comment(article, "An answer.", parent=first, status="pending")
    Comment.objects.filter(pk=reply.pk).update(name=f"Tomas{planted}")
    outbox.send_due()
    mail.outbox.clear()

    review.approve(Comment.objects.filter(pk=reply.pk), by="mira")
    clock.shift(timedelta(minutes=2))
    outbox.send_due()

    message = mail.outbox[0].message()
    assert message.get_all("Bcc") is None
    assert len(message.get_all("Subject")) == 1
    assert len(mail.outbox[0].subject.splitlines()) == 1
    assert len(mail.outbox[0].subject) <= 120
    assert planted not in mail.outbox[0].body
    assert mail.outbox[0].recipients() == [ADDRESS]


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "nobody", ""])
def test_what_is_no_address_gets_no_mail(person, address):
    Commenter.objects.update(address=address)
    row = queue(person)

    assert outbox.send_due() == 0

    row.refresh_from_db()
    assert mail.outbox == []
    assert row.failed == outbox.NOTHING_TO_TELL


def test_old_mail_is_forgotten_but_not_what_counts_confirmations(person, clock):
    confirmed = make_comment(make_article()).origin.commenter
    Commenter.objects.filter(pk=confirmed.pk).update(confirmed_at=timezone.now())
    for each in (person, confirmed):
        queue(each, purpose=str(each.pk))
    outbox.queue(Mail.Kind.ACCESS, None, purpose="unknown")
    outbox.send_due()
    AccessLink.objects.create(token_hash="x", commenter=person)

    clock.shift(timedelta(days=29))
    outbox.forget_old()
    assert Mail.objects.count() == 3
    clock.shift(timedelta(days=2))
    outbox.queue(Mail.Kind.ACCESS, person, purpose="new")
    outbox.forget_old()

    left = set(Mail.objects.values_list("purpose_key", flat=True))
    assert left == {f"confirm:{person.pk}", "access:new"}
    assert AccessLink.objects.count() == 0


def test_a_broken_mail_server_stops_no_other_job(person, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    (tmp_path / "taken").write_text("a file where the folder should be")
    settings.EMAIL_FILE_PATH = str(tmp_path / "taken" / "mail")
    queue(person)

    ran = jobs.run_due()

    assert {"send mail", "forget old mail", "clear old sessions"} <= set(ran)
    assert Mail.objects.get().attempts == 1


def test_a_loopback_site_writes_mail_into_files_of_its_data_folder(tmp_path):
    folder = tmp_path / "100% of a site+more"
    said = run_with("", OPED_BASE_URL="http://127.0.0.1:8000", OPED_DATA_DIR=str(folder))
    before = (folder / "mail").exists()

    run_with("mail.send_mail('s', 'b', None, ['a@example.org'])", OPED_DATA_DIR=str(folder))

    assert said == f"django.core.mail.backends.filebased.EmailBackend {folder}/mail 10"
    assert not before
    assert len(list((folder / "mail").iterdir())) == 1


def test_a_mail_server_of_ones_own_is_used_wherever_the_site_lives(tmp_path):
    said = run_with("", OPED_DATA_DIR=str(tmp_path), OPED_EMAIL_URL="smtp+tls://me:pw@mail.example:587")

    assert said == "django.core.mail.backends.smtp.EmailBackend  10"


def run_with(statement, **environment):
    """Run a statement in a process of its own, and give the mail settings that it found."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("OPED_")}
    code = (
        "import django; django.setup()\nfrom django.conf import settings as s\nfrom django.core import mail\n"
        f"{statement}\nprint(s.EMAIL_BACKEND, s.EMAIL_FILE_PATH, s.EMAIL_TIMEOUT)"
    )
    environment = keep | {"DJANGO_SETTINGS_MODULE": "opedsite.settings"} | environment
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()
