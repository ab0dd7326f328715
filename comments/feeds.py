"""Feeds of visible comments: of the whole site, and of one article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import html, masthead
from articles.feed_formats import Entry, Feed, Signature, Subject, new_feed, respond
from articles.languages import speaking
from articles.models import Article
from articles.web_addresses import absolute
from comments.models import Comment
from comments.querysets import CommentQuerySet

NEWEST = 50


@require_safe
def site_comments(request: HttpRequest, form: str) -> HttpResponse:
    """The newest comments below all articles; `form` is a key of `feed_formats.FORMATS`."""
    with speaking(masthead.current().language):
        feed = feed_of(Subject(gettext("Comments"), "/"), form, Comment.objects.visible(), below="/comments/")
    return respond(feed, form, "articles")


@require_safe
def article_comments(request: HttpRequest, year: int, month: int, slug: str, form: str) -> HttpResponse:
    """The newest comments below one article."""
    published = Article.objects.published()
    article = get_object_or_404(published, address_year=year, address_month=month, slug=slug)
    with speaking(masthead.current().language):
        subject = Subject(gettext("Comments on “%(title)s”") % {"title": article.title}, article.get_absolute_url())
        feed = feed_of(subject, form, Comment.objects.visible().filter(article=article))
    return respond(feed, form, f"article-{article.pk}")


def feed_of(subject: Subject, form: str, comments: CommentQuerySet, *, below: str = "") -> Feed:
    """The newest of these comments, in one query."""
    found = comments.select_related("article").order_by("-submitted_at", "-pk")[:NEWEST]
    return new_feed(subject, form, [entry_of(comment) for comment in found], below=below)


def entry_of(comment: Comment) -> Entry:
    """The comment as an item of a feed."""
    url = absolute(comment.get_absolute_url())
    return Entry(
        id=url,
        url=url,
        title=html.plain_line(
            gettext("%(name)s on “%(title)s”") % {"name": comment.name, "title": comment.article.title}
        ),
        summary=html.excerpt(comment.body_html),
        html=comment.body_html,
        authors=[Signature(html.plain_line(comment.name))],
        published=comment.submitted_at,
        updated=comment.submitted_at,
    )
