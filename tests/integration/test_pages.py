"""What readers read: an article and its address; a standing page. Lists have tests of their own."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles import publishing
from articles.models import Article, Byline, Page, Topic
from tests.factories import make_article, make_author, make_comment, make_draft, make_scheduled, make_section
from tests.site_client import LOOKS_OF_THE_PAGE_CACHE

pytestmark = pytest.mark.django_db
# On PostgreSQL several statements go in one message.
ASKED_BY_AN_OP_ED = {"sqlite": 6, "postgresql": 1}


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 30, "١", "1e9", ""])
def test_a_page_of_a_list_that_does_not_exist_is_404(reader, page):
    make_article()

    assert reader.get("/", {"page": page}).status_code == 404


def test_an_article_shows_its_parts_in_the_order_of_reading(reader):
    author = make_author("Leila Haddad", bio="<p>Taught hydrology in Marren.</p>")
    article = make_article(
        title="The river",
        standfirst="A plan sits in a drawer.",
        body="<p>Every spring.</p><h2>Whose drawer</h2><p>Nobody’s.</p>",
        author=author,
    )
    make_comment(article, "I sat on the fourth committee.")

    page = reader.get(article.get_absolute_url()).text

    parts = [
        "<h1>The river</h1>",
        "A plan sits in a drawer.</p>",
        'rel="author"><bdi>Leila Haddad',
        "<time datetime",
        "Every spring.",
        "Whose drawer</h2>",
        "Taught hydrology in Marren.",
        "I sat on the fourth committee.",
        "Leave a Reply",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_what_staff_type_around_an_op_ed_is_text_and_never_markup(reader):
    def typed(what: str) -> str:
        return f'<b data-typed>{what}"&'

    author = make_author(typed("author"))
    author.role = typed("role")
    author.save()
    asked = make_article(title=typed("answered"))
    make_article(title=typed("more"), author=author)
    article = make_article(
        title=typed("title"),
        standfirst=typed("standfirst"),
        disclosure=typed("disclosure"),
        author=author,
        section=make_section(typed("section")),
        answers=asked,
    )
    topic = Topic.objects.create(name=typed("topic"))
    for each in (article, make_article(title=typed("related"), author=make_author(typed("signer")))):
        each.topics.add(topic)
    make_article(title=typed("reply"), answers=article)

    page = reader.get(article.get_absolute_url()).text

    assert "<b data-typed" not in page
    body = page.partition("<body>")[2]
    everything = "author signer role title standfirst disclosure section topic answered more related reply"
    for what in everything.split():
        assert f"&lt;b data-typed&gt;{what}&quot;&amp;" in body, what
    assert body.count("&lt;b data-typed&gt;author&quot;&amp;") == 3  # byline, bio, heading of what else is theirs


def test_an_article_by_two_names_both_in_the_byline_and_below(reader):
    article = make_draft(author=make_author("Leila Haddad"))
    Byline.objects.create(article=article, author=make_author("Jonas Weil", bio="<p>Counts things.</p>"), position=1)
    publishing.publish(article)

    page = reader.get(article.get_absolute_url()).text.partition("<body>")[2]

    assert page.count("Jonas Weil") == 2
    assert "Counts things." in page


def test_an_article_keeps_the_bio_that_was_printed_with_it(reader):
    author = make_author(bio="<p>Is a student.</p>")
    article = make_article(author=author)

    author.bio = "<p>Is a minister.</p>"
    author.save()

    assert "Is a student." in reader.get(article.get_absolute_url()).text
    assert "Is a minister." in reader.get(author.get_absolute_url()).text


def test_the_address_stays_when_the_date_is_corrected(reader):
    article = make_article(at=timezone.now() - timedelta(days=70))
    address = article.get_absolute_url()

    Article.objects.filter(pk=article.pk).update(published_at=timezone.now() - timedelta(days=1))

    assert reader.get(address).status_code == 200


def test_an_article_answers_at_its_own_address_only(reader):
    article = make_article()
    year, month = article.address_year, article.address_month

    wrong = [f"/{year - 1}/{month:02}/{article.slug}/", f"/{year}/{month % 12 + 1:02}/{article.slug}/"]
    odd = [article.get_absolute_url() + end for end in ("x.css", ";x.css", "%2fx.css")]

    assert [reader.get(url).status_code for url in wrong + odd] == [404] * 5


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Tax the empty flat, not the full one!", "tax-the-empty-flat-not-the-full-one"),
        ("दरिया और मंत्रालय", "दरिया-और-मंत्रालय"),
        ("دریا کی بات", "دریا-کی-بات"),
        ("!!!", "op-ed"),
    ],
)
def test_a_title_in_any_script_makes_an_address_that_works(reader, title, slug):
    article = make_article(title=title)

    assert article.slug == slug
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_two_articles_of_one_title_get_two_addresses():
    first, second = make_draft(title="Patience"), make_draft(title="Patience")

    assert (first.slug, second.slug) == ("patience", "patience-2")


def test_a_new_site_has_the_pages_that_the_form_links_to(reader):
    assert Page.objects.filter(slug__in=("about", "comment-policy", "privacy")).count() == 3
    assert reader.get("/comment-policy/").status_code == 200
    assert reader.get("/privacy/").status_code == 200


def test_an_urdu_article_is_marked_right_to_left(reader):
    article = make_article(title="دریا کی بات", language="ur")

    page = reader.get(article.get_absolute_url()).text

    assert '<article class="column" lang="ur" dir="rtl">' in page


@pytest.mark.parametrize("comments", [1, 200])
def test_what_an_op_ed_asks_of_the_database_is_the_same_with_200_comments(reader, django_assert_num_queries, comments):
    water = Topic.objects.create(name="Water")
    article, related = make_article(), make_article()
    for each in (article, related):
        each.topics.add(water)
    first = make_comment(article)
    for _ in range(comments - 1):
        make_comment(article, parent=first)

    with django_assert_num_queries(ASKED_BY_AN_OP_ED[connection.vendor] + LOOKS_OF_THE_PAGE_CACHE):
        response = reader.get(article.get_absolute_url())

    assert response.text.count('<li class="comment') == comments
    assert related.title in response.text


def test_a_scheduled_article_appears_by_itself_and_stays_when_the_clock_steps_back(reader, time_machine):
    article = make_scheduled(title="Tomorrow’s view")
    now = timezone.now()
    assert reader.get(article.get_absolute_url()).status_code == 404

    time_machine.move_to(now + timedelta(days=4))
    assert reader.get(article.get_absolute_url()).status_code == 200
    assert publishing.stamp_due() == 1
    assert publishing.stamp_due() == 0

    time_machine.move_to(now)
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_the_article_holds_no_inline_script_or_style_and_nothing_of_third_parties(reader):
    page = reader.get(make_article().get_absolute_url()).text

    scripts = ['<script type="application/ld+json">', '<script type="module" src="/static/oped/article.js">']
    assert re.findall("<script[^>]*>", page) == scripts
    assert "style=" not in page
    assert "http://" not in page.replace("http://127.0.0.1:8000", "").replace("http://testserver", "")
