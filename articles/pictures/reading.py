"""What came as a picture: checked by decoding it, turned upright, in sRGB, without a word of metadata.

The only module that opens bytes of others. What it hands on is pixels; a file that is two things at once (a GIF that is
also a page, a JPEG with an archive behind it) loses whatever is no picture.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from threading import Lock

from PIL import Image, ImageCms, UnidentifiedImageError
from PIL.Image import Transpose

from articles.pictures.words import Words, words_in

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
EXTENSIONS = ("jpg", "jpeg", "jfif", "png", "webp", "avif", "gif")
# A photographer's JPEG has 5 to 12 MB, and the largest cameras of the trade make 61 million pixels.
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
MIN_SIDE, MAX_SIDE = 16, 30_000
# More than the widest rendition, for screens to come. A page needs no more, and a disk holds ten times as many.
KEPT_SIDE = 3200
# Whatever Pillow raises on bytes that are none of the format they claim to be.
BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError, struct.error,
    zlib.error,
)  # fmt: skip
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
ORIENTATION = 0x0112
# EXIF 2.32, 4.6.4: how to bring the first row of pixels to the top.
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
# A large picture takes a quarter of a gigabyte while it is open: one at a time in a process.
one_at_a_time = Lock()


class NotAPicture(Exception):
    """What came is refused; the message is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels, what the file said of them, and the digest of the file."""

    pixels: Image.Image
    words: Words
    digest: str


def digest_of(data: bytes) -> str:
    """The same for the same file, whatever it is called."""
    return sha256(data).hexdigest()


def read(data: bytes) -> Picture:
    """Decode a picture that somebody sent. Raises NotAPicture."""
    if len(data) > MAX_BYTES:
        raise NotAPicture(f"This file is larger than {MAX_BYTES // 1024 // 1024} MB. Save the picture smaller.")
    with one_at_a_time, _refusals(data):
        image = Image.open(BytesIO(data), formats=FORMATS)
        _check_size(*image.size)
        # Of a large JPEG this decodes only as many pixels as are needed.
        image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        image.load()
        words = words_in(image)
        pixels = _in_srgb(_upright(image))
    pixels.info = {}
    return Picture(pixels, words, digest_of(data))


@contextmanager
def _refusals(data: bytes) -> Iterator[None]:
    """Say in a sentence why this can't be read."""
    try:
        yield
    except BOMB as reason:
        raise NotAPicture(_TOO_MANY_PIXELS) from reason
    except UnidentifiedImageError as reason:
        raise NotAPicture(_what_else(data)) from reason
    except (*BROKEN, MemoryError) as reason:
        raise NotAPicture("This picture is damaged or incomplete. Save it again, and send it once more.") from reason


_TOO_MANY_PIXELS = f"This picture has more than {MAX_PIXELS // 1_000_000} million pixels. Save it smaller."


def _check_size(width: int, height: int) -> None:
    """By what the header says, before room for the pixels is taken."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise NotAPicture(_TOO_MANY_PIXELS)
    if min(width, height) < MIN_SIDE:
        raise NotAPicture(f"This picture is too small: {width} by {height} pixels.")


def _what_else(data: bytes) -> str:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return "SVG and HTML can carry programs, so they are not taken. Save the picture as PNG or JPEG."
    if start[4:8] == b"ftyp" and start[8:11] in (b"hei", b"hev", b"mif"):
        return "HEIC can’t be read here. Save the picture as JPEG."
    return "This is no picture that can be read here. JPEG, PNG, WebP, AVIF and GIF can."


def _upright(image: Image.Image) -> Image.Image:
    try:
        turn = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    except BROKEN:  # then nobody knows how it was held
        return image
    return image.transpose(turn) if turn is not None else image


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB, or RGBA if anything shows through, in the colours that a browser takes for granted."""
    if image.mode == "I;16":  # Pillow cuts each value off at white instead of scaling it
        image = image.point(lambda value: value / 256).convert("L")
    profile = image.info.get("icc_profile")
    has_alpha = image.has_transparency_data
    alpha = image.convert("RGBA").getchannel("A") if has_alpha else None
    if image.mode not in ("RGB", "CMYK", "LAB"):
        image = image.convert("RGB")
    image = (profile and _converted(image, profile)) or image.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        image.putalpha(alpha)
    return image


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    """From the profile's colours to sRGB; None if the profile is not for such a picture, or broken."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *BROKEN):
        return None
