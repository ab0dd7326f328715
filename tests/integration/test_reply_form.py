"""The "Leave a Reply" form: what it says, what it takes, and that nothing typed is lost."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments.models import MAX_BODY, Comment, Commenter, Decision, Origin
from tests.factories import filled_in, make_article, make_comment

pytestmark = pytest.mark.django_db
# With the savepoint's two; on PostgreSQL several statements go in one message.
ASKED_BY_A_COMMENT = {"sqlite": 17, "postgresql": 6}


def send(reader, article, **changes):
    return reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(**changes))


def test_the_form_says_what_it_promises(reader):
    page = reader.get(make_article().get_absolute_url()).text

    assert "Leave a Reply" in page
    assert "Your email address will not be published. Required fields are marked *" in page
    assert ">Post Comment</button>" in page
    assert 'href="/comment-policy/"' in page
    assert 'href="/privacy/"' in page
    labels = re.findall(r'<label for="reply-(\w+)">([^<]+)', page)
    assert [(name, label.strip()) for name, label in labels][:4] == [
        ("body", "Comment"),
        ("name", "Name"),
        ("email", "Email"),
        ("website", "Website"),
    ]


def test_a_comment_waits_for_a_moderator_and_its_private_side_is_kept_apart(reader):
    article = make_article()

    response = send(reader, article, body="The meadow is leased.", website="example.org/me")

    comment = Comment.objects.get()
    assert response.status_code == 303
    assert (comment.status, comment.website) == ("pending", "https://example.org/me")
    assert comment.origin.commenter.address == "tomas@example.org"
    assert comment.origin.findings == ["first comment"]
    assert comment.origin.network == "127.0.0.0/24"
    assert [(d.from_status, d.to_status, d.decided_by) for d in Decision.objects.all()] == [("", "pending", "policy")]


@pytest.mark.parametrize("others", [0, 30])
def test_what_a_comment_asks_of_the_database_does_not_grow_with_the_discussion(
    reader, django_assert_num_queries, others
):
    article = make_article()
    send(reader, article)
    for _ in range(others):
        make_comment(article)

    with django_assert_num_queries(ASKED_BY_A_COMMENT[connection.vendor]):
        response = send(reader, article, name="Ana", email="ana@example.org", body="The toll is gone.")

    assert response.status_code == 303


def test_its_writer_sees_a_pending_comment_at_once_and_nobody_else_does(reader):
    article = make_article()

    own = reader.get(send(reader, article, body="Only I may read this.").url)

    assert "Only I may read this." in own.text
    assert "awaiting moderation" in own.text
    assert own["Cache-Control"] == "private, no-store"
    assert own["X-Robots-Tag"] == "noindex"
    assert "Only I may read this." not in reader.get(article.get_absolute_url()).text


def test_a_signed_link_that_was_changed_opens_nothing(reader):
    article = make_article()
    url = send(reader, article).url.split("#")[0]

    assert reader.get(url[:-3] + "x/").status_code == 404


def test_the_writer_reads_on_the_own_page_what_became_of_the_comment(reader):
    from comments import review

    article = make_article()
    url = send(reader, article).url
    review.trash(Comment.objects.all(), by="mira")
    assert "A moderator declined this comment." in reader.get(url).text

    review.approve(Comment.objects.all(), by="mira")
    assert "Your comment has been published" in reader.get(url).text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("body", "", "Please write your comment."),
        ("body", "  \n ", "Please write your comment."),
        ("body", "x" * (MAX_BODY + 1), "and 5000 fit"),
        ("body", "<b>" * 201 + "x", "fewer tags"),
        ("body", "<b></b>&nbsp;&#8203;\u3164", "Please write your comment."),
        ("name", "", "Please give a name"),
        ("name", "\u200b\u202e", "Please give a name"),
        ("name", "n" * 101, "and 100 fit"),
        ("name", "\u0958" * 100, "and 100 fit"),
        ("name", "\u3164", "Please give a name"),
        ("name", "Tom\0as", "Null characters"),
        ("email", "", "Please give your email address"),
        ("email", "ana@", "complete email address"),
        ("email", "a@b.example\nBcc: c@d.example", "complete email address"),
        ("website", "javascript:alert(1)", "web address"),
        ("website", "https://user:pw@example.org/", "web address"),
        ("website", "https://a.example/'onmouseover='alert(1)", "web address"),
        ("website", "ftp://example.org/", "web address"),
        ("website", "http://x.example:99999999/", "web address"),
    ],
)
def test_an_error_stands_beside_its_field_and_the_words_are_kept(reader, field, value, sentence):
    article = make_article()
    words = filled_in(body="A long and careful reply.", name="Ana", email="ana@example.org") | {field: value}

    response = send(reader, article, **words)

    assert response.status_code == 422
    assert Comment.objects.count() == 0
    match = re.search(rf'id="reply-{field}_error">([^<]*)<', response.text)
    assert match is not None
    assert sentence in match[1]
    control = re.search(rf'<(?:input|textarea)[^>]*id="reply-{field}"[^>]*>', response.text)[0]
    assert 'aria-invalid="true"' in control
    assert f"reply-{field}_error" in control
    assert "autofocus" in control
    kept = {"body": "A long and careful reply.", "name": 'value="Ana"', "email": 'value="ana@example.org"'}
    assert all(text in response.text for name, text in kept.items() if name != field)


def test_errors_are_summed_up_and_lead_to_their_fields(reader):
    response = send(reader, make_article(), body="", email="")

    assert 'role="alert"' in response.text
    assert 'href="#reply-body"' in response.text
    assert 'href="#reply-email"' in response.text


def test_a_reply_stands_below_what_it_answers(reader):
    from comments import review

    article = make_article()
    first, second = make_comment(article, "First thread."), make_comment(article, "Second thread.")

    send(reader, article, body="An answer to the first.", parent=str(first.pk))
    review.approve(Comment.objects.all(), by="mira")

    page = reader.get(article.get_absolute_url()).text
    assert page.index("First thread.") < page.index("An answer to the first.") < page.index("Second thread.")
    assert f'in reply to <a href="#comment-{first.pk}">' in page
    assert Comment.objects.get(body__startswith="An answer").sort_key.startswith(first.sort_key)
    assert second.depth == 0


def test_without_script_the_reply_link_aims_the_form(reader):
    article = make_article()
    comment = make_comment(article, name="Tomas R.")

    page = reader.get(article.get_absolute_url(), {"reply_to": comment.pk})

    assert "Leave a Reply to <bdi>Tomas R.</bdi>" in page.text
    assert f'name="parent" value="{comment.pk}"' in page.text
    assert "Cancel reply" in page.text
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("parent", ["-1", "abc", "0x1", "999999", "9" * 30, "１", "1 OR 1=1"])
def test_a_reply_to_what_does_not_exist_is_refused_with_the_words_kept(reader, parent):
    response = send(reader, make_article(), body="My careful answer.", parent=parent)

    assert response.status_code == 422
    assert "My careful answer." in response.text
    assert Comment.objects.count() == 0


def test_a_reply_to_a_comment_of_another_article_or_a_hidden_one_is_refused(reader):
    article, other = make_article(), make_article()
    elsewhere, hidden = make_comment(other), make_comment(article, status="pending")

    statuses = [send(reader, article, parent=str(comment.pk)).status_code for comment in (elsewhere, hidden)]

    assert statuses == [422, 422]


def test_the_same_words_of_the_same_person_are_stored_once(reader):
    article = make_article()

    first = send(reader, article, body="Said once.")
    second = send(reader, article, body="said  ONCE.", email="Tomas@EXAMPLE.org")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "already said that" in second.text
    assert "said  ONCE." in second.text
    assert Comment.objects.count() == Origin.objects.count() == Commenter.objects.count() == 1


def test_a_second_comment_within_fifteen_seconds_has_to_wait(reader, settings, time_machine):
    settings.OPED_RATE_LIMITS = True
    article = make_article()
    time_machine.move_to(timezone.now())
    send(reader, article, body="First.")

    refused = send(reader, article, body="Second.", email="other@example.org")
    time_machine.shift(16)
    taken = send(reader, article, body="Second.", email="other@example.org")

    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 15
    assert "Second." in refused.text
    assert taken.status_code == 303


def test_a_comment_sent_while_the_article_closed_comes_back_with_its_words(reader):
    article = make_article()
    Article.objects.filter(pk=article.pk).update(comments_open=False)

    response = send(reader, article, body="I was still typing.")

    assert response.status_code == 409
    assert "I was still typing." in response.text
    assert "closed" in response.text


def test_words_for_an_article_that_was_withdrawn_meanwhile_come_back(reader):
    from articles import publishing

    article = make_article(title="Unspeakable")
    publishing.withdraw(article)

    gone = send(reader, article, body="I was still typing.")
    never = reader.post("/comments/post/999999/", filled_in(body="I was still typing."))

    assert gone.status_code == never.status_code == 404
    assert "I was still typing." in gone.text
    assert "Unspeakable" not in gone.text


def test_a_closed_article_says_so_and_shows_no_form(reader):
    article = make_article(comments_open=False)
    make_comment(article, "Said before.")

    page = reader.get(article.get_absolute_url()).text

    assert "Comments on this op-ed are closed" in page
    assert "Said before." in page
    assert "<textarea" not in page
    assert "?reply_to=" not in page


def test_programs_that_fill_in_the_hidden_field_end_up_in_spam(reader):
    response = send(reader, make_article(), fax="http://spam.example")

    assert response.status_code == 303
    assert Comment.objects.get().status == "spam"
    assert "filled in the hidden field" in Comment.objects.get().origin.findings


def test_a_reader_can_set_nothing_but_the_words(reader):
    article = make_article()
    more = {"status": "approved", "is_pick": "1", "badge": "staff", "id": "7", "article": "9"}
    more |= {"submitted_at": "1999-01-01"}

    reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in() | more)

    comment = Comment.objects.get()
    assert (comment.status, comment.is_pick, comment.badge, comment.article_id) == ("pending", False, "", article.pk)
    assert comment.submitted_at.year > 2000


def test_following_the_forms_address_without_a_form_leads_to_the_article(reader):
    article = make_article()

    response = reader.get(reverse("comments:comment-post", args=[article.pk]), filled_in())

    assert (response.status_code, response.url) == (302, article.get_absolute_url())
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Referer": "https://evil.example/http://127.0.0.1:8000/"},
        {"Referer": "http://127.0.0.1:8000.evil.example/"},
        {},
    ],
)
def test_a_form_on_a_foreign_site_posts_nothing_but_the_words_come_back(headers):
    from tests.site_client import SiteClient

    article = make_article()
    stranger = SiteClient(headers=headers)

    response = send(stranger, article, body="Did I send this?")

    assert response.status_code == 403
    assert "Did I send this?" in response.text
    assert Comment.objects.count() == 0


def test_the_page_of_that_refusal_sends_the_words_and_only_them():
    from tests.site_client import SiteClient

    article = make_article()
    browser = SiteClient(headers={})
    refused = send(browser, article, body="I did send this.")
    token = re.search(r'name="token" value="([^"]+)"', refused.text)[1]

    changed = send(browser, article, body="Something else.", token=token)
    taken = send(browser, article, body="I did send this.", token=token)

    assert changed.status_code == 403
    assert taken.status_code == 303
    assert Comment.objects.get().body == "I did send this."


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://127.0.0.1:8000"}, {"Referer": "http://127.0.0.1:8000/2026/11/x/"}]
)
def test_an_older_browser_is_known_by_origin_or_referer(headers):
    from tests.site_client import SiteClient

    assert send(SiteClient(headers=headers), make_article()).status_code == 303


def test_a_preview_shows_the_comment_as_readers_would_see_it_and_stores_nothing(reader):
    article = make_article()
    words = filled_in(body="One.\n\n<b>Two</b> <script>x</script>", name="", email="")

    response = reader.post(reverse("comments:comment-preview", args=[article.pk]), words)

    assert response.status_code == 200
    assert "<p>One.</p><p><b>Two</b> &lt;script&gt;x&lt;/script&gt;</p>" in response.text
    assert "One.\n\n&lt;b&gt;Two&lt;/b&gt;" in response.text
    assert 'role="alert"' not in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert Comment.objects.count() == 0


def test_a_preview_of_nothing_or_from_a_foreign_site_is_refused(reader):
    from tests.site_client import SiteClient

    url = reverse("comments:comment-preview", args=[make_article().pk])

    assert reader.post(url, filled_in(body="")).status_code == 422
    assert SiteClient(headers={"Sec-Fetch-Site": "cross-site"}).post(url, filled_in()).status_code == 403
    assert reader.get(url).status_code == 302
