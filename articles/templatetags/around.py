"""What stands around every page: `{% look %}` in its head, `{% masthead %}` above it, `{% foot %}` below."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from articles.kept import kept
from articles.navigation import Around

register = template.Library()


@register.simple_tag
def look() -> SafeString:
    """Icon and style sheets."""
    return kept("_look.html")


@register.simple_tag(takes_context=True)
def masthead(context: dict[str, Any]) -> SafeString:
    """Name and navigation; of its links, the one to this page is marked."""
    around: Around = context["around"]
    links, path = (*around.sections, *around.head), context["request"].path
    here = path if any(link.url == path for link in links) else ""
    return kept("_masthead.html", site_name=around.masthead.name, links=links, here=here)


@register.simple_tag(takes_context=True)
def foot(context: dict[str, Any]) -> SafeString:
    """Name, tagline and the links to standing pages."""
    around: Around = context["around"]
    said, links = around.masthead, (*around.pages, *around.foot)
    return kept("_foot.html", site_name=said.name, tagline=said.tagline, links=links)
