# ruff: noqa: T201
"""A moderator works through the queue: by keyboard alone, without the script, on a phone, and beside another one."""

import time
from statistics import median, quantiles

import pytest
from playwright.sync_api import expect

from comments.models import Comment, Reason
from tests.browser.conftest import log_in, violations
from tests.factories import make_article, make_comment, make_staff, report

# How long a moderator may wait to see what a key did.
AT_ONCE_MS = 150
# WCAG 2.5.5, and what a thumb hits.
THUMB = 44
QUEUE = "/admin/comments/queue/"
# Tells when the card that the keys act on has changed: between the key and the next frame with another card.
WATCH = """
window.took = []
let pressed = null
addEventListener("keydown", (event) => { pressed = performance.now() }, true)
const current = () => document.querySelector(".card.here:not([hidden])")?.id
addEventListener("DOMContentLoaded", () => {
  let before = current()
  new MutationObserver(() => {
    if (pressed === null || current() === before) return
    before = current()
    const since = pressed
    pressed = null
    requestAnimationFrame(() => setTimeout(() => took.push(performance.now() - since)))
  }).observe(document.body, { subtree: true, attributes: true, childList: true })
})
"""


def wait(article, body="Waiting words.", **fields):
    return make_comment(article, body, status="pending", **fields)


def status_of(comment):
    return Comment.objects.get(pk=comment.pk).status


def mixed_comments(number):
    """As they come in: most are fine, every fifth is spam, every tenth is declined; what each should become."""
    articles = [make_article() for _ in range(6)]
    made = {}
    for n in range(number):
        kind = "spam" if n % 5 == 1 else "trash" if n % 10 == 4 else "approved"
        body = {"spam": "See https://a.example/ https://b.example/", "trash": "NO NO NO NO NO NO NO NO NO"}.get(
            kind, "Yes."
        )
        made[wait(articles[n % 6], f"{body} ({n})", name=f"Reader {n}").pk] = kind
    return made


def test_a_moderator_works_through_sixty_comments_by_keyboard_alone(page, site, complaints):
    wanted = mixed_comments(60)
    Reason.objects.get_or_create(code="shouting", defaults={"label": "Shouting", "text": "Please don’t shout."})
    make_staff("Moderators", "mira")
    log_in(page, site, "mira")
    page.add_init_script(WATCH)
    page.goto(site + QUEUE)
    keys = {"approved": ["a"], "spam": ["s"], "trash": ["t", "1"]}
    presses, began = 0, time.monotonic()

    for _ in wanted:
        card = page.locator(".card.here")
        pk = int(card.get_attribute("data-pk"))
        for key in keys[wanted[pk]]:
            page.keyboard.press(key)
            presses += 1
        expect(page.locator(f"#c{pk}")).to_be_hidden()

    expect(page.get_by_text("Nothing here needs you.")).to_be_visible()
    expect(page.locator("#undo p")).to_have_text("1 comment approved.")
    expect(page.locator(".top [data-left=waiting]")).to_have_text("Nothing waits")
    took = page.evaluate("took")
    print(f"\n{presses} presses for {len(wanted)} comments, {time.monotonic() - began:.0f} s; visible after "
          f"{median(took):.0f} ms (median), {max(took):.0f} ms at most")  # fmt: skip
    assert dict(Comment.objects.values_list("pk", "status")) == wanted
    assert presses <= 1.3 * len(wanted)
    # The last card has none after it.
    assert len(took) >= len(wanted) - 1
    # The slowest of twenty may have met another process.
    assert quantiles(took, n=20)[-1] < AT_ONCE_MS
    assert complaints == []


def test_a_moderator_works_through_sixty_comments_with_the_script_off(browser, site):
    wanted = mixed_comments(60)
    Reason.objects.get_or_create(code="shouting", defaults={"label": "Shouting", "text": "Please don’t shout."})
    make_staff("Moderators", "mira")
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    buttons = {"approved": ["Approve"], "spam": ["Spam"], "trash": ["Decline", "Shouting"]}
    presses, took, began = 0, [], time.monotonic()

    for _ in wanted:
        # The address leads to the card after the last one; the first is there, or on top.
        card = page.locator("#cards .card").first
        pk = int(card.get_attribute("data-pk"))
        for name in buttons[wanted[pk]]:
            pressed = time.monotonic()
            press(card, name)
            presses += 1
        expect(page.locator(f"#c{pk}")).to_have_count(0)
        took.append(1000 * (time.monotonic() - pressed))

    expect(page.get_by_text("Nothing here needs you.")).to_be_visible()
    print(f"\nWithout the script: {presses} presses for {len(wanted)} comments, {time.monotonic() - began:.0f} s; the "
          f"next page after {median(took):.0f} ms (median), {max(took):.0f} ms at most")  # fmt: skip
    assert dict(Comment.objects.values_list("pk", "status")) == wanted
    assert presses <= 1.3 * len(wanted)
    page.context.close()


def press(card, name):
    """A button of a card, by the keyboard; what opens the reasons is a summary."""
    button = card.locator(".decline summary") if name == "Decline" else card.get_by_role("button", name=name)
    button.first.press("Enter")


def test_every_key_does_what_the_list_of_keys_says(page, site, complaints):
    article = make_article()
    first, second, third = (wait(article, f"Number {n}.", name=f"Reader {n}") for n in range(3))
    make_staff("Moderators", "mira")
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    here, press = page.locator(".card.here"), page.keyboard.press

    press("j")
    expect(here).to_have_id(f"c{second.pk}")
    press("k")
    expect(here).to_have_id(f"c{first.pk}")
    press("p")
    expect(page.locator("#undo p")).to_have_text("1 comment marked as editors’ pick.")
    assert (status_of(first), Comment.objects.get(pk=first.pk).is_pick) == ("approved", True)
    press("u")
    expect(here).to_have_id(f"c{first.pk}")
    expect(page.locator("#undo")).to_contain_text("put back")
    assert status_of(first) == "pending"
    press("b")
    expect(page.locator("#undo p")).to_contain_text("the sender is blocked")
    press("u")
    expect(page.locator("#undo p")).to_contain_text("let in again")

    press("x")
    press("j")
    press("x")
    press("s")
    expect(page.locator("#undo p")).to_have_text("2 comments marked as spam.")
    press("u")
    expect(page.locator("#undo p")).to_contain_text("2 comments put back")

    press("r")
    page.keyboard.type("So ist es, a b j.")
    press("Control+Enter")
    expect(page.locator("#undo p")).to_contain_text("Your reply is below it")
    reply = Comment.objects.get(body="So ist es, a b j.")
    assert (reply.badge, reply.parent.status) == ("staff", "approved")
    press("u")
    expect(page.locator("#undo p")).to_contain_text("put back")

    press("e")
    page.get_by_label("Comment *").fill("Mended words.")
    press("Control+Enter")
    expect(page.get_by_text("Mended words.")).to_be_visible()
    press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("a")
    press("Escape")
    press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.get_by_role("button", name="Switch single keys off").click()
    page.wait_for_load_state()
    press("a")
    page.wait_for_timeout(300)
    assert {status_of(comment) for comment in (first, second, third)} == {"pending"}
    assert complaints == []


def test_undo_brings_the_card_back_before_the_server_answers_and_takes_it_away_if_that_fails(page, site):
    article = make_article()
    first, second = wait(article), wait(article, "More.")
    make_staff("Moderators", "mira")
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    here, held = page.locator(".card.here"), []
    page.keyboard.press("a")
    expect(page.locator("#undo p")).to_have_text("1 comment approved.")
    page.route("**/undo/", lambda route: held.append(route))

    with page.expect_request("**/undo/"):
        page.keyboard.press("u")
    expect(here).to_have_id(f"c{first.pk}")
    held[0].abort()
    expect(here).to_have_id(f"c{second.pk}")
    expect(page.locator("#undo")).to_contain_text("The site can’t be reached.")
    assert status_of(first) == "approved"

    with page.expect_request("**/undo/"):
        page.keyboard.press("u")
    expect(here).to_have_id(f"c{first.pk}")
    page.keyboard.press("j")
    held[1].continue_()
    expect(page.locator("#undo")).to_contain_text("put back")
    expect(here).to_have_id(f"c{second.pk}")
    expect(page.locator(f"#c{first.pk}")).to_be_visible()
    assert status_of(first) == "pending"


def test_words_of_a_reply_that_is_refused_stay_in_their_card(page, site):
    article = make_article()
    comment = wait(article)
    make_staff("Moderators", "mira")
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    Comment.objects.filter(pk=comment.pk).delete()

    page.keyboard.press("r")
    page.keyboard.type("Kept words.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("alert").filter(has_text="This is not there any more. Nothing was done.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Kept words.")


def test_without_the_script_each_key_is_a_button(browser, site):
    article = make_article()
    comments = [wait(article, f"Number {n}.", name=f"Reader {n}") for n in range(6)]
    make_staff("Moderators", "mira")
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, site, "mira")
    page.goto(site + QUEUE)

    page.get_by_role("button", name="Approve the comment by Reader 0").click()
    expect(page.get_by_text("1 comment approved.", exact=True)).to_be_visible()
    assert page.url.endswith(f"#c{comments[1].pk}")
    page.get_by_role("button", name="Spam the comment by Reader 1").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 comment put back to where they were.")).to_be_visible()
    page.locator(f"#c{comments[2].pk} .decline summary").click()
    page.locator(f"#c{comments[2].pk}").get_by_role("button", name="Without a reason").click()
    page.get_by_label("Select the comment by Reader 3").check()
    page.get_by_label("Select the comment by Reader 4").check()
    page.get_by_role("group", name="The selected comments").get_by_role("button", name="Spam").click()
    page.locator(f"#c{comments[5].pk} .reply summary").click()
    page.locator(f"#c{comments[5].pk}").get_by_label("Your reply").fill("Thank you.")
    page.get_by_role("button", name="Approve and reply").click()

    expect(page.get_by_text("Approved. Your reply is below it.")).to_be_visible()
    assert [status_of(comment) for comment in comments] == ["approved", "pending", "trash", "spam", "spam", "approved"]
    page.context.close()


def test_two_moderators_see_each_other_and_hear_who_was_first(browser, site):
    article = make_article()
    first, second = wait(article, name="Reader 1"), wait(article, "More.", name="Reader 2")
    pages = {}
    for name in ("mira", "jonas"):
        make_staff("Moderators", name)
        pages[name] = browser.new_context().new_page()
        log_in(pages[name], site, name)
    mira, jonas = pages["mira"], pages["jonas"]
    mira.goto(site + QUEUE)
    mira.wait_for_load_state("networkidle")

    jonas.goto(site + QUEUE)
    expect(jonas.locator(f"#c{first.pk}")).to_contain_text("mira has this open")
    mira.keyboard.press("a")
    expect(mira.locator("#undo p")).to_have_text("1 comment approved.")
    jonas.keyboard.press("s")

    expect(jonas.locator(f"#c{first.pk}")).to_contain_text("Mira approved it.")
    expect(jonas.locator("#undo p")).to_have_text("0 comments marked as spam.")
    assert [status_of(first), status_of(second)] == ["approved", "pending"]
    for each in pages.values():
        each.context.close()


def test_on_a_phone_the_thumb_approves_declines_marks_spam_and_undoes(browser, site):
    article = make_article()
    comments = [wait(article, f"Number {n}.", name=f"Reader {n}") for n in range(3)]
    make_staff("Moderators", "mira")
    page = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).new_page()
    log_in(page, site, "mira")
    page.goto(site + QUEUE)

    card = page.locator(".card.here")
    for button in ("Approve", "Spam"):
        tap(page, card.get_by_role("button", name=button))
    tap(page, card.locator(".decline summary"))
    tap(page, card.get_by_role("button", name="Without a reason"))
    expect(page.locator("#undo p")).to_have_text("1 comment moved to trash.")
    tap(page, page.get_by_role("button", name="Undo"))

    expect(page.locator("#undo p")).to_contain_text("put back")
    assert [status_of(comment) for comment in comments] == ["approved", "spam", "pending"]
    page.context.close()


def tap(page, target):
    """As a thumb does: what it is meant for is large enough, on the screen, and not below the reach of a hand."""
    expect(target).to_be_visible()
    # What was scrolled a moment ago is where it is to be in the next frame.
    expect(target).to_be_in_viewport(ratio=1)
    box, screen = target.bounding_box(), page.viewport_size
    assert box["height"] >= THUMB
    assert box["width"] >= THUMB
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen["width"]
    assert screen["height"] / 4 <= box["y"]
    assert box["y"] + box["height"] <= screen["height"]
    target.tap()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_queue_has_no_accessibility_violation(page, site, complaints, scheme, width):
    article = make_article(title="W" * 60)
    parent = make_comment(article)
    report(parent, times=3, note="He means my sister. " * 10)
    wait(article, "See https://a.example/" + "x" * 200, name="N" * 90, website="https://a.example/" + "y" * 150)
    wait(article, "Another.", parent=parent)
    make_staff("Moderators", "mira")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.locator(".card.here .reply summary").click()
    page.locator(".card.here .decline summary").click()
    page.keyboard.press("x")
    page.locator(".narrowing summary").click()
    said = list(complaints)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []


def test_the_history_opens_beside_the_queue_by_key_takes_a_note_and_blocks(page, site, complaints):
    article = make_article()
    comment = wait(article, name="Ana", email="ana@example.org")
    make_comment(article, "I was there.", email="ana@example.org")
    other = wait(article, name="Tomas")
    make_staff("Moderators", "mira")
    log_in(page, site, "mira")
    page.goto(site + QUEUE)
    panel = page.get_by_role("complementary", name="History of a writer")

    page.keyboard.press("h")
    expect(panel.get_by_role("heading", name="Ana")).to_be_focused()
    expect(panel).to_contain_text("I was there.")
    panel.get_by_label("A note for your colleagues").fill("Asked twice, a j k.")
    panel.get_by_role("button", name="Keep this note").click()
    expect(panel.get_by_role("status")).to_have_text("The note is kept.")
    expect(panel.locator(".note")).to_contain_text("Asked twice, a j k.")
    panel.get_by_role("button", name="Block this sender").click()
    expect(panel).to_contain_text("Blocked by mira")
    panel.get_by_role("button", name="Unblock").click()
    expect(panel.get_by_role("status")).to_have_text("The sender is let in again.")
    page.keyboard.press("Escape")

    expect(panel).to_be_hidden()
    assert status_of(comment) == "pending"
    page.keyboard.press("h")
    expect(panel).to_be_visible()
    page.keyboard.press("a")
    expect(panel).to_be_hidden()
    expect(page.locator(".card.here")).to_have_id(f"c{other.pk}")
    assert page.url == site + QUEUE
    assert complaints == []
