"""The page of an address: asked for by anybody, opened once by its owner, who takes everything along or erases it."""

import json
import logging
import re
from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article, PageVersion
from comments import outbox, person, review
from comments.links import opened_key, opened_link, use_up
from comments.models import AccessLink, Comment, Commenter, Decision, Mail, Origin
from tests.factories import filled_in, make_article, make_comment, make_withdrawn, wants_mail
from tests.meeting import at_once
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
ASK = "/comments/mine/"
ADDRESS = "Ana.Silva@hidden-mail.example"
# The first thing that decisions, purges, erasures and mails change, each under all its locks.
WRITES = 'INSERT INTO "comments_|(UPDATE|DELETE FROM) "comments_'
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
MATTERS = ("export", "erase", "stop")


@pytest.fixture
def clock(time_machine):
    """A clock that runs on from the middle of ten minutes, and can be moved."""
    time_machine.move_to(timezone.now().replace(minute=5, second=0))
    return time_machine


@pytest.fixture
def article():
    return make_article(title="The bridge")


@pytest.fixture
def comment(article):
    return make_comment(
        article, "My mother was a pupil there.", name="Ana", email=ADDRESS, website="https://a.example/"
    )


def ask(reader, address=ADDRESS):
    return reader.post(ASK, {"email": address})


def new_link(reader):
    """The path in the mail that the owner of the address gets."""
    mail.outbox.clear()
    Mail.objects.filter(kind="access").delete()
    ask(reader)
    outbox.send_due()
    return re.search(r"http://127\.0\.0\.1:8000(/comments/mine/\S+)", mail.outbox[0].body)[1]


def open_page(reader):
    """The opened page, and the key that its forms carry."""
    page = reader.post(new_link(reader))
    return page, re.search(r'name="key" value="([^"]+)"', page.text)[1]


def is_private(response):
    return (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_of_very_many_comments_the_page_shows_the_latest_and_the_copy_holds_all(reader, article):
    for number in range(202):
        make_comment(article, f"Number {number}.", email=ADDRESS)

    page, key = open_page(reader)
    copy = reader.post(reverse("comments:address-export"), {"key": key}).json()

    assert "202 comments; the latest 200 are below, the copy holds all." in page.text
    assert page.text.count('<li class="comment d0">') == 200
    assert "Number 201." in page.text
    assert "Number 1." not in page.text
    assert len(copy["comments"]) == 202


def test_a_copy_reads_an_op_ed_once_and_never_its_text(article):
    for number in range(30):
        make_comment(article, f"Number {number}.", email=ADDRESS)
    writer = Commenter.objects.get()

    with CaptureQueriesContext(connection) as queries:
        copy = person.export(writer)

    assert len(copy["comments"]) == 30
    assert len(queries) == 4
    assert not any('"articles_article"."body"' in query["sql"] for query in queries)


# --- Asking


def test_the_page_has_one_field_and_is_linked_below_the_comment_form(reader, article):
    below = reader.get(article.get_absolute_url()).text

    page = reader.get(ASK)

    assert f'href="{ASK}"' in below
    assert re.findall(r'<label for="([^"]+)"', page.text) == ["ask-email"]
    assert "We mail you a link to everything kept under your address" in page.text
    assert is_private(page)


def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(reader, comment):
    answers, work = [], []
    for address in (ADDRESS, "nobody@elsewhere.example"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(ask(reader, address))
        work.append([query["sql"].split()[0] for query in queries])

    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].content == answers[1].content
    assert dict(answers[0].items()) == dict(answers[1].items())
    assert work[0] == work[1]
    assert work[0].count("INSERT") == 1
    assert is_private(answers[0])


def test_only_a_known_address_gets_a_mail_and_only_at_the_address_we_know(reader, comment):
    ask(reader, "ANA.silva@HIDDEN-MAIL.example")
    ask(reader, "nobody@elsewhere.example")

    outbox.send_due()

    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert "elsewhere" not in " ".join(str(row) for row in Mail.objects.values_list())
    assert set(Mail.objects.values_list("failed", flat=True)) == {"", outbox.NOTHING_TO_TELL}


def test_one_mail_in_ten_minutes_and_five_a_day(reader, comment, clock):
    counts = []
    for minutes in (0, 4, 5, 11, 11, 11, 11, 11, 24 * 60):
        clock.shift(timedelta(minutes=minutes))
        answer = ask(reader)
        outbox.send_due()
        counts.append(len(mail.outbox))

    assert counts == [1, 1, 1, 2, 3, 4, 5, 5, 6]
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "address", ["ana@", "", "a@b.example\nBcc: c@d.example", "a\0@b.example", "x" * 300 + "@b.example"]
)
def test_a_bad_address_is_422_with_the_words_kept(reader, address):
    response = ask(reader, address)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert f'value="{address[:3]}' in response.text or not address
    assert is_private(response)
    assert Mail.objects.count() == 0


def test_a_foreign_site_asks_for_nothing_and_a_page_of_ours_repeats_the_question(comment):
    stranger = SiteClient(headers=FOREIGN)

    refused = ask(stranger)
    token = re.search(r'name="token"[^>]* value="([^"]+)"', refused.text)[1]
    other = stranger.post(ASK, {"email": "other@example.org", "token": token})
    taken = stranger.post(ASK, {"email": ADDRESS, "token": token})

    assert (refused.status_code, other.status_code, taken.status_code) == (403, 403, 200)
    assert ADDRESS in refused.text
    assert Mail.objects.count() == 1


# --- The link


def test_following_the_link_uses_nothing_up_and_its_button_shows_everything(reader, comment, article):
    make_comment(article, "By somebody else.")
    hidden = make_comment(article, "Still waiting.", email=ADDRESS, status="pending")
    url = new_link(reader)

    followed = [reader.get(url), reader.head(url), SiteClient(headers={}).get(url)]
    opened = reader.post(url)

    assert [answer.status_code for answer in followed] == [200, 200, 200]
    assert "My mother" not in followed[0].text
    assert opened.status_code == 200
    assert "My mother was a pupil there." in opened.text
    assert "Still waiting." in opened.text
    assert "Waiting for a moderator" in opened.text
    assert f'href="{comment.get_absolute_url()}"' in opened.text
    assert f'href="{hidden.get_absolute_url()}"' not in opened.text
    assert "By somebody else." not in opened.text
    assert all(map(is_private, [*followed, opened]))
    assert "hidden-mail" not in url + opened.text


def test_the_link_opens_once(reader, comment):
    url = new_link(reader)
    reader.post(url)

    again = [reader.post(url), reader.get(url)]

    assert [answer.status_code for answer in again] == [410, 410]
    assert "My mother" not in again[0].text
    assert 'action="/comments/mine/"' in again[0].text
    assert all(map(is_private, again))


def test_of_two_who_press_the_button_at_the_same_moment_one_sees_the_page(reader, comment):
    new_link(reader)
    looked_up = [AccessLink.objects.get(), AccessLink.objects.get()]

    assert [use_up(link) for link in looked_up] == [True, False]


def test_the_link_opens_for_one_hour(reader, comment, clock):
    url = new_link(reader)
    clock.shift(timedelta(minutes=59))
    before = reader.get(url)
    clock.shift(timedelta(minutes=2))
    after = [reader.get(url), reader.post(url)]

    assert before.status_code == 200
    assert [answer.status_code for answer in after] == [410, 410]


def test_a_foreign_site_does_not_use_the_link_up(reader, comment):
    url = new_link(reader)

    refused = SiteClient(headers=FOREIGN).post(url)

    assert refused.status_code == 403
    assert reader.post(url).status_code == 200


@pytest.mark.parametrize("token", ["x", "é", "..%2f", "a" * 300, "export%20"])
def test_a_link_that_we_never_made_is_404(reader, token):
    assert reader.get(f"/comments/mine/{token}/").status_code == 404
    assert reader.post(f"/comments/mine/{token}/").status_code == 404


def test_the_database_holds_no_token_that_opens_anything(reader, comment):
    token = new_link(reader).split("/")[-2]

    rows = [str(row) for model in apps.get_app_config("comments").get_models() for row in model.objects.values_list()]

    assert len(token) == 43
    assert not [row for row in rows if token in row]


def test_nothing_of_an_article_that_is_not_on_the_site_is_shown(reader, comment, article):
    make_comment(make_withdrawn(title="Unspeakable"), "Said below it.", email=ADDRESS)

    page, key = open_page(reader)
    copy = reader.post(f"{ASK}export/", {"key": key})

    assert "Said below it." in page.text
    assert "Unspeakable" not in page.text + copy.text


# --- What may be done on the opened page


@pytest.mark.parametrize("matter", MATTERS)
def test_without_the_key_of_an_opened_link_nothing_is_done(reader, comment, matter):
    _, key = open_page(reader)
    url, words = f"{ASK}{matter}/", {"words": "remove", "sure": "yes"}

    answers = [
        reader.post(url, words),
        reader.post(url, words | {"key": key[:-2] + "xx"}),
        reader.post(url, words | {"key": "é\0"}),
        SiteClient(headers=FOREIGN).post(url, words | {"key": key}),
        reader.get(url, words | {"key": key}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 403, 405]
    assert Commenter.objects.filter(address=ADDRESS, refused_mail_at=None).exists()


def test_a_link_that_nobody_has_opened_yet_has_no_key(reader, comment):
    new_link(reader)

    assert opened_link(opened_key(AccessLink.objects.get())) is None


@pytest.mark.parametrize("matter", MATTERS)
def test_the_keys_last_minute_is_that_of_the_link(reader, comment, clock, matter):
    url = new_link(reader)
    clock.shift(timedelta(minutes=58))
    key = re.search(r'name="key" value="([^"]+)"', reader.post(url).text)[1]
    clock.shift(timedelta(minutes=3))

    late = reader.post(f"{ASK}{matter}/", {"key": key, "words": "remove", "sure": "yes"})

    assert late.status_code == 410
    assert Commenter.objects.filter(address=ADDRESS, refused_mail_at=None).exists()


def test_the_copy_is_a_file_with_everything_that_is_kept(reader, comment, article):
    wants_mail(comment)
    reader.post(
        reverse("comments:comment-post", args=[article.pk]),
        filled_in(body="Über „alles“.", email=ADDRESS, name="Ana"),
        REMOTE_ADDR="203.0.113.77",
        headers={"User-Agent": "Lynx"},
    )

    _, key = open_page(reader)
    response = reader.post(f"{ASK}export/", {"key": key})
    copy = json.loads(response.content)

    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="comments.json"'
    assert is_private(response)
    assert copy["address"] == ADDRESS
    latest, first = copy["comments"]
    assert (latest["body"], latest["network"], latest["browser"]) == ("Über „alles“.", "203.0.113.0/24", "Lynx")
    assert (latest["status"], latest["url"]) == ("pending", None)
    assert (first["article"], first["status"], first["website"]) == ("The bridge", "approved", "https://a.example/")
    assert first["article_url"] == f"http://127.0.0.1:8000{article.get_absolute_url()}"
    assert (first["mail_on_decision"], first["mail_on_replies"]) == (True, True)
    assert [entry["kind"] for entry in copy["mails"]] == ["access"]


def test_all_mail_is_stopped_but_the_link_that_the_owner_asks_for(reader, comment):
    _, key = open_page(reader)

    stopped = reader.post(f"{ASK}stop/", {"key": key})

    assert stopped.status_code == 200
    assert "We don’t write to this address any more" in stopped.text
    assert Commenter.objects.get().refused_mail_at is not None
    assert new_link(reader).startswith(ASK)


def test_erasing_asks_once_more(reader, comment):
    _, key = open_page(reader)

    asked = reader.post(f"{ASK}erase/", {"key": key, "words": "remove"})
    odd = reader.post(f"{ASK}erase/", {"key": key, "words": "burn", "sure": "yes"})

    assert (asked.status_code, odd.status_code) == (200, 422)
    assert "Erase for ever?" in asked.text
    assert Commenter.objects.filter(address=ADDRESS).exists()


def test_erasing_keeps_the_words_by_an_anonymous_reader(reader, comment, article):
    _, key = open_page(reader)

    erased = reader.post(f"{ASK}erase/", {"key": key, "words": "keep", "sure": "yes"})

    page = reader.get(article.get_absolute_url()).text
    assert erased.status_code == 200
    assert is_private(erased)
    assert "My mother was a pupil there." in page
    assert "<bdi>Anonymous reader</bdi>" in page
    assert "https://a.example/" not in page


def test_erasing_removes_the_words_and_leaves_the_thread_readable(reader, comment, article):
    make_comment(article, "You were?", parent=comment)
    _, key = open_page(reader)

    reader.post(f"{ASK}erase/", {"key": key, "words": "remove", "sure": "yes"})

    page = reader.get(article.get_absolute_url()).text
    assert "My mother" not in page
    assert "<p>[removed at the writer&#x27;s wish]</p>" in page or "<p>[removed at the writer's wish]</p>" in page
    assert "You were?" in page
    assert "2 comments" in page


def test_after_an_erasure_link_and_key_lead_nowhere(reader, comment):
    url = new_link(reader)
    key = re.search(r'name="key" value="([^"]+)"', reader.post(url).text)[1]
    reader.post(f"{ASK}erase/", {"key": key, "words": "keep", "sure": "yes"})

    again = [reader.post(f"{ASK}{matter}/", {"key": key, "words": "keep", "sure": "yes"}) for matter in MATTERS]

    assert [answer.status_code for answer in [*again, reader.get(url)]] == [404, 404, 404, 404]
    assert AccessLink.objects.count() == 0


# --- The verbs


def everything_stored():
    """Every text in every table of the app, one string a row."""
    models = apps.get_app_config("comments").get_models()
    return [f"{model.__name__} {row}" for model in models for row in model.objects.values_list()]


@pytest.mark.parametrize("keep_words", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        "Write to ana.silva@hidden-mail.example!",
        "Write to ANA.SILVA@HIDDEN-MAIL.EXAMPLE.",
        "Ana.Silva&#64;hidden-mail.example and Ana&period;Silva@hidden-mail.example",
        '<a href="mailto:Ana.Silva@hidden-mail.example">me</a>',
        '<a href="mailto:Ana.Silva%40hidden-mail.example">me</a>',
        "https://a.example/?to=Ana.Silva@hidden-mail.example",
    ],
)
def test_after_an_erasure_the_address_is_in_no_column(reader, article, words, keep_words):
    url = reverse("comments:comment-post", args=[article.pk])
    form = filled_in(body=words, email=ADDRESS, name=ADDRESS)
    own = reader.post(url, form, headers={"User-Agent": f"Robot of {ADDRESS}"}).url.split("#")[0]
    reader.post(f"{own}tell/", {"decision": "on"})
    ask(reader)
    outbox.send_due()
    assert [row for row in everything_stored() if "hidden-mail" in row.casefold()]

    person.erase(Commenter.objects.get(), keep_words=keep_words)

    rows = [row for row in everything_stored() if re.search(r"silva|hidden-mail", row.casefold())]
    origin = Origin.objects.values().get()
    assert rows == []
    assert Commenter.objects.count() == Mail.objects.count() == AccessLink.objects.count() == 0
    faded = ("commenter_id", "fingerprint", "network", "address_key", "user_agent")
    assert [origin[name] for name in faded] == [None] * 5
    assert (origin["tell_decision"], origin["tell_replies"]) == (False, False)


def test_an_address_with_a_host_in_other_letters_is_found_in_each_spelling(article):
    comment = make_comment(article, "ana@bücher.example, ana@xn--bcher-kva.example", email="ana@bücher.example")

    person.erase(comment.origin.commenter, keep_words=True)

    comment.refresh_from_db()
    assert comment.body == "[address removed], [address removed]"
    assert comment.body_html == "<p>[address removed], [address removed]</p>"


def test_words_without_the_address_stay_as_they_were_written(comment):
    before = (comment.body, comment.body_html)

    person.erase(comment.origin.commenter, keep_words=True)

    comment.refresh_from_db()
    assert (comment.body, comment.body_html) == before


def test_an_erasure_changes_no_status_and_nothing_of_others(article):
    mine = [make_comment(article, f"{status}.", email=ADDRESS, status=status) for status in Comment.Status.values]
    other = make_comment(article, "Mine.", name="Tomas", email="tomas@example.org")
    decisions = Decision.objects.count()

    person.erase(mine[0].origin.commenter, keep_words=False)

    other.refresh_from_db()
    assert [Comment.objects.get(pk=each.pk).status for each in mine] == Comment.Status.values
    assert {Comment.objects.get(pk=each.pk).body for each in mine} == {person.REMOVED}
    assert (other.name, other.body, other.origin.commenter.address) == ("Tomas", "Mine.", "tomas@example.org")
    assert Decision.objects.count() == decisions


def test_an_erasure_moves_the_pages_that_showed_the_comments_and_no_others(comment):
    elsewhere = make_comment(make_article(), email=ADDRESS, status="pending")
    before = dict(PageVersion.objects.values_list("key", "version"))

    person.erase(comment.origin.commenter, keep_words=True)

    after = dict(PageVersion.objects.values_list("key", "version"))
    moved = {key for key in after if after[key] != before.get(key)}
    assert moved == {"*", "articles", f"article-{comment.article_id}"}
    assert elsewhere.article_id != comment.article_id


def test_the_log_tells_of_an_erasure_without_the_address(comment, caplog):
    caplog.set_level(logging.INFO, "oped.audit")

    person.erase(comment.origin.commenter, keep_words=True)

    lines = [record.getMessage() for record in caplog.records if record.name == "oped.audit"]
    assert lines == [f"erased person={comment.origin.commenter_id} comments=1 words=kept"]


def test_erasing_twice_is_erasing_once(comment):
    commenter = comment.origin.commenter
    same = Commenter.objects.get(pk=commenter.pk)

    person.erase(commenter, keep_words=True)
    person.erase(same, keep_words=False)

    comment.refresh_from_db()
    assert comment.body == "My mother was a pupil there."


def test_a_person_who_comes_back_begins_anew(reader, comment, article):
    person.erase(comment.origin.commenter, keep_words=True)

    again = reader.post(
        reverse("comments:comment-post", args=[article.pk]), filled_in(body=comment.body, email=ADDRESS, name="Ana")
    )

    assert again.status_code == 303
    assert Comment.objects.filter(origin__commenter__address=ADDRESS).count() == 1


def test_a_withdrawn_articles_comments_are_erased_too(comment, article):
    publishing.withdraw(article)

    person.erase(comment.origin.commenter, keep_words=False)

    comment.refresh_from_db()
    assert comment.body == person.REMOVED


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_decisions_erasures_purges_and_mail_at_the_same_moment_deadlock_nowhere(migrated):
    articles = [make_article() for _ in range(3)]
    for number in range(30):
        first = make_comment(articles[number % 3], email=f"{number % 9}@example.org", status="pending")
        wants_mail(first)
        wants_mail(make_comment(articles[number % 3], parent=first, email=f"{(number + 1) % 9}@example.org"))
    ids = list(Comment.objects.order_by("pk").values_list("pk", flat=True))

    def erase(address):
        for commenter in Commenter.objects.filter(email_key=address):
            person.erase(commenter, keep_words=True)

    def verbs(turn):
        person.ask_for_link(f"{3 + turn}@example.org")
        Mail.objects.update(next_try_at=timezone.now())
        chosen = [Comment.objects.filter(pk__in=ids[turn::step]) for step in (3, 4, 20)]
        return (
            partial(review.approve, chosen[0], by="mira"),
            partial(review.trash, chosen[1], by="jonas"),
            partial(review.purge, chosen[2]),
            partial(person.ask_for_link, f"{6 + turn}@example.org"),
            partial(erase, f"{turn}@example.org"),
            outbox.send_due,
        )

    given = [each for turn in range(3) for each in at_once(*verbs(turn), writes=WRITES)]

    seen = {article.pk: article.comments.approved().count() for article in articles}
    assert [each for each in given if isinstance(each, Exception)] == []
    assert dict(Article.objects.values_list("pk", "comment_count")) == seen
