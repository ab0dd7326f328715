"""Two commands for bad days: counts put right, and stored HTML cleaned by the rules of today."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles.models import Article, Author, Byline, PageVersion
from comments.models import Comment
from tests.factories import make_article, make_author, make_comment

pytestmark = pytest.mark.django_db
NASTY = '<p onclick="x()">Old.</p><script>alert(1)</script>'


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def moved(before):
    after = PageVersion.objects.values_list("key", "version")
    return {key: version - before.get(key, 0) for key, version in after if version != before.get(key, 0)}


@pytest.fixture
def miscounted():
    article, right = make_article(), make_article()
    for status in ("approved", "approved", "pending", "spam"):
        make_comment(article, status=status)
    make_comment(right)
    Article.objects.filter(pk=article.pk).update(comment_count=7)
    return article


def test_a_wrong_count_is_corrected_and_the_page_is_made_anew(miscounted, reader):
    before = dict(PageVersion.objects.values_list("key", "version"))

    said = run("recount")

    miscounted.refresh_from_db()
    assert said == f"article {miscounted.pk}: 7 stored, 2 found\n1 article corrected.\n"
    assert miscounted.comment_count == 2
    assert moved(before) == {"*": 1, "articles": 1, f"article-{miscounted.pk}": 1}
    assert run("recount") == "0 articles corrected.\n"


def test_a_dry_run_says_what_differs_and_corrects_nothing(miscounted):
    before = dict(PageVersion.objects.values_list("key", "version"))

    said = run("recount", "--dry-run")

    miscounted.refresh_from_db()
    assert said == f"article {miscounted.pk}: 7 stored, 2 found\n1 article would be corrected.\n"
    assert miscounted.comment_count == 7
    assert moved(before) == {}


@pytest.fixture
def outdated():
    """Everything as a cleaner of long ago left it, besides what is right."""
    article = make_article(author=make_author(bio="<p>Taught.</p>"), body="<h2>Whose</h2><p>Nobody’s.</p>")
    make_comment(article, "Fine.")
    bad = make_comment(article, "Old.")
    Comment.objects.filter(pk=bad.pk).update(body_html=NASTY)
    Article.objects.update(body_html=NASTY, toc=[], word_count=0)
    Author.objects.update(bio_html=NASTY)
    Byline.objects.update(bio_html=NASTY)
    return article


def test_all_stored_html_is_cleaned_by_the_rules_of_today(outdated, reader):
    saved_at = Article.objects.get().saved_at
    before = dict(PageVersion.objects.values_list("key", "version"))

    said = run("rebuild_html")

    article = Article.objects.get()
    stored = [article.body_html, Author.objects.get().bio_html, Byline.objects.get().bio_html]
    stored += Comment.objects.values_list("body_html", flat=True)
    assert [text for text in stored if "onclick" in text or "script" in text] == []
    assert sorted(Comment.objects.values_list("body_html", flat=True)) == ["<p>Fine.</p>", "<p>Old.</p>"]
    assert (article.word_count, article.toc[0]["title"], article.saved_at) == (2, "Whose", saved_at)
    assert "1 of 2 comments changed." in said
    assert moved(before) == {"*": 1, "articles": 1, "site": 1}
    assert "onclick" not in reader.get(outdated.get_absolute_url()).text


def test_a_dry_run_of_it_changes_nothing(outdated):
    before = dict(PageVersion.objects.values_list("key", "version"))

    said = run("rebuild_html", "--dry-run")

    assert "1 of 2 comments would be changed." in said
    assert "1 of 1 articles would be changed." in said
    assert Comment.objects.filter(body_html=NASTY).exists()
    assert moved(before) == {}


def test_what_is_right_already_moves_no_page():
    make_comment(make_article())
    run("rebuild_html")
    before = dict(PageVersion.objects.values_list("key", "version"))

    said = run("rebuild_html")

    assert "0 of 1 comments changed." in said
    assert moved(before) == {}
