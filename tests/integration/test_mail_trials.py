"""Mail under fire, on a real mail server: dropped, hanging, away for an hour, a worker killed; and no address leaks.

OPED_TEST_MAILS=1000 OPED_TEST_KILLS=20 makes the trial with kills a long one.
"""

import logging
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from comments import outbox, review, staff_mail
from comments.models import Comment, Commenter, Mail
from opedsite import jobs
from tests.factories import filled_in, make_article, make_comment, make_staff, wants_mail
from tests.mail_server import mail_server
from tests.postgres import free_port
from tests.servers import ROOT, database_url

pytestmark = pytest.mark.django_db
MAILS, KILLS = int(os.environ.get("OPED_TEST_MAILS", "120")), int(os.environ.get("OPED_TEST_KILLS", "5"))
LONGEST_LIFE = 1.2
WORKER = """
import django; django.setup()
from comments import outbox
print("ready", flush=True)
while True: outbox.send_due()
"""
logger = logging.getLogger(__name__)
MESSAGE_ID = re.compile(r"^Message-ID: (<[^>]+>)", re.MULTILINE)


@pytest.fixture
def person():
    return make_comment(make_article(), email="ana@hidden-mail.example").origin.commenter


def queue(person, count):
    for number in range(count):
        outbox.queue(Mail.Kind.CONFIRM, person, purpose=str(number))


def ids(server):
    """How often each mail was taken."""
    return Counter(MESSAGE_ID.search(message)[1] for message in server.taken)


def test_a_server_that_breaks_off_after_the_message_gets_it_again_under_the_same_name(person, by_smtp, clock):
    queue(person, 3)
    with mail_server(drops=1) as server:
        by_smtp(server.port)
        for _ in range(5):
            outbox.send_due()
            clock.shift(timedelta(minutes=2))

    assert Mail.objects.filter(sent_at__isnull=False).count() == 3
    assert sorted(ids(server).values()) == [1, 1, 2]


def test_after_an_hour_without_a_server_every_mail_goes_out_once(person, by_smtp, clock):
    port = free_port()
    by_smtp(port)
    queue(person, 30)

    for _ in range(60):
        jobs.run_due()
        clock.shift(timedelta(minutes=1))
    failed = Mail.objects.exclude(failed="").count()
    with mail_server(port) as server:
        for _ in range(4 * 60):
            jobs.run_due()
            clock.shift(timedelta(minutes=1))

    assert failed == 0
    assert Mail.objects.filter(sent_at__isnull=False).count() == 30
    assert len(ids(server)) == len(server.taken) == 30


def test_with_a_server_that_hangs_no_reader_and_no_moderator_waits(reader, by_smtp, settings):
    staff_mail.choose(make_staff("Owner"), "each")
    User.objects.update(email="owner@desk-mail.example")
    article = make_article()
    worst = 0.0
    with mail_server(hangs=True) as server:
        by_smtp(server.port)
        settings.EMAIL_TIMEOUT = 10
        for number in range(10):
            begin = time.monotonic()
            answer = reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(body=f"No. {number}"))
            review.approve(Comment.objects.pending(), by="mira")
            worst = max(worst, time.monotonic() - begin)

            assert answer.status_code == 303

    assert worst < 2
    assert Mail.objects.filter(kind="each", attempts=0).count() == 10


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_worker_killed_at_random_loses_no_mail_and_repeats_only_the_one_in_flight(migrated):
    person = make_comment(make_article(), email="ana@hidden-mail.example").origin.commenter
    queue(person, MAILS)

    with mail_server(pause=0.02) as server:
        for _ in range(KILLS):
            with running_worker(server.port):
                time.sleep(random.uniform(0, LONGEST_LIFE))
        # What the dead had in hand is free again when its lease is over.
        in_hand = Mail.objects.filter(sent_at=None, leased_until__isnull=False)
        logger.info("%s in hand, %s waiting", in_hand.count(), Mail.objects.filter(sent_at=None).count())
        in_hand.update(leased_until=timezone.now())
        with running_worker(server.port):
            wait_until(lambda: not Mail.objects.filter(sent_at=None).exists())

    taken = ids(server)
    logger.info("%s mails, %s kills, %s repeated", MAILS, KILLS, len(server.taken) - len(taken))
    assert len(taken) == MAILS
    assert len(server.taken) - MAILS <= KILLS


@contextmanager
def running_worker(port):
    """A process that sends mail, killed at the end of the block."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opedsite.settings",
        "OPED_EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DATABASE_URL": database_url(),
        "OPED_SECRET_KEY": django_settings.SECRET_KEY,
        "OPED_PRIVACY_KEY": django_settings.OPED_PRIVACY_KEY,
    }
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        try:
            assert worker.stdout.readline() == "ready\n"
            yield
        finally:
            worker.kill()


def wait_until(is_so):
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, "the worker did not get on"
        time.sleep(0.1)


# --- Planted addresses


def planted_rows(words):
    """Tables with a row that holds one of the words."""
    found = set()
    for model in apps.get_models():
        columns = [field.column for field in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(map(connection.ops.quote_name, columns))} FROM {model._meta.db_table}")
            if any(word in str(row) for row in cursor.fetchall() for word in words):
                found.add(model._meta.label)
    return found


@pytest.mark.parametrize("server_says", [b"", b"550 no such person"])
def test_planted_addresses_are_in_no_log_line_header_or_row_where_they_do_not_belong(
    reader, by_smtp, clock, caplog, capfd, server_says
):
    caplog.set_level(logging.DEBUG)
    staff = make_staff("Owner")
    User.objects.filter(pk=staff.pk).update(email="owner@planted-staff.example")
    staff_mail.choose(staff, "each")
    parent = make_comment(make_article(), name="Ana", email="ana@planted-one.example")
    wants_mail(parent)
    refusal = server_says and server_says + b" <ana@planted-one.example>"
    with mail_server(refuses=refusal) as server:
        by_smtp(server.port)
        post = reverse("comments:comment-post", args=[parent.article_id])
        answer = filled_in(name="Tomas", email="tomas@planted-two.example", parent=str(parent.pk))
        own = reader.post(post, answer).url.split("#")[0]
        reader.post(f"{own}tell/", {"decision": "on", "replies": "on"})
        for person in Commenter.objects.all():
            Commenter.objects.filter(pk=person.pk).update(confirmed_at=timezone.now())
        outbox.send_due()
        review.approve(Comment.objects.pending(), by="mira")
        for _ in range(8):
            clock.shift(timedelta(hours=13))
            jobs.run_due()

    said = caplog.text + "".join(capfd.readouterr())
    of_whom = {re.search(r"^To: (\S+)", message, re.MULTILINE)[1] for message in server.taken}
    assert "planted" not in said
    assert planted_rows(["planted-one", "planted-two"]) == {"comments.Commenter"}
    assert planted_rows(["planted-staff"]) == {"auth.User"}
    if server_says:
        assert set(Mail.objects.values_list("failed", flat=True)) <= {
            "SMTPRecipientsRefused 550",
            outbox.NOTHING_TO_TELL,
        }
        return
    assert {"ana@planted-one.example", "tomas@planted-two.example", "owner@planted-staff.example"} == of_whom
    for message in server.taken:
        names = set(re.findall(r"\w+@planted-\w+\.example", message))
        assert len(names) == 1
        assert message.count("planted-") == 1
