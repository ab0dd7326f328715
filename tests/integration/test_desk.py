"""The desk: who may do what, by direct POST; publishing; moderating; undo."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, Section, Topic
from comments.models import Comment
from tests.factories import PASSWORD, make_article, make_author, make_comment, make_draft, make_section, make_staff
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db


def article_form(**changes):
    fields = {
        "title": "A proposal without an enemy",
        "standfirst": "It has no day on which it wins.",
        "body": "<p>We have been told to be patient.</p><h2>Monday</h2><p>Name one person.</p>",
        "section": str(make_section().pk),
        "language": "en",
        "published_at": "",
        "changed_at": "",
        "slug": "",
        "comments_open": "on",
        "corrections-TOTAL_FORMS": "0",
        "corrections-INITIAL_FORMS": "0",
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "0",
        "bylines-0-author": "",
        "bylines-0-position": "0",
    }
    return fields | changes


def existing(article, **changes):
    byline = article.bylines.get()
    fields = {
        "title": article.title,
        "body": article.body,
        "section": str(article.section_id),
        "bylines-INITIAL_FORMS": "1",
        "bylines-0-id": str(byline.pk),
        "bylines-0-article": str(article.pk),
        "bylines-0-author": str(byline.author_id),
    }
    return article_form(**fields | changes)


def change_url(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def test_the_desk_asks_strangers_to_log_in_and_lets_staff_in(reader):
    user = make_staff("Editors", "mira")
    asked = reader.get("/admin/", follow=True)

    answer = reader.post(
        asked.request["PATH_INFO"] + "?next=/admin/", {"login": "mira", "password": PASSWORD}, follow=True
    )

    assert asked.redirect_chain[-1][0].startswith("/accounts/login/")
    assert "What waits" in answer.text
    assert user.is_staff


def test_a_public_site_asks_staff_for_a_second_factor(settings):
    settings.OPED_REQUIRE_MFA = True
    client = SiteClient()
    client.force_login(make_staff("Owner"))

    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith(("/accounts/2fa/totp/activate/", "/accounts/reauthenticate/"))


def test_the_front_page_shows_what_waits_for_each_role(desk):
    make_comment(make_article(), "Waiting words.", status="pending")
    make_draft(title="Unread draft", status=Article.Status.IN_REVIEW)

    editor, moderator, writer = (desk(role).get("/admin/").text for role in ("Editors", "Moderators", "Writers"))

    assert "1 comment waiting" in editor
    assert "Unread draft" in editor
    assert "Waiting words." in moderator
    assert "Unread draft" not in moderator
    assert "Waiting words." not in writer
    assert "Write an op-ed" in writer


def test_an_editor_publishes_an_op_ed_in_one_go(desk, reader):
    author = make_author()

    response = desk("Editors").post(
        reverse("admin:articles_article_add"),
        article_form(**{"bylines-0-author": str(author.pk), "_publish": "Publish"}),
        follow=True,
    )

    article = Article.objects.get()
    assert "is published" in response.text
    assert "A proposal without an enemy" in reader.get(article.get_absolute_url()).text


def test_an_article_without_author_or_text_is_saved_and_the_editor_told_why_it_is_not_published(desk):
    editor = desk("Editors")
    url = reverse("admin:articles_article_add")

    nobody = editor.post(url, article_form(_publish="1"), follow=True)
    nothing = editor.post(url, article_form(title="Empty", body="", _publish="1"), follow=True)

    assert "no author yet" in nobody.text
    assert "no text yet" in nothing.text
    assert set(Article.objects.values_list("status", flat=True)) == {"draft"}


def test_a_later_date_schedules_and_an_earlier_one_brings_it_out(desk, reader):
    article = make_draft()
    later = timezone.now() + timedelta(days=40)
    editor = desk("Editors")
    form = existing(article, _publish="1", published_at=f"{later:%Y-%m-%dT09:00}")

    scheduled = editor.post(change_url(article), form, follow=True)
    assert "is scheduled for" in scheduled.text
    article.refresh_from_db()
    assert reader.get(article.get_absolute_url()).status_code == 404

    editor.post(change_url(article), existing(article, _continue="1"), follow=True)
    article.refresh_from_db()
    now = timezone.localtime()
    assert (article.address_year, article.address_month) == (now.year, now.month)
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_an_editor_withdraws_corrects_and_publishes_again_at_the_same_address(desk, reader):
    article = make_article()
    address = article.get_absolute_url()
    editor = desk("Editors")

    editor.post(change_url(article), existing(article, _withdraw="1"))
    gone = reader.get(address).status_code
    editor.post(change_url(article), existing(article, body="<p>Corrected.</p>", _publish="1"))

    assert gone == 410
    assert "Corrected." in reader.get(address).text


def test_an_edit_of_a_live_article_is_read_at_once(desk, reader):
    article = make_article()
    address = article.get_absolute_url()

    desk("Editors").post(change_url(article), existing(article, title="A better title", _continue="1"))

    assert "A better title" in reader.get(address).text


def test_what_editors_paste_is_cleaned_like_anyones(desk, reader):
    article = make_draft()
    body = (
        '<p onclick="x()">Text<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:x()">y</a></p>'
    )

    desk("Editors").post(change_url(article), existing(article, body=body, _publish="1"))

    article.refresh_from_db()
    page = reader.get(article.get_absolute_url()).text
    assert article.body_html == '<p>Text<a rel="noopener">y</a></p>'
    assert "alert(1)" not in page


def test_a_writer_drafts_signs_and_hands_in_but_cannot_publish(desk):
    client = SiteClient()
    user = make_staff("Writers")
    author = Author.objects.create(name="Jonas Weil", user=user)
    client.force_login(user)

    client.post(reverse("admin:articles_article_add"), article_form(_continue="1"))
    article = Article.objects.get()
    refused = client.post(change_url(article), existing(article, _publish="1"))
    after_refusal = Article.objects.get().status
    client.post(change_url(article), existing(article, _review="1"))

    assert article.bylines.get().author == author
    assert refused.status_code == 403
    assert after_refusal == "draft"
    assert Article.objects.get().status == "in_review"


def test_a_writer_changes_nobody_elses_article_and_none_that_is_handed_in(desk):
    writer = desk("Writers")
    foreign, live = make_draft(title="Foreign draft"), make_article(title="Live")

    answers = [writer.post(change_url(article), existing(article, title="Mine now")) for article in (foreign, live)]

    assert [answer.status_code for answer in answers] == [302, 403]
    assert not Article.objects.filter(title="Mine now").exists()
    assert "Foreign draft" not in writer.get(reverse("admin:articles_article_changelist")).text


def test_a_preview_is_for_staff_who_may_see_the_draft(desk, reader):
    draft = make_draft(title="Half a thought")
    url = reverse("admin:articles_article_preview", args=[draft.pk])

    assert "Half a thought" in desk("Editors").get(url).text
    assert desk("Writers").get(url).status_code == 404
    assert reader.get(url).status_code == 302


def test_what_readers_have_seen_is_not_deleted(desk):
    article = make_article()

    response = desk("Editors").post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})

    assert response.status_code == 403


@pytest.mark.parametrize("role", ["Moderators", "Editors", "Owner"])
@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("spam", "spam"), ("trash", "trash")])
def test_moderators_decide_in_the_list_and_undo(desk, role, action, status):
    comment = make_comment(make_article(), status="pending")
    client = desk(role)
    url = reverse("admin:comments_comment_changelist")

    done = client.post(url, {"action": action, "_selected_action": [comment.pk]}, follow=True)
    after = Comment.objects.get().status
    client.post(reverse("admin:comments_comment_undo"))

    assert after == status
    assert "Undo the last decision" in done.text
    assert Comment.objects.get().status == "pending"


def test_lists_write_dates_as_our_own_pages_do(desk):
    make_article(at=datetime(2026, 5, 4, 18, 41, tzinfo=UTC))

    page = desk("Owner").get(reverse("admin:articles_article_changelist")).text

    assert "4 May 2026, 18:41" in page


def test_a_button_on_one_comment_decides_it(desk):
    comment = make_comment(make_article(), status="pending")

    desk("Moderators").post(reverse("admin:comments_comment_decide", args=[comment.pk, "approve"]))

    assert Comment.objects.get().status == "approved"


def test_writers_and_strangers_decide_nothing(desk, reader):
    comment = make_comment(make_article(), status="pending")
    one = reverse("admin:comments_comment_decide", args=[comment.pk, "approve"])
    many = reverse("admin:comments_comment_changelist")
    writer = desk("Writers")

    writer_answers = [
        writer.post(one),
        writer.post(many, {"action": "approve", "_selected_action": [comment.pk]}),
        writer.post(reverse("admin:comments_comment_undo")),
    ]
    stranger = reader.post(one)

    assert [answer.status_code for answer in writer_answers] == [403, 403, 403]
    assert stranger.status_code == 403
    assert Comment.objects.get().status == "pending"


def test_a_moderator_touches_no_article_page_author_or_account(desk):
    article = make_article()
    moderator = desk("Moderators")

    urls = [
        change_url(article),
        reverse("admin:articles_article_add"),
        reverse("admin:articles_author_add"),
        reverse("admin:articles_page_add"),
        reverse("admin:auth_user_add"),
    ]

    assert [moderator.post(url, existing(article, _withdraw="1")).status_code for url in urls] == [403] * 5
    assert Article.objects.get().status == "published"


def test_nobody_decides_by_following_a_link(desk):
    comment = make_comment(make_article(), status="pending")
    moderator = desk("Moderators")

    urls = [
        reverse("admin:comments_comment_decide", args=[comment.pk, "approve"]),
        reverse("admin:comments_comment_undo"),
    ]

    assert [moderator.get(url).status_code for url in urls] == [405, 405]
    assert Comment.objects.get().status == "pending"


def test_a_staff_form_without_its_token_is_refused(settings):
    client = SiteClient(enforce_csrf_checks=True)
    client.force_login(make_staff("Moderators"))
    comment = make_comment(make_article(), status="pending")

    response = client.post(reverse("admin:comments_comment_decide", args=[comment.pk, "approve"]))

    assert response.status_code == 403
    assert Comment.objects.get().status == "pending"


def test_the_list_shows_text_article_findings_and_what_is_answered(desk):
    article = make_article(title="The river")
    parent = make_comment(article, "The meadow is leased.", name="Tomas R.")
    make_comment(article, "By whom? https://a.example/ https://b.example/", parent=parent, status="pending")

    page = desk("Moderators").get(reverse("admin:comments_comment_changelist")).text

    assert "By whom?" in page
    assert "The river" in page
    assert "2 links" in page
    assert "first comment" in page
    assert "In reply to <bdi>Tomas R.</bdi>" in page
    assert 'href="https://a.example/"' not in page


@pytest.mark.parametrize("url", ["/admin/comments/comment/?status=all", "/admin/articles/article/"])
def test_no_list_counts_a_whole_table(desk, url):
    make_comment(make_article())

    with CaptureQueriesContext(connection) as queries:
        assert desk("Owner").get(url).status_code == 200

    counts = [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]
    assert counts
    assert all("LIMIT" in each for each in counts)


def test_of_all_comments_the_newest_stand_first(desk):
    article = make_article()
    for body in ("The oldest words", "Newer words"):
        make_comment(article, body)

    page = desk("Moderators").get("/admin/comments/comment/?status=all").content.decode()

    assert page.index("Newer words") < page.index("The oldest words")


def test_the_list_is_filtered_by_status_and_searched(desk):
    article = make_article()
    make_comment(article, "Pending words.", status="pending"), make_comment(article, "Approved words.")
    moderator, url = desk("Moderators"), reverse("admin:comments_comment_changelist")

    pending, approved, everything, found = (
        moderator.get(url, query).text
        for query in ({}, {"status": "approved"}, {"status": "all"}, {"status": "all", "q": "Approved"})
    )

    assert ("Pending words." in pending, "Approved words." in pending) == (True, False)
    assert ("Pending words." in approved, "Approved words." in approved) == (False, True)
    assert ("Pending words." in everything, "Approved words." in everything) == (True, True)
    assert ("Pending words." in found, "Approved words." in found) == (False, True)


def test_only_those_with_the_right_see_an_address(desk):
    comment = make_comment(make_article(), email="tomas.rask@example.org", status="pending")
    url = reverse("admin:comments_comment_change", args=[comment.pk])
    listing = reverse("admin:comments_comment_changelist")
    moderator = desk("Moderators")

    assert "tomas.rask" in desk("Owner").get(url).text
    for address in (url, listing, f"{listing}?q=tomas.rask", f"{listing}?origin__commenter__address=x", "/admin/"):
        answer = moderator.get(address, follow=True)
        assert "tomas.rask@" not in answer.text


def test_the_history_of_a_comment_says_who_did_what(desk):
    comment = make_comment(make_article(), status="pending")
    moderator = desk("Moderators")
    moderator.post(reverse("admin:comments_comment_decide", args=[comment.pk, "spam"]))

    page = moderator.get(reverse("admin:comments_comment_change", args=[comment.pk])).text

    assert "<td>pending</td><td>spam</td>" in page
    assert "moderators" in page


@pytest.mark.parametrize(
    "lookup", ["body__regex=(a%2B)%2B", "origin__commenter__address__contains=a", "name__startswith=a"]
)
def test_a_list_can_be_asked_for_nothing_but_its_filters(desk, lookup):
    moderator = desk("Moderators")

    assert moderator.get(f"{reverse('admin:comments_comment_changelist')}?{lookup}").status_code == 400
    assert moderator.get(f"{reverse('admin:articles_article_changelist')}?title__regex=x").status_code == 400


@pytest.mark.parametrize("chosen", ["abc", "9" * 23, "-1", ""])
def test_a_selected_row_that_has_no_id_is_a_bad_request(desk, chosen):
    url = reverse("admin:comments_comment_changelist")

    assert desk("Moderators").post(url, {"action": "approve", "_selected_action": [chosen]}).status_code == 400


def test_an_account_without_staff_status_is_told_so(reader):
    from django.contrib.auth.models import User

    reader.force_login(User.objects.create_user("ana", password=PASSWORD))

    response = reader.get("/admin/", follow=True)

    assert response.status_code == 403
    assert "log out" in response.text


def test_a_stale_form_takes_nothing_from_the_site(desk, reader):
    article = make_draft()
    stale = existing(article, _review="1")
    from articles import publishing

    publishing.publish(article)
    answer = desk("Editors").post(change_url(article), stale, follow=True)

    assert "not a draft any more" in answer.text
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_saving_an_article_leaves_alone_what_moved_since_the_form_was_opened(desk):
    article = make_article()
    form = existing(article, title="A better title", _continue="1")
    make_comment(article)

    desk("Editors").post(change_url(article), form)

    article.refresh_from_db()
    assert (article.title, article.comment_count) == ("A better title", 1)


@pytest.mark.parametrize("body", ["", "<p></p>", "<p>&nbsp;</p>", "<hr>"])
def test_what_is_published_keeps_a_text_and_an_author(desk, reader, body):
    article = make_article()
    editor = desk("Editors")

    emptied = editor.post(change_url(article), existing(article, body=body, _continue="1"))
    orphaned = editor.post(change_url(article), existing(article, **{"bylines-0-DELETE": "on"}))

    assert "A published article needs a text" in emptied.text
    assert "A published article needs an author" in orphaned.text
    assert "Every spring" in reader.get(article.get_absolute_url()).text


def test_an_address_that_readers_have_seen_stays_whatever_happens_to_the_article(desk):
    article = make_article()
    address = article.get_absolute_url()
    editor = desk("Editors")
    for button in ("_withdraw", "_draft"):
        editor.post(change_url(article), existing(article, **{button: "1"}))

    later = f"{timezone.now() + timedelta(days=400):%Y-%m-%dT%H:%M}"
    editor.post(change_url(article), existing(article, published_at=later, slug="another", _publish="1"))
    editor.post(change_url(article), existing(article, published_at=later.replace("T", "T0")[:16], _continue="1"))

    article.refresh_from_db()
    assert article.get_absolute_url() == address
    assert article.is_scheduled


def test_an_author_added_later_is_printed_with_the_bio_of_that_day(desk, reader):
    article = make_article()
    second = make_author("Jonas Weil", bio="<p>Counts things.</p>")
    form = existing(article, _continue="1", **{"bylines-TOTAL_FORMS": "2", "bylines-1-author": str(second.pk)})

    desk("Editors").post(change_url(article), form | {"bylines-1-article": str(article.pk), "bylines-1-position": "1"})
    second.bio = "<p>Something else.</p>"
    second.save()

    assert "Counts things." in reader.get(article.get_absolute_url()).text


def test_moderators_read_an_article_and_not_its_source(desk):
    page = desk("Moderators").get(change_url(make_article())).text

    assert "<p>Every spring the water comes up.</p>" in page
    assert "&lt;p&gt;" not in page


def test_the_desk_shows_hostile_words_as_text(desk):
    hostile = "<script>x()</script><img src=x onerror=y()>"
    comment = make_comment(make_article(), f"{hostile} <b>bold</b>", name=hostile, status="pending")
    moderator = desk("Moderators")

    pages = [
        moderator.get(reverse("admin:comments_comment_changelist")).text,
        moderator.get(reverse("admin:comments_comment_change", args=[comment.pk])).text,
        moderator.get("/admin/").text,
    ]

    assert all("&lt;script&gt;x()" in page for page in pages)
    assert not any("<script>x()" in page or "<img src=x" in page for page in pages)


@pytest.mark.parametrize("words", ["'", '"', "%", "_", "\\\\", "a' OR '1'='1", "a:*&!(", "NEAR(", "*", "ü" * 300])
@pytest.mark.parametrize("model", ["articles_article", "comments_comment", "articles_author"])
def test_a_search_in_the_desk_takes_any_characters(desk, model, words):
    make_comment(make_article())

    assert desk("Owner").get(reverse(f"admin:{model}_changelist"), {"q": words}).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "\t//evil.example"])
def test_a_decision_leads_nowhere_else(desk, target):
    comment = make_comment(make_article(), status="pending")
    url = reverse("admin:comments_comment_decide", args=[comment.pk, "approve"])

    response = desk("Moderators").post(url, {"next": target})

    assert response.url == reverse("admin:comments_comment_changelist")


def test_a_correction_is_printed_with_its_date_and_dates_the_change(desk, reader):
    article = make_article()
    correction = {
        "corrections-TOTAL_FORMS": "1",
        "corrections-0-text": "<p>Eleven committees, not twelve.</p>",
        "corrections-0-made_at": "2026-11-20T09:30",
        "corrections-0-article": str(article.pk),
    }
    before = reader.get(article.get_absolute_url()).text

    answer = desk("Editors").post(change_url(article), existing(article, _continue="1", **correction), follow=True)

    article.refresh_from_db()
    page = reader.get(article.get_absolute_url()).text
    assert "“updated on” is now the day of the correction" in answer.text
    assert "Eleven committees" not in before
    assert "Eleven committees, not twelve." in page
    assert f"{article.changed_at:%Y-%m-%d %H:%M}" == "2026-11-20 09:30"


@pytest.mark.parametrize("moment", ["0202-11-20T09:30", "9999-12-31T23:59"])
def test_half_a_year_or_one_too_many_is_no_date(desk, moment):
    article, editor = make_article(), desk("Editors")
    correction = {"corrections-TOTAL_FORMS": "1", "corrections-0-text": "<p>Ten.</p>", "corrections-0-made_at": moment}
    dates = dict.fromkeys(("published_at", "changed_at", "comments_close_at"), moment)
    move = {"slug": "two", "at": moment, "sure": "yes", "address_follows": "on"}

    saved = editor.post(change_url(article), existing(article, **dates, **correction)).text
    moved = editor.post(reverse("admin:articles_article_move", args=[article.pk]), move).text

    assert saved.count("Give a year between 1900 and 2100.") == 3
    assert "Give a year between 1900 and 2100." in moved
    assert Article.objects.get().published_at == article.published_at


def test_an_op_ed_that_was_corrected_in_the_hour_that_comes_twice_can_be_saved_again(desk, settings):
    settings.TIME_ZONE = "America/New_York"
    article, editor = make_article(), desk("Editors")
    correction = {"corrections-TOTAL_FORMS": "1", "corrections-0-text": "<p>Ten.</p>"}

    editor.post(change_url(article), existing(article, **correction, **{"corrections-0-made_at": "2025-11-02T01:30"}))
    again = {"changed_at": "2025-11-02T01:30", "comments_close_at": "2027-03-14T02:30"}
    editor.post(change_url(article), existing(article, title="Ten", **again))

    article.refresh_from_db()
    assert article.corrections.get().made_at == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert article.title == "Ten"
    assert article.comments_close_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


PASTED = "A\u202e  plan\x0b for\u200b\r\nthe \ufeffriver"


def test_what_is_pasted_as_a_title_or_name_is_one_line_without_what_nobody_sees(desk, reader):
    article, editor = make_article(), desk("Editors")
    words = dict.fromkeys(("title", "standfirst", "disclosure"), PASTED)
    forms = {"author": {"name": PASTED}, "section": {"name": PASTED, "position": "1"}, "topic": {"name": PASTED}}

    editor.post(change_url(article), existing(article, **words))
    for kind, form in forms.items():
        editor.post(reverse(f"admin:articles_{kind}_add"), form)

    article.refresh_from_db()
    assert {article.title, article.standfirst, article.disclosure} == {"A plan for the river"}
    for model in (Author, Section, Topic):
        assert model.objects.filter(name="A plan for the river").exists()
    assert not re.search("[\x0b\u200b\u202e\ufeff]", reader.get(article.get_absolute_url()).text)


@pytest.mark.parametrize("kind", ["author", "section", "topic"])
def test_a_name_that_nobody_can_see_is_none(desk, kind):
    page = desk("Editors").post(reverse(f"admin:articles_{kind}_add"), {"name": "\u200b\u202e", "position": "0"}).text

    assert "This field is required." in page


def test_what_nobody_has_read_takes_no_correction(desk):
    page = desk("Editors").get(change_url(make_draft())).text

    assert "corrections-TOTAL_FORMS" not in page


def test_an_op_ed_answers_neither_itself_nor_one_that_answers_it(desk):
    first = make_draft()
    answer = make_draft(answers=first)
    editor = desk("Editors")

    pages = [
        editor.post(change_url(first), existing(first, _continue="1", answers=str(each.pk))).text
        for each in (first, answer)
    ]

    first.refresh_from_db()
    assert first.answers is None
    assert all("can’t answer itself, nor one that answers it" in page for page in pages)


def test_the_choice_of_what_an_op_ed_answers_shows_a_writer_no_draft_of_others(desk):
    make_draft(title="A secret draft")
    make_article(title="A public view")
    query = {"app_label": "articles", "model_name": "article", "field_name": "answers", "term": ""}

    found = desk("Writers").get(reverse("admin:autocomplete"), query).json()["results"]

    assert [each["text"] for each in found] == ["A public view"]
