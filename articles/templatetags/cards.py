"""`{% card %}`: an article in a list. Written in Python because a front page prints sixty, and templates take long."""

from collections.abc import Sequence
from datetime import tzinfo
from functools import cache
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from articles.cards import Card
from articles.dates import Calendar
from articles.languages import furniture
from articles.models import Author, Section
from articles.rendering import Words
from articles.search.snippets import Part

register = template.Library()


@register.simple_tag(takes_context=True)
def card(
    context: dict[str, Any],
    article: Card,
    *,
    level: int = 3,
    summary: bool = True,
    section: bool = True,
    face: str = "",
    of: object = None,
) -> SafeString:
    """Who, title, standfirst and line of facts; an article in another language than the site's runs its own way.

    `level` is that of its heading; `face` is a portrait as `{% face %}` prints it; `of` is the author or section whose
    page this is, which an item doesn't repeat.
    """
    site = str(context["site_language"])
    is_foreign = article.language != site
    own = f' lang="{article.language}" dir="{article.direction}"' if is_foreign else ""
    ours = f' lang="{site}"' if is_foreign else ""
    parts = [
        f'<article class="item"{own}>{face}',
        "" if is_alone(of, article) else f'<p class="by"{ours}>{names(article, site)}</p>',
        f'<div><h{level}><a href="{escape(article.url)}">{escape(article.title)}</a></h{level}>',
        f'<p class="standfirst">{escape(article.standfirst)}</p>' if summary and article.standfirst else "",
        "</div>",
        f'<p class="facts"{ours}>{facts(article, site, section=section and not isinstance(of, Section))}</p></article>',
    ]
    return mark_safe("\n".join(filter(None, parts)))  # noqa: S308 - every value is escaped above or below


def is_alone(of: object, article: Card) -> bool:
    """Whether the author whose page this is signed it without others."""
    return isinstance(of, Author) and [signer.author for signer in article.signers] == [of.pk]


@register.simple_tag(takes_context=True)
def card_names(context: dict[str, Any], article: Card) -> SafeString:
    """Who signed it, for a list that prints titles its own way."""
    return mark_safe(names(article, str(context["site_language"])))  # noqa: S308 - escaped below


@register.simple_tag(takes_context=True)
def card_facts(context: dict[str, Any], article: Card) -> SafeString:
    """Its line of facts, for such a list."""
    return mark_safe(facts(article, str(context["site_language"]), section=True))  # noqa: S308 - escaped below


@register.simple_tag
def marked(parts: Sequence[Part]) -> SafeString:
    """A text in which what was looked for is marked."""
    return mark_safe(  # noqa: S308 - each text is escaped
        "".join(f"<mark>{escape(part.text)}</mark>" if part.is_marked else escape(part.text) for part in parts)
    )


def names(article: Card, site: str) -> str:
    """Ada, Ben and Cleo; each kept together, whatever script it is in."""
    return Words.of(site).listed([f"<bdi>{escape(signer.name)}</bdi>" for signer in article.signers])


def facts(article: Card, site: str, *, section: bool) -> str:
    """Section, date and number of comments."""
    told = [calendar(site, timezone.get_current_timezone()).day(article.published_at)]
    if section:
        told.insert(0, f'<a href="{escape(article.section_url)}">{escape(article.section)}</a>')
    if article.comment_count:
        said = ngettext("%(shown)s comment", "%(shown)s comments", article.comment_count)
        told.append(said % {"shown": f"{article.comment_count:,}"})
    return " ".join(f"<span><bdi>{each}</bdi></span>" for each in told)


@cache
def calendar(language: str, zone: tzinfo) -> Calendar:
    """How the site writes dates."""
    return Calendar.of(furniture(language, language))
