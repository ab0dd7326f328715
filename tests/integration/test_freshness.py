"""What public answers tell caches, and which keys each verb moves."""

import pytest

from articles import publishing
from articles.models import Page, PageVersion
from tests.factories import make_article, make_author, make_comment, make_draft, make_section

ARTICLE_KEYS = {"article-{pk}", "listed-{pk}", "articles", "author-{author}", "section-{section}"}
pytestmark = pytest.mark.django_db


def public_addresses():
    author, section = make_author(), make_section()
    article = make_article(author=author, section=section)
    make_comment(article)
    return [
        "/",
        article.get_absolute_url(),
        author.get_absolute_url(),
        section.get_absolute_url(),
        "/about/",
    ]


def test_every_public_answer_names_its_keys_and_may_be_cached(reader):
    for url in public_addresses():
        response = reader.get(url)

        assert "site" in response["Surrogate-Key"].split()
        assert response["Cache-Control"] == (
            "public, max-age=0, s-maxage=1, stale-while-revalidate=5, stale-if-error=86400"
        )


def test_no_public_answer_sets_or_depends_on_a_cookie(reader):
    for url in public_addresses():
        response = reader.get(url)

        assert "Set-Cookie" not in response
        assert "Cookie" not in response.get("Vary", "")
        assert "csrf" not in response.text.lower()
    assert not reader.cookies


def test_the_same_bytes_go_to_everybody_staff_included(reader, desk):
    url = make_article().get_absolute_url()

    assert reader.get(url).content == desk("Owner").get(url).content


def test_a_page_that_did_not_change_is_304(reader):
    for url in public_addresses():
        etag = reader.get(url)["ETag"]

        again = reader.get(url, headers={"If-None-Match": etag})

        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == etag
        assert "Cache-Control" in again


def test_an_article_depends_on_itself_its_authors_and_the_site(reader):
    article = make_article()
    author = article.bylines.get().author

    keys = reader.get(article.get_absolute_url())["Surrogate-Key"]

    assert keys == f"article-{article.pk} author-{author.pk} section-{article.section_id} site"


@pytest.mark.parametrize(
    ("happens", "moved"),
    [
        (lambda article: publishing.withdraw(article), ARTICLE_KEYS),
        (lambda article: publishing.article_changed(article), ARTICLE_KEYS),
        (
            lambda article: publishing.author_changed(article.bylines.get().author),
            {"article-{pk}", "listed-{pk}", "articles", "author-{author}"},
        ),
        (lambda article: publishing.navigation_changed(), {"site", "articles"}),
        (lambda article: publishing.page_changed(Page.objects.get(slug="about")), {"site", "page-{page}"}),
    ],
)
def test_a_change_moves_the_keys_of_the_pages_that_show_it(happens, moved):
    article = make_article()
    before = dict(PageVersion.objects.values_list("key", "version"))

    happens(article)

    after = dict(PageVersion.objects.values_list("key", "version"))
    names = {
        "pk": article.pk,
        "author": article.bylines.get().author_id,
        "section": article.section_id,
        "page": Page.objects.get(slug="about").pk,
    }
    assert {key for key in after if after[key] != before.get(key)} == {"*", *(key.format(**names) for key in moved)}


def test_the_desk_and_one_readers_own_answers_are_kept_by_nobody(reader, desk):
    draft = make_draft()
    editor = desk("Editors")

    answers = [editor.get("/admin/"), editor.get(f"/admin/articles/article/{draft.pk}/preview/")]

    assert all("no-store" in answer["Cache-Control"] for answer in answers)
