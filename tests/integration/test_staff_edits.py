"""Comments edited by staff: judged like anyone's words, kept with what stood there before, and marked."""

import logging

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from comments import person, review
from comments.editing import words_of
from comments.models import Comment, Decision, Edit, Origin
from tests.factories import filled_in, make_article, make_comment, make_staff, set_discussion
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db


def edit_url(comment):
    return reverse("admin:comments_comment_edit", args=[comment.pk])


def page_of(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def edited(comment, **changes):
    """The form as the moderator opened it, with other words."""
    comment.refresh_from_db()
    opened_on = words_of(comment).key
    return {"body": comment.body, "name": comment.name, "website": comment.website, "opened_on": opened_on} | changes


@pytest.fixture
def moderator(desk):
    return desk("Moderators")


@pytest.fixture
def comment():
    return make_comment(make_article(), "He lives at 12 Mill Lane.", name="Ana", email="ana@example.org")


def test_readers_see_the_moderators_words_and_that_they_are(reader, moderator, comment):
    address = comment.article.get_absolute_url()
    before = reader.get(address).text

    answer = moderator.post(edit_url(comment), edited(comment, body="He lives [address removed]."))

    after = reader.get(address).text
    assert answer.status_code == 302
    assert "Mill Lane" in before
    assert "Edited by a moderator" not in before
    assert "Mill Lane" not in after
    assert "He lives [address removed]." in after
    assert after.count("Edited by a moderator") == 1


def test_an_editors_pick_says_so_in_both_places(reader, moderator):
    article = make_article()
    make_comment(article, "First.")
    comment = make_comment(article, "Picked.")
    review.pick(Comment.objects.filter(pk=comment.pk), by="mira")

    moderator.post(edit_url(comment), edited(comment, body="Picked and mended."))

    assert reader.get(article.get_absolute_url()).text.count("Edited by a moderator") == 2


def test_name_and_website_can_be_edited_and_are_held_to_the_rules_of_anyones(moderator, comment):
    refused = moderator.post(edit_url(comment), edited(comment, name="!!!", website="javascript:alert(1)"))
    moderator.post(edit_url(comment), edited(comment, name="Ana R.", website="example.org"))

    comment.refresh_from_db()
    assert refused.status_code == 422
    assert "Please give a name with letters" in refused.text
    assert "javascript:alert(1)" in refused.text
    assert (comment.name, comment.website) == ("Ana R.", "https://example.org")


def test_what_staff_type_is_cleaned_like_anyones(moderator, comment):
    moderator.post(edit_url(comment), edited(comment, body="<script>alert(1)</script><b>Well</b>"))

    comment.refresh_from_db()
    assert comment.body_html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;<b>Well</b></p>"


def test_the_findings_are_stored_and_shown_and_the_status_stays(moderator, comment):
    set_discussion(blocked_words="casino")
    decisions = Decision.objects.count()

    answer = moderator.post(edit_url(comment), edited(comment, body="Of the casino."), follow=True)

    comment.refresh_from_db()
    assert comment.status == "approved"
    assert "blocked word “casino”" in comment.origin.findings
    assert "The policy finds: blocked word “casino”" in answer.text
    assert Decision.objects.count() == decisions


def test_what_waits_still_waits(moderator):
    set_discussion(mode="publish")
    comment = make_comment(make_article(), "Waits.", status="pending")

    moderator.post(edit_url(comment), edited(comment, body="Waits and is mended."))

    comment.refresh_from_db()
    assert comment.status == "pending"


def test_the_old_words_may_be_said_again_and_the_new_ones_not(reader, moderator):
    article = make_article()
    url = reverse("comments:comment-post", args=[article.pk])
    reader.post(url, filled_in(body="Old words."))
    comment = Comment.objects.get()

    moderator.post(edit_url(comment), edited(comment, body="New words."))

    assert reader.post(url, filled_in(body="New words.")).status_code == 409
    assert reader.post(url, filled_in(body="Old words.")).status_code == 303


def test_words_that_its_writer_has_said_already_are_refused_and_kept(moderator, comment):
    make_comment(comment.article, "Said elsewhere.", name="Ana", email="ana@example.org")

    answer = moderator.post(edit_url(comment), edited(comment, body="Said elsewhere."))

    comment.refresh_from_db()
    assert answer.status_code == 409
    assert "Said elsewhere.</textarea>" in answer.text.replace("\n", "")
    assert comment.body == "He lives at 12 Mill Lane."


def test_of_two_moderators_the_second_is_told_and_nothing_is_lost(moderator, desk, comment):
    second = desk("Editors")
    opened = edited(comment, body="The second moderator’s words.")
    moderator.post(edit_url(comment), edited(comment, body="The first moderator’s words."))

    told = second.post(edit_url(comment), opened)
    after_telling = Comment.objects.get().body
    form = told.context["form"]
    again = second.post(edit_url(comment), opened | {"opened_on": form["opened_on"].value()})

    assert told.status_code == 409
    assert "Somebody has changed this comment" in told.text
    assert "The second moderator’s words.</textarea>" in told.text.replace("\n", "")
    assert "<del>first</del><ins>second</ins>" in told.text
    assert after_telling == "The first moderator’s words."
    assert again.status_code == 302
    assert [each.before["body"] for each in Edit.objects.order_by("pk")] == [
        "He lives at 12 Mill Lane.",
        "The first moderator’s words.",
    ]


def test_a_moderator_does_not_overwrite_what_the_writer_changed_meanwhile(reader, moderator):
    article = make_article()
    own = reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in()).url.split("#")[0]
    comment = Comment.objects.get()
    opened = edited(comment, body="The moderator’s words.")

    reader.post(f"{own}edit/", {"body": "The writer’s better words."})

    assert moderator.post(edit_url(comment), opened).status_code == 409
    assert Comment.objects.get().body == "The writer’s better words."


def test_its_writer_does_not_overwrite_a_moderator_and_is_told(reader, moderator):
    article = make_article()
    own = reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in()).url.split("#")[0]
    comment = Comment.objects.get()
    moderator.post(edit_url(comment), edited(comment, body="The moderator’s words."))

    answer = reader.post(f"{own}edit/", {"body": "Mine again."})

    assert answer.status_code == 409
    assert "A moderator has edited your comment" in answer.text
    assert "Mine again." in answer.text
    assert "Edit your comment" not in reader.get(own).text
    assert Comment.objects.get().body == "The moderator’s words."


def test_staff_read_who_changed_what_and_when(comment, caplog):
    client = SiteClient()
    client.force_login(make_staff("Moderators", "mira"))

    with caplog.at_level(logging.INFO, "oped.audit"):
        client.post(edit_url(comment), edited(comment, body="He lives at <home>.", name="Ana R."))

    page = client.get(page_of(comment)).text
    assert "mira" in page
    assert "He lives at <del>12 Mill Lane.</del><ins>&lt;home&gt;.</ins>" in page
    assert "Ana<ins> R.</ins>" in page
    assert f"comment={comment.pk} edited by=mira" in caplog.text
    assert "Mill Lane" not in caplog.text


def test_saving_without_a_change_leaves_no_trace(moderator, comment):
    moderator.post(edit_url(comment), edited(comment))

    comment.refresh_from_db()
    assert not comment.edited_by_staff
    assert not Edit.objects.exists()


def test_an_edit_is_never_changed(moderator, comment):
    moderator.post(edit_url(comment), edited(comment, body="Other words."))
    edit = Edit.objects.get()

    with pytest.raises(TypeError, match="never edited"):
        edit.save()
    with pytest.raises(TypeError, match="never edited"):
        edit.delete()


def test_the_words_before_are_on_no_page_of_readers(reader, moderator, comment):
    moderator.post(edit_url(comment), edited(comment, body="Other words."))

    for url in (comment.article.get_absolute_url(), f"{comment.article.get_absolute_url()}feed/", "/comments/feed/"):
        assert "Mill Lane" not in reader.get(url).text


def test_an_erasure_forgets_the_words_before_too(moderator, comment):
    moderator.post(edit_url(comment), edited(comment, body="Other words.", name="Ana R."))

    person.erase(comment.origin.commenter, keep_words=True)

    kept = str(list(Edit.objects.values_list("before", "after")))
    assert not any(word in kept for word in ("Mill", "Other", "Ana"))
    assert "erased with their writer" in moderator.get(page_of(comment)).text


def test_ones_own_copy_holds_what_a_moderator_took_out(moderator, comment):
    moderator.post(edit_url(comment), edited(comment, body="Other words."))

    copy = person.export(comment.origin.commenter)

    assert copy["comments"][0]["before_edits_by_moderators"][0]["body"] == "He lives at 12 Mill Lane."


def test_what_is_in_the_trash_is_not_edited(reader, moderator, comment):
    opened = edited(comment, body="Other words.")
    review.trash(Comment.objects.all(), by="mira")

    answer = moderator.post(edit_url(comment), opened)

    assert answer.status_code == 409
    assert "in the trash" in answer.text
    assert edit_url(comment) not in moderator.get(page_of(comment)).text
    assert Comment.objects.get().body == "He lives at 12 Mill Lane."


def test_nobody_edits_by_following_a_link_or_without_the_right(moderator, desk, reader, comment):
    words = edited(comment, body="Other words.")

    followed = moderator.get(edit_url(comment), words)
    writer = desk("Writers").post(edit_url(comment), words)
    anonymous = reader.post(edit_url(comment), words)

    assert (followed.status_code, writer.status_code, anonymous.status_code) == (200, 403, 403)
    assert Comment.objects.get().body == "He lives at 12 Mill Lane."


def test_the_database_still_refuses_a_second_comment_with_the_edited_words(moderator, comment):
    moderator.post(edit_url(comment), edited(comment, body="Other words."))
    other = make_comment(comment.article)

    with pytest.raises(IntegrityError), transaction.atomic():
        Origin.objects.filter(pk=other.pk).update(fingerprint=Origin.objects.get(pk=comment.pk).fingerprint)
