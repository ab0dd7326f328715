"""The article page with everything on it: accessible in any light and direction, small, and fit to be printed."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from articles.models import Correction
from tests.browser.conftest import log_in, violations
from tests.factories import make_article, make_author, make_comment, make_section, make_staff

FILES = ("document", "stylesheet", "script", "fetch", "font")
PARAGRAPH = "<p>" + "Nobody who has read the plan objects to it. " * 40 + "</p>"
BODY = (
    '<p>Every spring the water comes up<small class="footnote">To the third step; see <a href="https://a.example/">the'
    " gauge</a>.</small>.</p>"
    + "".join(f"<h2>Part {number}</h2>{PARAGRAPH}" for number in range(4))
    + '<blockquote class="pull"><p>Nobody objects to it.</p></blockquote>'
)


def everything(**fields):
    author = make_author("Leila Haddad")
    make_article(title="An earlier view", author=author)
    first = make_article(title="Leave the bench", section=make_section("World"))
    fields = {"language": "en", "disclosure": "She owns a bench.", "answers": first, "body": BODY} | fields
    article = make_article(title="The river", author=author, **fields)
    Correction.objects.create(article=article, text="<p>Eleven committees, not twelve.</p>")
    make_comment(article, "I sat on the fourth committee.")
    return article


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_the_whole_article_page_has_no_accessibility_violation(page, site, complaints, scheme, width, language):
    article = everything(language=language)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(site + article.get_absolute_url())
    page.locator(".contents summary").click()

    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert page.locator("h1").count() == 1
    assert complaints == []


def test_a_footnote_is_reached_by_keyboard_and_leads_back(page, site):
    page.goto(site + everything().get_absolute_url())

    page.locator("[role=doc-noteref]").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#note-1$"))
    page.locator("[role=doc-backlink]").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("#note-1-ref$"))


def test_an_article_with_50_comments_takes_at_most_25_kilobytes_in_4_requests_without_images(page, site):
    article = make_article()
    for number in range(50):
        make_comment(
            article, f"I sat on committee {number}, and I was given the plan on its last day to be thanked for it."
        )
    bodies = []
    page.on("response", lambda answer: bodies.append(answer.body()) if answer.request.resource_type in FILES else None)

    page.goto(site + article.get_absolute_url())
    page.wait_for_load_state("networkidle")

    assert len(bodies) <= 4
    total = sum(len(gzip.compress(body, 6)) for body in bodies)
    assert 5_000 < total <= 25_000


@pytest.mark.parametrize("width", [360, 768])
def test_comments_stay_where_they_are_when_the_buttons_for_sharing_appear(page, site, width):
    article = everything()
    page.set_viewport_size({"width": width, "height": 740})
    page.route("**/article.*.js", lambda route: route.abort())
    page.goto(site + article.get_absolute_url())
    before = page.locator(".discussion").bounding_box()

    page.unroute_all()
    page.goto(site + article.get_absolute_url())

    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    assert page.locator(".discussion").bounding_box()["y"] == before["y"]


def test_in_print_stands_what_one_would_hand_on_and_nothing_to_press(page, site):
    article = everything()
    page.goto(site + article.get_absolute_url())

    page.emulate_media(media="print")

    for part in ("h1", ".byline", ".prose", ".notes", ".amendments", ".disclosure", ".bio", ".printed"):
        expect(page.locator(part).first).to_be_visible()
    for part in (".sections", ".foot", ".discussion", ".share", ".others", ".contents", ".topics"):
        assert not page.locator(part).first.is_visible()
    assert article.get_absolute_url() in page.locator(".printed").inner_text()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_an_editor_makes_a_pull_quote_and_a_footnote(page, site, complaints):
    article = make_article()
    make_staff("Editors", "mira")
    log_in(page, site, "mira")
    page.goto(f"{site}/admin/articles/article/{article.pk}/change/")

    editor = page.get_by_role("textbox", name="Body")
    editor.click()
    # For a twentieth of a second after a click it doesn't look where the caret goes; nobody's hand is as quick.
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    page.keyboard.press("Control+End")
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    page.keyboard.press("Enter")
    page.keyboard.type("A plan sits in a drawer((the second from the top)).")
    page.keyboard.press("Enter")
    page.keyboard.type("Whose drawer")
    page.get_by_role("button", name="pull quote").click()
    page.get_by_role("button", name="Save", exact=True).first.click()

    article.refresh_from_db()
    assert '<small class="footnote">the second from the top</small>.' in article.body
    assert '<blockquote class="pull" aria-hidden="true"><p>Whose drawer</p></blockquote>' in article.body_html
    assert complaints == []
