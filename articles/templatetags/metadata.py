"""What each kind of page says of itself to machines, for the head of its template."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles import graph, html
from articles.graph import stamp
from articles.masthead import Masthead
from articles.metadata import Metadata
from articles.models import Article, Author, Page, Section, Topic
from articles.paging import Slice
from articles.web_addresses import absolute

register = template.Library()


@register.simple_tag(takes_context=True)
def article_metadata(context: dict[str, Any], article: Article) -> SafeString:
    """An op-ed; the context holds what stands `around` it and `beside` it."""
    around = context["around"]
    said: Masthead = around.masthead
    times = [("article:published_time", article.published_at), ("article:modified_time", article.changed_at)]
    found = Metadata(
        title=article.title,
        path=article.get_absolute_url(),
        description=article.standfirst or html.excerpt(article.body_html),
        language=article.language,
        graph=graph.of_article(article, context["beside"], around.topics, said),
        kind="article",
        picture=article.lead_image,
        properties=[
            *((name, stamp(moment)) for name, moment in times),
            *(("article:author", absolute(byline.author.get_absolute_url())) for byline in article.signed),
            ("article:section", article.section.name),
            *(("article:tag", topic.name) for topic in around.topics),
        ],
        feed_path=article.get_absolute_url(),
        feed_title=gettext("Comments on “%(title)s”") % {"title": article.title},
    )
    return found.printed(said)


@register.simple_tag(takes_context=True)
def author_metadata(context: dict[str, Any], author: Author, pages: Slice) -> SafeString:
    """An author's page."""
    said: Masthead = context["around"].masthead
    found = Metadata(
        title=author.name,
        path=author.get_absolute_url(),
        description=html.excerpt(author.bio_html) or f"{author.name} – {said.name}",
        language=said.language,
        graph=graph.of_author(author, said),
        kind="profile",
        picture=author.portrait,
        feed_path=author.get_absolute_url(),
        pages=pages,
    )
    return found.printed(said)


@register.simple_tag(takes_context=True)
def collection_metadata(context: dict[str, Any], of: Section | Topic, pages: Slice) -> SafeString:
    """The page of a section or topic."""
    path = of.get_absolute_url()
    return _listing(context, of.name, path, of.description, pages, feed_path=path)


@register.simple_tag(takes_context=True)
def list_metadata(context: dict[str, Any], name: str, pages: Slice | None = None) -> SafeString:
    """Another list: of names, of corrections, of a month, or where the front page goes on."""
    return _listing(context, name, context["request"].path, "", pages)


@register.simple_tag(takes_context=True)
def page_metadata(context: dict[str, Any], page: Page) -> SafeString:
    """A standing page."""
    said: Masthead = context["around"].masthead
    path = page.get_absolute_url()
    nodes = graph.of_page(page.title, path, page.changed_at, said)
    return Metadata(page.title, path, html.excerpt(page.body_html), said.language, nodes).printed(said)


@register.simple_tag(takes_context=True)
def site_metadata(context: dict[str, Any]) -> SafeString:
    """The front page."""
    said: Masthead = context["around"].masthead
    description = said.description or said.tagline or said.name
    return Metadata(said.name, "/", description, said.language, graph.of_site(said)).printed(said)


def _listing(
    context: dict[str, Any], name: str, path: str, description: str, pages: Slice | None, feed_path: str = ""
) -> SafeString:
    said: Masthead = context["around"].masthead
    description = description or f"{name} – {said.name}"
    nodes = graph.of_list(name, path, description, said)
    found = Metadata(name, path, description, said.language, nodes, feed_path=feed_path, pages=pages)
    return found.printed(said)
