"""Searching with a keyboard, with suggestions, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations
from tests.factories import make_article


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_search_have_no_accessibility_violation(page, site, complaints, scheme):
    make_article(title="The river that the ministry forgot")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 800})

    found = {}
    for url in ("/search/", "/search/?q=river", "/search/?q=zebra+river", "/search/?q=-river"):
        page.goto(site + url)
        found[url] = violations(page)

    assert [each for each in found.values() if each] == []
    assert [text for text in complaints if "style" not in text] == []


def test_a_suggestion_is_chosen_with_the_arrows(page, site):
    article = make_article(title="The river that the ministry forgot")
    make_article(title="The river again")
    page.goto(site + "/search/")
    field = page.get_by_role("combobox", name=re.compile("Words"))
    field.press_sequentially("the riv")

    options = page.locator("#suggestions [role=option]")
    expect(options).to_have_count(2)
    assert violations(page) == []
    field.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(field).to_have_value("the riv")
    field.press_sequentially("e")
    expect(page.locator("#suggestions")).to_be_visible()
    field.press("ArrowUp")
    expect(page.locator("#suggestions [aria-selected=true]")).to_contain_text("ministry")
    field.press("Enter")

    expect(page).to_have_url(site + article.get_absolute_url())


def test_in_print_results_say_what_was_looked_for_and_where(page, site):
    article = make_article(title="The river that the ministry forgot")
    page.goto(f"{site}/search/?q=river&section={article.section.slug}")
    page.emulate_media(media="print")

    for shown in ("#q", "#section", ".count", ".found"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in ("#author", "#year", ".search button"):
        expect(page.locator(hidden)).to_be_hidden()


def test_with_script_off_the_box_in_the_masthead_finds(browser, site):
    make_article(title="The river that the ministry forgot")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(site + "/privacy/")

    page.get_by_role("searchbox", name="Words to look for").fill("ministry")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("mark")).to_have_text("ministry")
    context.close()
