"""Being told: the two ticks, the confirmation of an address, mail on decisions and replies, and its end."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from comments import outbox, person, review, telling
from comments.links import confirm_url, own_url, stop_url
from comments.models import Comment, Commenter, Decision, Mail, Origin, Reason
from tests.factories import filled_in, make_article, make_comment, make_withdrawn, wants_mail
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
STRANGER = "stranger@hidden-mail.example"
STATES = ("confirmed_at", "refused_mail_at")


@pytest.fixture
def send(clock):
    """A function that lets a moderator's time for second thoughts pass, and gives the mails that went out then."""

    def later():
        mail.outbox.clear()
        clock.shift(outbox.SECOND_THOUGHTS + timedelta(seconds=1))
        outbox.send_due()
        return list(mail.outbox)

    return later


@pytest.fixture
def pending():
    """A comment that waits; its writer is confirmed and wants to hear of everything."""
    comment = make_comment(make_article(title="The bridge"), "Patience.", status="pending", email=STRANGER)
    wants_mail(comment)
    return comment


def post(reader, article, number=0, **changes):
    words = filled_in(body=f"Comment {number}", email=STRANGER) | changes
    return reader.post(reverse("comments:comment-post", args=[article.pk]), words).url.split("#")[0]


def this(comment):
    return Comment.objects.filter(pk=comment.pk)


def link_in(message, kind):
    return re.search(rf"http://127\.0\.0\.1:8000(/comments/{kind}/\S+)", message.body)[1]


def states(address=STRANGER):
    row = Commenter.objects.get(address=address)
    return tuple(getattr(row, name) is not None for name in STATES)


# --- The ticks and the confirmation


def test_the_writer_ticks_and_the_page_says_what_follows_without_naming_the_address(reader):
    own = post(reader, make_article())
    before = reader.get(own).text

    saved = reader.post(f"{own}tell/", {"replies": "on"})
    after = reader.get(own)

    origin = Origin.objects.get()
    assert "when a moderator has decided" in before
    assert "when somebody replies" in before
    assert "A mail with a button was sent" not in before
    assert (saved.status_code, saved["Cache-Control"]) == (303, "private, no-store")
    assert (origin.tell_decision, origin.tell_replies) == (False, True)
    assert "A mail with a button was sent" in after.text
    assert "nothing more comes until that button is pressed" in after.text
    assert "hidden-mail" not in after.text + str(after.headers) + str(saved.headers)
    assert re.search(r'name="replies"[^>]* checked', after.text)
    assert not re.search(r'name="decision"[^>]* checked', after.text)


def test_unticking_is_saved_and_asks_nobody(reader):
    own = post(reader, make_article())
    reader.post(f"{own}tell/", {"replies": "on"})
    Mail.objects.all().delete()

    reader.post(f"{own}tell/")

    assert not Origin.objects.get().tell_replies
    assert Mail.objects.count() == 0


def test_a_foreign_site_or_a_followed_link_ticks_nothing(reader):
    own = post(reader, make_article())
    stranger = SiteClient(headers={"Sec-Fetch-Site": "cross-site"})

    refused = stranger.post(f"{own}tell/", {"replies": "on"})
    followed = reader.get(f"{own}tell/")

    assert (refused.status_code, followed.status_code) == (403, 302)
    assert not Origin.objects.get().tell_replies
    assert Mail.objects.count() == 0


def test_fifty_posts_to_a_strangers_address_send_one_mail_with_nothing_that_was_typed(reader, clock):
    article = make_article()

    pages = []
    for number in range(50):
        own = post(reader, article, number, name="Buy at spam.example", website="https://spam.example/")
        reader.post(f"{own}tell/", {"decision": "on", "replies": "on"})
        pages.append(re.search(r'<form[^>]*id="tell".*?</form>', reader.get(own).text, re.DOTALL)[0])
    outbox.send_due()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [STRANGER]
    assert "spam" not in mail.outbox[0].message().as_string()
    assert len({re.sub(r'action="[^"]*"', "", page) for page in pages}) == 1


def test_an_unconfirmed_address_is_asked_once_in_24_hours_and_three_times_in_all(reader, clock):
    article, counts = make_article(), []

    for number in range(80):
        own = post(reader, article, number)
        reader.post(f"{own}tell/", {"replies": "on"})
        outbox.send_due()
        outbox.forget_old()
        counts.append(len(mail.outbox))
        clock.shift(timedelta(hours=23, minutes=30))

    assert counts[:5] == [1, 1, 2, 2, 3]
    assert counts[-1] == 3


def test_the_end_of_every_way_through_mail_leads_on_to_the_front_page(reader, pending):
    writer = pending.origin.commenter

    ends = [
        reader.post(confirm_url(writer), {"answer": "yes"}),
        reader.post(confirm_url(writer), {"answer": "never"}),
        reader.post(stop_url(writer)),
        reader.post(reverse("comments:address-ask"), {"email": STRANGER}),
    ]

    assert [end.status_code for end in ends] == [200] * 4
    assert all('<p><a href="/">The latest op-eds are on the front page.</a></p>' in end.text for end in ends)


def test_opening_the_confirmation_changes_nothing_and_its_button_confirms(reader, clock):
    own = post(reader, make_article())
    reader.post(f"{own}tell/", {"decision": "on"})
    outbox.send_due()
    url = link_in(mail.outbox[0], "confirm")

    opened = [reader.get(url), reader.head(url), SiteClient(headers={}).get(url)]
    foreign = SiteClient(headers={"Sec-Fetch-Site": "cross-site"}).post(url, {"answer": "yes"})
    odd = reader.post(url, {"answer": "maybe"})
    before = states()
    pressed = reader.post(url, {"answer": "yes"})

    assert [answer.status_code for answer in opened] == [200, 200, 200]
    assert all(answer["Cache-Control"] == "private, no-store" for answer in opened)
    assert "hidden-mail" not in opened[0].text
    assert (foreign.status_code, odd.status_code, before) == (403, 422, (False, False))
    assert pressed.status_code == 200
    assert states() == (True, False)


def test_never_write_to_me_again_holds_for_ever(reader, clock, send):
    article = make_article()
    own = post(reader, article)
    reader.post(f"{own}tell/", {"decision": "on"})
    outbox.send_due()
    url = link_in(mail.outbox[0], "confirm")

    done = reader.post(url, {"answer": "never"})
    reader.post(url, {"answer": "yes"})
    review.purge(Comment.objects.all())
    clock.shift(timedelta(days=100))
    again = post(reader, article, 2)
    reader.post(f"{again}tell/", {"decision": "on", "replies": "on"})
    review.approve(Comment.objects.all(), by="mira")

    assert "We don’t write to you any more" in done.text
    assert states()[1]
    assert send() == []


@pytest.mark.parametrize("kind", ["confirm", "stop"])
def test_a_link_that_was_changed_or_is_of_another_kind_is_404(reader, pending, kind):
    good = stop_url(pending.origin.commenter).split("/")[-2]
    other = "confirm" if kind == "stop" else "stop"
    own = own_url(pending).split("/")[3]

    for token in (good[:-2] + "xx", own, "x", "a:b:c", "é"):
        assert reader.get(f"/comments/{kind}/{token}/").status_code == 404
        assert reader.post(f"/comments/{kind}/{token}/").status_code == 404
    assert reader.get(f"/comments/{other}/{good}/").status_code == (200 if other == "stop" else 404)


# --- Decisions


def test_its_writer_hears_that_a_comment_was_published_with_a_link_to_it(pending, send, reader):
    review.approve(this(pending), by="mira")

    (message,) = send()

    assert message.to == [STRANGER]
    assert message.subject == "Your comment on “The bridge” has been published"
    assert f"http://127.0.0.1:8000/comments/{pending.pk}/\n" in message.body
    assert reader.get(f"/comments/{pending.pk}/").status_code == 302


def test_its_writer_hears_that_a_comment_was_declined_with_a_link_to_the_own_page(pending, send, reader):
    review.trash(this(pending), by="mira")

    (message,) = send()

    assert message.subject == "Your comment on “The bridge” was not published"
    assert "Patience." in reader.get(link_in(message, "own").split("#")[0]).text


def test_with_a_reason_its_writer_is_told_what_the_owners_list_says(pending, send):
    review.trash(this(pending), by="mira", reason="off-topic")

    (message,) = send()

    assert Reason.objects.get(code="off-topic").text in message.body


@pytest.mark.parametrize("verb", [review.mark_as_spam, review.hold])
def test_nobody_hears_of_spam_or_of_waiting_again(pending, send, verb):
    if verb is review.hold:
        review.approve(this(pending), by="mira")
    verb(this(pending), by="mira")

    assert send() == []


def test_who_withdraws_hears_nothing_of_it_and_nothing_of_what_was_decided_before(pending, send):
    review.approve(this(pending), by="mira")
    review.withdraw(this(pending))

    assert Mail.objects.filter(kind="decision").count() == 1
    assert send() == []


def test_an_approval_that_is_undone_before_the_mail_is_out_is_not_told(pending, send):
    made = review.approve(this(pending), by="mira")
    review.undo([decision.pk for decision in made], by="mira")

    assert send() == []


def test_of_two_decisions_before_the_mail_is_out_the_last_is_told_once(pending, send):
    review.approve(this(pending), by="mira")
    review.trash(this(pending), by="jonas")

    assert [message.subject for message in send()] == ["Your comment on “The bridge” was not published"]
    assert send() == []


def test_each_decision_has_its_mail(pending, send):
    review.approve(this(pending), by="mira")
    first = send()
    review.trash(this(pending), by="mira")
    second = send()

    assert [len(first), len(second)] == [1, 1]


@pytest.mark.parametrize("changes", [{"confirmed_at": None}, {"refused_mail_at": timezone.now()}])
def test_who_has_not_confirmed_or_has_refused_hears_nothing_even_at_the_last_moment(pending, send, changes):
    Commenter.objects.update(**changes)
    review.approve(this(pending), by="mira")
    queued = Mail.objects.filter(kind="decision").count()
    Commenter.objects.update(confirmed_at=timezone.now(), refused_mail_at=None)
    review.trash(this(pending), by="mira")
    Commenter.objects.update(**changes)

    assert queued == 0
    assert send() == []


def test_who_unticked_meanwhile_hears_nothing(pending, send):
    review.approve(this(pending), by="mira")
    Origin.objects.update(tell_decision=False)

    assert send() == []


def test_nothing_is_told_of_an_article_that_left_the_site(send):
    comment = make_comment(make_withdrawn(), status="pending")
    wants_mail(comment)
    review.approve(this(comment), by="mira")

    assert send() == []


def test_a_comment_that_waits_for_nobodys_decision_is_told_nobody(pending, send):
    assert send() == []


# --- Replies


def answer_to(comment, words="Very true.", **fields):
    return make_comment(comment.article, words, parent=comment, status="pending", **fields)


@pytest.fixture
def published():
    """A published comment whose writer listens for replies."""
    comment = make_comment(make_article(title="The bridge"), "Patience.", email=STRANGER)
    wants_mail(comment)
    return comment


def test_a_reply_is_told_when_it_appears_with_its_words_and_without_its_writers_address(published, send):
    reply = answer_to(published, "Very true.", name="Tomas R.", email="tomas@other-mail.example")
    before = send()

    review.approve(this(reply), by="mira")
    (message,) = send()

    assert before == []
    assert message.to == [STRANGER]
    assert message.subject == "Tomas R. replied to you on “The bridge”"
    assert "Very true." in message.body
    assert f"/comments/{reply.pk}/" in message.body
    assert "other-mail" not in message.message().as_string()


def test_links_in_a_readers_words_can_not_be_followed_from_our_mail(published, send):
    words = (
        'See https://evil.example/x, www.evil.example or <a href="https://evil.example/">here</a>. E.g. at 3.5 & so.'
    )
    reply = answer_to(published, words, name="evil.example <b>")
    review.approve(this(reply), by="mira")

    (message,) = send()

    own_links = message.body.replace("http://127.0.0.1:8000/", "")
    assert "://" not in own_links
    assert "evil.example" not in message.body + message.subject
    assert "E.g. at 3.5 & so." in message.body


def test_nobody_is_told_of_an_own_reply(published, send):
    reply = answer_to(published, email=STRANGER)

    review.approve(this(reply), by="mira")

    assert send() == []


def test_a_reply_is_told_once_however_often_it_is_approved(published, send):
    reply = answer_to(published)
    review.approve(this(reply), by="mira")
    first = send()
    review.trash(this(reply), by="mira")
    review.approve(this(reply), by="mira")

    assert [len(first), len(send())] == [1, 0]


def test_a_reply_that_was_taken_back_before_the_mail_is_out_is_not_told(published, send):
    reply = answer_to(published)
    review.approve(this(reply), by="mira")
    review.withdraw(this(reply))

    assert send() == []


def test_a_reply_to_what_is_not_published_any_more_is_not_told(published, send):
    reply = answer_to(published)
    review.withdraw(this(published))
    review.approve(this(reply), by="mira")

    assert send() == []


def test_two_who_answer_each_other_in_one_batch_are_both_told(send):
    article = make_article()
    first = make_comment(article, status="pending", email="one@example.org")
    second = make_comment(article, "Yes?", parent=first, status="pending", email="two@example.org")
    third = make_comment(article, "No!", parent=second, status="pending", email="one@example.org")
    for comment in (first, second, third):
        wants_mail(comment)
        Origin.objects.filter(pk=comment.pk).update(tell_decision=False)

    review.approve(Comment.objects.all(), by="mira")

    assert sorted(message.to[0] for message in send()) == ["one@example.org", "two@example.org"]


# --- One click


def test_one_click_in_a_mail_program_stops_all_mail_from_anywhere(pending, send):
    review.approve(this(pending), by="mira")
    (message,) = send()
    url = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    provider = SiteClient(headers={})
    foreign = SiteClient(headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"})

    followed = [provider.get(url), provider.head(url), foreign.get(url)]
    before = states()
    clicked = provider.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    after = states()
    again = foreign.post(url, {"List-Unsubscribe": "One-Click"})
    review.trash(this(pending), by="mira")

    assert [answer.status_code for answer in followed] == [200, 200, 200]
    assert '<button type="submit">Stop all mail</button>' in followed[0].text
    assert (before, after) == ((True, False), (True, True))
    assert [clicked.status_code, again.status_code] == [200, 200]
    assert "hidden-mail" not in url + clicked.text
    assert send() == []


def test_what_is_queued_when_mail_is_stopped_is_not_sent(pending, send):
    review.approve(this(pending), by="mira")

    SiteClient(headers={}).post(stop_url(pending.origin.commenter))

    assert send() == []


def test_a_confirmation_that_waits_when_mail_is_stopped_is_not_sent(reader, send):
    comment = make_comment(make_article(), email=STRANGER)
    wants_mail(comment, confirmed=False)

    reader.post(stop_url(comment.origin.commenter))

    assert Mail.objects.filter(kind="confirm").count() == 1
    assert send() == []


def test_a_person_without_comments_who_refused_mail_is_remembered(reader):
    article = make_article()
    comments = [make_comment(article, email=f"{name}@example.org") for name in ("one", "two")]
    reader.post(stop_url(comments[0].origin.commenter))

    review.purge(Comment.objects.all())

    assert list(Commenter.objects.values_list("address", flat=True)) == ["one@example.org"]


@pytest.mark.parametrize("what", ["", "edit/", "withdraw/", "tell/"])
def test_after_an_erasure_the_own_page_is_gone_and_nothing_there_works(reader, pending, what):
    person.erase(pending.origin.commenter, keep_words=True)
    own = own_url(pending).split("#")[0]

    answer = reader.post(own + what, {"replies": "on", "body": "Back again."}) if what else reader.get(own)

    assert answer.status_code == 404
    comment = Comment.objects.get()
    assert (comment.body, comment.status, comment.origin.tell_replies) == ("Patience.", "pending", False)


def test_a_reply_that_the_policy_lets_through_is_told_as_well(published, send):
    reply = make_comment(published.article, "At once.", parent=published)

    telling.tell_writers(Decision.objects.filter(comment_id=reply.pk))

    assert [message.to for message in send()] == [[STRANGER]]
