"""What reports do in the desk: a comment comes before a moderator, is perhaps hidden, and a decision settles them."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse

from comments import outbox, review, staff_mail
from comments.models import Comment, Decision, Mail, Report
from tests.factories import make_article, make_comment, make_staff, report, set_discussion

pytestmark = pytest.mark.django_db
LIST = reverse("admin:comments_comment_changelist")


@pytest.fixture
def moderator(desk):
    return desk("Moderators")


def names_in(page):
    """The comments in the list, in its order."""
    return [comment.name for comment in page.context["cl"].result_list]


def decide(moderator, verb, comment):
    return moderator.post(reverse("admin:comments_comment_decide", args=[comment.pk, verb]))


def test_enough_reports_put_a_comment_first_among_what_waits(moderator):
    article = make_article()
    make_comment(article, name="Waits", status="pending")
    often, once = make_comment(article, name="Often"), make_comment(article, name="Once")
    make_comment(article, name="Never")
    report(often, times=3), report(once, times=2)

    waiting, reported = moderator.get(LIST), moderator.get(LIST, {"status": "reported"})

    assert names_in(waiting) == ["Often", "Waits"]
    assert names_in(reported) == ["Often"]
    assert "Reported (1)" in waiting.text
    assert "1 comment reported by readers" in moderator.get("/admin/").text


def test_moderators_read_reasons_and_notes_and_never_who(moderator):
    comment = make_comment(make_article())
    report(comment, times=2, reason="Off topic"), report(comment, reason="Rude", note="It sells <b>shoes</b>.")

    page = moderator.get(reverse("admin:comments_comment_change", args=[comment.pk])).text
    listed = moderator.get(LIST).text

    assert "It sells &lt;b&gt;shoes&lt;/b&gt;." in page
    assert page.count("<bdi>Off topic</bdi>") == 2
    assert "reported: Off topic (2)" in listed
    assert "reported: Rude (1)" in listed
    for each in Report.objects.all():
        assert each.reporter not in page + listed


def test_the_number_of_reports_that_call_a_moderator_is_the_owners_choice(moderator):
    set_discussion(reports_to_review=1)
    report(make_comment(make_article(), name="Once"))

    assert names_in(moderator.get(LIST)) == ["Once"]


def test_by_default_reports_hide_nothing(reader):
    comment = make_comment(make_article(), "Still there.")

    report(comment, times=9)

    assert "Still there." in reader.get(comment.article.get_absolute_url()).text
    assert Comment.objects.get().status == "approved"


def test_enough_reports_hide_a_comment_where_the_owner_wants_that(reader, moderator):
    set_discussion(reports_hide=True)
    comment = make_comment(make_article(), "Soon gone.", name="Ana")
    url = comment.article.get_absolute_url()
    report(comment, times=2)
    before = reader.get(url).text

    report(comment)

    assert "Soon gone." in before
    assert "Soon gone." not in reader.get(url).text
    assert "No comments yet" in reader.get(url).text
    newest = Decision.objects.latest("pk")
    assert (newest.from_status, newest.to_status, newest.decided_by) == ("approved", "pending", "readers’ reports")
    assert names_in(moderator.get(LIST)) == ["Ana"]


def test_a_comment_that_a_moderator_kept_comes_up_again_by_new_reports_and_is_not_hidden_again(moderator):
    set_discussion(reports_hide=True)
    comment = make_comment(make_article(), name="Ana")
    report(comment, times=3)

    decide(moderator, "approve", comment)
    after_keeping = names_in(moderator.get(LIST))
    report(comment, times=2)
    after_two = names_in(moderator.get(LIST))
    report(comment)

    assert (after_keeping, after_two) == ([], [])
    assert names_in(moderator.get(LIST)) == ["Ana"]
    assert Comment.objects.get().status == "approved"


def test_keep_settles_the_reports_and_changes_no_page(reader, moderator):
    comment = make_comment(make_article(), name="Ana")
    report(comment, times=3)
    url = comment.article.get_absolute_url()
    etag = reader.get(url)["ETag"]

    button = moderator.get(LIST).text
    decide(moderator, "approve", comment)

    assert ">Keep<" in button
    newest = Decision.objects.latest("pk")
    assert (newest.from_status, newest.to_status) == ("approved", "approved")
    assert set(Report.objects.values_list("settled_by", flat=True)) == {newest.pk}
    assert names_in(moderator.get(LIST)) == []
    assert ">settled<" in moderator.get(reverse("admin:comments_comment_change", args=[comment.pk])).text
    assert Comment.objects.get().decided_at == comment.decided_at
    assert reader.get(url)["ETag"] == etag


def test_undo_opens_the_reports_again(moderator):
    kept, trashed = make_comment(make_article(), name="Kept"), make_comment(make_article(), name="Trashed")
    report(kept, times=3), report(trashed, times=3)

    for verb, comment in (("approve", kept), ("trash", trashed)):
        decide(moderator, verb, comment)
        moderator.post(reverse("admin:comments_comment_undo"))

    assert names_in(moderator.get(LIST)) == ["Kept", "Trashed"]
    assert set(Comment.objects.values_list("status", flat=True)) == {"approved"}


def test_any_decision_of_a_moderator_settles_and_a_writers_withdrawal_does_not():
    comments = [make_comment(make_article()) for _ in range(4)]
    for comment, verb in zip(comments, (review.trash, review.mark_as_spam, review.hold), strict=False):
        report(comment)
        verb(Comment.objects.filter(pk=comment.pk), by="mira")
    report(comments[3])
    review.withdraw(Comment.objects.filter(pk=comments[3].pk))

    assert [report.comment for report in Report.objects.unsettled()] == [comments[3]]


def test_approving_what_nobody_reported_again_is_no_decision():
    comment = make_comment(make_article())

    assert review.approve(Comment.objects.filter(pk=comment.pk), by="mira") == []


def test_the_list_costs_the_same_with_one_reported_comment_or_twenty(moderator, django_assert_max_num_queries):
    article = make_article()
    for number in range(20):
        report(make_comment(article, f"Number {number}."), times=3)

    with django_assert_max_num_queries(15):
        moderator.get(LIST)


# --- Mail to moderators


@pytest.fixture
def told():
    """A function that makes a moderator with an address and a choice."""

    def make(wish):
        user = make_staff("Moderators")
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@desk-mail.example")
        user.refresh_from_db()
        staff_mail.choose(user, wish)
        return user

    return make


@pytest.mark.parametrize(("hides", "where"), [(False, "It is on the page:"), (True, "It is off the page until")])
def test_who_wants_each_comment_is_told_of_reports_once_a_round(told, hides, where):
    set_discussion(reports_hide=hides)
    told("each"), told("daily"), told("none")
    comment = make_comment(make_article(title="The bridge"), name="Ana")

    report(comment, times=3, reason="Off topic", note="A secret note."), report(comment, times=0 if hides else 2)
    outbox.send_due()

    (message,) = mail.outbox
    assert message.subject == "Readers reported a comment by Ana on “The bridge”"
    assert where in message.body
    assert "Off topic (" in message.body
    assert "A secret note." not in message.body
    review.approve(Comment.objects.all(), by="mira")
    report(comment, times=3)
    outbox.send_due()
    assert len(mail.outbox) == 2


def test_reports_that_were_settled_meanwhile_are_not_told(told):
    told("each")
    comment = make_comment(make_article())
    report(comment, times=3)

    review.approve(Comment.objects.all(), by="mira")
    outbox.send_due()

    assert mail.outbox == []
    assert Mail.objects.get().state == "dropped"


def test_the_mornings_digest_tells_of_what_was_reported_and_is_still_on_the_page(told, clock):
    told("daily")
    report(make_comment(make_article(), "Some words."), times=3)

    clock.shift(60 * 60 * 24)
    staff_mail.queue_digests()
    outbox.send_due()

    (message,) = mail.outbox
    assert message.subject.startswith("1 comment was reported on ")
    assert "1 comment was reported by readers." in message.body
    assert "wait" not in message.subject
