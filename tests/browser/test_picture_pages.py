"""Pictures in a browser: uploaded and chosen in the desk, and nothing moves on the page that they are on."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Author, Image
from articles.pictures import renditions
from tests.browser.conftest import click_to_close, log_in, violations
from tests.factories import make_article, make_author, make_draft, make_staff
from tests.pictures import XMP, make_image, photo

# Layout shifts since the page began, as the browser counts them for Core Web Vitals.
SHIFT = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(0), 600)
})"""


def is_shown(picture) -> bool:
    return picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 0 }")


def test_a_picture_is_uploaded_while_writing_and_another_chosen(page: Page, site, complaints):
    other = make_image(name="The bus")
    draft = make_draft()
    make_staff("Editors", "editor")
    log_in(page, site, "editor")
    page.goto(f"{site}/admin/articles/article/{draft.pk}/change/")

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Upload").click()
    window = opened.value
    window.get_by_label("Picture:").set_input_files(
        {"name": "ferry.jpg", "mimeType": "image/jpeg", "buffer": photo(xmp=XMP.encode())}
    )
    expect(window.locator("input[type=file] + .thumbnail")).to_be_visible()
    click_to_close(window.get_by_role("button", name="Save", exact=True))

    uploaded = Image.objects.get(name="ferry")
    chosen = page.locator(".chosen")
    expect(chosen).to_contain_text("A small ferry")
    assert is_shown(chosen.locator("img"))

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Choose a picture").click()
    click_to_close(opened.value.get_by_role("link", name="The bus", exact=True).last)
    expect(chosen).to_contain_text("The bus")
    page.get_by_role("button", name="Save", exact=True).click()

    draft.refresh_from_db()
    assert draft.lead_image == other != uploaded
    page.get_by_role("button", name="Take it out").click()
    expect(chosen).to_be_empty()
    page.get_by_role("button", name="Save", exact=True).click()
    draft.refresh_from_db()
    assert draft.lead_image is None
    assert complaints == []


def test_what_is_too_large_is_not_even_sent(page: Page, site):
    make_staff("Writers", "writer")
    log_in(page, site, "writer")
    page.goto(f"{site}/admin/articles/image/add/")

    page.evaluate("document.querySelector('input[type=file]').dataset.maxBytes = 1000")
    page.get_by_label("Picture:").set_input_files(
        {"name": "ferry.jpg", "mimeType": "image/jpeg", "buffer": photo((3000, 2000))}
    )

    assert "larger than" in page.locator("input[type=file]").evaluate("(field) => field.validationMessage")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desks_pictures_are_for_everybody(page: Page, site, complaints, scheme):
    image = make_image(credit="Ana")
    make_image(alt="")
    make_draft(lead_image=image)
    make_staff("Editors", "editor")
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme=scheme)
    log_in(page, site, "editor")
    seen, said = [], []

    for address in ("", "add/", f"{image.pk}/change/"):
        page.goto(f"{site}/admin/articles/image/{address}")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        said += complaints
        seen.append((address, max(0, overflow), violations(page)))
        complaints.clear()

    assert [each for each in seen if each[1] or each[2]] == []
    assert said == []


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_pictures_come(page: Page, site, complaints, width):
    author = make_author()
    Author.objects.filter(pk=author.pk).update(portrait=make_image(photo((700, 700))))
    article = make_article(lead_image=make_image(caption="The 6.40", credit="Ana"), author=author)
    renditions.make_due()
    page.set_viewport_size({"width": width, "height": 800})

    for address in (article.get_absolute_url(), author.get_absolute_url(), "/"):
        page.goto(f"{site}{address}", wait_until="networkidle")
        assert page.evaluate(SHIFT) == 0
        assert all(is_shown(picture) for picture in page.locator("main img").all())
    page.goto(f"{site}{article.get_absolute_url()}")
    assert page.locator("figure img").evaluate("(image) => image.currentSrc").endswith(".webp")
    assert violations(page) == []
    assert complaints == []
