"""How pictures stand on readers' pages: alone, as a figure with caption and credit, and as the face of an author.

Each prints nothing of a picture that is missing or has no rendition yet, and asks the database nothing: whoever reads
the article selects `lead_image`, the bylines `author__portrait`. Width and height are those of the whole picture, so
that a browser keeps the room before the first byte of it has come.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Author, Image

NOTHING = mark_safe("")
# A picture that the reader sees first is fetched first; the others when they come near.
EAGER = mark_safe('fetchpriority="high"')
LAZY = mark_safe('loading="lazy"')


def picture(image: Image | None, *, sizes: str = "100vw", alt: str | None = None, eager: bool = False) -> SafeString:
    """The picture in all its widths; `sizes` says how wide it is on the page (HTML, 4.8.4.2.1).

    `alt` is the picture's own, unless something else says the same beside it: then `alt=""`.
    `eager=True` for the one that a page opens with.
    """
    if image is None or not image.widths:
        return NOTHING
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" {} decoding="async">',
        image.usual_address,
        ", ".join(f"{image.address(width)} {width}w" for width in image.widths),
        sizes,
        image.width,
        image.height,
        image.alt if alt is None else alt,
        EAGER if eager else LAZY,
    )


def figure(image: Image | None, *, sizes: str = "100vw", eager: bool = False) -> SafeString:
    """The picture with its caption and credit."""
    printed = picture(image, sizes=sizes, eager=eager)
    if image is None or not printed:
        return NOTHING
    caption = format_html("<span>{}</span> ", image.caption) if image.caption else NOTHING
    credit = format_html("<small>{}</small>", image.credit) if image.credit else NOTHING
    said = format_html("<figcaption>{}{}</figcaption>", caption, credit) if caption or credit else NOTHING
    return format_html('<figure class="picture">{}{}</figure>', printed, said)


def face(author: Author, *, size: str = "3rem", eager: bool = False) -> SafeString:
    """The author's portrait as a square, or the initial in its place; the name stands beside it, so it says nothing."""
    image = author.portrait
    squares = image.squares if image else []
    if image is None or not squares:
        return format_html('<span class="face" aria-hidden="true">{}</span>', author.initial)
    return format_html(
        '<img class="face" src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="" {} decoding="async">',
        image.square_address(squares[0]),
        ", ".join(f"{image.square_address(side)} {side}w" for side in squares),
        size,
        squares[0],
        squares[0],
        NOTHING if eager else LAZY,
    )
