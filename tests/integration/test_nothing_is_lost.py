"""Nothing typed is ever lost: whatever goes wrong, the words come back with one plain sentence and the right status."""

import re
from contextlib import contextmanager
from html import unescape
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article
from comments import review
from comments.links import new_answering_link
from comments.models import MAX_BODY, Comment
from opedsite.answers import Slots
from tests.factories import filled_in, make_article, make_author, make_comment, set_discussion
from tests.site_client import SiteClient, Taken

pytestmark = pytest.mark.django_db
# Line breaks, markup, quotes, another script: what a careless page would mangle.
WORDS = "First, & <b>foremost</b>:\n\n\"quoted\" 'twice' – کیا واقعی؟ </textarea> the end."
FORM = "application/x-www-form-urlencoded"


def send(client, article, **changes):
    words = filled_in(body=WORDS, name="Ana O’Neill", email="ana@example.org", website="https://a.example/?a=1&b=2")
    data = urlencode(words | changes)
    return client.post(reverse("comments:comment-post", args=[article.pk]), data, content_type=FORM)


def text_of_the_form(response):
    """What stands in the comment's field; browsers drop the line break right after the start tag."""
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.text, re.DOTALL)
    return unescape(area[1]).removeprefix("\n").replace("\r\n", "\n") if area else None


def assert_given_back(response, status, sentence, words=WORDS):
    assert response.status_code == status
    assert text_of_the_form(response) == words
    assert sentence in unescape(response.text)
    assert "no-store" in response["Cache-Control"]


def test_an_invalid_form_comes_back_with_its_words(reader):
    response = send(reader, make_article(), email="ana@")

    assert_given_back(response, 422, "complete email address")
    assert "Ana O’Neill" in response.text
    assert 'value="https://a.example/?a=1&amp;b=2"' in response.text


@pytest.mark.parametrize("length", [MAX_BODY + 1, 200_000, 2_900_000])
def test_a_comment_that_is_too_long_comes_back_whole(reader, length):
    words = "long " * (length // 5) + "end"

    assert_given_back(send(reader, make_article(), body=words), 422, "and 5000 fit", words)


def test_a_comment_sent_too_fast_comes_back(reader, settings):
    settings.OPED_RATE_LIMITS = True
    article = make_article()
    send(reader, article, body="The first.")

    response = send(reader, article)

    assert_given_back(response, 429, "Please wait")
    assert int(response["Retry-After"]) > 0


def test_a_duplicate_comes_back(reader):
    article = make_article()
    send(reader, article)

    assert_given_back(send(reader, article), 409, "already said that")


@pytest.mark.parametrize("close", ["its switch", "its date", "the site"])
def test_a_comment_for_an_article_that_closed_while_typing_comes_back(reader, close):
    article = make_article()
    article.comments_open = close != "its switch"
    article.comments_close_at = timezone.now() if close == "its date" else None
    article.save()
    set_discussion(is_open=close != "the site")

    assert_given_back(send(reader, article), 409, "Comments on this op-ed are closed.")


def test_a_form_from_a_foreign_page_comes_back(reader):
    stranger = SiteClient(headers={"Sec-Fetch-Site": "cross-site"})

    assert_given_back(send(stranger, make_article()), 403, "Please send your comment once more")


def test_a_reply_from_a_stale_page_whose_comment_was_removed_comes_back_and_can_be_sent_alone(reader):
    article = make_article()
    parent = make_comment(article)
    review.trash(Comment.objects.filter(pk=parent.pk), by="mira")

    response = send(reader, article, parent=str(parent.pk))
    again = send(reader, article, parent="")

    assert_given_back(response, 422, "The comment you are answering is no longer there.")
    assert 'name="parent" value="' not in response.text.replace('name="parent" value=""', "")
    assert again.status_code == 303


def test_a_form_from_a_stale_page_with_an_old_token_or_a_field_we_no_longer_have_is_taken(reader):
    response = send(reader, make_article(), csrfmiddlewaretoken="old", author="Ana", comment_post_ID="7")

    assert response.status_code == 303


def test_a_confirmation_that_came_too_late_asks_once_more(time_machine):
    article = make_article()
    stranger = SiteClient(headers={})
    time_machine.move_to(timezone.now())
    token = re.search(r'name="token" value="([^"]+)"', send(stranger, article).text)[1]
    time_machine.shift(601)

    assert_given_back(send(stranger, article, token=token), 403, "Please send your comment once more")


def test_a_comment_for_an_article_that_was_withdrawn_while_typing_comes_back(reader):
    article = make_article()
    publishing.withdraw(article)

    assert_given_back(send(reader, article), 404, "so that you can copy them")


@pytest.mark.parametrize("path", ["post", "preview", "answer/x"])
def test_a_comment_for_a_number_that_no_article_can_have_comes_back(reader, path):
    response = reader.post(f"/comments/{path}/{'9' * 19}/", filled_in(body=WORDS))

    assert_given_back(response, 404, "Your words are here")


def test_a_form_with_more_fields_than_ours_has_comes_back(reader):
    response = send(reader, make_article(), **{f"field{number}": "x" for number in range(1500)})

    assert_given_back(response, 400, "more than our form asks for")
    assert Comment.objects.count() == 0


def preview_address(reader):
    return reverse("comments:comment-preview", args=[make_article().pk])


def edit_address(reader):
    return send(reader, make_article(), body="First words.").url.split("#")[0] + "edit/"


def answer_address(reader):
    author = make_author("Leila Haddad")
    return f"{new_answering_link(author, by='mira')[1]}{make_article(author=author).pk}/"


FORMS = pytest.mark.parametrize("address", [preview_address, edit_address, answer_address])


@FORMS
def test_no_form_loses_its_words_to_too_many_fields(reader, address):
    data = urlencode({"body": WORDS} | {f"field{number}": "x" for number in range(1500)})

    assert_given_back(reader.post(address(reader), data, content_type=FORM), 400, "more than our form asks for")


@FORMS
def test_no_form_loses_its_words_when_its_article_is_withdrawn(reader, address):
    url = address(reader)
    publishing.withdraw(Article.objects.get())

    response = reader.post(url, urlencode({"body": WORDS}), content_type=FORM)

    assert_given_back(response, 404, "so that you can copy them")


@FORMS
def test_no_form_loses_its_words_to_an_encoding_or_a_size(reader, address):
    url, long = address(reader), "long " * 700_000

    unreadable = reader.generic(
        "POST", url, urlencode({"body": WORDS}).encode(), content_type=f"{FORM}; charset=utf-16"
    )
    large = reader.post(url, urlencode({"body": long}), content_type=FORM)

    assert_given_back(unreadable, 415, "an encoding that we can’t read")
    assert large.status_code == 413
    assert long.startswith(text_of_the_form(large))


@FORMS
def test_no_form_loses_its_words_to_a_foreign_origin(reader, address):
    stranger = SiteClient(headers={"Origin": "https://evil.example"})

    response = stranger.post(address(reader), urlencode({"body": WORDS}), content_type=FORM)

    assert_given_back(response, 403, "send")
    assert not Comment.objects.filter(body=WORDS).exists()


def test_a_preview_of_what_can_no_longer_be_sent_comes_back(reader):
    url = preview_address(reader)
    set_discussion(is_open=False)

    assert_given_back(reader.post(url, urlencode({"body": WORDS}), content_type=FORM), 409, "are closed")


def test_a_form_without_its_length_is_refused_because_it_may_be_cut_short(reader):
    url = reverse("comments:comment-post", args=[make_article().pk])
    whole = RequestFactory().post(url).environ | {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_SEC_FETCH_SITE": "same-origin",
    }

    assert reader.handler(whole).status_code == 411


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "x"])
def test_what_is_no_form_is_refused_and_not_called_empty(reader, content_type):
    url = reverse("comments:comment-post", args=[make_article().pk])

    response = reader.generic("POST", url, b'{"body": "words"}', content_type=content_type)

    assert response.status_code == 415


def test_a_staff_form_that_was_open_for_too_long_gives_its_text_back(desk):
    client = desk("Moderators")
    client.handler.enforce_csrf_checks = True

    url = reverse("admin:comments_comment_answer", args=[make_article().pk])
    response = client.post(url, {"body": WORDS, "csrfmiddlewaretoken": "old"})

    assert response.status_code == 403
    assert text_of_the_form(response) == WORDS


def test_a_form_that_is_larger_than_the_site_takes_comes_back_as_far_as_it_arrived(reader):
    words = "long " * 700_000

    response = send(reader, make_article(), body=words, name="Ana")

    assert response.status_code == 413
    kept = text_of_the_form(response)
    assert len(kept) > 2_000_000
    assert words.startswith(kept)
    assert "larger than the site accepts" in response.text


def test_when_the_site_is_busy_the_words_come_back(reader):
    article = make_article()
    reader.handler.slots = Slots(executor=Taken())

    response = send(reader, article)

    assert_given_back(response, 503, "The site is very busy just now")
    assert int(response["Retry-After"]) > 0
    assert Comment.objects.count() == 0


def test_the_note_of_a_report_comes_back_when_the_site_is_busy_or_too_much_was_sent(reader):
    url = reverse("comments:comment-report", args=[make_comment(make_article()).pk])
    sent = urlencode({"reason": "Off topic", "note": WORDS})

    many = reader.post(url, f"{sent}{'&x=1' * 1_500}", content_type=FORM)
    large = reader.post(url, f"{sent}&x={'x' * 4_000_000}", content_type=FORM)
    reader.handler.slots = Slots(executor=Taken())
    busy = reader.post(url, sent, content_type=FORM)

    assert (many.status_code, large.status_code, busy.status_code) == (400, 413, 503)
    for response in (many, large, busy):
        assert "&lt;b&gt;foremost&lt;/b&gt;" in response.text
        assert "&lt;/textarea&gt; the end." in response.text


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "bogus"])
def test_a_form_in_an_encoding_that_we_do_not_read_comes_back(reader, charset):
    url = reverse("comments:comment-post", args=[make_article().pk])

    data = urlencode(filled_in(body=WORDS)).encode()
    response = reader.generic("POST", url, data, content_type=f"{FORM}; charset={charset}")

    assert_given_back(response, 415, "an encoding that we can’t read")


def test_a_form_that_arrived_incomplete_comes_back_as_far_as_it_arrived(reader):
    data = urlencode(filled_in(body="One two three.")).encode()
    url = reverse("comments:comment-post", args=[make_article().pk])
    cut_short = RequestFactory().post(url).environ | {"wsgi.input": BytesIO(data), "CONTENT_LENGTH": str(len(data) + 9)}

    response = reader.handler(cut_short)

    assert_given_back(response, 400, "arrived incomplete", "One two three.")


@contextmanager
def unwritable_database():
    """A full disk on SQLite, for which a limit on its file stands; on PostgreSQL a server that only reads."""
    on, off = "SET default_transaction_read_only = on", "SET default_transaction_read_only = off"
    if connection.vendor == "sqlite":
        # Without what other tests left free.
        connection.cursor().execute("VACUUM")
        limit, pages = value_of("PRAGMA max_page_count"), value_of("PRAGMA page_count")
        on, off = f"PRAGMA max_page_count={pages}", f"PRAGMA max_page_count={limit}"

    def switch(connection, **kwargs):
        connection.cursor().execute(on)

    switch(connection)
    # Whatever opens another connection meanwhile finds the same.
    connection_created.connect(switch)
    yield
    connection_created.disconnect(switch)
    connection.cursor().execute(off)


def value_of(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("migrated")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_when_the_database_cannot_store_the_words_come_back_readers_read_on_and_later_posts_work(reader):
    article = make_article()
    with unwritable_database():
        # What little room there is takes a few.
        answers = [send(reader, article, body=f"{number} " + "x" * 4_000) for number in range(12)]
        page = reader.get(article.get_absolute_url())
    refused = [answer for answer in answers if answer.status_code != 303]

    assert refused
    assert_given_back(refused[-1], 503, "can’t store comments just now", "11 " + "x" * 4_000)
    assert refused[-1]["Retry-After"] == "10"
    assert page.status_code == 200
    assert send(reader, article).status_code == 303
    assert Comment.objects.count() == len(answers) - len(refused) + 1


@pytest.mark.usefixtures("migrated")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_when_the_database_cannot_store_a_report_its_note_comes_back(reader):
    comment = make_comment(make_article())
    report = {"reason": "Off topic", "note": "My own words. " + "x" * 480}
    with unwritable_database():
        # What little room there is takes a few.
        answers = [
            reader.post(
                reverse("comments:comment-report", args=[comment.pk]), report, REMOTE_ADDR=f"203.0.113.{number}"
            )
            for number in range(60)
        ]

    assert answers[-1].status_code == 503
    assert "My own words." in answers[-1].text
    assert "can’t store reports just now" in answers[-1].text
    assert answers[-1]["Retry-After"] == "10"
