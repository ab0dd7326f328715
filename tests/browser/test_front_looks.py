"""The pages that lead to op-eds on any device: wide and at 320 px, in the dark, right-to-left, with large letters."""

import pytest
from django.utils import timezone

from articles.models import Author, Byline, Correction, Pin, Publication, Section, Topic
from articles.pictures import renditions
from articles.publishing import navigation_changed
from tests.browser.conftest import violations
from tests.factories import make_article, make_author, make_comment, make_section
from tests.pictures import make_image

LONG = "Parliamentary procedure and its discontents"


def fill_site():
    for number in range(10):
        Section.objects.create(name=f"Section number {number}", position=number)
    author = make_author("Leila Haddad")
    Author.objects.filter(pk=author.pk).update(role="Columnist", links="https://social.example/@leila")
    topic = Topic.objects.create(name=LONG, description="A sentence on it.")
    for number in range(24):
        article = make_article(author=author, section=make_section(f"Section number {number % 10}"))
        article.topics.add(topic)
    make_comment(article)
    urdu = make_article(title="دریا کی بات", standfirst="ایک منصوبہ", language="ur", author=make_author("مہر تقوی"))
    Pin.objects.create(article=urdu)
    Correction.objects.create(article=article, text="<p>There were eleven committees.</p>")
    now = timezone.localtime()
    return {
        "front page": "/",
        "second page": "/?page=2",
        "section": article.section.get_absolute_url(),
        "empty section": make_section("Empty").get_absolute_url(),
        "topic": topic.get_absolute_url(),
        "topics": "/topics/",
        "author": author.get_absolute_url(),
        "authors": "/authors/",
        "year": f"/{now.year}/",
        "month": f"/{urdu.address_year}/{urdu.address_month:02}/",
        "corrections": "/corrections/",
        "submissions": "/submissions/",
    }


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1440), ("en", "dark", 768), ("en", "light", 320), ("ur", "dark", 1440), ("ur", "light", 320)],
)
def test_pages_that_lead_to_op_eds_are_accessible_and_never_scroll_sideways(
    page, site, complaints, language, scheme, width
):
    addresses = fill_site()
    Publication.objects.create(pk=1, language=language)
    navigation_changed()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})

    found, wide = {}, []
    for name, url in addresses.items():
        page.goto(site + url)
        found[name] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(name)

    assert page.get_attribute("html", "dir") == ("rtl" if language == "ur" else "ltr")
    assert {name: found[name] for name in found if found[name]} == {}
    assert wide == []
    assert complaints == []


@pytest.mark.parametrize("width", [360, 768, 820, 1024, 1100, 1440])
def test_of_four_sections_none_is_left_alone_in_its_row(page, site, width):
    for section in range(4):
        for _ in range(8):
            make_article(section=make_section(f"Section number {section}"))
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{site}/")

    tops = [block.bounding_box()["y"] for block in page.locator(".block").all()]
    rows = [tops.count(top) for top in dict.fromkeys(tops)]
    assert rows in ([1] * 4, [2, 2], [4])


def test_however_many_signed_it_the_standfirst_follows_the_title(page, site):
    alone = make_article()
    joint = make_article(author=make_author("Wilhelmina Oyelaran"), section=alone.section)
    for place in (1, 2, 3):
        Byline.objects.create(article=joint, author=make_author("Leila Haddad-Featherstonehaugh"), position=place)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site + alone.section.get_absolute_url())

    below = page.evaluate("""[...document.querySelectorAll(".river .item")].map(item =>
        item.querySelector(".standfirst").getBoundingClientRect().top
        - item.querySelector("h3").getBoundingClientRect().bottom)""")

    assert len(below) == 2
    assert below[0] == pytest.approx(below[1], abs=1)


def test_facts_begin_where_the_title_begins_and_no_dot_ends_a_line(page, site):
    make_comment(make_article(section=make_section("Infrastructure and environment")))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site}/")

    facts = page.evaluate("""[...document.querySelectorAll(".lead .facts span")].map(fact =>
        [fact.getBoundingClientRect().left - fact.parentElement.getBoundingClientRect().left,
         getComputedStyle(fact, "::after").content])""")

    assert sum(left == 0 for left, _ in facts) > 1
    assert {after for _, after in facts} == {"none"}
    # What cuts the dots off leaves the whole ring of focus.
    page.keyboard.press("Tab")
    page.locator(".lead .facts a").focus()
    ring = """getComputedStyle(document.activeElement)"""
    assert page.evaluate(f"parseFloat({ring}.outlineWidth) + parseFloat({ring}.outlineOffset)") <= 4


def test_a_printed_page_is_no_wider_than_the_sheet_whichever_way_its_lines_run(page, site):
    fill_site()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 768, "height": 1024})

    page.goto(f"{site}/")

    assert page.locator(".item:lang(ur) .facts span").count() > 1
    assert page.evaluate("document.documentElement.scrollWidth") == 768


def test_beside_large_letters_of_facts_the_title_keeps_most_of_the_line(browser, site):
    section = make_article().section
    context = browser.new_context(viewport={"width": 768, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(site + section.get_absolute_url())

    page.add_style_tag(content="html { font-size: 200% !important }")

    item, text = (page.locator(part).bounding_box() for part in (".river .item", ".river .item > div"))
    assert text["width"] > 0.6 * item["width"]
    context.close()


def test_with_letters_twice_as_large_nothing_is_lost_or_scrolls_sideways(browser, site):
    addresses = fill_site()
    context = browser.new_context(viewport={"width": 640, "height": 800}, bypass_csp=True)
    page = context.new_page()

    wide, cut = [], {}
    for name, url in addresses.items():
        page.goto(site + url)
        page.add_style_tag(content="html { font-size: 200% !important }")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(name)
        cut[name] = page.evaluate(
            "[...document.querySelectorAll('main :is(h1, h2, h3, p, a)')]"
            ".filter(e => !e.closest('.unseen') && getComputedStyle(e).display != 'inline')"
            ".filter(e => e.scrollWidth > e.clientWidth + 1)"
            ".map(e => e.textContent.trim().slice(0, 30))"
        )
    context.close()

    assert wide == []
    assert {name: texts for name, texts in cut.items() if texts} == {}


def test_all_sections_are_reached_by_keyboard_on_a_narrow_screen(page, site):
    fill_site()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(site)

    last = page.get_by_role("navigation", name="Sections").get_by_role("link").last
    last.focus()

    box = last.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


def test_nothing_moves_while_the_front_page_loads(page, site):
    fill_site()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )

    page.goto(site)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.moved") == 0


@pytest.mark.parametrize("width", [360, 1440])
def test_a_page_with_little_on_it_ends_at_the_foot_of_the_window(page, site, width):
    page.set_viewport_size({"width": width, "height": 1200})

    page.goto(f"{site}/corrections/")

    foot = page.locator(".foot").bounding_box()
    assert foot["y"] + foot["height"] == pytest.approx(1200, abs=1)
    assert page.evaluate("document.documentElement.scrollHeight") == 1200


@pytest.mark.parametrize("page_of", ["front page", "month", "author"])
def test_lines_of_urdu_keep_apart_in_lists_as_well(page, site, page_of):
    writer = make_author("مہر تقوی")
    article = make_article(title="دریا کی بات", standfirst="ایک منصوبہ", language="ur", author=writer)
    month = f"/{article.address_year}/{article.address_month:02}/"
    addresses = {"front page": "/", "month": month, "author": writer.get_absolute_url()}

    page.goto(site + addresses[page_of])

    apart = page.locator(".item:lang(ur) .standfirst").evaluate(
        "(line) => parseFloat(getComputedStyle(line).lineHeight) / parseFloat(getComputedStyle(line).fontSize)"
    )
    assert apart > 2


@pytest.mark.parametrize("width", [320, 700, 960, 1440])
def test_a_lead_picture_is_as_wide_as_the_text_or_wider_and_never_leaves_the_window(page, site, width):
    article = make_article(lead_image=make_image(caption="The 6.40"))
    renditions.make_due()
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(site + article.get_absolute_url())

    picture, text = (page.locator(part).bounding_box() for part in (".picture img", ".prose"))
    caption = page.locator("figcaption").bounding_box()
    assert picture["x"] >= 0
    assert picture["x"] + picture["width"] <= width
    assert picture["width"] >= text["width"]
    assert caption["x"] == pytest.approx(text["x"], abs=1)


def test_buttons_have_an_edge_where_the_system_chooses_the_colours(page, site):
    page.emulate_media(forced_colors="active")

    page.goto(site + make_article().get_absolute_url())

    for button in page.get_by_role("button").all():
        assert button.evaluate("(button) => getComputedStyle(button).borderTopStyle") == "solid"


def test_on_a_phone_with_letters_twice_as_large_names_and_the_words_looked_for_have_a_line_of_their_own(browser, site):
    article = make_article(author=make_author("Wilhelmina Oyelaran"))
    Byline.objects.create(article=article, author=make_author("Leila Haddad"), position=1)
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()

    room = {}
    for address, part in ((article.get_absolute_url(), ".byline > div"), ("/search/", ".ask input")):
        page.goto(site + address)
        page.add_style_tag(content="html { font-size: 200% !important }")
        room[part] = page.locator(part).bounding_box()["width"] / page.locator("main > *").first.bounding_box()["width"]

    assert {part: share for part, share in room.items() if share < 0.8} == {}
    context.close()


def test_on_a_phone_with_letters_twice_as_large_the_date_of_what_is_answered_stays_in_its_box(browser, site):
    answer = make_article(answers=make_article(author=make_author("Ana")))
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    page.goto(site + answer.get_absolute_url())
    page.add_style_tag(content="html { font-size: 200% !important }")

    page.locator(".answered time").evaluate("time => time.textContent = '27 September 2026'")

    assert page.locator(".answered").evaluate("box => box.scrollWidth <= box.clientWidth")
    context.close()


def test_all_of_an_urdu_page_is_set_in_one_typeface_and_an_english_op_ed_in_it_is_not(page, site):
    article = make_article()
    Publication.objects.create(pk=1, language="ur")
    navigation_changed()
    faces = """part => [...new Set([...document.querySelectorAll(part)].map(
        each => getComputedStyle(each).fontFamily.split(",")[0]))]"""

    page.goto(f"{site}/search/")
    assert page.evaluate(faces, "h1, h2, p, label, button, input, select, .name") == ['"Noto Nastaliq Urdu"']
    page.goto(site + article.get_absolute_url())
    assert page.evaluate(faces, ".opening h1, .prose, .standfirst") == ['"Iowan Old Style"']
