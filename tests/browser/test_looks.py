"""What a person with any device meets: accessible pages, nothing refused by the CSP, phone, dark, script off."""

from contextlib import suppress

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import expect

from articles import missing, redirects
from articles.models import Raid, Topic
from comments.blocking import block_writer
from comments.editing import Words, edit_by_staff, words_of
from comments.links import new_answering_link
from comments.models import Reason
from comments.notes import write_note
from comments.raids import switch_on
from tests.browser.conftest import log_in, violations
from tests.factories import make_article, make_author, make_comment, make_section, make_staff, make_withdrawn, report


def reading_addresses():
    author, section = make_author(), make_section()
    article = make_article(author=author, section=section)
    urdu = make_article(title="دریا کی بات", standfirst="ایک منصوبہ", body="<p>ہر بہار</p>", language="ur")
    first = make_comment(article, "I sat on the fourth committee.", website="https://a.example/")
    make_comment(article, "May I quote you?", parent=first, badge="author")
    return {
        "home": "/",
        "article": article.get_absolute_url(),
        "urdu": urdu.get_absolute_url(),
        "author": author.get_absolute_url(),
        "section": section.get_absolute_url(),
        "page": "/privacy/",
        "nothing": f"{article.get_absolute_url().rstrip('/')}n/",
        "gone": make_withdrawn().get_absolute_url(),
        "refused": f"/?a={'x' * 5000}",
        "log-in": "/accounts/login/",
    }


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_readers_pages_have_no_accessibility_violation(page, site, complaints, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})

    found = {}
    for name, url in reading_addresses().items():
        page.goto(site + url)
        found[name] = violations(page)
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not too_wide, f"{name} scrolls sideways at {width} px"

    assert {name: found[name] for name in found if found[name]} == {}
    assert [text for text in complaints if not any(code in text for code in ("404", "410", "414"))] == []


def test_a_feed_in_a_browser_is_no_wider_than_the_window_however_long_a_word(page, site):
    make_article(title="Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz")
    page.set_viewport_size({"width": 360, "height": 800})

    for url in ("/feed/", "/feed/atom/"):
        page.goto(site + url)
        assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_with_errors_has_no_accessibility_violation_and_leads_to_the_first_one(page, site, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(site + make_article().get_absolute_url())
    page.get_by_label("Comment *").fill("Kept as it was.")
    page.get_by_label("Email *").fill("ana@")

    page.get_by_role("button", name="Post Comment").click()

    expect(page.get_by_label("Comment *")).to_have_value("Kept as it was.")
    expect(page.get_by_label("Name *")).to_be_focused()
    expect(page.get_by_label("Email *")).to_have_accessible_description(
        "Please give a complete email address, like ana@example.org."
    )
    assert violations(page) == []


def desk_addresses(user):
    """Every page of the desk that can be opened: lists, forms, one of each kind, and the pages of our own."""
    article = make_article(author=make_author())
    comment = make_comment(article, "<blockquote>Eleven committees.</blockquote>So be it.", status="pending")
    approved = make_comment(article, "W" * 300, name="N" * 90, email="ana@example.org")
    report(approved, times=3, note="He means my sister.")
    edit_by_staff(comment, Words("So be it.", "Ana", ""), opened_on=words_of(comment).key, by="jonas")
    write_note(comment, "Is polite.", by="jonas")
    block_writer(comment, by="jonas")
    Topic.objects.create(name="Water")
    new_answering_link(article.signed[0].author, by="jonas")
    Reason.objects.get_or_create(code="shouting", defaults={"label": "Shouting", "text": "Please don’t shout."})
    switch_on(article, Raid.SLOW, until=None, seconds=300, by="jonas", why="A link from a forum.")
    missing.count({f"/2019/05/{article.slug}/": 41, f"/{'a-long-way-' * 20}": 1})
    redirects.address_moved("/2019/04/a-former-address-of-some-length/", article.get_absolute_url())
    request = RequestFactory().get("/")
    request.user = user
    for model, desk in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if desk.has_add_permission(request):
            yield reverse(f"{name}_add")
        first = model._default_manager.order_by("pk").first()
        for page in ("change", "history", "delete", "edit") if first else ():
            with suppress(NoReverseMatch):
                yield reverse(f"{name}_{page}", args=[first.pk])
    yield from (
        "/admin/", "/admin/privacy/", "/admin/auth/", "/admin/comments/discussion/try/", "/accounts/password/change/",
        "/accounts/2fa/", "/admin/nothing/here/", f"/admin/comments/queue/{comment.pk}/history/",
        f"/admin/comments/raidlog/op-ed/{article.pk}/", "/admin/comments/queue/?status=spam",
        f"/admin/comments/comment/answer/{article.pk}/?to={approved.pk}",
        f"/admin/comments/comment/{approved.pk}/change/",
        f"/admin/auth/user/{user.pk}/password/", "/admin/comments/comment/?status=all&q=be",
        f"/admin/articles/article/{article.pk}/move/", "/admin/articles/publication/1/change/",
    )  # fmt: skip


# Where to type or press, and wider than the window without making it scroll.
CUT_OFF = """
[...document.querySelectorAll("input, textarea, select, button, a")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)
  .map((each) => `is cut off: ${each.id || each.textContent}`)
"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_page_of_the_desk_has_an_accessibility_violation_or_is_too_wide(page, site, complaints, scheme, width):
    addresses = dict.fromkeys(desk_addresses(make_staff("Owner", "mira")))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, site, "mira")

    found, said = {}, []
    for url in addresses:
        page.goto(site + url)
        page.wait_for_load_state("networkidle")
        # What the browser says from here on is about axe's own <style>.
        # Nobody may delete what is a record; that page says so with a 403 and is looked at all the same.
        expected = "403" if url.endswith("/delete/") else "404"
        said += [f"{url}: {text}" for text in complaints if expected not in text]
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[url] = violations(page) + ["scrolls sideways"] * too_wide + page.evaluate(CUT_OFF)
        complaints.clear()

    assert len(found) > 50
    assert {name: found[name] for name in found if found[name]} == {}
    assert said == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_an_owners_menu_is_one_row_and_opens_to_the_rest(page, site, scheme, width):
    make_staff("Owner", "mira")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 740})
    log_in(page, site, "mira")
    menu = page.get_by_role("navigation", name="Desk")
    assert menu.bounding_box()["height"] < 60

    menu.get_by_role("button", name="More").press("Enter")

    assert violations(page) == []
    box = menu.get_by_role("link", name="Outbox").bounding_box()
    assert 0 <= box["x"] <= width - box["width"]
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Outbox")).to_be_hidden()
    menu.get_by_role("button", name="More").click()
    menu.get_by_role("button", name="Log out mira").click()
    expect(menu).to_be_hidden()


def test_with_script_off_a_reader_reads_answers_and_sends(browser, site):
    article = make_article()
    comment = make_comment(article, "The meadow is leased.", name="Tomas R.")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + article.get_absolute_url())

    page.get_by_role("link", name="Reply to Tomas R.").click()
    expect(page.get_by_role("heading", name="Leave a Reply to Tomas R.")).to_be_visible()
    page.get_by_label("Comment *").fill("By whom?")
    page.get_by_label("Name *").fill("Ana")
    page.get_by_label("Email *").fill("ana@example.org")
    page.get_by_role("button", name="Post Comment").click()

    own = page.locator(".comment.pending")
    expect(own).to_contain_text("By whom?")
    expect(own).to_contain_text("in reply to Tomas R.")
    assert comment.get_absolute_url()
    context.close()


def test_a_moderator_undoes_a_decision_on_a_phone(page, site, complaints):
    make_comment(make_article(), "Waiting words.", status="pending")
    make_staff("Moderators", "jonas")
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, site, "jonas")
    page.get_by_role("link", name="Comments", exact=True).first.click()

    page.get_by_role("button", name="Trash").click()
    expect(page.get_by_text("1 comment moved to trash.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo the last decision").click()

    expect(page.get_by_text("put back to where they were")).to_be_visible()
    expect(page.get_by_text("Waiting words.")).to_be_visible()
    assert complaints == []
