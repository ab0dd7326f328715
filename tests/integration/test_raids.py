"""Raid switches: moderators hold, slow down or close comments for a while, on one op-ed or everywhere."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Raid
from comments.models import Comment, RaidLog
from comments.raids import switch_on
from tests.factories import filled_in, make_article, make_comment, make_staff, set_discussion
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE, SiteClient

pytestmark = pytest.mark.django_db
SITE = reverse("admin:comments_raidlog_changelist")
CLOSED = "Comments on this op-ed are closed."


def switches_of(article):
    return reverse("admin:comments_raidlog_article", args=[article.pk]) if article else SITE


def choice(raid, **changes):
    """What a moderator chooses on the page, and the button."""
    return {"raid": raid, "lasts": "hour", "until": "", "every": "5", "unit": "60", "why": ""} | changes


def send(reader, article, **changes):
    return reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(**changes))


def page_of(reader, article):
    return reader.get(article.get_absolute_url()).text


@pytest.fixture
def one_o_clock(clock):
    """13:00, whatever the time; asked for before the moderator, whose log-in of 00:30 would be over by then."""
    clock.move_to(timezone.now().replace(hour=13, minute=0, second=0))


@pytest.fixture
def moderator(desk):
    return desk("Moderators")


@pytest.fixture(params=["one op-ed", "the whole site"])
def where(request):
    """A function from an article to what the switch is for."""
    return lambda article: article if request.param == "one op-ed" else None


def test_held_comments_wait_also_where_all_is_published_at_once_and_say_why(one_o_clock, reader, moderator, where):
    set_discussion(mode="publish")
    article = make_article()

    moderator.post(switches_of(where(article)), choice("hold"))
    send(reader, article)

    comment = Comment.objects.get()
    place = "this op-ed" if where(article) else "the whole site"
    assert comment.status == "pending"
    assert f"Held: all comments on {place} wait for a moderator until 14:00" in comment.origin.findings
    assert "wait for a moderator until 14:00" in moderator.get(reverse("admin:comments_comment_changelist")).text


def test_when_the_time_is_over_everything_is_as_before_without_a_job(reader, moderator, where, clock):
    set_discussion(mode="publish")
    article = make_article()

    moderator.post(switches_of(where(article)), choice("hold"))
    clock.shift(timedelta(minutes=61))
    send(reader, article)

    assert Comment.objects.get().status == "approved"
    assert "Switch off" not in moderator.get(SITE).text


def test_a_switch_on_one_op_ed_leaves_the_others_alone(reader, moderator):
    set_discussion(mode="publish")
    raided, other = make_article(), make_article()

    moderator.post(switches_of(raided), choice("close"))

    assert send(reader, raided).status_code == 409
    assert send(reader, other).status_code == 303
    assert "<textarea" in page_of(reader, other)


def test_an_edit_by_its_writer_is_held_too(reader, moderator, where):
    set_discussion(mode="publish")
    article = make_article()
    own = send(reader, article, body="First words.").url.split("#")[0]

    moderator.post(switches_of(where(article)), choice("hold"))
    reader.post(f"{own}edit/", {"body": "Worse words."})

    assert Comment.objects.get().status == "pending"


def test_staff_answer_all_the_same(moderator):
    article = make_article()
    moderator.post(SITE, choice("hold"))

    moderator.post(reverse("admin:comments_comment_answer", args=[article.pk]), {"body": "Please stay calm."})

    comment = Comment.objects.get()
    assert (comment.status, comment.origin.findings) == ("approved", [])


def test_what_is_spam_stays_spam(reader, moderator):
    article = make_article()
    moderator.post(SITE, choice("hold"))

    send(reader, article, fax="x")

    assert Comment.objects.get().status == "spam"


def test_slow_mode_lets_an_address_and_its_network_wait_and_keeps_the_words(reader, moderator, where, settings):
    settings.OPED_RATE_LIMITS = True
    article = make_article()
    moderator.post(switches_of(where(article)), choice("slow"))
    url = reverse("comments:comment-post", args=[article.pk])
    reader.post(url, filled_in(), REMOTE_ADDR="203.0.113.7")
    Comment.objects.update(submitted_at=timezone.now() - timedelta(minutes=1))

    neighbour = filled_in(body="Another voice.", email="neighbour@example.org")
    answer = reader.post(url, neighbour, REMOTE_ADDR="203.0.113.99")
    elsewhere = reader.post(url, filled_in(body="Elsewhere.", email="x@example.org"), REMOTE_ADDR="198.51.100.1")

    assert answer.status_code == 429
    assert 235 <= int(answer["Retry-After"]) <= 240
    assert "one in 5 minutes" in answer.text
    assert "Another voice." in answer.text
    assert elsewhere.status_code == 303


def test_slow_mode_is_as_slow_as_the_moderator_says(reader, moderator, settings):
    settings.OPED_RATE_LIMITS = True
    article = make_article()
    moderator.post(SITE, choice("slow", every="40", unit="1"))
    send(reader, article)
    Comment.objects.update(submitted_at=timezone.now() - timedelta(seconds=30))
    early = send(reader, article, body="A second thought.")
    Comment.objects.update(submitted_at=timezone.now() - timedelta(seconds=41))
    late = send(reader, article, body="A second thought.")

    assert (early.status_code, late.status_code) == (429, 303)


def test_without_slow_mode_neighbours_do_not_wait_for_each_other(reader, settings):
    settings.OPED_RATE_LIMITS = True
    url = reverse("comments:comment-post", args=[make_article().pk])
    reader.post(url, filled_in(), REMOTE_ADDR="203.0.113.7")

    answer = reader.post(url, filled_in(email="neighbour@example.org"), REMOTE_ADDR="203.0.113.99")

    assert answer.status_code == 303


def test_a_closed_page_says_so_and_when_it_opens_again_and_gives_the_words_back(one_o_clock, reader, moderator, where):
    article = make_article()
    make_comment(article, "Said before.")

    moderator.post(switches_of(where(article)), choice("close"))
    page, answer = page_of(reader, article), send(reader, article, body="I was typing.")

    assert CLOSED in page
    assert "They open again on" in page
    assert "14:00</time>" in page
    assert "Said before." in page
    assert "<textarea" not in page
    assert answer.status_code == 409
    assert "I was typing." in answer.text


def test_an_op_ed_that_is_closed_for_good_promises_nothing(reader, moderator):
    article = make_article(comments_open=False)

    moderator.post(switches_of(article), choice("close"))

    assert "open again" not in page_of(reader, article)


def test_of_two_switches_both_rules_hold(reader, moderator, settings):
    settings.OPED_RATE_LIMITS = True
    set_discussion(mode="publish")
    article = make_article()
    moderator.post(SITE, choice("slow"))
    moderator.post(switches_of(article), choice("hold"))

    first, second = send(reader, article), send(reader, article, body="Again.")

    assert (first.status_code, second.status_code) == (303, 429)
    assert Comment.objects.get().status == "pending"


def test_the_op_ed_opens_when_the_last_of_two_closings_ends(one_o_clock, reader, moderator, clock):
    article = make_article()
    moderator.post(SITE, choice("close"))
    moderator.post(switches_of(article), choice("close", lasts="moment", until=f"{timezone.now():%Y-%m-%d}T18:30"))

    assert "18:30</time>" in page_of(reader, article)
    clock.shift(timedelta(hours=2))
    assert CLOSED in page_of(reader, article)


def test_a_kept_page_changes_with_the_switch_and_at_its_end(moderator, where, clock):
    now = timezone.now().replace(second=0, microsecond=0)
    clock.move_to(now)
    end = now + timedelta(minutes=2)
    article = make_article()
    reader = SiteClient()
    address = article.get_absolute_url()

    before = reader.get(address)
    moderator.post(switches_of(where(article)), choice("close", lasts="moment", until=f"{end:%Y-%m-%dT%H:%M}"))
    during, kept = reader.get(address), reader.get(address)
    clock.move_to(end + timedelta(milliseconds=1))
    after = reader.get(address)

    assert "<textarea" in before.text
    assert CLOSED in during.text
    assert "hit" in kept["Cache-Status"]
    assert "<textarea" in after.text


def test_switching_off_brings_everything_back_at_once(reader, moderator, where):
    article = make_article()
    moderator.post(switches_of(where(article)), choice("close", lasts="open"))
    assert CLOSED in page_of(reader, article)

    answer = moderator.post(switches_of(where(article)), {"raid": "off"}, follow=True)

    assert "are as before" in answer.text
    assert "<textarea" in page_of(reader, article)


def test_switching_off_what_is_over_says_so_and_logs_nothing(moderator):
    answer = moderator.post(SITE, {"raid": "off"}, follow=True)

    assert "Nothing runs on the whole site any more." in answer.text
    assert not RaidLog.objects.exists()


def test_who_switched_what_when_until_when_and_why_is_logged(client, caplog, clock):
    article = make_article(title="The well")
    client.force_login(make_staff("Moderators", "mira"))
    with caplog.at_level(logging.INFO, "oped.audit"):
        client.post(switches_of(article), choice("slow", why="A call on a board."))
        client.post(switches_of(article), {"raid": "off"})

    on, off = RaidLog.objects.order_by("pk")
    page = client.get(SITE).text
    assert (on.switched_by, on.raid, on.article, on.seconds, on.why) == (
        "mira", "slow", article, 300, "A call on a board.",
    )  # fmt: skip
    assert on.until - on.switched_at < timedelta(hours=1, seconds=1)
    assert (off.raid, off.switched_by) == ("", "mira")
    assert "A call on a board." in page
    assert f"raid article={article.pk} slow" in caplog.text
    assert f"raid article={article.pk} off" in caplog.text


def test_the_log_outlives_its_op_ed_and_is_never_changed(moderator):
    article = make_article()
    moderator.post(switches_of(article), choice("hold"))
    article_id = article.pk
    article.delete()

    line = RaidLog.objects.get()
    assert f"op-ed {article_id}, deleted" in moderator.get(SITE).text
    with pytest.raises(TypeError, match="never edited"):
        line.save()
    with pytest.raises(TypeError, match="never edited"):
        line.delete()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lasts": "moment"}, "Please give a date and time to come, within a year."),
        ({"lasts": "moment", "until": "2020-01-01T12:00"}, "Please give a date and time to come, within a year."),
        ({"lasts": "moment", "until": "9999-12-31T23:59"}, "Please give a date and time to come, within a year."),
        ({"lasts": "moment", "until": "soon"}, "Enter a valid date/time."),
        ({"every": "0"}, "greater than or equal to 1"),
        ({"raid": "explode"}, "Please press one of the three buttons."),
        ({"lasts": "never"}, "Select a valid choice."),
        ({"why": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_switched_is_refused_with_a_sentence_and_keeps_the_words(moderator, changes, sentence):
    answer = moderator.post(SITE, choice("hold", why="A raid.") | changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert changes.get("why", "A raid.") in answer.text
    assert not RaidLog.objects.exists()


def test_nobody_switches_by_following_a_link_or_without_the_right(moderator, desk, reader):
    article = make_article()

    followed = moderator.get(SITE, choice("close"))
    writer = [desk("Writers").post(url, choice("close")).status_code for url in (SITE, switches_of(article))]
    anonymous = reader.post(SITE, choice("close"))

    assert followed.status_code == 200
    assert writer == [403, 403]
    assert anonymous.status_code == 403
    assert not RaidLog.objects.exists()


def test_the_switches_are_found_in_a_hurry(moderator, desk):
    article = make_article(title="The well")
    make_comment(article)
    editor = desk("Editors")
    switch_on(article, Raid.HOLD, until=None, seconds=0, by="mira", why="")

    front = moderator.get(reverse("admin:index")).text
    comments = moderator.get(reverse("admin:comments_comment_changelist")).text
    op_ed = editor.get(reverse("admin:articles_article_change", args=[article.pk])).text
    site = moderator.get(SITE).text

    for page in (front, comments):
        assert f'href="{SITE}"' in page
        assert "All comments on “The well” wait for a moderator until somebody switches it off." in page
    assert f'href="{switches_of(article)}"' in op_ed
    assert f'href="{switches_of(article)}"' in site


def test_a_readers_page_asks_nothing_more_for_the_switches(reader, moderator, django_assert_max_num_queries):
    article = make_article()
    moderator.post(SITE, choice("slow"))
    moderator.post(switches_of(article), choice("hold"))

    with django_assert_max_num_queries(6 + LOOKS_OF_THE_PAGE_CACHE):
        page = page_of(reader, article)

    assert "one in 5 minutes" in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time: nobody waits inside a transaction")
def test_comments_that_queue_for_their_op_ed_meet_the_switch(migrated, where):
    set_discussion(mode="publish")
    article = make_article()

    def send_and_leave():
        try:
            return send(SiteClient(), article).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            Article.objects.select_for_update(no_key=True).get(pk=article.pk)
            sent = elsewhere.submit(send_and_leave)
            wait_for_somebody_who_waits()
            switch_on(where(article), Raid.CLOSE, until=None, seconds=0, by="mira", why="")
        assert sent.result(10) == 409

    assert not Comment.objects.exists()


def wait_for_somebody_who_waits():
    """Until another connection stands in the queue for a lock of ours."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        sleep(0.01)
    raise AssertionError("nobody waits")
