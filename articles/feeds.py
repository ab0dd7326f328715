"""Feeds of op-eds, with their full text: of the whole site, a section, a topic, an author."""

import re
from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from articles import html
from articles.feed_formats import Entry, Feed, FeedPicture, Signature, Subject, new_feed, respond
from articles.languages import speaking
from articles.models import Article, Author, Section, Topic
from articles.pictures.markup import figure
from articles.querysets import ArticleQuerySet
from articles.web_addresses import absolute, host

NEWEST = 20
# A tag as the cleaner writes it: nothing in the text is taken for one.
TAG = re.compile(r"""<[a-z][a-z0-9]*(?:\s+[a-z-]+="[^"]*")+\s*/?>""")
OWN_ADDRESS = re.compile(r"""(?<=\s)(href|src)="(#|/(?!/))""")
# Widths to choose from are for our own pages: elsewhere a picture is the one in `src`.
CHOICES = re.compile(r"""\s(?:srcset|sizes)="[^"]*\"""")


@require_safe
def site_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest op-eds."""
    subject = Subject("", reverse("articles:home"))
    return respond(feed_of(subject, form, Article.objects.published()), form, "articles")


@require_safe
def section_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest op-eds of a section."""
    section = get_object_or_404(Section, slug=slug)
    subject = Subject(section.name, section.get_absolute_url(), section.description)
    return respond(feed_of(subject, form, Article.objects.published().filter(section=section)), form, "articles")


@require_safe
def topic_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest op-eds on a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    subject = Subject(topic.name, topic.get_absolute_url(), topic.description)
    return respond(feed_of(subject, form, Article.objects.published().filter(topics=topic)), form, "articles")


@require_safe
def author_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest op-eds that an author signed, alone or with others."""
    author = get_object_or_404(Author, slug=slug)
    subject = Subject(author.name, author.get_absolute_url(), html.text_of(author.bio_html))
    signed = Article.objects.published().filter(bylines__author=author)
    return respond(feed_of(subject, form, signed), form, "articles", f"author-{author.pk}")


def feed_of(subject: Subject, form: str, articles: ArticleQuerySet) -> Feed:
    """The newest of these articles, in four queries whatever their number."""
    found = articles.newest_first().with_bylines().defer("body", "toc")
    found = found.prefetch_related("topics", "corrections")
    return new_feed(subject, form, [entry_of(article) for article in found[:NEWEST]])


def entry_of(article: Article) -> Entry:
    """The article as an item of a feed."""
    published = article.published_at or article.created_at
    return Entry(
        id=f"tag:{host()},{article.created_at:%Y-%m-%d}:article-{article.pk}",
        url=absolute(article.get_absolute_url()),
        title=html.plain_line(article.title),
        summary=html.plain_line(article.standfirst) or html.excerpt(article.body_html),
        html=full_text(article),
        authors=[signature_of(each.author) for each in article.bylines.all()],
        published=published,
        updated=article.last_change(*(each.made_at for each in article.corrections.all())) or published,
        language=article.language,
        categories=[article.section.name, *(topic.name for topic in article.topics.all())],
        picture=picture_of(article),
    )


def signature_of(author: Author) -> Signature:
    """The name, and its page on this site."""
    return Signature(html.plain_line(author.name), absolute(author.get_absolute_url()))


def picture_of(article: Article) -> FeedPicture | None:
    """The lead picture in its usual size, once it is there."""
    image = article.lead_image
    if image is None or not image.widths:
        return None
    return FeedPicture(absolute(image.usual_address), image.alt, image.credit)


def full_text(article: Article) -> str:
    """The article as HTML that is complete anywhere: with what stands below its text, and addresses in full."""
    parts = [figure(article.lead_image), article.body_html]
    if article.disclosure:
        parts.append(f"<p><em>{escape(article.disclosure)}</em></p>")
    with speaking(article.language):
        label, written = ngettext("Correction", "Corrections", 1), pgettext("date", "j F Y")
        for each in article.corrections.all():
            day = date_format(timezone.localtime(each.made_at), written)
            parts.append(f"<hr><p><strong>{label}: {day}</strong></p>{each.text_html}")
    whole = with_full_addresses("".join(parts), absolute(article.get_absolute_url()))
    return f'<div lang="{article.language}" dir="{article.direction}">{whole}</div>'


def with_full_addresses(cleaned: str, page_url: str) -> str:
    """Cleaned HTML whose links within the page, or to other pages of this site, say the host too."""
    starts = {"#": f"{page_url}#", "/": absolute("/")}

    def complete(tag: re.Match[str]) -> str:
        return OWN_ADDRESS.sub(lambda found: f'{found[1]}="{starts[found[2]]}', CHOICES.sub("", tag[0]))

    return TAG.sub(complete, cleaned)
