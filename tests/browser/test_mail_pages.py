"""The pages about mail and about an address, in a real browser: every button works, none is out of reach."""

import pytest
from playwright.sync_api import expect

from comments.links import confirm_url, new_access_url, own_url, stop_url
from comments.models import Comment, Commenter, Origin
from tests.browser.conftest import violations
from tests.factories import make_article, make_comment


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_their_pages_have_no_accessibility_violation(page, site, complaints, scheme, width):
    comment = make_comment(make_article(), "A long word: " + "x" * 200, website="https://a.example/")
    writer = comment.origin.commenter
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})

    found = {}
    for url in (own_url(comment), "/comments/mine/", confirm_url(writer), stop_url(writer), new_access_url(writer)):
        page.goto(site + url)
        found[url] = violations(page)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), url
    page.get_by_role("button", name="Show everything").click()
    expect(page.get_by_role("heading", name="Everything kept under your address")).to_be_visible()
    found["everything"] = violations(page)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.get_by_role("button", name="Erase, remove my words too").click()
    found["erase"] = violations(page)

    assert {url: each for url, each in found.items() if each} == {}
    assert complaints == []


def test_a_writer_ticks_confirms_takes_a_copy_and_is_erased(page, site):
    comment = make_comment(make_article(), "My mother was a pupil there.", status="pending")
    writer = comment.origin.commenter

    page.goto(site + own_url(comment))
    page.get_by_label("when somebody replies").check()
    page.locator("#tell").get_by_role("button", name="Save").click()
    expect(page.get_by_text("A mail with a button was sent")).to_be_visible()
    page.goto(site + confirm_url(writer))
    page.get_by_role("button", name="Yes, write to me").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(site + new_access_url(writer))
    page.get_by_role("button", name="Show everything").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take a copy along").click()
    page.get_by_role("button", name="Erase, keep my words").click()
    page.get_by_role("button", name="Erase for ever").click()
    expect(page.get_by_role("heading", name="Erased")).to_be_visible()

    assert download.value.suggested_filename == "comments.json"
    assert Commenter.objects.count() == 0
    assert Comment.objects.get().name == "Anonymous reader"
    assert not Origin.objects.get().tell_replies
