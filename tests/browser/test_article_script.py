"""What script adds to the reply form."""

import re

from playwright.sync_api import expect

from comments.links import new_answering_link, own_url
from tests.browser.conftest import violations
from tests.factories import make_article, make_author, make_comment


def test_the_form_moves_below_the_comment_being_answered_and_back(page, site, complaints):
    article = make_article()
    make_comment(article, "The meadow is leased.", name="Tomas R.")
    make_comment(article, "Another thread.", name="Ines")
    page.goto(site + article.get_absolute_url())

    page.get_by_role("link", name="Reply to Tomas R.").click()
    expect(page.get_by_role("heading", name="Leave a Reply to Tomas R.")).to_be_visible()
    expect(page.get_by_label("Comment *")).to_be_focused()
    expect(page.locator(".comment", has_text="The meadow is leased.").locator("form")).to_be_visible()
    assert page.url == site + article.get_absolute_url()
    assert violations(page) == []

    page.get_by_role("button", name="Cancel reply").click()
    expect(page.get_by_role("heading", name="Leave a Reply", exact=True)).to_be_visible()
    expect(page.locator(".thread form")).to_have_count(0)
    expect(page.get_by_role("link", name="Reply to Tomas R.")).to_be_focused()
    assert [text for text in complaints if "style" not in text and "preload" not in text] == []


def test_a_reply_sent_from_below_a_comment_answers_it(page, site):
    article = make_article()
    make_comment(article, "The meadow is leased.", name="Tomas R.")
    page.goto(site + article.get_absolute_url())

    page.get_by_role("link", name="Reply to Tomas R.").click()
    page.get_by_label("Comment *").fill("By whom?")
    page.get_by_label("Name *").fill("Ana")
    page.get_by_label("Email *").fill("ana@example.org")
    page.get_by_role("button", name="Post Comment").click()

    expect(page.locator(".comment.pending")).to_contain_text("in reply to Tomas R.")


def test_who_asks_for_it_is_remembered_in_this_browser_only(page, site):
    first, second = make_article(), make_article()
    page.goto(site + first.get_absolute_url())
    page.get_by_label("Comment *").fill("Remember me.")
    page.get_by_label("Name *").fill("Ana")
    page.get_by_label("Email *").fill("ana@example.org")
    page.get_by_label("Save my name, email, and website in this browser").check()
    page.get_by_role("button", name="Post Comment").click()
    expect(page.locator(".comment.pending")).to_be_visible()

    page.goto(site + second.get_absolute_url())
    expect(page.get_by_label("Name *")).to_have_value("Ana")
    expect(page.get_by_label("Email *")).to_have_value("ana@example.org")
    assert page.context.cookies() == []

    page.get_by_label("Save my name, email, and website in this browser").uncheck()
    page.reload()
    expect(page.get_by_label("Name *")).to_have_value("")


def test_a_text_survives_a_reload_until_it_is_sent(page, site):
    article = make_article()
    page.goto(site + article.get_absolute_url())
    page.get_by_label("Comment *").press_sequentially("Half a thought")
    page.reload()
    expect(page.get_by_label("Comment *")).to_have_value("Half a thought")

    page.get_by_label("Name *").fill("Ana")
    page.get_by_label("Email *").fill("ana@example.org")
    page.get_by_role("button", name="Post Comment").click()
    expect(page.locator(".comment.pending")).to_contain_text("Half a thought")
    page.goto(site + article.get_absolute_url())
    expect(page.get_by_label("Comment *")).to_have_value("")


def test_the_last_characters_are_counted(page, site):
    page.goto(site + make_article().get_absolute_url())
    page.get_by_label("Comment *").fill("x" * 4_990)

    expect(page.get_by_text("10 characters left")).to_be_visible()


def test_a_preview_comes_before_the_form(page, site):
    page.goto(site + make_article().get_absolute_url())
    page.get_by_label("Comment *").fill("One.\n\nTwo.")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator(".preview .said p")).to_have_text(["One.", "Two."])
    expect(page.get_by_label("Comment *")).to_have_value("One.\n\nTwo.")
    expect(page.locator("#preview")).to_be_focused()
    assert re.search("/comments/preview/", page.url)


def test_a_reload_keeps_what_a_text_answers(page, site):
    article = make_article()
    comment = make_comment(article, "The meadow is leased.", name="Tomas R.")
    page.goto(site + article.get_absolute_url())
    page.get_by_role("link", name="Reply to Tomas R.").click()
    page.get_by_label("Comment *").fill("By whom, I wonder?")

    page.reload()

    expect(page.get_by_label("Comment *")).to_have_value("By whom, I wonder?")
    expect(page.get_by_role("heading", name="Leave a Reply to Tomas R.")).to_be_visible()
    expect(page.locator("input[name=parent]")).to_have_value(str(comment.pk))


def test_answering_another_comment_than_the_address_says_names_that_one_only(page, site):
    article = make_article()
    first = make_comment(article, "The meadow is leased.", name="Tomas R.")
    make_comment(article, "Another thread.", name="Ines")
    page.goto(f"{site}{article.get_absolute_url()}?reply_to={first.pk}")

    page.get_by_role("link", name="Reply to Ines").click()

    expect(page.get_by_role("heading", name="Leave a Reply to Ines")).to_be_visible()
    expect(page.get_by_text("The comment you are answering")).to_have_count(0)


def test_a_draft_survives_a_look_at_ones_own_page_and_an_authors_answer_does_not_come_back(page, site):
    author = make_author("Leila Haddad")
    article = make_article(author=author)
    comment = make_comment(article, "Mine, waiting.", status="pending")
    page.goto(site + article.get_absolute_url())
    page.get_by_label("Comment *").fill("A second thought.")

    page.goto(site + own_url(comment))
    page.goto(site + article.get_absolute_url())
    expect(page.get_by_label("Comment *")).to_have_value("A second thought.")

    page.goto(f"{site}{new_answering_link(author, by='mira')[1]}{article.pk}/")
    page.get_by_label("Comment *").fill("My answer.")
    page.get_by_role("button", name="Post answer").click()
    expect(page.locator(".thread")).to_contain_text("My answer.")
    expect(page.get_by_label("Comment *")).to_have_value("")
