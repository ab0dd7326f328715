"""The policy over HTTP: reasons in the moderators' list, modes, known readers, blocks, the try-out box."""

import io
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from articles.names import look_alike_key
from comments import editing, outbox, person, review, telling
from comments.blocking import block
from comments.models import Block, Comment, Commenter, Origin
from tests.factories import filled_in, make_article, make_author, make_comment, set_discussion
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
LIST = reverse("admin:comments_comment_changelist")
CALM = "A calm remark on the matter."


def send(client, article, **changes):
    words = filled_in(body=CALM, name="Ana", email="ana@example.org") | changes
    return client.post(reverse("comments:comment-post", args=[article.pk]), words)


def trusted(article, email="ana@example.org"):
    """The address is confirmed and had a comment approved; no browser is known yet."""
    comment = make_comment(article, "Said before.", email=email)
    Commenter.objects.update(confirmed_at=timezone.now())
    return comment


@pytest.mark.parametrize(
    ("choices", "words", "finding", "status"),
    [
        ({}, {"fax": "x"}, "filled in the hidden field", "spam"),
        ({}, {"body": "https://a.example/ www.b.example"}, "2 links", "pending"),
        ({"held_words": "tariff"}, {"body": "The TARÍFF again."}, "held word “tariff”", "pending"),
        ({"held_words": "*rif*"}, {"name": "Tariff Fan"}, "held word “rif”", "pending"),
        ({"blocked_words": "casino"}, {"website": "https://casino.example/"}, "blocked word “casino”", "spam"),
        ({"blocked_words": "@spam.example"}, {"email": "x@spam.example"}, "blocked word in the e-mail address", "spam"),
        ({"old_after_days": 30}, {}, "the op-ed is 40 days old", "pending"),
        ({}, {"body": "THIS IS AN OUTRAGE AND YOU KNOW IT"}, "mostly capitals", "pending"),
        ({}, {"name": "Leila Hаddad"}, "looks like the author Leila Haddad", "pending"),
        ({}, {}, "first comment", "pending"),
    ],
)
def test_each_checks_reason_stands_in_the_moderators_list(reader, desk, choices, words, finding, status):
    set_discussion(**choices)
    article = make_article(at=timezone.now() - timedelta(days=40), author=make_author("Leila Haddad"))

    send(reader, article, **words)

    assert Comment.objects.get().status == status
    assert finding in desk("Moderators").get(LIST, {"status": "all"}).text


def test_a_history_of_refusals_stands_in_the_moderators_list(reader, desk):
    article = make_article()
    refused = make_comment(article, "Refused.", email="ana@example.org")
    review.trash(Comment.objects.filter(pk=refused.pk), by="mira")

    send(reader, article)

    assert "1 refused before" in desk("Moderators").get(LIST).text


@pytest.mark.parametrize("name", ["Bela Novak", "bélа NOVAK "])
def test_a_name_like_that_of_a_reader_whose_address_is_confirmed_is_pointed_out(reader, desk, name):
    set_discussion(mode="publish")
    article = make_article()
    telling.confirm(make_comment(article, name="Bela Novak", email="bela@example.org").origin.commenter)

    send(reader, article, name=name, email="other@example.org")

    assert Comment.objects.get(body=CALM).status == "pending"
    assert "looks like a reader whose address is confirmed" in desk("Moderators").get(LIST).text


def test_names_count_that_a_known_reader_uses_after_confirming(reader):
    set_discussion(mode="publish")
    article = make_article()
    telling.confirm(make_comment(article, name="Bela", email="bela@example.org").origin.commenter)
    send(reader, article, name="Bela Novak", email="bela@example.org", body="Under my whole name.")

    send(reader, article, name="Bela Novak", email="other@example.org")

    assert Comment.objects.get(body=CALM).status == "pending"


@pytest.mark.parametrize(
    ("status", "is_confirmed", "email"),
    [
        ("approved", False, "other@example.org"),
        ("trash", True, "other@example.org"),
        ("approved", True, "Bela@Example.org"),
    ],
)
def test_a_name_is_nobodys_before_it_is_confirmed_and_published_and_never_held_against_its_owner(
    reader, status, is_confirmed, email
):
    set_discussion(mode="publish")
    article = make_article()
    owner = make_comment(article, name="Bela Novak", email="bela@example.org", status=status).origin.commenter
    if is_confirmed:
        telling.confirm(owner)

    send(reader, article, name="Bela Novak", email=email)

    assert not [finding for finding in Comment.objects.get(body=CALM).origin.findings if "looks like" in finding]


def test_a_name_that_staff_took_out_is_nobodys(reader):
    set_discussion(mode="publish")
    article = make_article()
    comment = make_comment(article, name="Bela Novak", email="bela@example.org")
    telling.confirm(comment.origin.commenter)

    editing.edit_by_staff(
        comment, editing.Words(comment.body, "Bela N.", ""), opened_on=editing.words_of(comment).key, by="mira"
    )
    send(reader, article, name="Bela Novak", email="other@example.org")
    send(reader, article, name="Bela N.", email="third@example.org", body="As the other.")

    assert Comment.objects.get(body=CALM).status == "approved"
    assert Comment.objects.get(body="As the other.").status == "pending"


def test_names_of_readers_who_were_known_before_are_taken_along_by_the_migration():
    article = make_article()
    known, unknown = make_comment(article, name="Bela Nοvak"), make_comment(article, name="Ana")
    Commenter.objects.filter(origins=known.pk).update(confirmed_at=timezone.now())

    import_module("comments.migrations.0009_reports").fill(apps, None)

    assert dict(Origin.objects.values_list("pk", "name_key")) == {
        known.pk: look_alike_key("bela novak"),
        unknown.pk: None,
    }


def test_the_name_of_a_known_reader_is_free_again_when_they_are_erased(reader):
    set_discussion(mode="publish")
    article = make_article()
    owner = make_comment(article, name="Bela Novak", email="bela@example.org").origin.commenter
    telling.confirm(owner)

    person.erase(owner, keep_words=True)
    send(reader, article, name="Bela Novak", email="other@example.org")

    assert Comment.objects.get(body=CALM).status == "approved"
    assert not Origin.objects.exclude(name_key=None).exists()


def test_what_its_own_writer_withdrew_is_no_refusal_and_what_a_moderator_refused_after_that_is(reader):
    set_discussion(mode="publish")
    article = make_article()
    first, second = (make_comment(article, f"Number {number}.", email="ana@example.org") for number in range(2))
    review.withdraw(Comment.objects.filter(pk__in=[first.pk, second.pk]))
    send(reader, article)
    review.mark_as_spam(Comment.objects.filter(pk=second.pk), by="mira")
    review.trash(Comment.objects.filter(pk=second.pk), by="mira")

    send(reader, article, body="Once more.")

    found = {comment.body: comment.origin.findings for comment in article.comments.select_related("origin")}
    assert found[CALM] == ["first comment"]
    assert found["Once more."] == ["1 refused before"]


def test_an_edit_by_its_writer_is_judged_by_the_same_policy(reader):
    set_discussion(blocked_words="casino")
    own = send(reader, make_article()).url.split("#")[0]

    reader.post(f"{own}edit/", {"body": "Now about a casino."})

    comment = Comment.objects.get()
    assert comment.status == "spam"
    assert "blocked word “casino”" in comment.origin.findings


def test_staff_are_told_and_never_held(desk):
    set_discussion(held_words="tariff")

    desk("Moderators").post(reverse("admin:comments_comment_answer", args=[make_article().pk]), {"body": "The tariff."})

    comment = Comment.objects.get()
    assert (comment.status, comment.origin.findings) == ("approved", ["held word “tariff”"])


def test_by_default_even_a_known_reader_waits(reader):
    article = make_article()
    trusted(article)

    send(reader, article)

    assert Comment.objects.get(body=CALM).status == "pending"


def test_published_at_once_is_what_no_check_objects_to_when_the_owner_wants_that(reader):
    set_discussion(mode="publish", held_words="tariff")
    article = make_article()

    send(reader, article)
    send(reader, article, body="The tariff.")

    assert dict(Comment.objects.values_list("body", "status")) == {CALM: "approved", "The tariff.": "pending"}
    assert CALM in reader.get(article.get_absolute_url()).text


def confirmed_browser(article, email):
    """A browser whose reader asked for mail, opened it and pressed the button."""
    browser = SiteClient()
    own = send(browser, article, email=email, body="My first.").url.split("#")[0]
    browser.post(f"{own}tell/", {"decision": "on"})
    outbox.send_due()
    link = next(word for word in mail.outbox[-1].body.split() if "/comments/confirm/" in word)
    answer = browser.post(link.removeprefix("http://127.0.0.1:8000"), {"answer": "yes"})
    review.approve(Comment.objects.pending(), by="mira")
    return browser, answer


def test_a_known_reader_is_published_at_once_in_the_browser_that_confirmed_and_nowhere_else():
    set_discussion(mode="known")
    article = make_article()
    browser, answer = confirmed_browser(article, "ana@example.org")

    send(browser, article, body="From my own browser.")
    send(SiteClient(), article, body="From an attacker's browser.")

    statuses = dict(Comment.objects.values_list("body", "status"))
    assert statuses["From my own browser."] == "approved"
    assert statuses["From an attacker's browser."] == "pending"
    cookie = answer.cookies["oped-reader"]
    assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == ("/comments/", "Strict", True)


def test_the_cookie_of_one_reader_earns_no_trust_for_another_address():
    set_discussion(mode="known")
    article = make_article()
    trusted(article, "bob@example.org")
    browser, _ = confirmed_browser(article, "ana@example.org")

    send(browser, article, email="bob@example.org", body="As Bob.")
    forged = SiteClient()
    forged.cookies["oped-reader"] = "1:forged:signature"
    send(forged, article, body="Forged.")

    assert set(Comment.objects.filter(body__in=("As Bob.", "Forged.")).values_list("status", flat=True)) == {"pending"}


def test_a_known_reader_is_held_when_a_check_objects():
    set_discussion(mode="known")
    article = make_article()
    browser, _ = confirmed_browser(article, "ana@example.org")

    send(browser, article, body="https://a.example/ https://b.example/")

    assert Comment.objects.get(body__startswith="https").status == "pending"


def test_no_page_for_everybody_sees_or_sets_the_cookie_of_a_known_reader():
    article = make_article()
    browser, _ = confirmed_browser(article, "ana@example.org")

    page = browser.get(article.get_absolute_url())
    feed = browser.get("/comments/feed/")

    assert not page.cookies
    assert not feed.cookies
    assert "Cookie" not in page.get("Vary", "")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("address", "Ana@Example.org", "the address is blocked"),
        ("domain", "example.org", "the domain is blocked"),
        ("domain", "ORG", "the domain is blocked"),
        ("network", "127.0.0.77", "the network is blocked"),
        ("network", "127.0.0.0/24", "the network is blocked"),
    ],
)
def test_a_blocked_sender_goes_to_spam(reader, desk, kind, value, words):
    block(kind, value, by="mira")

    send(reader, make_article())

    assert Comment.objects.get().status == "spam"
    assert words in desk("Moderators").get(LIST, {"status": "spam"}).text


def test_a_block_ends_on_its_date_and_hits_nobody_else(reader, time_machine):
    article = make_article()
    time_machine.move_to(timezone.now())
    block("address", "ana@example.org", by="mira", until=timezone.now() + timedelta(days=1))

    send(reader, article, email="bob@example.org", body="Bob's.")
    send(reader, article, body="Blocked.")
    time_machine.shift(timedelta(days=2))
    send(reader, article, body="Later.")

    assert dict(Comment.objects.values_list("body", "status")) == {
        "Bob's.": "pending", "Blocked.": "spam", "Later.": "pending",
    }  # fmt: skip


def test_moderators_block_by_typing_and_by_a_button_and_no_address_is_kept(reader, desk):
    moderator = desk("Moderators")
    send(reader, make_article())
    comment = Comment.objects.get()

    moderator.post(reverse("admin:comments_comment_block", args=[comment.pk]))
    moderator.post(reverse("admin:comments_block_add"), {"kind": "domain", "value": "@Spam.example", "note": "ads"})
    bad = moderator.post(reverse("admin:comments_block_add"), {"kind": "network", "value": "10.0.0.0/8"})

    assert set(Block.objects.values_list("kind", flat=True)) == {"address", "domain"}
    assert "ana@example.org" not in str(list(Block.objects.values()))
    assert "Give one address, or a network" in bad.text
    assert desk("Writers").post(reverse("admin:comments_comment_block", args=[comment.pk])).status_code == 403


def test_the_try_out_box_says_what_the_policy_would_say_and_stores_nothing(desk):
    set_discussion(blocked_words="casino", held_words="tariff")
    owner, url = desk("Owner"), reverse("admin:comments_discussion_try")

    spam = owner.post(url, {"body": "A casino and a tariff.", "email": "new@example.org"})
    held = owner.post(url, {"body": CALM})
    empty = owner.post(url, {"body": ""})

    assert "It would go to spam." in spam.text
    assert "blocked word “casino”" in spam.text
    assert "held word “tariff”" in spam.text
    assert "It would wait for a moderator." in held.text
    assert "It would" not in empty.text
    assert Comment.objects.count() == Commenter.objects.count() == 0
    assert desk("Moderators").get(url).status_code == 403


def test_a_list_in_wordpress_form_is_added_from_a_file(desk, reader):
    set_discussion(held_words="tariff")
    wordpress_list = io.BytesIO(b"\xef\xbb\xbfPill\r\ntariff\r\n\r\n")
    form = {
        "is_open": "on", "depth": "5", "max_links": "2", "flood_seconds": "15", "edit_minutes": "15", "mode": "hold",
        "reports_to_review": "3", "report_reasons": "Spam",
        "held_words": "tariff", "blocked_words": "", "held_words_file": wordpress_list,
    }  # fmt: skip

    response = desk("Owner").post("/admin/comments/discussion/1/change/", form)
    send(reader, make_article(), body="About sleeping pills.")

    assert response.status_code == 302
    assert "held word “pill”" in Comment.objects.get().origin.findings
