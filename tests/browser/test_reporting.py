"""A reader reports a comment in a real browser: without script, by keyboard alone, on a phone and in the dark."""

import pytest
from playwright.sync_api import expect

from comments.models import Report
from tests.browser.conftest import violations
from tests.factories import make_article, make_comment


def test_a_comment_is_reported_by_keyboard_without_javascript(browser, site):
    comment = make_comment(make_article(), name="Ana")
    page = browser.new_context(java_script_enabled=False).new_page()

    page.goto(site + comment.article.get_absolute_url())
    page.get_by_role("link", name="Report the comment by Ana").press("Enter")
    expect(page.get_by_role("heading", name="Report this comment")).to_be_visible()
    page.get_by_label("Off topic").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("About another bridge.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Back to the comments").click()
    expect(page.get_by_role("link", name="Report the comment by Ana")).to_be_visible()

    stored = Report.objects.get()
    assert (stored.comment_id, stored.reason, stored.note) == (comment.pk, "Off topic", "About another bridge.")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_its_pages_have_no_accessibility_violation(page, site, complaints, scheme, width):
    comment = make_comment(make_article(), "A long word: " + "x" * 200, name="A" * 100)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    found = {}

    def look(step):
        found[step] = violations(page)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), step

    page.goto(f"{site}/comments/{comment.pk}/report/")
    look("form")
    page.get_by_role("button", name="Send the report").click()
    look("errors")
    page.get_by_role("link", name="What is wrong with it?").click()
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Send the report").click()
    look("thanks")

    assert found == {"form": [], "errors": [], "thanks": []}
    assert [each for each in complaints if "422" not in each] == []
