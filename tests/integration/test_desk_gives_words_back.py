"""Nothing that staff type is lost: a log-in that ended, another token, a comment that is gone give the words back."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from comments import review
from comments.editing import words_of
from comments.models import MAX_BODY, Comment, Edit
from opedsite.answers import Slots
from tests.factories import PASSWORD, make_article, make_comment, make_staff
from tests.site_client import SiteClient, Taken

pytestmark = pytest.mark.django_db
WORDS = 'First, & <b>foremost</b>:\n\n"quoted" </textarea> the end.'


@pytest.fixture
def comment():
    return make_comment(make_article(), "He lives at 12 Mill Lane.", name="Ana", email="ana@example.org")


@pytest.fixture
def mira():
    client = SiteClient()
    client.handler.enforce_csrf_checks = True
    make_staff("Moderators", "mira")
    client.login(username="mira", password=PASSWORD)
    return client


def edit_url(comment):
    return reverse("admin:comments_comment_edit", args=[comment.pk])


def typed(comment, **changes):
    stands = words_of(comment)
    return {"body": WORDS, "name": stands.name, "website": stands.website, "opened_on": stands.key} | changes


def words_in(answer, name="body"):
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    return unescape(area[1]).removeprefix("\n") if area else None


def hidden_in(answer):
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in found}


def token_in(client, url):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(url).text)[1]


def log_in_again(client):
    """Another log-in gives another token, as allauth's page does."""
    client.login(username="mira", password=PASSWORD)
    client.cookies.pop("csrftoken")
    client.get("/admin/")


EDIT, NOTE, REPLY, ANSWER = "edit", "note", "reply", "answer"
FORMS = pytest.mark.parametrize("what", [EDIT, NOTE, REPLY, ANSWER])


def form_of(what, comment):
    """Address, what is sent, and the name of the field for words."""
    if what == EDIT:
        return edit_url(comment), typed(comment), "body"
    if what == NOTE:
        return reverse("admin:comments_queue_history", args=[comment.pk]), {"text": WORDS, "note": ""}, "text"
    if what == REPLY:
        return reverse("admin:comments_queue_reply", args=[comment.pk]), {"body": WORDS, "parent": comment.pk}, "body"
    url = reverse("admin:comments_comment_answer", args=[comment.article_id])
    return url, {"body": WORDS, "parent": comment.pk}, "body"


@FORMS
def test_a_form_whose_log_in_has_ended_comes_back_and_is_taken_after_the_next_one(mira, comment, what):
    url, sent, field = form_of(what, comment)
    sent["csrfmiddlewaretoken"] = token_in(mira, edit_url(comment))
    mira.cookies.pop("sessionid")

    logged_out = mira.post(url, sent)
    log_in_again(mira)
    first = mira.post(url, sent | {field: words_in(logged_out, field)} | hidden_in(logged_out))
    second = mira.post(url, {field: words_in(first, field), "name": "Ana"} | hidden_in(first))

    assert logged_out.status_code == first.status_code == 403
    assert "You are logged out" in logged_out.text
    assert "Please send this again" in first.text
    assert words_in(logged_out, field) == words_in(first, field) == WORDS
    assert "no-store" in logged_out["Cache-Control"]
    assert second.status_code == 302


@FORMS
def test_a_form_about_a_comment_that_was_deleted_meanwhile_gives_its_words_back(desk, comment, what):
    url, sent, field = form_of(what, comment)
    client = desk("Moderators")
    review.purge(Comment.objects.filter(pk=comment.pk))

    answer = client.post(url, sent)

    assert answer.status_code == (422 if what == ANSWER else 404)
    assert words_in(answer, field) == WORDS


def test_a_comment_that_is_deleted_while_its_edit_is_stored_is_a_clear_answer(desk, comment):
    url, sent, _ = form_of(EDIT, comment)
    client, purged = desk("Moderators"), []

    def purge_at_the_lock(execute, sql, params, many, context):
        if not purged and connection.in_atomic_block and sql.startswith("SAVEPOINT"):
            purged.append(comment.pk)
            review.purge(Comment.objects.filter(pk=comment.pk))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(purge_at_the_lock):
        answer = client.post(url, sent)

    assert purged
    assert answer.status_code == 404
    assert "This is not there any more" in answer.text
    assert words_in(answer) == WORDS


def test_a_script_gets_the_sentence_alone(mira, comment):
    url, sent, _ = form_of(REPLY, comment)
    mira.cookies.pop("sessionid")

    answer = mira.post(url, sent, headers={"Accept": "application/json"})

    assert answer.status_code == 403
    assert answer.json()["error"].startswith("Please send this again.")


def test_a_form_from_elsewhere_is_not_offered_to_be_sent_again(desk, comment):
    client = desk("Moderators")
    client.handler.enforce_csrf_checks = True
    url, sent, _ = form_of(EDIT, comment)

    answer = client.post(url, sent, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert words_in(answer) == WORDS
    assert "Send again" not in answer.text
    assert "csrfmiddlewaretoken" not in answer.text


def test_a_password_is_not_given_back(mira):
    answer = mira.post(
        reverse("admin:auth_user_add"), {"username": "jonas", "password1": "quiet-table", "password2": "quiet-table"}
    )

    assert answer.status_code == 403
    assert 'value="jonas"' in answer.text
    assert "quiet-table" not in answer.text


def test_an_imported_comment_longer_than_readers_may_write_can_be_edited(desk):
    body = "long " * 3_000 + "<" * 300 + "end"
    comment = make_comment(make_article(), body, name="...", website="")
    client = desk("Moderators")

    page = client.get(edit_url(comment)).text
    saved = client.post(edit_url(comment), typed(comment, body=body.replace("long", "lang", 1)))
    comment.refresh_from_db()
    longer = client.post(edit_url(comment), typed(comment, body=comment.body + " and more"))

    assert f'data-most="{len(body)}"' in page
    assert saved.status_code == 302
    assert comment.body.startswith("lang long")
    assert Edit.objects.get().before["body"] == body
    assert longer.status_code == 422
    assert f"and {len(body)} fit" in longer.text
    assert len(body) > MAX_BODY


@FORMS
def test_a_form_of_a_site_that_is_busy_comes_back(what, mira, comment):
    url, sent, name = form_of(what, comment)
    mira.handler.slots = Slots(executor=Taken())

    answer = mira.post(url, urlencode(sent), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 503
    assert "The site is very busy just now" in answer.text
    assert "Reload this page in a moment to send it again." in answer.text
    assert words_in(answer, name) == WORDS


def test_a_form_in_parts_that_is_larger_than_the_site_takes_comes_back_as_far_as_it_arrived(mira, settings):
    settings.OPED_MAX_BODY = settings.OPED_MAX_UPLOAD = 50_000
    url, picture = reverse("admin:articles_image_add"), BytesIO(b"x" * 60_000)
    picture.name = "large.png"

    answer = mira.post(url, {"caption": WORDS, "alt": "An alley.", "file": picture, "credit": "Tomas"})

    assert answer.status_code == 413
    assert "Not all of it may have arrived." in answer.text
    assert (words_in(answer, "caption"), words_in(answer, "alt")) == (WORDS, "An alley.")
    assert "Send again" not in answer.text


@FORMS
def test_a_form_that_meets_a_database_that_is_away_comes_back_and_is_logged_once(what, comment, caplog):
    url, sent, name = form_of(what, comment)
    client = SiteClient()
    client.force_login(make_staff("Moderators"))
    caplog.clear()

    with connection.execute_wrapper(is_away):
        answer = client.post(url, sent)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert words_in(answer, name) == WORDS
    assert [record.getMessage() for record in caplog.records] == ["the database does not answer: OperationalError"]


def is_away(execute, sql, params, many, context):
    raise OperationalError("the server is away")
