"""What stands around every page: `{% look %}` in its head, `{% masthead %}` above its text, `{% foot %}` below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString

from articles.kept import kept
from articles.models import Image
from articles.navigation import Around, Link
from articles.web_addresses import WebAddress

register = template.Library()
# Width and height within which a logo stands, in pixels of CSS.
LOGO_BOX = (240, 48)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as it is printed: its address, one for sharper screens if there is any, and its size."""

    src: str
    sharper: str
    width: int
    height: int


@register.simple_tag
def look() -> SafeString:
    """Icon and style sheets."""
    return kept("_look.html")


@register.simple_tag
def script() -> SafeString:
    """What an op-ed's page can do only with JavaScript."""
    return kept("articles/_script.html")


@register.simple_tag(takes_context=True)
def masthead(context: dict[str, Any], *, nameplate: bool = False, search: bool = True) -> SafeString:
    """The name or the owner's logo, the form that leads to the search, links to the sections and the owner's own.

    `nameplate=True` for the front page, whose heading the name is.
    """
    around: Around = context["around"]
    said, links = around.masthead, (*around.sections, *around.head)
    return kept(
        "_masthead.html",
        site_name=said.name,
        logo=logo_of(said.logo) if said.logo else None,
        tagline=said.tagline if nameplate else "",
        nameplate=nameplate,
        search=search,
        links=links,
        here=_marked(context, links),
    )


@register.simple_tag(takes_context=True)
def foot(context: dict[str, Any]) -> SafeString:
    """The name once more, lists of everything, standing pages."""
    around: Around = context["around"]
    said, links = around.masthead, (*around.pages, *around.foot)
    here = _marked(context, links)
    elsewhere = tuple(WebAddress(url) for url in said.links)
    return kept("_foot.html", site_name=said.name, tagline=said.tagline, links=links, here=here, elsewhere=elsewhere)


def logo_of(image: Image) -> Logo | None:
    """The picture in the masthead's box; None until its renditions are made."""
    if not image.widths:
        return None
    scale = min(side / own for side, own in zip(LOGO_BOX, (image.width, image.height), strict=True))
    width, height = (max(1, round(own * scale)) for own in (image.width, image.height))
    src, sharper = (
        next((each for each in image.widths if each >= wanted), image.widths[-1]) for wanted in (width, 2 * width)
    )
    return Logo(image.address(src), image.address(sharper) if sharper > src else "", width, height)


def _marked(context: dict[str, Any], links: Sequence[Link]) -> str:
    """The address of the link that leads to this very page; "" if none does."""
    request = context.get("request")
    return next((link.url for link in links if request and link.url == request.path), "")
