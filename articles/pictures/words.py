"""Caption, credit and rights that photographers and agencies write into a file: XMP first, then IPTC, then EXIF.

They fill what the uploader has left empty and are an editor's to change; of anything else in the file (place, camera,
owner's name) nothing is read. Names of the properties: IPTC Photo Metadata Standard 2023.1.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree
from PIL import Image
from PIL.IptcImagePlugin import getiptcinfo

from articles import html

MAX_XMP = 1024 * 1024
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
XMP_CAPTION = f"{DC}description"
XMP_CREATOR = f"{DC}creator"
XMP_RIGHTS = f"{DC}rights"
XMP_CREDIT = "{http://ns.adobe.com/photoshop/1.0/}Credit"
XMP_LICENCE = "{http://ns.adobe.com/xap/1.0/rights/}WebStatement"
XMP_ALT = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}AltTextAccessibility"
IPTC_CAPTION, IPTC_CREATOR, IPTC_CREDIT, IPTC_RIGHTS = (2, 120), (2, 80), (2, 110), (2, 116)
EXIF_CAPTION, EXIF_CREATOR, EXIF_RIGHTS = 0x010E, 0x013B, 0x8298
# Marks that join and part letters in Persian, Urdu and the scripts of India are part of the text.
JOINERS = "\u200c\u200d"
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Words:
    """What a file says of its picture, each on one line; empty where it says nothing."""

    alt: str = ""
    caption: str = ""
    credit: str = ""
    copyright_notice: str = ""
    licence_url: str = ""


def words_in(image: Image.Image) -> Words:
    """The words in a decoded file. What is broken says nothing."""
    xmp, iptc, exif = _xmp(image), _iptc(image), _exif(image)
    creator = _first(xmp.get(XMP_CREATOR), iptc.get(IPTC_CREATOR), exif.get(EXIF_CREATOR))
    agency = _first(xmp.get(XMP_CREDIT), iptc.get(IPTC_CREDIT))
    both = [creator] if agency in creator else [agency] if creator in agency else [creator, agency]
    licence = _first(xmp.get(XMP_LICENCE))
    return Words(
        alt=_first(xmp.get(XMP_ALT)),
        caption=_first(xmp.get(XMP_CAPTION), iptc.get(IPTC_CAPTION), exif.get(EXIF_CAPTION)),
        credit=" / ".join(both),
        copyright_notice=_first(xmp.get(XMP_RIGHTS), iptc.get(IPTC_RIGHTS), exif.get(EXIF_RIGHTS)),
        licence_url=licence if html.is_website(licence) else "",
    )


def one_line(text: str) -> str:
    """Without control characters and what else nobody sees; white space is single spaces."""
    seen = ("" if unicodedata.category(char)[0] == "C" and char not in JOINERS else char for char in _spaced(text))
    return " ".join("".join(seen).split())


def _spaced(text: str) -> str:
    return "".join(" " if char.isspace() or char == "\0" else char for char in text)


def _first(*candidates: str | None) -> str:
    return next((line for text in candidates if text and (line := one_line(text))), "")


def _xmp(image: Image.Image) -> Mapping[str, str]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not packet or len(packet) > MAX_XMP:
        return {}
    try:
        root = ElementTree.fromstring(packet.rstrip(b"\0 \r\n"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, *UNREADABLE):
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{RDF}Description"):
        found |= description.attrib
        for each in description:
            found[each.tag] = _value(each)
    return found


def _value(element: Element) -> str:
    """A plain value; the first of several languages; all of several names."""
    items = [item.text for item in element.iter(f"{RDF}li") if item.text]
    if not items:
        return element.text or ""
    return ", ".join(items) if element.tag == XMP_CREATOR else items[0]


def _iptc(image: Image.Image) -> Mapping[tuple[int, int], str]:
    try:
        found: Mapping[Any, Any] = getiptcinfo(image) or {}  # type: ignore[arg-type]
    except UNREADABLE:
        return {}
    return {key: ", ".join(map(_decoded, _as_list(value))) for key, value in found.items() if key[0] == 2}


def _exif(image: Image.Image) -> Mapping[int, str]:
    try:
        tags = image.getexif()
        found = {tag: tags[tag] for tag in (EXIF_CAPTION, EXIF_CREATOR, EXIF_RIGHTS) if tag in tags}
    except UNREADABLE:
        return {}
    # Pillow reads Latin-1, as the standard's ASCII once was; today's programs write UTF-8.
    texts = {tag: _decoded(_raw(value)) for tag, value in found.items()}
    # Cameras put their own name in place of a caption.
    return {tag: text for tag, text in texts.items() if tag != EXIF_CAPTION or not text.isupper()}


def _raw(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("latin-1", "replace")


def _as_list(value: bytes | Iterable[bytes]) -> list[bytes]:
    return [value] if isinstance(value, bytes) else list(value)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
