"""The moderators' queue: what it shows, in which order, what its buttons do, and who may press them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments import queue, review
from comments.editing import Words, edit_by_staff, words_of
from comments.models import Block, Comment, Decision, Reason
from tests.factories import make_article, make_comment, make_section, make_staff, report
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
QUEUE = "/admin/comments/queue/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def moderator():
    client = SiteClient()
    client.force_login(make_staff("Moderators", "mira"))
    return client


def wait(article=None, body="Waiting words.", **fields):
    return make_comment(article or make_article(), body, status="pending", **fields)


def newest(comment):
    return Decision.objects.filter(comment_id=comment.pk).latest("pk")


def act(client, verb, *comments, headers=None, **fields):
    seen = [newest(comment).pk for comment in comments]
    return client.post(f"{QUEUE}act/", {"verb": verb, "seen": seen} | fields, headers=headers)


def status_of(comment):
    return Comment.objects.get(pk=comment.pk).status


def shown(client, **query):
    """The ids of the cards, in their order."""
    return [int(pk) for pk in re.findall(r'data-pk="(\d+)"', client.get(QUEUE, query).text)]


# --- What it shows


def test_a_card_shows_text_article_what_is_answered_writer_past_and_findings(moderator):
    article = make_article(title="The river", standfirst="A flood plan sits in a drawer.")
    parent = make_comment(article, "The meadow is leased.", name="Tomas R.")
    (
        make_comment(article, "Before.", email="ana@example.org"),
        make_comment(article, "Buy this.", email="ana@example.org", status="spam"),
    )
    body = "By whom? https://a.example/ https://b.example/"
    wait(article, body, parent=parent, name="Ana", email="ana@example.org", website="https://ana.example/")

    page = moderator.get(QUEUE).text

    for words in ("By whom?", "The river", "A flood plan sits in a drawer.", "In reply to <bdi>Tomas R.</bdi>"):
        assert words in page
    for words in ("The meadow is leased.", "https://ana.example/", "1 approved, 1 refused", "2 links"):
        assert words in page
    assert 'href="https://a.example/"' not in page
    assert "ana@example.org" not in page


def test_what_was_reported_comes_first_and_then_the_oldest(moderator):
    article, now = make_article(), timezone.now()
    young = wait(article, submitted_at=now - timedelta(minutes=1))
    old = wait(article, submitted_at=now - timedelta(hours=1))
    reported = make_comment(article, "On the page.", submitted_at=now)
    report(reported, times=3, note="He means my sister.")

    assert shown(moderator) == [reported.pk, old.pk, young.pk]
    page = moderator.get(QUEUE).text
    assert "reported: Off topic (3)" in page
    assert "He means my sister." in page
    assert "2 waiting" in page
    assert "the oldest for 1\xa0hour" in page


def test_the_queue_is_narrowed_by_status_reports_finding_article_section_sender_and_words(moderator):
    river, quiet = make_article(title="The river"), make_article(title="Quiet", section=make_section("Culture"))
    first = wait(river, "Linked https://a.example/ https://b.example/", email="ana@example.org")
    second = wait(quiet, "A meadow 100% leased.", email="ana@example.org")
    spam = make_comment(river, "Buy.", status="spam")
    reported = make_comment(river)
    report(reported, times=3)

    assert shown(moderator, status="reported") == [reported.pk]
    assert shown(moderator, status="pending") == [first.pk, second.pk]
    assert shown(moderator, status="spam") == [spam.pk]
    assert shown(moderator, finding="links") == [first.pk]
    assert shown(moderator, article=quiet.pk) == [second.pk]
    assert shown(moderator, section=quiet.section_id) == [second.pk]
    assert shown(moderator, sender=second.pk) == [first.pk, second.pk]
    assert moderator.get(QUEUE, {"sender": second.pk}).text.count(" checked>") == 2
    assert shown(moderator, q="100%") == [second.pk]
    assert shown(moderator, q="the RIVER", status="pending") == [first.pk]
    assert shown(moderator, q="nowhere") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=new",
        "finding=x",
        "article=abc",
        f"article={'9' * 30}",
        "sender=-1",
        "after=x",
        "after=w1%3B",
        "q=" + "a" * 101,
    ],
)
def test_an_address_that_asks_for_what_there_is_not_is_a_bad_request(moderator, query):
    assert moderator.get(f"{QUEUE}?{query}").status_code == 400


@pytest.mark.parametrize("words", ["'", '"', "%", "_", "\\\\", "a' OR '1'='1", "(", "*", "@", "a@b@c", "ü" * 90])
def test_a_search_in_the_queue_takes_any_characters(moderator, words):
    wait()

    assert moderator.get(QUEUE, {"q": words}).status_code == 200


def test_an_address_is_looked_for_only_by_those_who_may_see_it(moderator, desk):
    comment = wait(email="tomas.rask@example.org")

    hit, miss = (moderator.get(QUEUE, {"q": f"{name}@example.org"}) for name in ("tomas.rask", "nobody"))

    assert (hit.text.count("data-pk"), miss.text.count("data-pk")) == (0, 0)
    assert "for a whole address" not in hit.text
    assert shown(desk("Owner"), q="Tomas.Rask@example.org") == [comment.pk]
    assert shown(desk("Owner"), q="rask@example.org") == []


def test_an_empty_queue_says_so(moderator):
    page = moderator.get(QUEUE).text

    assert "Nothing waits" in page
    assert '<p class="empty">Nothing here needs you.' in page


def test_a_choice_that_nothing_fits_says_that_others_wait(moderator):
    wait()

    for query in ({"q": "zebra"}, {"status": "spam"}, {"sender": 1, "finding": "links"}):
        page = moderator.get(QUEUE, query).text

        assert "Nothing here needs you" not in page
        assert f'<a href="{QUEUE}">Back to all that waits</a> (<span data-left="waiting">1 waiting</span>)' in page


def test_all_that_waits_is_reached_from_page_to_page(moderator):
    article, now = make_article(), timezone.now()
    made = [wait(article, f"Number {n}.", submitted_at=now - timedelta(minutes=n // 2)) for n in range(120)]
    reported = [make_comment(article, f"Reported {n}.") for n in range(3)]
    for each in reported:
        report(each, times=3)

    reached, url = [], QUEUE
    while url:
        page = moderator.get(url).text
        reached += [int(pk) for pk in re.findall(r'data-pk="(\d+)"', page)]
        more = re.search(r'class="more"><a class="button" href="([^"]+)"', page)
        url = QUEUE + more[1] if more else ""

    waiting = sorted(made, key=lambda comment: (comment.submitted_at, comment.pk))
    assert reached == [comment.pk for comment in [*reported, *waiting]]


def test_a_narrow_selection_goes_on_where_it_stopped_looking():
    article, now = make_article(), timezone.now()
    words = ["dull", "dull", "dull", "meadow", "dull"]
    made = [wait(article, each, submitted_at=now - timedelta(minutes=9 - n)) for n, each in enumerate(words)]
    wanted = queue.Wanted(words="meadow")

    first = queue.find(wanted, [], look_at=2)
    second = queue.find(replace(wanted, after=first.more), [], look_at=2)

    assert first == queue.Found([], f"w{made[1].pk}")
    assert second.comments == [made[3]]
    assert queue.find(replace(wanted, after=second.more), [], look_at=2) == queue.Found([], "")


def test_counts_are_of_all_that_waits_and_the_time_left_follows_the_last_pace(moderator, clock):
    article = make_article()
    for n in range(12):
        wait(article, f"Number {n}. https://a.example/ https://b.example/")
    for comment in Comment.objects.all()[:8]:
        clock.shift(timedelta(seconds=30))
        act(moderator, "approve", comment)

    page = moderator.get(QUEUE).text

    assert "4 waiting" in page
    assert "about 2 minutes" in page
    assert "Links<i>4</i>" in page
    assert f"{article.section.name}<i>4</i>" in page


def counts_in(page):
    return dict(re.findall(r'data-left="count-(\w+)">([^<]+)<', page))


def test_every_status_is_counted_and_a_decision_brings_the_new_counts(moderator):
    article = make_article()
    made = {status: [make_comment(article, status=status) for _ in range(number)]
            for number, status in enumerate(("trash", "spam", "approved", "pending"), start=1)}  # fmt: skip
    report(made["approved"][0], times=3)

    before = counts_in(moderator.get(QUEUE).text)
    left = act(moderator, "approve", made["pending"][0], headers=JSON).json()["left"]
    undone = moderator.post(f"{QUEUE}undo/", headers=JSON).json()["left"]

    assert before == {"waiting": "4", "reported": "1", "approved": "3", "spam": "2", "trash": "1"}
    assert (left["count-waiting"], left["count-approved"], left["waiting"]) == ("3", "4", "3 waiting")
    assert (undone["count-waiting"], undone["count-approved"]) == ("4", "3")


def test_counts_end_somewhere_and_say_so(moderator, monkeypatch):
    article = make_article()
    for n in range(5):
        wait(article, f"Number {n}. https://a.example/ https://b.example/")
    monkeypatch.setattr(queue, "STATUS_LIMIT", 5)
    monkeypatch.setattr(queue, "COUNT_LIMIT", 3)

    page = moderator.get(QUEUE).text

    assert counts_in(page)["waiting"] == "5+"
    assert "5+ waiting" in page
    assert "Links<i>3+</i>" in page


@pytest.mark.parametrize("query", [{}, {"q": "words"}, {"status": "approved"}])
def test_fifty_cards_take_as_many_queries_as_five(desk, query):
    status = query.get("status", "pending")
    moderator = desk("Moderators")
    moderator.get(QUEUE)

    def fill(number):
        for n in range(number):
            article = make_article()
            parent = make_comment(article, "Was that so?")
            comment = make_comment(article, f"More words {n}.", parent=parent, status=status)
            if n % 5 == 0:
                report(parent if status == "pending" else comment, times=3)

    counts = []
    for number in (5, 45):
        fill(number)
        with CaptureQueriesContext(connection) as queries:
            page = moderator.get(QUEUE, query).text
        counts.append(len(queries))
        assert page.count("data-pk") >= number

    assert counts[0] == counts[1] <= 23


# --- What its buttons do


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("approve", "pending", "approved"),
        ("spam", "pending", "spam"),
        ("trash", "pending", "trash"),
        ("hold", "spam", "pending"),
        ("pick", "pending", "approved"),
    ],
)
@pytest.mark.parametrize("headers", [None, JSON])
def test_a_button_decides_comes_back_to_the_place_and_is_undone(moderator, verb, before, after, headers):
    comment = make_comment(make_article(), status=before)

    answer = act(moderator, verb, comment, headers=headers, next=f"{QUEUE}?status={before}#c7")
    decided = status_of(comment)
    undone = moderator.post(f"{QUEUE}undo/", headers=headers)

    assert decided == after
    assert status_of(comment) == before
    assert not Comment.objects.get().is_pick
    if headers:
        assert answer.json()["cards"] == {}
        assert f'data-pk="{comment.pk}"' in undone.json()["cards"][str(comment.pk)]
        assert undone.json()["left"]["undo"] == ""
    else:
        assert answer.url == f"{QUEUE}?status={before}#c7"


@pytest.mark.parametrize("door", ["queue", "list"])
def test_whoever_picks_a_sixth_is_told_what_readers_see(moderator, door):
    article = make_article(title="The bridge")
    comments = [make_comment(article, f"Number {number}.") for number in range(6)]
    review.pick(Comment.objects.filter(pk__in=[comment.pk for comment in comments[:4]]), by="jonas")

    def pick(comment):
        if door == "queue":
            return act(moderator, "pick", comment, headers=JSON).json()["said"]
        url = reverse("admin:comments_comment_decide", args=[comment.pk, "pick"])
        answer = moderator.post(url, follow=True)
        return [str(message) for message in answer.context["messages"]][-1]

    assert pick(comments[4]) == "1 comment marked as editors’ pick."
    assert pick(comments[5]) == (
        "1 comment marked as editors’ pick; “The bridge” has 6 picks: the first 5 of its thread stand above, "
        "the others are marked below."
    )


def test_a_pick_stands_on_the_page_and_is_taken_away_again(moderator):
    comment = wait()

    act(moderator, "pick", comment)
    assert (status_of(comment), Comment.objects.get().is_pick) == ("approved", True)
    act(moderator, "unpick", comment)
    assert not Comment.objects.get().is_pick
    moderator.post(f"{QUEUE}undo/")
    assert Comment.objects.get().is_pick


def test_steps_are_undone_one_after_the_other(moderator):
    article = make_article()
    first, second = wait(article), wait(article, "More.")
    act(moderator, "approve", first), act(moderator, "spam", second)

    moderator.post(f"{QUEUE}undo/")
    assert [status_of(first), status_of(second)] == ["approved", "pending"]
    moderator.post(f"{QUEUE}undo/")
    assert [status_of(first), status_of(second)] == ["pending", "pending"]
    assert "nothing to undo" in moderator.post(f"{QUEUE}undo/", headers=JSON).json()["said"]


def test_undo_says_what_it_would_take_back(moderator):
    article = make_article()
    first, second = wait(article), wait(article, "More.")
    assert "Undo takes back" not in moderator.get(QUEUE).text
    act(moderator, "approve", first)
    act(moderator, "block", second)

    for path in (QUEUE, "/admin/comments/comment/"):
        assert "Undo takes back: 1 comment marked as spam, 1 sender blocked." in moderator.get(path).text
    undone = moderator.post(f"{QUEUE}undo/", headers=JSON).json()
    assert undone["said"].endswith("let in again. Undo takes back: 1 comment approved.")
    assert undone["left"]["undo"] == "Undo takes back: 1 comment approved."


def test_spam_and_trash_say_when_they_are_deleted(moderator):
    said = "is deleted for ever. Until then it can be put back."

    assert [said in moderator.get(QUEUE, {"status": each}).text for each in ("spam", "trash", "approved", "")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_reason_declines_and_is_what_the_writer_reads(moderator):
    comment = wait()
    reason = Reason.objects.first() or Reason.objects.create(code="off-topic", label="Off topic", text="It is not.")

    assert reason.label in moderator.get(QUEUE).text
    moderator.post(f"{QUEUE}act/", {"reason": reason.code, "seen": newest(comment).pk})

    assert status_of(comment) == "trash"
    assert newest(comment).reason == reason.code


def test_several_are_declined_with_a_reason_and_a_reason_that_is_not_on_the_list_is_none(moderator):
    article = make_article()
    first, second, third = (wait(article, f"Number {n}.") for n in range(3))
    Reason.objects.create(code="shouting", label="Shouting", text="Please don’t shout.")

    act(moderator, "trash", first, second, reason="shouting")
    act(moderator, "trash", third, reason="made-up")

    assert [newest(comment).reason for comment in (first, second, third)] == ["shouting", "shouting", ""]


def test_keeping_what_readers_reported_settles_the_reports(moderator):
    comment = make_comment(make_article())
    report(comment, times=3)

    assert ">Keep<kbd" in moderator.get(QUEUE).text
    act(moderator, "approve", comment)

    assert shown(moderator) == []
    assert status_of(comment) == "approved"


def test_several_are_decided_and_undone_together(moderator):
    article = make_article()
    comments = [wait(article, f"Number {n}.") for n in range(5)]

    answer = act(moderator, "spam", *comments, headers=JSON)
    after = [status_of(comment) for comment in comments]
    moderator.post(f"{QUEUE}undo/")

    assert answer.json()["said"] == "5 comments marked as spam."
    assert after == ["spam"] * 5
    assert [status_of(comment) for comment in comments] == ["pending"] * 5


def test_blocking_marks_as_spam_blocks_the_address_without_showing_it_and_is_undone(moderator):
    article = make_article()
    comment = wait(article, email="loud@example.org")

    answer = act(moderator, "block", comment, headers=JSON)
    blocked = (status_of(comment), Block.objects.count())
    moderator.post(f"{QUEUE}undo/")

    assert blocked == ("spam", 1)
    assert "loud@" not in answer.text
    assert (status_of(comment), Block.objects.count()) == ("pending", 0)


def test_undo_leaves_a_block_that_was_there_before(moderator):
    article = make_article()
    first, second = wait(article, email="loud@example.org"), wait(article, "More.", email="loud@example.org")
    act(moderator, "block", first), act(moderator, "block", second)

    moderator.post(f"{QUEUE}undo/")

    assert Block.objects.count() == 1
    assert status_of(second) == "pending"


def test_a_reply_lets_the_comment_through_stands_below_it_with_a_badge_and_is_undone(moderator, reader):
    article = make_article()
    comment = wait(article, "Is that so?")
    words = {"body": "It is.", "parent": comment.pk, "seen": newest(comment).pk}

    answer = moderator.post(f"{QUEUE}{comment.pk}/reply/", words, headers=JSON)
    reply = Comment.objects.get(parent=comment)
    page = reader.get(article.get_absolute_url()).text
    moderator.post(f"{QUEUE}undo/")

    assert answer.json()["said"] == "Approved. Your reply is below it."
    assert (reply.badge, "It is." in page, "Is that so?" in page) == ("staff", True, True)
    assert (status_of(comment), status_of(reply)) == ("pending", "trash")


@pytest.mark.parametrize("headers", [None, JSON])
def test_a_reply_that_cannot_be_stored_keeps_its_words_and_lets_nothing_through(moderator, headers):
    comment = wait()
    words = {"body": "too long " * 700, "parent": comment.pk, "seen": newest(comment).pk}

    answer = moderator.post(f"{QUEUE}{comment.pk}/reply/", words, headers=headers)

    assert answer.status_code == 422
    assert status_of(comment) == "pending"
    if headers:
        assert "error" in answer.json()
    else:
        assert "too long too long" in answer.text


def test_an_edit_is_undone_unless_the_words_changed_again(moderator):
    comment = wait(body="Wrods.", name="Ana")

    def edit(words):
        comment.refresh_from_db()
        sent = {"body": words, "name": "Ana", "website": "", "opened_on": words_of(comment).key}
        assert moderator.post(f"/admin/comments/comment/{comment.pk}/edit/", sent).status_code == 302

    edit("Words.")
    said = moderator.post(f"{QUEUE}undo/", headers=JSON).json()
    assert "Wrods." in said["cards"][str(comment.pk)]

    edit("Words.")
    edit_by_staff(comment, Words("Swords.", "Ana", ""), opened_on=Words("Words.", "Ana", "").key, by="jonas")
    said = moderator.post(f"{QUEUE}undo/", headers=JSON).json()
    comment.refresh_from_db()
    assert (comment.body, said["cards"]) == ("Swords.", {})


def test_the_front_page_leads_to_the_queue_first(moderator):
    wait()

    page = moderator.get("/admin/").text

    assert f'<a class="button" href="{QUEUE}">' in page


def test_single_keys_are_switched_off_for_one_person(moderator, desk):
    other = desk("Moderators")

    moderator.post(f"{QUEUE}keys/", {"on": "0", "next": QUEUE})

    assert " data-keys" not in moderator.get(QUEUE).text
    assert " data-keys" in other.get(QUEUE).text
    moderator.post(f"{QUEUE}keys/", {"on": "1"})
    assert " data-keys" in moderator.get(QUEUE).text


# --- Two at once


def test_what_somebody_has_decided_meanwhile_is_not_decided_twice_and_says_who(moderator):
    article = make_article()
    comments = [wait(article, f"Number {n}.", name=f"Reader {n}") for n in range(2)]
    seen = [newest(comment).pk for comment in comments]
    review.mark_as_spam(Comment.objects.filter(pk=comments[0].pk), by="jonas")
    sent = {"verb": "approve", "seen": seen}

    answer = moderator.post(f"{QUEUE}act/", sent, headers=JSON).json()
    page = moderator.post(f"{QUEUE}act/", sent | {"next": QUEUE}, follow=True).text

    assert [status_of(comment) for comment in comments] == ["spam", "approved"]
    assert answer["said"] == "1 comment approved."
    assert list(answer["cards"]) == [str(comments[0].pk)]
    assert "Jonas marked it as spam." in answer["cards"][str(comments[0].pk)]
    assert "jonas marked it as spam" in page


def test_what_its_writer_withdrew_meanwhile_says_so(moderator):
    comment = wait()
    seen = newest(comment).pk
    review.withdraw(Comment.objects.filter(pk=comment.pk))

    answer = moderator.post(f"{QUEUE}act/", {"verb": "approve", "seen": seen}, headers=JSON).json()

    assert "Its writer withdrew it." in answer["cards"][str(comment.pk)]
    assert status_of(comment) == "trash"


def test_a_card_that_somebody_has_open_is_marked_for_a_short_while(moderator, desk, clock):
    comment = wait()
    moderator.post(f"{QUEUE}here/", {"here": comment.pk})
    other = desk("Moderators")

    assert "<b>mira</b> has this open" in other.get(QUEUE).text
    assert "<b>mira</b> has this open" not in moderator.get(QUEUE).text
    assert other.post(f"{QUEUE}here/").json()["taken"] == {str(comment.pk): "mira"}
    clock.shift(timedelta(minutes=1))
    assert other.post(f"{QUEUE}here/").json()["taken"] == {}


def test_whoever_asks_hears_what_became_of_the_cards_on_the_screen(moderator):
    article = make_article()
    first, second = wait(article), wait(article, "More.")
    seen = [newest(first).pk, newest(second).pk]
    review.approve(Comment.objects.filter(pk=first.pk), by="jonas")

    news = moderator.post(f"{QUEUE}here/", {"here": second.pk, "seen": seen}).json()

    assert list(news["cards"]) == [str(first.pk)]
    assert "Jonas approved it." in news["cards"][str(first.pk)]


# --- Who may


@pytest.mark.parametrize("path", ["act/", "undo/", "here/", "keys/", "1/reply/"])
def test_writers_and_strangers_do_nothing_in_the_queue_and_nobody_does_by_a_link(desk, reader, moderator, path):
    comment = wait()
    sent = {"verb": "approve", "seen": newest(comment).pk, "body": "Yes.", "parent": comment.pk}

    assert desk("Writers").post(QUEUE + path, sent).status_code == 403
    assert reader.post(QUEUE + path, sent).status_code == 403
    assert moderator.get(QUEUE + path).status_code == 405
    assert status_of(comment) == "pending"


def test_writers_do_not_see_the_queue(desk):
    writer = desk("Writers")

    assert writer.get(QUEUE).status_code == 403
    assert QUEUE not in writer.get("/admin/").text


def test_a_queue_form_without_its_token_is_refused():
    client = SiteClient(enforce_csrf_checks=True)
    client.force_login(make_staff("Moderators"))
    comment = wait()

    assert act(client, "approve", comment).status_code == 403
    assert status_of(comment) == "pending"


def test_blocking_and_replying_need_their_own_rights(desk):
    from django.contrib.auth.models import Group, Permission

    group = Group.objects.get(name="Moderators")
    group.permissions.remove(*Permission.objects.filter(codename__in=("add_block", "add_comment")))
    comment = wait()
    client = desk("Moderators")

    page = client.get(QUEUE).text
    refused = [
        act(client, "block", comment).status_code,
        client.post(f"{QUEUE}{comment.pk}/reply/", {"body": "Yes.", "parent": comment.pk}).status_code,
    ]

    assert 'value="block"' not in page
    assert "Approve and reply" not in page
    assert refused == [403, 403]
    assert (status_of(comment), Block.objects.count()) == ("pending", 0)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"verb": "purge", "seen": "1"},
        {"verb": "approve"},
        {"verb": "approve", "seen": "x"},
        {"verb": "approve", "seen": "9" * 30},
        {"verb": "approve", "seen": [str(n) for n in range(501)]},
    ],
)
def test_what_the_queue_cannot_do_is_a_bad_request(moderator, sent):
    assert moderator.post(f"{QUEUE}act/", sent).status_code == 400


def test_the_queue_shows_hostile_words_as_text(moderator):
    hostile = "<script>x()</script><img src=x onerror=y()>"
    comment = wait(make_article(title=hostile, standfirst=hostile), f"{hostile} <b>bold</b>", name=hostile)

    page = moderator.get(QUEUE).text
    card = act(moderator, "approve", comment) and moderator.post(f"{QUEUE}undo/", headers=JSON).text

    assert "&lt;script&gt;x()" in page
    assert not any("<script>x()" in text or "<img src=x" in text for text in (page, card))


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_a_decision_in_the_queue_leads_nowhere_else(moderator, target):
    assert act(moderator, "approve", wait(), next=target).url == reverse("admin:comments_queue_changelist")
