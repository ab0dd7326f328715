"""Pictures as readers' pages print them."""

import html5lib
import pytest

from articles.models import Author, Image
from articles.pictures.markup import face, figure, picture


def make_image(**fields):
    """A picture whose renditions are there, in no database."""
    ready = {"key": "3f9a", "name": "ferry.jpg", "width": 1500, "height": 1000, "due_at": None}
    return Image(**ready | {"widths": [320, 640, 960, 1280, 1500]} | fields)


def printed(html, element):
    return html5lib.parseFragment(html, namespaceHTMLElements=False).find(f".//{element}").attrib


def test_a_picture_names_all_its_widths_and_keeps_its_room():
    image = make_image(alt="A ferry")

    img = printed(picture(image, sizes="50vw"), "img")

    assert img["srcset"].split(", ")[0] == "/media/3f9a/320.webp 320w"
    assert img["srcset"].split(", ")[-1] == "/media/3f9a/1500.webp 1500w"
    assert img["src"] == "/media/3f9a/960.webp"
    assert (img["width"], img["height"], img["sizes"], img["alt"]) == ("1500", "1000", "50vw", "A ferry")
    assert img["loading"] == "lazy"


def test_the_picture_that_a_page_opens_with_is_fetched_first():
    img = printed(picture(make_image(), eager=True), "img")

    assert img["fetchpriority"] == "high"
    assert "loading" not in img


def test_a_small_picture_is_not_enlarged():
    img = printed(picture(make_image(width=200, height=80, widths=[200])), "img")

    assert (img["src"], img["srcset"]) == ("/media/3f9a/200.webp", "/media/3f9a/200.webp 200w")


@pytest.mark.parametrize("missing", [None, make_image(widths=[])])
def test_nothing_is_printed_of_a_picture_that_is_not_there_yet(missing):
    assert picture(missing) == figure(missing) == ""


def test_caption_and_credit_stand_below_a_figure_as_text():
    image = make_image(caption="The 6.40 <boat>", credit="Ana & Co")

    html = figure(image)

    assert "<figcaption><span>The 6.40 &lt;boat&gt;</span> <small>Ana &amp; Co</small></figcaption>" in html


def test_a_figure_of_which_nothing_is_said_has_no_caption():
    assert "figcaption" not in figure(make_image())


def test_an_alternative_text_can_not_leave_its_attribute():
    assert printed(picture(make_image(alt='" onerror="alert(1)')), "img")["alt"] == '" onerror="alert(1)'


def test_an_author_has_a_face_or_an_initial():
    with_portrait = Author(name="Leila Haddad", portrait=make_image(width=300, height=900, widths=[300]))
    without = Author(name="élodie Roy")

    img = printed(face(with_portrait), "img")

    assert img["srcset"] == "/media/3f9a/square-96.webp 96w, /media/3f9a/square-192.webp 192w"
    assert (img["width"], img["height"], img["alt"]) == ("96", "96", "")
    assert face(without) == '<span class="face" aria-hidden="true">É</span>'


def test_a_portrait_too_small_for_a_square_leaves_the_initial():
    author = Author(name="Leila", portrait=make_image(width=300, height=80, widths=[300]))

    assert ">L<" in face(author)
