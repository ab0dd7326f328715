"""When an article takes comments: its own switch and date, and the site's rule."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment
from tests.factories import filled_in, make_article, make_comment, set_discussion
from tests.site_client import SiteClient, new_page_cache

pytestmark = pytest.mark.django_db


def send(reader, article, **changes):
    return reader.post(reverse("comments:comment-post", args=[article.pk]), filled_in(**changes))


def page_of(reader, article):
    return reader.get(article.get_absolute_url()).text


def is_closed(reader, article):
    """The page says so before anybody types, and the form's address agrees and gives the words back."""
    page, answer = page_of(reader, article), send(reader, article, body="I was typing.")
    says_so = "Comments on this op-ed are closed." in page and "<textarea" not in page
    assert says_so == (answer.status_code == 409)
    assert not says_so or "I was typing." in answer.text
    return says_so


def test_the_switch_for_the_whole_site_closes_every_article_and_keeps_what_is_there(reader):
    article = make_article()
    make_comment(article, "Said before.")
    assert not is_closed(reader, article)

    set_discussion(is_open=False)

    assert is_closed(reader, make_article())
    assert is_closed(reader, article)
    assert "Said before." in page_of(reader, article)


def test_articles_older_than_the_sites_days_are_closed(reader):
    set_discussion(close_after_days=14)
    young = make_article(at=timezone.now() - timedelta(days=13))
    old = make_article(at=timezone.now() - timedelta(days=14, minutes=1))

    assert is_closed(reader, old)
    assert not is_closed(reader, young)


def test_an_articles_own_closing_date_goes_before_the_sites_days(reader):
    set_discussion(close_after_days=14)
    now = timezone.now()
    prolonged = make_article(at=now - timedelta(days=40), comments_close_at=now + timedelta(days=1))
    shortened = make_article(at=now - timedelta(days=2), comments_close_at=now - timedelta(minutes=1))

    assert not is_closed(reader, prolonged)
    assert is_closed(reader, shortened)


def test_the_page_says_when_comments_will_close(reader, time_machine):
    closing = timezone.now() + timedelta(hours=2)
    article = make_article(comments_close_at=closing)

    before = page_of(reader, article)
    time_machine.move_to(closing + timedelta(seconds=1))

    assert f'close on <bdi><time datetime="{closing.astimezone().isoformat()[:10]}' in before
    assert is_closed(reader, article)


def test_a_cached_page_does_not_outlive_the_closing_of_its_comments(time_machine):
    closing = timezone.now() + timedelta(minutes=2)
    article = make_article(comments_close_at=closing)
    reader = SiteClient()
    reader.handler.cache = new_page_cache(recheck_seconds=60)
    time_machine.move_to(timezone.now())

    first = reader.get(article.get_absolute_url())
    second = reader.get(article.get_absolute_url())
    time_machine.move_to(closing + timedelta(milliseconds=1))
    third = reader.get(article.get_absolute_url())

    assert "<textarea" in first.text
    assert "hit" in second["Cache-Status"]
    assert "Comments on this op-ed are closed." in third.text


def test_an_article_without_any_closing_date_says_nothing_of_one(reader):
    assert "close on" not in page_of(reader, make_article())


def test_a_closed_article_offers_no_reply_even_by_link(reader):
    article = make_article(comments_open=False)
    comment = make_comment(article)

    page = reader.get(f"{article.get_absolute_url()}?reply_to={comment.pk}")

    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert "data-reply" not in page.text


def test_an_editor_sets_the_closing_date_with_the_article(desk):
    article = make_article()
    byline = article.bylines.get()
    form = {
        "title": article.title, "standfirst": "", "body": article.body, "section": str(article.section_id),
        "language": "en", "changed_at": "", "comments_open": "on", "comments_close_at": "2031-02-03T18:00",
        "bylines-TOTAL_FORMS": "1", "bylines-INITIAL_FORMS": "1", "bylines-0-id": str(byline.pk),
        "bylines-0-article": str(article.pk), "bylines-0-author": str(byline.author_id), "bylines-0-position": "0",
        "corrections-TOTAL_FORMS": "0", "corrections-INITIAL_FORMS": "0",
    }  # fmt: skip

    desk("Editors").post(reverse("admin:articles_article_change", args=[article.pk]), form)

    article.refresh_from_db()
    assert article.comments_close_at.isoformat() == "2031-02-03T18:00:00+00:00"


def test_an_edit_of_ones_own_comment_is_still_possible_after_closing(reader):
    article = make_article()
    own = send(reader, article, body="First words.").url.split("#")[0]
    set_discussion(is_open=False)

    assert reader.post(f"{own}edit/", {"body": "Better words."}).status_code == 303
    assert Comment.objects.get().body == "Better words."
