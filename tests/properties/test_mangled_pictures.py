"""Whatever bytes come as a picture: a picture is made of them, or they are refused with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.pictures import reading
from articles.pictures.words import Words
from tests.pictures import XMP, gps_and_names, photo

# Pillow's remarks on broken metadata.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
WHOLE = [
    photo((64, 48), kind, **({} if kind == "GIF" else {"exif": gps_and_names()}), **more)
    for kind in reading.FORMATS
    for more in ({}, {"xmp": XMP.encode()} if kind in ("JPEG", "WEBP", "AVIF") else {"mode": "P"})
    if not (more.get("mode") and kind not in ("PNG", "GIF"))
]


@st.composite
def mangled(draw):
    """A whole file, cut short, with bytes changed, left out or put in, or with another behind it."""
    file = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(file) - 1))
        change = draw(st.sampled_from(["set", "cut", "put", "drop"]))
        if change == "set":
            file[place] = draw(st.integers(0, 255))
        elif change == "put":
            file[place:place] = draw(st.binary(max_size=8))
        elif change == "drop":
            del file[place : place + draw(st.integers(1, 40))]
        elif draw(st.booleans()):
            del file[place:]
        file = file or bytearray(b"x")
    return bytes(file) + draw(st.sampled_from([b"", b"<script>", WHOLE[0]]))


def is_read_or_refused(data):
    try:
        picture = reading.read(data)
    except reading.NotAPicture:
        return
    assert picture.pixels.mode in ("RGB", "RGBA")
    assert max(picture.pixels.size) <= reading.KEPT_SIDE
    assert picture.pixels.info == {}
    for name in Words.__slots__:
        text = getattr(picture.words, name)
        assert text == " ".join(text.split())
        assert "\0" not in text


@settings(max_examples=400, deadline=None)
@given(mangled())
def test_a_mangled_picture_is_read_or_refused(data):
    is_read_or_refused(data)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\1\0\0WEBPVP8 "]),
    st.binary(max_size=400),
)
def test_what_only_begins_like_a_picture_is_read_or_refused(begin, rest):
    is_read_or_refused(begin + rest)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["Ben Ito", "Harbour Press", "The ferry at"]))
def test_whatever_stands_in_the_xmp_is_read_or_passed_over(text, place):
    packet = XMP.replace(place, text).encode(errors="surrogatepass")

    is_read_or_refused(photo((32, 32), xmp=packet[:60_000]))
