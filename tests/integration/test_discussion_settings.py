"""The owner's page of choices on comments, and the reasons for declining."""

import pytest
from django.urls import reverse

from articles.models import PageVersion
from comments import review
from comments.models import Comment, Decision, Discussion, Reason
from tests.factories import filled_in, make_article, make_comment, set_discussion

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/comments/discussion/1/change/"
DEFAULTS = {
    "is_open": "on", "close_after_days": "", "depth": "5", "mode": "hold", "max_links": "2", "flood_seconds": "15",
    "edit_minutes": "15", "shows_wait": "on", "reports_to_review": "3", "report_reasons": "Spam",
}  # fmt: skip


def send(reader, article, **changes):
    return reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(**changes))


def test_every_choice_stands_on_one_page_with_a_help_text_that_names_wordpress(desk):
    page = desk("Owner").get("/admin/comments/discussion/", follow=True).text

    choices = [field for field in Discussion._meta.fields if field.editable and field.name != "id"]
    assert len(choices) == 18
    for field in choices:
        assert "WordPress" in field.help_text
        assert f'for="id_{field.name}"' in page
    assert "name and email are always asked for (WordPress: on)" in page


def test_saving_a_choice_changes_what_readers_see_and_every_cached_page(desk, reader):
    article = make_article()
    before = PageVersion.objects.filter(key="site").values_list("version", flat=True).first() or 0

    form = {name: value for name, value in DEFAULTS.items() if name != "is_open"}
    response = desk("Owner").post(SETTINGS, form, follow=True)

    assert "The discussion settings are saved." in response.text
    assert "Comments on this op-ed are closed." in reader.get(article.get_absolute_url()).text
    assert PageVersion.objects.get(key="site").version == before + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("depth", "0"), ("depth", "11"), ("depth", "x"), ("max_links", "0"), ("close_after_days", "-1"),
     ("flood_seconds", "99999999999999999999"), ("reports_to_review", "0"), ("reports_to_review", "101")],
)  # fmt: skip
def test_a_choice_out_of_bounds_is_refused_with_a_sentence(desk, field, value):
    response = desk("Owner").post(SETTINGS, DEFAULTS | {field: value})

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert f'value="{value}"' in response.text
    assert getattr(Discussion.current(), field) == getattr(Discussion(), field)


@pytest.mark.parametrize("role", ["Editors", "Writers", "Moderators"])
def test_the_settings_are_the_owners(desk, role):
    client = desk(role)

    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, DEFAULTS | {"depth": "1"}).status_code == 403
    assert client.get(reverse("admin:comments_reason_changelist")).status_code == 403


def test_the_depth_holds_for_replies_from_now_on():
    article = make_article()
    first = make_comment(article)
    second = make_comment(article, parent=first)

    set_discussion(depth=1)
    third = make_comment(article, parent=second)

    assert [Comment.objects.get(pk=comment.pk).depth for comment in (first, second, third)] == [0, 1, 0]


def test_with_newest_first_as_the_owners_choice_a_link_leads_to_the_oldest(reader):
    set_discussion(newest_first=True)
    article = make_article()
    first, second = make_comment(article, "An early remark."), make_comment(article, "A late remark.")

    page = reader.get(article.get_absolute_url()).text
    turned = reader.get(f"{article.get_absolute_url()}?order=oldest").text

    assert page.index("A late remark.") < page.index("An early remark.")
    assert turned.index("An early remark.") < turned.index("A late remark.")
    assert "?order=oldest#comments" in page
    assert reader.get(f"/comments/{first.pk}/").url.endswith(f"?order=oldest#comment-{first.pk}")
    assert reader.get(f"/comments/{second.pk}/").status_code == 302


def test_the_links_from_which_a_comment_is_held_are_the_owners_choice(reader):
    set_discussion(max_links=1)

    send(reader, make_article(), body="See https://a.example/.")

    assert "1 link" in Comment.objects.get().origin.findings


def test_the_wait_between_two_comments_is_the_owners_choice(reader, settings, time_machine):
    settings.OPED_RATE_LIMITS = True
    set_discussion(flood_seconds=120)
    article = make_article()
    send(reader, article, body="First.")
    time_machine.move_to(Comment.objects.get().submitted_at)
    time_machine.shift(60)
    refused = send(reader, article, body="Second.")
    set_discussion(flood_seconds=0)

    assert refused.status_code == 429
    assert 55 <= int(refused["Retry-After"]) <= 65
    assert send(reader, article, body="Second.").status_code == 303


def test_without_minutes_for_editing_nobody_edits(reader):
    set_discussion(edit_minutes=0)

    own = send(reader, make_article()).url.split("#")[0]

    assert "Edit your comment" not in reader.get(own).text
    assert reader.post(f"{own}edit/", {"body": "Other words."}).status_code == 409


def test_a_declined_comments_writer_reads_the_reason_and_the_log_keeps_it(reader, desk):
    own = send(reader, make_article()).url
    comment = Comment.objects.get()
    url = reverse("admin:comments_comment_decide", args=[comment.pk, "trash"])

    desk("Moderators").post(url, {"reason": "off-topic"})

    page = reader.get(own).text
    assert "A moderator declined this comment." in page
    assert Reason.objects.get(code="off-topic").text in page
    assert Decision.objects.last().reason == "off-topic"


@pytest.mark.parametrize("reason", ["", "no-such-reason", "\0", "x" * 500])
def test_an_unknown_reason_declines_without_one(reader, desk, reason):
    own = send(reader, make_article()).url
    url = reverse("admin:comments_comment_decide", args=[Comment.objects.get().pk, "trash"])

    response = desk("Moderators").post(url, {"reason": reason})

    assert response.status_code == 302
    assert "A moderator declined this comment." in reader.get(own).text
    assert Decision.objects.last().reason == ""


def test_a_reason_chosen_above_the_list_goes_with_all_that_are_trashed(desk):
    article = make_article()
    chosen = [make_comment(article, status="pending").pk for _ in range(2)]

    desk("Moderators").post(
        reverse("admin:comments_comment_changelist"),
        {"action": "trash", "reason": "repeated", "_selected_action": chosen},
    )

    assert Comment.objects.filter(status="trash").count() == 2
    assert set(Decision.objects.filter(to_status="trash").values_list("reason", flat=True)) == {"repeated"}


def test_a_withdrawn_comments_writer_reads_that(reader):
    own = send(reader, make_article()).url.split("#")[0]

    reader.post(f"{own}withdraw/")

    assert "You withdrew this comment." in reader.get(own).text


def test_the_owner_words_the_reasons(desk, reader):
    owner = desk("Owner")
    form = {"code": "late", "label": "Too late", "text": "The debate has moved on.", "position": "9"}

    owner.post(reverse("admin:comments_reason_add"), form)
    own = send(reader, make_article()).url
    review.trash(Comment.objects.all(), by="mira", reason="late")

    assert "The debate has moved on." in reader.get(own).text
