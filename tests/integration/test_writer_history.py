"""The history of a writer: what a moderator reads beside the queue, private notes, block and unblock."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import review
from comments.models import Block, Comment, Note
from tests.factories import make_article, make_comment, make_staff, report
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
ANA = "ana.silva@hidden-mail.example"


def address_of(comment):
    return f"/admin/comments/queue/{comment.pk}/history/"


@pytest.fixture
def moderator():
    client = SiteClient()
    client.force_login(make_staff("Moderators", "mira"))
    return client


@pytest.fixture
def comment():
    return make_comment(make_article(), "Waiting words.", name="Ana", email=ANA, status="pending")


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", "", page.text).split())


def test_a_moderator_reads_what_somebody_wrote_and_what_became_of_it(moderator, comment):
    article = make_article(title="The river")
    spam = make_comment(article, "Buy shoes.", email=ANA, status="pending")
    review.trash(Comment.objects.filter(pk=spam.pk), by="jonas", reason="shouting")
    kept = make_comment(article, "I was there.", name="Ana S.", email=ANA)
    report(kept, reason="Off topic", note="It was not so.")
    make_comment(article, "Somebody else’s words.")

    page = moderator.get(address_of(comment))

    text = text_of(page)
    for words in ("1 approved, 1 refused, 1 waiting", "Waiting words.", "Buy shoes.", "I was there.", "as Ana S."):
        assert words in text
    assert "jonas declined it (shouting)" in text
    assert "reported: Off topic – “It was not so.”" in text
    assert "Somebody else’s words." not in text
    assert ANA not in page.text


def test_a_long_history_goes_on_page_by_page(moderator):
    article = make_article()
    made = [make_comment(article, f"Number {n}.", email=ANA) for n in range(45)]

    reached, address = [], address_of(made[0])
    while address:
        page = moderator.get(address).text
        reached += [int(pk) for pk in re.findall(r"comment/(\d+)/change/", page)]
        more = re.search(r'href="([^"]+\?before=\d+)"', page)
        address = more and more[1]

    assert reached == [comment.pk for comment in reversed(made)]


def test_a_long_history_takes_as_many_queries_as_a_short_one(moderator, comment):
    def look():
        with CaptureQueriesContext(connection) as queries:
            moderator.get(address_of(comment))
        return len(queries)

    look()
    short = look()
    article = make_article()
    for n in range(30):
        report(make_comment(article, f"Number {n}.", email=ANA), note="Again.")
        moderator.post(address_of(comment), {"note": "", "text": f"Note {n}."})
    moderator.get("/admin/")

    assert look() == short <= 16


def test_a_note_is_read_by_colleagues_and_taken_back_by_its_author_alone(moderator, comment, desk):
    other = desk("Moderators")

    moderator.post(address_of(comment), {"note": "", "text": "Asked twice to stay on topic.\n\nIs polite."})
    note = Note.objects.get()
    read = other.get(address_of(comment)).text
    other.post(address_of(comment), {"take-back": note.pk})
    stayed = Note.objects.count()
    moderator.post(address_of(comment), {"take-back": note.pk})

    assert "Asked twice to stay on topic." in read
    assert "mira, " in read
    assert "take-back" not in read
    assert (stayed, Note.objects.count()) == (1, 0)


def test_the_card_says_how_many_notes_there_are_on_its_writer(moderator, comment):
    second = make_comment(comment.article, "More.", email=ANA, status="pending")
    make_comment(comment.article, "Others.", status="pending")
    moderator.post(address_of(comment), {"note": "", "text": "Is polite."})

    page = moderator.get("/admin/comments/queue/").text

    assert page.count("History (1 note)") == 2
    assert address_of(second) in page


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 1001, f"This is {ANA}.", "This is ana&#64;mail.example"])
def test_a_note_that_is_empty_too_long_or_holds_an_address_is_not_kept_and_stays_in_its_field(moderator, comment, text):
    answer = moderator.post(address_of(comment), {"note": "", "text": text})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert answer.context["form"]["text"].value() == text
    assert Note.objects.count() == 0


def test_a_sender_is_blocked_and_let_in_again(moderator, comment, desk):
    owner = desk("Owner")

    said = moderator.post(address_of(comment), {"block": ""}, follow=True).text
    count = Block.objects.count()
    lifted = moderator.post(address_of(comment), {"unblock": ""}, follow=True).text

    assert "Blocked by <b>mira</b>" in said
    assert ">Unblock<" in said
    assert count == 1
    assert Block.objects.count() == 0
    assert "Block this sender" in lifted
    assert ANA not in said + lifted + owner.get(address_of(comment)).text


def test_a_block_that_is_over_is_none(moderator, comment):
    moderator.post(address_of(comment), {"block": ""})
    Block.objects.update(until=timezone.now() - timedelta(minutes=1))

    page = moderator.get(address_of(comment)).text

    assert "Blocked by" not in page
    assert "Block this sender" in page


def test_blocking_in_the_history_is_undone_like_any_step(moderator, comment):
    moderator.post(address_of(comment), {"block": ""})

    moderator.post("/admin/comments/queue/undo/")

    assert Block.objects.count() == 0


@pytest.mark.parametrize("sent", [{"note": "", "text": "Hm."}, {"block": ""}, {"unblock": ""}, {"take-back": "1"}])
def test_the_history_of_an_unknown_writer_is_the_comment_alone(moderator, comment, sent):
    call_command("erase_person", ANA, "--yes", verbosity=0)

    page = moderator.get(address_of(comment))
    answer = moderator.post(address_of(comment), sent, follow=True)

    assert "Waiting words." in page.text
    assert "is not known" in page.text
    assert "Keep this note" not in page.text
    assert answer.status_code == 200
    assert Note.objects.count() == Block.objects.count() == 0


def test_who_does_not_moderate_reads_and_writes_nothing(desk, reader, comment):
    writer = desk("Writers")

    answers = [writer.get(address_of(comment)), writer.post(address_of(comment), {"note": "", "text": "Hm."})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert reader.get(address_of(comment)).status_code == 302
    assert Note.objects.count() == 0


def test_blocking_needs_its_own_rights(desk, comment):
    from django.contrib.auth.models import Group, Permission

    moderators = Group.objects.get(name="Moderators")
    moderators.permissions.remove(*Permission.objects.filter(codename__in=("add_block", "delete_block")))
    client = desk("Moderators")

    answers = [client.post(address_of(comment), sent).status_code for sent in ({"block": ""}, {"unblock": ""})]

    assert answers == [403, 403]
    assert "Block this sender" not in client.get(address_of(comment)).text


def test_a_form_without_its_token_changes_nothing(comment):
    client = SiteClient(enforce_csrf_checks=True)
    client.force_login(make_staff("Moderators"))

    assert client.post(address_of(comment), {"block": ""}).status_code == 403
    assert Block.objects.count() == 0


def test_a_history_that_there_is_not_and_odd_questions_break_nothing(moderator, comment):
    assert moderator.get("/admin/comments/queue/999999/history/").status_code == 404
    for query in ("before=x", "before=-1", f"before={'9' * 40}", "before=0"):
        assert moderator.get(f"{address_of(comment)}?{query}").status_code == 200
    assert moderator.post(address_of(comment), {"take-back": "x" * 40}).status_code == 302


def test_hostile_words_are_shown_as_text(moderator):
    hostile = "<script>x()</script><img src=x onerror=y()>"
    comment = make_comment(make_article(title=hostile), hostile, name=hostile, email=ANA)
    report(comment, note=hostile)
    moderator.post(address_of(comment), {"note": "", "text": hostile})

    page = moderator.get(address_of(comment)).text

    assert "&lt;script&gt;x()" in page
    assert "<script>x()" not in page
    assert "<img src=x" not in page


def test_notes_go_with_the_writers_last_comment_and_are_told_to_who_asks(moderator, comment, capsys):
    moderator.post(address_of(comment), {"note": "", "text": "Is polite."})

    call_command("export_person", ANA)
    told = capsys.readouterr().out
    review.purge(Comment.objects.filter(pk=comment.pk))

    assert "Is polite." in told
    assert "mira" not in told
    assert Note.objects.count() == 0


def test_an_erasure_takes_the_notes_along_and_the_address_out_of_notes_on_others(comment):
    other = make_comment(make_article(), "Other words.")
    note = Note.objects.create(commenter=comment.origin.commenter, text="Is polite.", written_by="mira")
    naming = Note.objects.create(commenter=other.origin.commenter, text=f"Friend of {ANA}.", written_by="mira")

    call_command("erase_person", ANA, "--yes", verbosity=0)

    assert not Note.objects.filter(pk=note.pk).exists()
    assert Note.objects.get(pk=naming.pk).text == "Friend of [address removed]."
