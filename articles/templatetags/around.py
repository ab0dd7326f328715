"""What stands around every page: `{% look %}` in its head, `{% sections %}` in its masthead, `{% foot %}` below it."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from articles.kept import kept
from articles.navigation import Around, Link

register = template.Library()


@register.simple_tag
def look() -> SafeString:
    """Icon and style sheets."""
    return kept("_look.html")


@register.simple_tag
def script() -> SafeString:
    """What an op-ed's page can do only with JavaScript."""
    return kept("articles/_script.html")


@register.simple_tag
def search_box() -> SafeString:
    """The form in the masthead that leads to the search."""
    return kept("articles/_search_box.html")


@register.simple_tag(takes_context=True)
def sections(context: dict[str, Any]) -> SafeString:
    """Links to the sections, and the owner's own."""
    around: Around = context["around"]
    links = (*around.sections, *around.head)
    return kept("_sections.html", links=links, here=_marked(context, links))


@register.simple_tag(takes_context=True)
def foot(context: dict[str, Any]) -> SafeString:
    """The name once more, lists of everything, standing pages."""
    around: Around = context["around"]
    said, links = around.masthead, (*around.pages, *around.foot)
    here = _marked(context, links)
    return kept("_foot.html", site_name=said.name, tagline=said.tagline, links=links, here=here)


def _marked(context: dict[str, Any], links: Sequence[Link]) -> str:
    """The address of the link that leads to this very page; "" if none does."""
    request = context.get("request")
    return next((link.url for link in links if request and link.url == request.path), "")
