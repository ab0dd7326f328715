"""A log-in that ends while somebody types at the desk costs no word, with the script and without it."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from comments.models import Comment, Note
from tests.browser.conftest import log_in
from tests.factories import make_article, make_comment, make_staff

QUEUE = "/admin/comments/queue/"


@pytest.fixture
def comment(site):
    make_staff("Moderators", "mira")
    return make_comment(make_article(), "Waiting words.", status="pending", name="Ana", email="ana@example.org")


def end_log_in():
    Session.objects.all().delete()


def log_in_elsewhere(page, site):
    other = page.context.new_page()
    log_in(other, site, "mira")
    other.close()


def test_a_reply_stays_in_its_card_and_is_sent_after_the_next_log_in(page, site, comment):
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    page.keyboard.press("r")
    page.keyboard.type("Kept words.")
    end_log_in()

    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="You are logged out.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Kept words.")
    log_in_elsewhere(page, site)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#undo p")).to_contain_text("Your reply is below it")
    assert Comment.objects.filter(body="Kept words.").exists()


def test_an_edit_stays_in_its_card_and_is_sent_after_the_next_log_in(page, site, comment):
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    page.keyboard.press("e")
    words = page.get_by_label("Comment *")
    words.fill("Mended words.")
    end_log_in()

    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo p")).to_have_text("You are logged out. Nothing was saved.")
    expect(words).to_have_value("Mended words.")
    log_in_elsewhere(page, site)
    words.press("Control+Enter")

    expect(page.locator("#undo p")).to_contain_text("Saved.")
    assert Comment.objects.get().body == "Mended words."


def test_an_edit_of_a_comment_that_is_deleted_meanwhile_stays_in_sight(page, site, comment):
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    page.keyboard.press("e")
    words = page.get_by_label("Comment *")
    words.fill("Mended words.")
    Comment.objects.all().delete()

    page.keyboard.press("Control+Enter")

    expect(page.locator("#undo p")).to_have_text("This is not there any more. Nothing was saved.")
    expect(words).to_have_value("Mended words.")


def test_a_note_stays_in_the_panel_and_is_sent_after_the_next_log_in(page, site, comment):
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    page.keyboard.press("h")
    panel = page.get_by_role("complementary", name="History of a writer")
    panel.get_by_label("A note for your colleagues").fill("Asked twice.")
    end_log_in()

    panel.get_by_role("button", name="Keep this note").click()
    expect(panel.get_by_role("status")).to_have_text("You are logged out. Nothing was done.")
    expect(panel.get_by_label("A note for your colleagues")).to_have_value("Asked twice.")
    log_in_elsewhere(page, site)
    panel.get_by_role("button", name="Keep this note").click()

    expect(panel.get_by_role("status")).to_have_text("The note is kept.")
    assert Note.objects.get().text == "Asked twice."


def test_without_the_script_the_words_come_back_and_are_sent_after_the_next_log_in(browser, site, comment):
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, site, "mira")
    page.goto(f"{site}/admin/comments/comment/{comment.pk}/edit/")
    page.get_by_label("Comment *").fill("Mended words.")
    end_log_in()

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="You are logged out")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Mended words.")
    log_in_elsewhere(page, site)
    page.get_by_role("button", name="Send again").click()
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("The comment is saved.")).to_be_visible()
    assert Comment.objects.get().body == "Mended words."
    page.context.close()
