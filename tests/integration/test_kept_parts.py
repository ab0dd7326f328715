"""Parts that many pages share are rendered once, and still show what the page is about."""

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe

from articles.kept import kept
from articles.models import Section
from articles.navigation import Link
from articles.publishing import pages_changed
from comments.models import Discussion
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def foot(**changes):
    return kept(
        "_foot.html", **({"site_name": "Opinion", "tagline": "", "links": (), "here": "", "elsewhere": ()} | changes)
    )


def test_the_same_values_are_rendered_once():
    first, again = foot(links=(Link("Law", "/law/"),)), foot(links=(Link("Law", "/law/"),))

    assert first is again
    assert "Law" in first


def test_other_values_are_another_part():
    assert "Ferries" in foot(links=(Link("Ferries", "/ferries/"),))
    assert "Ferries" not in foot(links=(Link("Law", "/law/"),))


def test_a_text_that_is_safe_is_not_taken_for_one_that_is_not():
    assert "<b>Ours</b>" in foot(site_name=mark_safe("<b>Ours</b>"))
    assert "&lt;b&gt;Ours&lt;/b&gt;" in foot(site_name="<b>Ours</b>")


def test_each_language_has_its_own():
    with translation.override("de"):
        german = foot(site_name="Meinung")
    with translation.override("en"):
        english = foot(site_name="Meinung")

    assert german is not english


def test_the_link_to_the_page_that_is_open_is_marked_and_no_other(reader):
    section, other = Section.objects.create(name="Politics"), Section.objects.create(name="Culture")

    page = reader.get(section.get_absolute_url()).text

    assert page.count("aria-current") == 1
    assert f'<a href="{section.get_absolute_url()}" aria-current="page">Politics</a>' in page
    assert f'<a href="{other.get_absolute_url()}">Culture</a>' in page


def test_a_section_that_gets_another_name_has_it_on_every_page(reader):
    section, article = Section.objects.create(name="Politics"), make_article()
    reader.get(article.get_absolute_url())

    Section.objects.filter(pk=section.pk).update(name="The state")
    pages_changed(["site"])

    assert "The state" in reader.get(article.get_absolute_url()).text


def test_the_form_below_each_op_ed_is_its_own_and_says_the_pace_of_the_moment(reader):
    one, two = make_article(), make_article()
    Discussion.objects.update_or_create(pk=1, defaults={"shows_wait": True, "usual_wait_minutes": 180})

    pages = [reader.get(article.get_absolute_url()).text for article in (one, two)]

    assert f'action="/comments/post/{one.pk}/"' in pages[0]
    assert f'action="/comments/post/{two.pk}/"' in pages[1]
    assert all("within about 3 hours" in page for page in pages)
