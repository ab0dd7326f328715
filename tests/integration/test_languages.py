"""What stands around an article speaks its language, and the catalogs are whole."""

import re
import string

import pytest

from tests import catalogs
from tests.factories import filled_in, make_article, make_comment

URDU = {"language": "ur", "title": "دریا کی بات", "body": "<p>ہر بہار<small class='footnote'>گیارہ</small></p>"}


@pytest.mark.django_db
def test_an_urdu_article_in_an_english_site_speaks_urdu_from_its_kicker_to_the_button(reader):
    article = make_article(**URDU)
    first = make_comment(article, "درست", name="عنا", badge="author")
    make_comment(article, "شکریہ", name="طارق", parent=first)

    page = reader.get(article.get_absolute_url()).text

    assert '<html lang="en" dir="ltr">' in page
    assert '<div class="column below" lang="ur" dir="rtl">' in page
    for said in (
        "<strong>رائے</strong>",
        ">حواشی<",
        "2 تبصرے",
        "عنا</bdi></a> کے جواب میں",
        "تبصرہ کریں",
        "تبصرہ بھیجیں",
        "ای میل",
    ):
        assert said in page
    spoken = page.partition("<article")[2].partition("</main>")[0]
    for unspoken in ("Opinion", "Leave a Reply", "Post Comment", "Required fields", "minute", "comments", "Notes"):
        assert unspoken not in re.sub(r"<[^>]*>", " ", spoken)


@pytest.mark.django_db
def test_errors_and_refusals_below_an_urdu_article_are_urdu(reader):
    article = make_article(**URDU)

    page = reader.post(
        f"/comments/post/{article.pk}/", filled_in(email="ana@", body=""), headers={"Origin": "http://127.0.0.1:8000"}
    )

    assert page.status_code == 422
    assert "براہِ کرم اپنا تبصرہ لکھیں۔" in page.text
    assert "براہِ کرم پورا ای میل پتا لکھیں" in page.text
    assert "Please" not in page.text


@pytest.mark.django_db
def test_where_we_have_no_catalog_the_sites_language_is_spoken_and_marked(reader):
    article = make_article(language="fi", title="Joki jonka ministeriö unohti")

    page = reader.get(article.get_absolute_url()).text

    assert '<article class="column" lang="fi" dir="ltr">' in page
    assert '<p class="kicker" lang="en" dir="ltr"><strong>Opinion</strong>' in page
    assert '<div class="column below" lang="en" dir="ltr">' in page


@pytest.mark.django_db
def test_two_languages_after_one_another_leave_no_word_in_the_other(reader):
    urdu, english = make_article(**URDU), make_article()
    pages = [reader.get(each.get_absolute_url()).text for each in (urdu, english, urdu)]

    assert ["Post Comment" in page for page in pages] == [False, True, False]


@pytest.mark.parametrize("path", catalogs.catalogs(), ids=lambda path: path.parts[-3])
def test_a_catalog_says_something_for_every_text_and_with_the_same_names(path):
    entries = catalogs.read(path)

    assert catalogs.texts() - entries.keys() == set(), "python -m tests.catalogs adds them"
    assert entries.keys() - catalogs.texts() == {catalogs.Text("")}
    assert [key for key, said in entries.items() if not said or not all(said)] == []
    assert [
        key for key, said in entries.items() if key.text and any(names(each) != names(key.text) for each in said)
    ] == []


@pytest.mark.parametrize("path", catalogs.catalogs(), ids=lambda path: path.parts[-3])
def test_the_compiled_catalog_is_what_the_text_says(path):
    assert path.with_suffix(".mo").read_bytes() == catalogs.compiled(catalogs.read(path))


def names(text: str) -> set[str]:
    """What is filled in, and the tags around it."""
    filled = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return filled | set(re.findall(r"%\(\w+\)[ds]|</?[a-z][^>]*>", text))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "direction"), [("az", "ltr"), ("tr", "ltr"), ("ur", "rtl"), ("ar-dz", "rtl"), ("ckb", "rtl")]
)
def test_an_article_runs_the_way_its_language_is_written(reader, language, direction):
    page = reader.get(make_article(language=language).get_absolute_url()).text

    assert f'<article class="column" lang="{language}" dir="{direction}">' in page
