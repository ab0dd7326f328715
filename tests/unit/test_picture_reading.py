"""What comes as a picture: taken if it decodes, refused with a sentence if not, and never kept as it came."""

import struct
import zlib

import PIL.Image
import pytest
from PIL import ImageCms

from articles.pictures import reading
from articles.pictures.words import one_line
from tests.pictures import XMP, encoded, gps_and_names, opened, photo

BLUE, GREEN = (0x3A, 0x5F, 0x8A), (0x6B, 0x8F, 0x4E)


def iptc(**texts):
    """The block that agencies write into a JPEG (IPTC IIM, 1.6)."""
    numbers = {"caption": 120, "creator": 80, "credit": 110, "rights": 116}
    fields = [b"\x1c\x02" + struct.pack(">BH", numbers[name], len(text)) + text for name, text in texts.items()]
    records = b"".join(fields)
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records + b"\0" * (len(records) % 2)
    block = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def with_segment(jpeg, segment):
    return jpeg[:2] + segment + jpeg[2:]


def png_that_claims(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def near(colour, expected):
    return all(abs(one - other) < 12 for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize("kind", reading.FORMATS)
def test_five_formats_are_read(kind):
    picture = reading.read(photo((300, 200), kind))

    assert picture.pixels.size == (300, 200)
    assert near(picture.pixels.getpixel((150, 20)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_picture_in_few_colours_becomes_one_in_all(mode):
    picture = reading.read(encoded(PIL.Image.new(mode, (60, 40)), "PNG"))

    assert picture.pixels.mode in ("RGB", "RGBA")


@pytest.mark.parametrize(("value", "grey"), [(0, 0), (1000, 3), (40_000, 156), (65_535, 255)])
def test_greys_of_sixteen_bits_stay_as_light_as_they_are(value, grey):
    file = encoded(PIL.Image.new("I;16", (60, 40), value), "PNG")

    assert reading.read(file).pixels.getpixel((5, 5)) == (grey, grey, grey)


def test_what_shows_through_still_does():
    half = PIL.Image.new("RGBA", (60, 40), (200, 0, 0, 128))

    assert reading.read(encoded(half, "PNG")).pixels.getpixel((5, 5)) == (200, 0, 0, 128)


def test_of_a_moving_picture_the_first_moment_is_taken():
    frames = [PIL.Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue")]
    file = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert reading.read(file).pixels.getpixel((5, 5)) == (255, 0, 0)


def test_a_picture_held_sideways_is_turned_upright():
    exif = PIL.Image.Exif()
    exif[reading.ORIENTATION] = 6

    pixels = reading.read(photo((300, 200), exif=exif)).pixels

    assert pixels.size == (200, 300)
    assert near(pixels.getpixel((190, 150)), BLUE)
    assert near(pixels.getpixel((10, 150)), GREEN)


def test_colours_of_another_profile_become_those_of_a_browser():
    """In this profile red and blue have changed places, so that a mistake can't be overlooked."""
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    file = encoded(PIL.Image.new("RGB", (60, 40), (230, 10, 10)), "PNG", icc_profile=bytes(swapped))

    red_now, _, blue_now = reading.read(file).pixels.getpixel((5, 5))

    assert blue_now > 200 > red_now


def test_a_broken_profile_is_passed_over():
    file = encoded(PIL.Image.new("RGB", (60, 40), (230, 10, 10)), "PNG", icc_profile=b"no profile" * 20)

    assert reading.read(file).pixels.getpixel((5, 5)) == (230, 10, 10)


def test_a_large_picture_is_kept_smaller():
    assert reading.read(photo((4800, 1200))).pixels.size == (3200, 800)


def test_nothing_but_pixels_is_handed_on():
    picture = reading.read(photo((300, 200), exif=gps_and_names(), xmp=XMP.encode(), comment=b"ana@example.org"))

    assert picture.pixels.info == {}
    assert not picture.pixels.getexif()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (b"BM" + b"\0" * 200, "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG and HTML"),
        (b"\xef\xbb\xbf \n<!doctype html><script>alert(1)</script>", "SVG and HTML"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
        (photo((300, 200))[:-900], "damaged"),
        (photo((300, 200), "PNG")[:200], "damaged"),
        (photo((8, 300)), "too small"),
        (png_that_claims(9000, 9000), "64 million"),
        (png_that_claims(20_000, 20_000), "64 million"),
        (png_that_claims(2_000_000_000, 2_000_000_000), "64 million"),
        (png_that_claims(40_000, 20), "64 million"),
        (png_that_claims(300, 200), "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(reading.NotAPicture, match=sentence):
        reading.read(data)


def test_a_file_of_more_than_twenty_megabytes_is_refused():
    with pytest.raises(reading.NotAPicture, match="20 MB"):
        reading.read(photo((300, 200)) + b"\0" * reading.MAX_BYTES)


def test_what_hides_behind_a_picture_is_not_kept():
    file = photo((300, 200), "GIF") + b"<script>alert(1)</script>"

    picture = reading.read(file)

    assert b"script" not in encoded(picture.pixels, "PNG")


def test_xmp_says_who_made_it_and_what_it_shows():
    words = reading.read(photo((300, 200), xmp=XMP.encode())).words

    assert words.caption == "The ferry at dawn"
    assert words.credit == "Ana Å., Ben Ito / Harbour Press"
    assert words.copyright_notice == "© 2026 Harbour Press"
    assert words.licence_url == "https://example.org/licence"
    assert words.alt == "A small ferry"


def test_a_name_that_is_empty_in_the_xmp_is_none():
    file = photo(xmp=XMP.replace("Ben Ito", "").encode())

    assert reading.read(file).words.credit == "Ana Å. / Harbour Press"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_xmp_is_read_in_every_format_that_has_it(kind):
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP)
        file = photo((300, 200), kind, pnginfo=text)
    else:
        file = photo((300, 200), kind, xmp=XMP.encode())

    assert reading.read(file).words.caption == "The ferry at dawn"


@pytest.mark.parametrize("text", ["Überfahrt".encode(), "Überfahrt".encode("latin-1")])
def test_iptc_is_read_in_either_coding(text):
    file = with_segment(photo((300, 200)), iptc(caption=text, creator=b"Ana", credit=b"Ana", rights=b"(c) Ana"))

    words = reading.read(file).words

    assert (words.caption, words.credit, words.copyright_notice) == ("Überfahrt", "Ana", "(c) Ana")


def test_exif_has_the_last_word():
    exif = PIL.Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x8298] = "A pier", "Ana", "Ana 2026"

    words = reading.read(photo((300, 200), exif=exif)).words

    assert (words.caption, words.credit, words.copyright_notice) == ("A pier", "Ana", "Ana 2026")


def test_the_name_of_a_camera_is_no_caption():
    exif = PIL.Image.Exif()
    exif[0x010E] = "OLYMPUS DIGITAL CAMERA"

    assert reading.read(photo((300, 200), exif=exif)).words.caption == ""


@pytest.mark.parametrize(
    "xmp",
    [
        b"<x:xmpmeta",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + XMP.replace("Ben Ito", "&e;").encode(),
        b'<!DOCTYPE a [<!ENTITY e "lol">]>' + XMP.replace("Ben Ito", "&e;&e;&e;").encode(),
    ],
)
def test_hostile_xmp_says_nothing(xmp):
    assert reading.read(photo((300, 200), xmp=xmp)).words == type(reading.read(photo((300, 200))).words)()


def test_a_licence_is_a_web_address_or_nothing():
    xmp = XMP.replace("https://example.org/licence", "javascript:alert(1)")

    assert reading.read(photo((300, 200), xmp=xmp.encode())).words.licence_url == ""


def test_words_are_one_line_of_what_can_be_seen():
    assert one_line("a\0b\r\n\tc \u202e d\u200b e\ud800") == "a b c d e"
    assert one_line("می\u200cخواهم") == "می\u200cخواهم"


def test_the_digest_knows_a_file_again():
    file = photo((300, 200))

    assert reading.read(file).digest == reading.digest_of(file) != reading.read(photo((300, 200))).digest
    assert opened(file).size == (300, 200)
