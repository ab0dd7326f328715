"""Feeds of visible comments: of the whole site, and of one article; RSS 2.0 and Atom (RFC 4287)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import require_safe

from articles import html, masthead
from articles.freshness import page_depends_on
from articles.models import Article
from comments.links import absolute
from comments.models import Comment
from comments.querysets import CommentQuerySet

NEWEST = 50
FORMATS: dict[str, type[SyndicationFeed]] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


@require_safe
def site_comments(request: HttpRequest, form: str) -> HttpResponse:
    """The newest comments below all articles; `form` is a key of FORMATS."""
    feed = new_feed(request, form, "Comments", "/")
    return answer(feed, Comment.objects.visible(), "articles")


@require_safe
def article_comments(request: HttpRequest, year: int, month: int, slug: str, form: str) -> HttpResponse:
    """The newest comments below one article."""
    published = Article.objects.published()
    article = get_object_or_404(published, address_year=year, address_month=month, slug=slug)
    feed = new_feed(request, form, f"Comments on “{article}”", article.get_absolute_url())
    return answer(feed, Comment.objects.visible().filter(article=article), f"article-{article.pk}")


def new_feed(request: HttpRequest, form: str, title: str, follows: str) -> SyndicationFeed:
    """An empty feed; every address in it is on our own host, whatever host was asked."""
    said = masthead.current()
    title = html.plain_line(f"{title} – {said.name}")
    return FORMATS[form](
        title=title,
        link=absolute(follows),
        description=title,
        language=said.language,
        feed_url=absolute(request.path),
    )


def answer(feed: SyndicationFeed, comments: CommentQuerySet, key: str) -> HttpResponse:
    """The feed, filled with the newest comments; texts are cleaned of what XML can't hold."""
    for comment in comments.select_related("article").order_by("-submitted_at", "-pk")[:NEWEST]:
        feed.add_item(
            title=html.plain_line(f"{comment.name} on “{comment.article.title}”"),
            link=absolute(comment.get_absolute_url()),
            description=html.without_traps(comment.body_html),
            author_name=html.plain_line(comment.name),
            pubdate=comment.submitted_at,
            updateddate=comment.submitted_at,
            unique_id=absolute(comment.get_absolute_url()),
        )
    response = HttpResponse(content_type=feed.content_type)  # type: ignore[attr-defined]
    feed.write(response, "utf-8")
    page_depends_on(response, "site", key)
    return response
