"""The main job: an editor publishes, a reader replies, a moderator approves, a second reader sees it."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in
from tests.factories import make_section, make_staff

OWN_HEADINGS = ["What a bench is for", "Who pays for the view"]


@dataclass(frozen=True)
class OpEd:
    """A text as its author sent it: headings are the lines that stand alone and end without a full stop."""

    title: str
    blocks: list[str]
    author: str
    bio: str

    @property
    def headings(self) -> list[str]:
        return [block for block in self.blocks if len(block) < 80 and not block.endswith(".")]


OWN = OpEd(
    title="Leave the bench where it is",
    blocks=[
        "The council has measured the bench on Quay Street and found that nobody sits on it for long.",
        OWN_HEADINGS[0],
        "A bench is not a bus seat. Its use is to be there on the day when somebody’s knees give out.",
        OWN_HEADINGS[1],
        "The view costs nothing. It is the sitting down that has to be defended.",
    ],
    author="Dilys Garth",
    bio="Dilys Garth ran the wool shop on Quay Street for thirty years.",
)


def read_op_ed(path: Path) -> OpEd:
    """The file in `seed/`: title, blocks parted by blank lines, author, bio, and the form's words."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = lines[: lines.index("Leave a Reply")]
    title, *blocks, author, bio = lines
    return OpEd(title, blocks, author, bio)


def write_body(page: Page, op_ed: OpEd) -> None:
    """Type the blocks into the editor; headings by the shortcut, paragraphs by Enter."""
    editor = page.get_by_role("textbox", name="Body")
    editor.click()
    for number, block in enumerate(op_ed.blocks):
        if number:
            page.keyboard.press("Enter")
        is_heading = block in op_ed.headings
        page.keyboard.press("Control+Alt+2" if is_heading else "Control+Alt+0")
        page.keyboard.insert_text(block)


def do_the_main_job(page: Page, browser: Browser, site: str, complaints: list[str], op_ed: OpEd) -> None:
    make_section("World")
    make_staff("Editors", "mira")
    make_staff("Moderators", "jonas")

    # The editor enters the author with the bio, then the op-ed, and publishes it.
    log_in(page, site, "mira")
    page.goto(f"{site}/admin/articles/author/add/")
    page.get_by_label("Name:").fill(op_ed.author)
    page.get_by_role("textbox", name="Bio").click()
    page.keyboard.insert_text(op_ed.bio)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Write an op-ed").click()
    page.get_by_label("Title").fill(op_ed.title)
    write_body(page, op_ed)
    page.get_by_label("Section").select_option(label="World")
    page.locator("#id_bylines-0-author").select_option(label=op_ed.author)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("is published")).to_be_visible()
    page.get_by_role("link", name="View on site").click()
    address = page.url

    # A reader finds it on the front page, reads, and replies.
    reader = browser.new_context()
    readers_page = reader.new_page()
    readers_page.goto(site)
    readers_page.get_by_role("link", name=op_ed.title).click()
    assert readers_page.url == address
    expect(readers_page.get_by_role("heading", level=1)).to_have_text(op_ed.title)
    assert readers_page.locator(".prose h2").all_inner_texts() == op_ed.headings
    paragraphs = [block for block in op_ed.blocks if block not in op_ed.headings]
    assert readers_page.locator(".prose p").all_inner_texts() == paragraphs
    expect(readers_page.locator(".bio")).to_contain_text(op_ed.author)
    expect(readers_page.locator(".bio")).to_contain_text(op_ed.bio)
    readers_page.get_by_label("Comment *").fill("I have read this twice.\n\nI agree with half of it.")
    readers_page.get_by_label("Name *").fill("Ana Petrova")
    readers_page.get_by_label("Email *").fill("ana.petrova@hidden-mail.example")
    readers_page.get_by_role("button", name="Post Comment").click()
    expect(readers_page.locator(".comment.pending")).to_contain_text("I agree with half of it.")
    expect(readers_page.locator(".comment.pending")).to_contain_text("awaiting moderation")

    # Nobody else sees it before the moderator has approved it.
    stranger = browser.new_context()
    strangers_page = stranger.new_page()
    strangers_page.goto(address)
    expect(strangers_page.locator("body")).not_to_contain_text("I agree with half of it.")

    moderator = browser.new_context()
    moderators_page = moderator.new_page()
    log_in(moderators_page, site, "jonas")
    moderators_page.get_by_role("link", name="Moderate").click()
    row = moderators_page.locator(".card")
    expect(row).to_contain_text("I agree with half of it.")
    expect(row).to_contain_text("first comment")
    expect(moderators_page.locator("body")).not_to_contain_text("hidden-mail")
    row.get_by_role("button", name="Approve").click()
    expect(moderators_page.get_by_text("1 comment approved.", exact=True)).to_be_visible()

    # A second reader, with no cookie, reads it; the address is nowhere.
    strangers_page.reload()
    expect(strangers_page.locator(".comment")).to_contain_text("I agree with half of it.")
    expect(strangers_page.get_by_role("heading", name="1 comment")).to_be_visible()
    assert stranger.cookies() == []
    assert reader.cookies() == []
    assert not re.search("hidden-mail|ana.petrova@", strangers_page.content())
    assert complaints == []
    for context in (reader, stranger, moderator):
        context.close()


def test_an_op_ed_of_our_own_goes_the_whole_way(page, browser, site, complaints):
    do_the_main_job(page, browser, site, complaints, OWN)


@pytest.mark.material
def test_a_real_op_ed_goes_the_whole_way(page, browser, site, complaints, material):
    op_ed = read_op_ed(material / "seed" / "pakistans-quest-for-peace.txt")
    assert len(op_ed.headings) == 4

    do_the_main_job(page, browser, site, complaints, op_ed)
