"""Pictures for tests: files as somebody would send them, and rows made through the site's own verbs."""

from io import BytesIO
from typing import Any

import PIL.Image

from articles.models import Image
from articles.pictures import reading, uploading
from tests.factories import numbers

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" photoshop:Credit="Harbour Press"
 xmpRights:WebStatement="https://example.org/licence">
<dc:creator><rdf:Seq><rdf:li>Ana Å.</rdf:li><rdf:li>Ben Ito</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">The ferry at
 dawn</rdf:li><rdf:li xml:lang="de">Die Fähre</rdf:li></rdf:Alt></dc:description>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2026 Harbour Press</rdf:li></rdf:Alt></dc:rights>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A small ferry</rdf:li></rdf:Alt>
</Iptc4xmpCore:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>"""


def photo(size: tuple[int, int] = (1500, 1000), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A file: blue above, green below, and no two alike."""
    pixels = PIL.Image.new("RGB", size, "#3a5f8a")
    pixels.paste("#6b8f4e", (0, size[1] // 2, *size))
    number = next(numbers)
    pixels.paste((number * 37 % 256, number * 101 % 256, number * 11 % 256), (0, 0, 16, 16))
    return encoded(pixels.convert(mode), kind, **options)


def encoded(pixels: PIL.Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    pixels.save(file, kind, **options)
    return file.getvalue()


def opened(file: bytes) -> PIL.Image.Image:
    pixels = PIL.Image.open(BytesIO(file))
    pixels.load()
    return pixels


def gps_and_names() -> PIL.Image.Exif:
    """What a telephone writes: a place, and whose it is."""
    exif = PIL.Image.Exif()
    exif[0x013B] = "Ana Example"
    exif[0xA430] = "ana@example.org"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 0.0)})
    return exif


def make_image(file: bytes | None = None, **fields: Any) -> Image:
    """Stored, with what pages can begin with; the rest is due."""
    image = Image(**{"name": f"Picture {next(numbers)}", "alt": "A ferry"} | fields)
    uploading.use(uploading.store(reading.read(file or photo())), image)
    image.save()
    return image
