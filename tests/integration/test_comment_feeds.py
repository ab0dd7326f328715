"""Feeds of comments: what is in them, and that no text breaks them."""

import json
from html import unescape

import feedparser
import pytest
from django.conf import settings

from comments.models import Comment
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db
FEEDS = ("/comments/feed/", "/comments/feed/atom/")


def feeds_of(article):
    return [*FEEDS, f"{article.get_absolute_url()}feed/", f"{article.get_absolute_url()}feed/atom/"]


def read(reader, url):
    parsed = feedparser.parse(reader.get(url).content)
    assert not parsed.bozo
    return parsed


def test_every_feed_holds_the_visible_comments_newest_first(reader):
    article = make_article(title="The river")
    make_comment(article, "First said.", name="Tomas R.")
    newest = make_comment(article, "Then said.", name="Ines")

    for url in feeds_of(article):
        feed = read(reader, url)

        assert [entry.title for entry in feed.entries] == ["Ines on “The river”", "Tomas R. on “The river”"]
        assert "Then said." in feed.entries[0].summary
        assert feed.entries[0].link == f"{settings.OPED_BASE_URL}/comments/{newest.pk}/"
        assert feed.entries[0].author == "Ines"


def test_a_pending_comment_is_in_no_feed(reader):
    article = make_article()
    make_comment(article, status="pending"), make_comment(article, status="spam")

    assert [read(reader, url).entries for url in feeds_of(article)] == [[], [], [], []]


def test_an_articles_feed_holds_its_own_comments_only(reader):
    article, other = make_article(), make_article()
    make_comment(other, "Elsewhere.")

    assert read(reader, f"{article.get_absolute_url()}feed/").entries == []


@pytest.mark.parametrize(
    "text", ["]]>", "<!--", "&amp;amp; & <b>", "a\x0bb\x00c".replace("\x00", ""), "\ufffe\uffff", "\u202e"]
)
def test_no_text_breaks_a_feed(reader, text):
    article = make_article()
    comment = make_comment(article)
    Comment.objects.filter(pk=comment.pk).update(name=text or "x", body_html=f"<p>{text}</p>")

    for url in feeds_of(article):
        assert len(read(reader, url).entries) == 1


def test_a_feed_may_be_cached_until_its_comments_change(reader):
    article = make_article()
    make_comment(article)

    response = reader.get(f"{article.get_absolute_url()}feed/")

    assert response["Surrogate-Key"] == f"article-{article.pk} site"
    assert response["Cache-Control"].startswith("public")
    assert (
        reader.get(f"{article.get_absolute_url()}feed/", headers={"If-None-Match": response["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize("url", ["/comments/feed/", "/comments/feed/atom/"])
def test_a_letter_that_composes_with_a_tags_end_opens_no_tag_in_a_feed(reader, url):
    make_comment(make_article(), "<b>&#x338; onmouseover=x() y</b>")

    shown = unescape(reader.get(url).text)

    assert "\u226f" not in shown
    assert "<b>\u0338 onmouseover=x() y</b>" in shown


def test_comments_have_json_feeds_too(reader):
    article = make_article(title="The river")
    comment = make_comment(article, "<b>Then</b> said.", name="Ines")
    make_comment(article, status="pending")

    for below in ("/comments/", article.get_absolute_url()):
        item, *others = json.loads(reader.get(f"{below}feed/json/").text)["items"]
        assert others == []
        assert (item["title"], item["authors"]) == ("Ines on “The river”", [{"name": "Ines"}])
        assert (item["summary"], item["content_html"]) == ("Then said.", "<p><b>Then</b> said.</p>")
        assert item["id"] == item["url"] == f"{settings.OPED_BASE_URL}/comments/{comment.pk}/"
