"""The "Leave a Reply" form by keyboard alone, and as a screen reader hears it."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from comments.models import Comment
from tests.factories import make_article, make_comment

FORM_AS_HEARD = """
- region "Leave a Reply":
  - heading "Leave a Reply" [level=2]
  - paragraph: Your email address will not be published. Required fields are marked *
  - text: Comment
  - textbox "Comment":
    - /children: equal
  - paragraph
  - text: Name
  - textbox "Name"
  - text: Email
  - textbox "Email"
  - text: Website
  - textbox "Website"
  - checkbox "Save my name, email, and website in this browser for the next time I comment."
  - text: Save my name, email, and website in this browser for the next time I comment.
  - button "Post Comment"
  - button "Preview"
  - paragraph
"""


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")


def tab_to(page, wanted, most=60):
    """Press Tab until the wanted thing has the focus; where the focus went on the way."""
    way = []
    while not way or way[-1] != wanted:
        assert len(way) < most, way
        page.keyboard.press("Tab")
        way.append(focused(page))
    return way


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_answers_a_comment_by_keyboard_alone(browser, site, script):
    article = make_article()
    make_comment(article, "Is that so?", name="Ines")
    page = browser.new_context(java_script_enabled=script).new_page()
    page.goto(site + article.get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    tab_to(page, "Reply to Ines")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Leave a Reply to Ines")).to_be_visible()
    if not script:
        tab_to(page, "body")
    page.keyboard.type("It is.")
    way = tab_to(page, "name")
    page.keyboard.type("Ana")
    tab_to(page, "email")
    page.keyboard.type("ana@example.org")
    way += tab_to(page, "Post Comment")
    page.keyboard.press("Enter")

    expect(page.locator(".comment.pending")).to_contain_text("It is.")
    assert "fax" not in way
    assert Comment.objects.get(body="It is.").parent.name == "Ines"


@pytest.mark.parametrize(
    ("part", "width"),
    [(".skip", 360), (".skip", 1440), (".sections a", 360), (".box input", 1440), (".box button", 360)],
)
def test_the_ring_of_focus_is_whole(page, site, part, width):
    make_article()
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{site}/about/")
    element = page.locator(part).first
    page.keyboard.press("Tab")

    element.focus()

    middle = element.evaluate("e => parseFloat(getComputedStyle(e).outlineOffset) + 1.5")
    box = element.bounding_box()
    left, top = box["x"] - middle, box["y"] - middle
    right, bottom = box["x"] + box["width"] + middle, box["y"] + box["height"] + middle
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    across, down = (left + right) / 2, (top + bottom) / 2
    sides = [(across, top), (across, bottom), (left, down), (right, down)]
    accent = (158, 33, 24)
    assert [seen.getpixel((int(x), int(y))) if y >= 0 else None for x, y in sides] == [accent] * 4


def test_a_screen_reader_hears_every_field_with_its_name_hint_and_error(page, site):
    article = make_article()
    page.goto(site + article.get_absolute_url())

    expect(page.locator("#reply")).to_match_aria_snapshot(FORM_AS_HEARD)
    body = page.get_by_role("textbox", name="Comment")
    expect(body).to_have_accessible_description(re.compile("^Blank lines part paragraphs"))

    page.get_by_role("button", name="Post Comment").click()
    expect(page.get_by_role("alert")).to_contain_text("Please correct what is marked below. Nothing you wrote is lost.")
    expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
    expect(page.get_by_role("textbox", name="Name")).to_have_accessible_description(
        "Please give a name to show beside your comment."
    )
    expect(page.get_by_role("textbox", name="Name")).to_have_attribute("aria-invalid", "true")


def test_at_320_pixels_with_text_twice_as_large_nothing_is_cut_off(browser, site):
    article = make_article()
    comment = None
    for number in range(6):
        comment = make_comment(article, f"Level {number} " + "w" * 60, name="N" * 60, parent=comment)
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(site + article.get_absolute_url())
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Post Comment").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
