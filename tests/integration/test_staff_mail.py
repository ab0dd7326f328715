"""Moderators' mail: each comment, a digest or none, as each of them chose; nobody's address, and one click ends it."""

import re
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.urls import reverse

from comments import outbox, review, staff_mail
from comments.models import Comment, Mail, MailChoice
from opedsite import jobs
from tests.factories import filled_in, make_article, make_comment, make_staff, set_discussion
from tests.meeting import at_once
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
YOURS = "/admin/comments/mailchoice/"
NOON = datetime(2026, 5, 4, 12, 30, tzinfo=ZoneInfo("UTC"))
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(time_machine):
    """Half past twelve, and it can be moved."""
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def moderator(clock):
    """A function that makes a moderator with a choice; None for one who never chose."""

    def make(wish=None, role="Moderators", **fields):
        user = make_staff(role)
        User.objects.filter(pk=user.pk).update(**{"email": f"{user.username}@desk-mail.example"} | fields)
        user.refresh_from_db()
        if wish:
            staff_mail.choose(user, wish)
        return user

    return make


def post(reader, article, **changes):
    return reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(**changes))


def waiting(article=None, **fields):
    return make_comment(article or make_article(), status="pending", **fields)


def send():
    """What the worker sends now."""
    mail.outbox.clear()
    staff_mail.queue_digests()
    outbox.send_due()
    return list(mail.outbox)


# --- Each comment


def test_who_wants_each_comment_is_told_of_it_with_its_words_and_without_its_writers_address(reader, moderator):
    user = moderator("each")

    post(
        reader, make_article(title="The bridge"), name="Ana", body="See evil.example.", email="ana@hidden-mail.example"
    )
    (message,) = send()

    assert message.recipients() == [user.email]
    assert message.subject == "A comment by Ana waits on “The bridge”"
    assert "See evil[.]example." in message.body
    assert f"http://127.0.0.1:8000/admin/comments/comment/{Comment.objects.get().pk}/change/" in message.body
    assert "hidden-mail" not in message.message().as_string()
    assert message.message().get_content_type() == "text/plain"
    assert message.message()["Auto-Submitted"] == "auto-generated"


def test_what_was_published_at_once_is_told_as_being_on_the_page(reader, moderator):
    set_discussion(mode="publish")
    moderator("each")

    post(reader, make_article(title="The bridge"), name="Ana", body="Patience.")
    (message,) = send()

    assert Comment.objects.get().status == "approved"
    assert message.subject == "A comment by Ana is on the page of “The bridge”"
    assert "It is on the page already:" in message.body
    assert "Patience." in message.body


def test_what_was_published_at_once_and_read_by_a_moderator_meanwhile_is_not_told(reader, moderator):
    set_discussion(mode="publish", held_words="tariff")
    moderator("each")
    article = make_article()
    post(reader, article, body="Refused."), post(reader, article, body="The tariff.")

    review.trash(Comment.objects.filter(body="Refused."), by="mira")
    (message,) = send()

    assert "The tariff." in message.body
    assert "waits on" in message.subject


def test_where_all_is_published_at_once_no_digest_comes_while_nothing_waits(reader, moderator, clock):
    set_discussion(mode="publish")
    moderator("daily"), moderator("hourly")

    post(reader, make_article())
    clock.shift(timedelta(days=1))

    assert send() == []


def test_each_moderator_gets_a_mail_of_their_own_once(reader, moderator):
    users = [moderator("each"), moderator("each", role="Owner"), moderator("each", role="Editors")]
    moderator("none"), moderator("daily"), moderator("hourly"), moderator()

    post(reader, make_article())
    sent, again = send(), send()

    assert sorted(message.to[0] for message in sent) == sorted(user.email for user in users)
    assert {len(message.recipients()) for message in sent} == {1}
    assert again == []


def test_what_has_been_decided_meanwhile_is_not_told(reader, moderator):
    moderator("each")
    post(reader, make_article())

    review.mark_as_spam(Comment.objects.all(), by="mira")

    assert send() == []


def test_spam_and_the_answers_of_staff_are_told_nobody(reader, moderator):
    user = moderator("each")
    client = SiteClient()
    client.force_login(user)

    post(reader, make_article(), fax="filled in")
    client.post(reverse("admin:comments_comment_answer", args=[make_article().pk]), {"body": "So it is."})

    assert set(Comment.objects.values_list("status", flat=True)) == {"spam", "approved"}
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    "changes", [{"is_active": False}, {"is_staff": False}, {"email": ""}, {"email": "a@example.org, b@example.org"}]
)
def test_who_is_gone_or_has_no_address_gets_no_mail(reader, moderator, changes):
    before, meanwhile, digest = moderator("each", **changes), moderator("each"), moderator("daily", **changes)

    post(reader, make_article())
    User.objects.filter(pk=meanwhile.pk).update(**changes)
    waiting(submitted_at=NOON - timedelta(days=1))

    assert send() == []
    assert before.pk != digest.pk


def test_who_may_not_moderate_any_more_is_told_nothing(reader, moderator):
    user = moderator("each")
    post(reader, make_article())

    user.groups.clear()

    assert send() == []


def test_a_raid_is_told_in_thirty_mails_and_one_digest_at_the_end_of_the_hour(reader, moderator, clock):
    user = moderator("each")
    article = make_article()

    for number in range(40):
        post(reader, article, body=f"Comment {number}", email=f"r{number}@example.org")
    at_once = send()
    clock.shift(HOUR)
    later = send()

    assert len(at_once) == staff_mail.EACH_AN_HOUR
    assert [message.subject for message in later] == ["40 comments wait on Opinion"]
    assert {message.to[0] for message in at_once + later} == {user.email}


def test_a_comment_that_its_writer_changes_is_told_once_with_its_last_words(reader, moderator):
    moderator("each")
    own = post(reader, make_article()).url.split("#")[0]

    reader.post(f"{own}edit/", {"body": "Other words."})
    (message,) = send()
    reader.post(f"{own}edit/", {"body": "Yet other words."})

    assert "Other words." in message.body
    assert send() == []


def test_a_name_and_a_title_write_no_header_of_a_moderators_mail(moderator):
    moderator("each")
    comment = waiting(make_article(title="The bridge\r\nBcc: a@example.org"))
    Comment.objects.filter(pk=comment.pk).update(name="Ana\nBcc: b@example.org")
    staff_mail.tell_staff(comment)

    (message,) = send()

    assert message.message().get_all("Bcc") is None
    assert len(message.subject.splitlines()) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_comments_that_come_at_the_moment_an_account_is_deleted_are_told_to_who_stays(migrated):
    leaves, stays = make_staff("Moderators"), make_staff("Moderators")
    for user in (leaves, stays):
        User.objects.filter(pk=user.pk).update(email=f"m{user.pk}@desk-mail.example")
        staff_mail.choose(user, "each")

    @transaction.atomic
    def leave():
        User.objects.select_for_update().get(pk=leaves.pk).delete()

    sent = [partial(post, SiteClient(), make_article(), email=f"r{number}@example.org") for number in range(7)]
    left, *answers = at_once(leave, *sent, writes='INSERT INTO "comments_mail"|DELETE FROM "auth_user"')

    assert left is None
    assert [answer.status_code for answer in answers] == [303] * 7
    # What was queued before the account went has nobody left to go to.
    assert [message.to for message in send()] == [[f"m{stays.pk}@desk-mail.example"]] * 7


# --- Digests


def test_without_a_choice_the_digest_comes_at_seven_in_the_morning_while_something_waits(moderator, clock):
    user = moderator()
    waiting(make_article(title="The bridge"), name="Ana", body="Patience.")

    counts = []
    for _ in range(60):
        counts.append(len(send()))
        clock.shift(HOUR)
    review.trash(Comment.objects.all(), by="mira")
    clock.shift(timedelta(days=1))

    # Half past twelve, and so on; the nineteenth look is at half past seven.
    assert [number for number, count in enumerate(counts) if count] == [19, 43]
    assert send() == []
    assert Mail.objects.filter(user=user).count() == 2


def test_a_digest_counts_names_and_quotes_what_waits_at_the_moment_of_sending(moderator, clock):
    moderator("hourly")
    article = make_article(title="The bridge")
    decided = waiting(article, name="Gone")
    for number in range(25):
        waiting(
            article, name=f"Reader {number}", body=f"Remark {number}. " + "long " * 100, email="x@hidden-mail.example"
        )
    clock.shift(HOUR)
    staff_mail.queue_digests()
    review.approve(Comment.objects.filter(pk=decided.pk), by="mira")

    outbox.send_due()

    (message,) = mail.outbox
    assert message.subject == "25 comments wait on Opinion"
    assert "the oldest since 4 May 2026, 12:30" in message.body
    assert "Reader 0 on “The bridge”:\nRemark 0." in message.body
    assert "… and 5 more." in message.body
    assert "Gone" not in message.body
    assert "hidden-mail" not in message.message().as_string()
    assert len(message.body) < 10_000


def test_nothing_is_sent_when_nothing_waits_any_more(moderator, clock):
    moderator("hourly")
    waiting()
    clock.shift(HOUR)
    staff_mail.queue_digests()

    review.approve(Comment.objects.all(), by="mira")

    assert send() == []
    assert Mail.objects.get().failed == outbox.NOTHING_TO_TELL


def test_an_hourly_digest_comes_only_after_something_new(moderator, clock):
    moderator("hourly")
    waiting()

    counts = []
    for hour in range(6):
        counts.append(len(send()))
        if hour == 3:
            waiting()
        clock.shift(HOUR)

    assert counts == [0, 1, 0, 0, 1, 0]


def test_a_digest_is_queued_once_however_often_the_job_runs_and_however_choices_change(moderator, clock):
    user = moderator("daily")
    waiting(submitted_at=NOON - timedelta(days=2))
    clock.move_to(NOON.replace(hour=7, minute=1))

    for wish in ("daily", "daily", "hourly", "daily"):
        staff_mail.choose(user, wish)
        staff_mail.queue_digests()

    assert Mail.objects.count() == 1


def test_the_worker_queues_and_sends_digests(moderator, clock):
    user = moderator("hourly")
    waiting()
    clock.shift(HOUR)

    ran = jobs.run_due()

    assert "queue digests for moderators" in ran
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_seven_in_the_morning_is_by_the_sites_clock(moderator, clock, settings):
    settings.TIME_ZONE = "Asia/Karachi"
    moderator("daily")
    waiting(submitted_at=NOON - timedelta(days=2))
    clock.move_to(NOON.replace(hour=1, minute=59))
    staff_mail.queue_digests()
    before = Mail.objects.count()

    clock.shift(timedelta(minutes=2))
    staff_mail.queue_digests()

    # Yesterday's at 1:59, because nobody had been told; today's at 2:01, which is seven in Karachi.
    assert (before, Mail.objects.count()) == (1, 2)


# --- The choice


@pytest.mark.parametrize("role", ["Moderators", "Editors", "Owner"])
def test_each_moderator_chooses_for_themself(desk, role):
    other = make_staff("Moderators")
    client = desk(role)

    before = client.get(YOURS).text
    said = client.post(YOURS, {"wish": "hourly"}, follow=True).text

    assert re.search(r'value="daily"[^>]* checked', before)
    assert "Your choice is saved." in said
    assert re.search(r'value="hourly"[^>]* checked', said)
    assert MailChoice.objects.get().wish == "hourly"
    assert MailChoice.wish_of(other) == "daily"
    assert f'href="{YOURS}">Your mail' in client.get("/admin/").text


def test_writers_have_no_such_page_and_a_wrong_choice_is_refused(desk):
    writer, moderator = desk("Writers"), desk("Moderators")

    answers = [writer.get(YOURS), writer.post(YOURS, {"wish": "each"})]
    wrong = moderator.post(YOURS, {"wish": "twice"})

    assert [answer.status_code for answer in answers] == [403, 403]
    assert wrong.status_code == 422
    assert MailChoice.objects.count() == 0


def test_nobody_reads_or_changes_the_choice_of_another(desk, moderator):
    user = moderator("each")
    client = desk("Owner")

    answers = [
        client.get(f"{YOURS}{user.pk}/change/"),
        client.post(f"{YOURS}{user.pk}/change/", {"wish": "none"}),
        client.post(f"{YOURS}{user.pk}/delete/", {"post": "yes"}),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert MailChoice.wish_of(user) == "each"


def test_the_link_in_a_mail_stops_it_with_one_click_from_anywhere_and_changes_nothing_when_opened(reader, moderator):
    user = moderator("each")
    post(reader, make_article())
    (message,) = send()
    url = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    provider = SiteClient(headers={"Sec-Fetch-Site": "cross-site"})

    opened = [provider.get(url), provider.head(url)]
    before = MailChoice.wish_of(user)
    clicked = provider.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in message.body
    assert [answer.status_code for answer in (*opened, clicked)] == [200, 200, 200]
    assert clicked["Cache-Control"] == "private, no-store"
    assert (before, MailChoice.wish_of(user)) == ("each", "none")
    assert "desk-mail" not in clicked.text


def test_a_stopped_mail_that_waits_is_not_sent(reader, moderator):
    user = moderator("each")
    post(reader, make_article())

    staff_mail.choose(user, "none")

    assert send() == []


@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "Mg:1abc:xyz"])
def test_a_link_that_we_did_not_make_stops_nothing(reader, token):
    assert reader.post(f"/comments/staffmail/{token}/").status_code == 404


def test_a_readers_link_is_no_link_of_staff(reader, moderator):
    user = moderator("each")
    post(reader, make_article())
    url = send()[0].extra_headers["List-Unsubscribe"].strip("<>")
    token = url.split("/")[-2]

    assert reader.post(f"/comments/stop/{token}/").status_code == 404
    assert MailChoice.wish_of(user) == "each"


def test_an_account_with_mail_can_be_deleted_in_the_desk(desk, reader, moderator):
    user = moderator("each")
    post(reader, make_article())

    answer = desk("Owner").post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"}, follow=True)

    assert "was deleted successfully" in answer.text
    assert send() == []
    assert MailChoice.objects.count() == 0
