"""A changed address leads to the new one for ever; a withdrawn op-ed is gone; what isn't there brings help."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, redirects
from articles.likely import likeness
from articles.models import Article, Author, MissingPath, Redirect
from tests.factories import make_article, make_author, make_comment, make_draft, make_scheduled, make_withdrawn

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2021, 3, 5, 12, tzinfo=UTC)


def move(article, slug=None, at=None, *, address_follows=False):
    """The verb, with what the test is not about as it was; the former address."""
    before = article.get_absolute_url()
    publishing.move(article, slug=slug or article.slug, at=at or article.published_at, address_follows=address_follows)
    return before


def leads(reader, url):
    response = reader.get(url)
    return response.status_code, unquote(response.get("Location", ""))


def test_a_changed_slug_leaves_a_permanent_redirect_also_for_head_and_the_query(reader):
    article = make_article(title="The river")
    old = article.get_absolute_url()
    assert reader.get(old).status_code == 200

    move(article, "the-drawer")

    new = article.get_absolute_url()
    assert new.endswith("/the-drawer/")
    assert leads(reader, old) == (301, new)
    assert leads(reader, f"{old}?comments=2&utm_source=a") == (301, f"{new}?comments=2&utm_source=a")
    assert reader.head(old).status_code == 301
    assert reader.get(new).status_code == 200
    assert "s-maxage=1" in reader.get(old)["Cache-Control"]


def test_an_address_without_its_last_slash_or_in_capitals_takes_one_step(reader):
    article = make_article(title="The river")
    old = move(article, "the-drawer")

    assert leads(reader, old.rstrip("/")) == (301, article.get_absolute_url())
    assert leads(reader, old.replace("river", "River")) == (301, article.get_absolute_url())


def test_the_feeds_of_an_article_move_with_it(reader):
    article = make_article(title="The river")
    old = move(article, "the-drawer")

    assert leads(reader, f"{old}feed/") == (301, f"{article.get_absolute_url()}feed/")
    assert leads(reader, f"{old}feed/atom/") == (301, f"{article.get_absolute_url()}feed/atom/")


def test_addresses_in_any_script_move_however_their_letters_are_composed(reader):
    article = make_article(title="دریا کی بات", language="ur")
    cafe = make_article(title="Café")
    old = move(article, "پل-کی-بات")
    old_cafe = move(cafe, "tea")

    decomposed = old_cafe.replace(quote("é"), quote("e\u0301"))
    assert leads(reader, old) == (301, unquote(article.get_absolute_url()))
    assert reader.get(old)["Location"] == article.get_absolute_url()
    assert decomposed != old_cafe
    assert leads(reader, decomposed) == (301, cafe.get_absolute_url())


def test_a_chain_of_moves_is_one_step_from_each_former_address(reader):
    article = make_article(title="One")

    former = [move(article, slug) for slug in ("two", "three", "four")]

    assert [leads(reader, url) for url in former] == [(301, article.get_absolute_url())] * 3
    assert not Redirect.objects.filter(new_path__in=Redirect.objects.values("old_path")).exists()


def test_moving_back_works_and_nobody_is_led_in_a_circle(reader):
    article = make_article(title="One")
    first = move(article, "two")

    second = move(article, "one")

    assert reader.get(first).status_code == 200
    assert leads(reader, second) == (301, first)
    assert Redirect.objects.count() == 1


def test_a_new_article_takes_over_an_old_address(reader):
    article = make_article(title="One")
    old = move(article, "two")

    publishing.publish(make_draft(title="One"), at=article.published_at)

    assert reader.get(old).status_code == 200
    assert not Redirect.objects.exists()


def test_a_corrected_date_keeps_the_address_unless_the_editor_says_otherwise(reader):
    article = make_article(title="One")
    address = article.get_absolute_url()

    move(article, at=LONG_AGO)
    assert article.get_absolute_url() == address
    assert "5 March 2021" in reader.get(address).text

    move(article, at=LONG_AGO, address_follows=True)
    assert article.get_absolute_url() == "/2021/03/one/"
    assert leads(reader, address) == (301, "/2021/03/one/")


def test_a_live_op_ed_is_not_moved_into_the_future_nor_onto_another():
    article, other = make_article(), make_article()

    with pytest.raises(publishing.NotNow, match="lie ahead"):
        move(article, at=timezone.now() + timedelta(days=1))
    with pytest.raises(publishing.NotNow, match="Another op-ed"):
        move(article, other.slug)

    assert not Redirect.objects.exists()


def test_what_nobody_has_seen_moves_without_a_trace():
    article = make_scheduled()

    move(article, "elsewhere")

    assert not Redirect.objects.exists()


@pytest.mark.parametrize("end", ["", "feed/", "feed/atom/"])
def test_an_op_ed_that_readers_saw_and_that_was_withdrawn_is_gone(reader, end):
    article = make_article(title="A mistake")
    make_comment(article, "Indeed a mistake.")
    address = article.get_absolute_url() + end
    assert reader.get(address).status_code == 200

    publishing.withdraw(article)
    response = reader.get(address)

    assert response.status_code == 410
    assert "This op-ed was taken from the site" in response.text
    assert "A mistake" not in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert address not in reader.handler.cache.pages


def test_a_withdrawn_op_ed_can_be_published_again_and_one_that_nobody_saw_was_never_there(reader):
    article, unseen = make_withdrawn(), make_scheduled()
    publishing.withdraw(unseen)
    draft = make_withdrawn()
    publishing.return_to_draft(draft)

    assert reader.get(unseen.get_absolute_url()).status_code == 404
    assert reader.get(draft.get_absolute_url()).status_code == 410
    publishing.publish(article)
    assert reader.get(article.get_absolute_url()).status_code == 200


def test_the_former_address_of_a_withdrawn_op_ed_leads_to_where_it_is_gone(reader):
    article = make_article()
    old = move(article, "elsewhere")
    publishing.withdraw(article)

    assert leads(reader, old) == (301, article.get_absolute_url())
    assert reader.get(article.get_absolute_url()).status_code == 410


def test_a_page_that_is_not_there_offers_a_search_and_likely_pages(reader):
    article = make_article(title="The river that the ministry forgot")
    hidden = make_draft(title="The river that nobody may see")
    make_article(title="Tax the empty flat")

    page = reader.get(f"{article.get_absolute_url().rstrip('/')}n/")

    assert page.status_code == 404
    assert f'<a href="{article.get_absolute_url()}"><bdi>{article.title}' in page.text
    assert hidden.title not in page.text
    assert "Tax the empty flat" not in page.text
    assert 'action="/search/"' in page.text
    assert 'value="the river that the ministry forgotn"' in page.text
    assert '<meta name="robots" content="noindex">' in page.text


@pytest.mark.parametrize(
    "path",
    ["/2019/01/the-river/", "/the-river/", "/2026/11/the-rive/", "/2026/11/the-river-that-was/", "/opinion/The-River",
     "/2026/11/the-rivr/feed/"],
)  # fmt: skip
def test_a_wrong_month_a_missing_end_or_a_letter_too_many_still_finds_the_op_ed(reader, path):
    article = make_article(title="The river")

    assert article.get_absolute_url() in reader.get(path, follow=True).text


def test_misspelt_authors_and_sections_are_offered_too(reader):
    author = make_author("Leila Haddad")
    section = make_article().section

    assert author.get_absolute_url() in reader.get("/author/leila-hadad/").text
    assert 'class="likely"' in (page := reader.get(f"/sections/{section.slug}s/").text)
    assert page.count(f'href="{section.get_absolute_url()}"') == 2


@pytest.mark.parametrize(
    "path", ["/comments/own/a-secret/", "/comments/99/", "/%3Cscript%3Ealert(1)%3C/script%3E/", f"/{'x' * 2000}/"]
)
def test_help_takes_any_address_and_repeats_no_link_of_ones_own(reader, path):
    response = reader.get(path)

    assert response.status_code == 404
    assert "<script>alert" not in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize("path", ["/static/nothing.css", "/admin/nothing/", "/accounts/nothing/"])
def test_a_missing_file_or_page_of_the_desk_is_a_small_page_and_asks_no_more_than_it_must(reader, path):
    response = reader.get(path, follow=False)

    assert response.status_code in (302, 404)
    assert "lookup" not in response.text


def test_a_page_that_is_not_there_costs_six_queries_on_a_site_of_any_size(reader, django_assert_max_num_queries):
    for _ in range(30):
        make_article()

    with django_assert_max_num_queries(6 + 1):
        assert reader.get("/2026/11/the-river-that-nobody-knows/").status_code == 404


def test_a_page_that_is_there_asks_for_no_redirect(reader):
    article = make_article()
    Redirect.objects.create(old_path=article.get_absolute_url(), new_path="/privacy/")

    with CaptureQueriesContext(connection) as queries:
        assert reader.get(article.get_absolute_url()).status_code == 200

    assert [query["sql"] for query in queries if Redirect._meta.db_table in query["sql"]] == []


def test_a_deleted_author_is_404_and_nothing_leads_there(reader):
    author = make_author("Leila Haddad")
    redirects.address_moved("/author/leila/", author.get_absolute_url())

    redirects.address_gone(author.get_absolute_url())
    Author.objects.filter(pk=author.pk).delete()

    assert reader.get("/author/leila/").status_code == 404
    assert reader.get(author.get_absolute_url()).status_code == 404


def test_a_move_ends_the_count_of_who_missed_the_address():
    article = make_article(title="One")
    now = timezone.now()
    MissingPath.objects.create(path=article.get_absolute_url(), count=3, first_at=now, last_at=now)

    move(article, "two")

    assert not MissingPath.objects.exists()


def test_two_texts_are_as_alike_as_their_letters():
    assert likeness("the-river", "the-river") == 1
    assert likeness("the-riv", "the-river-that-the-ministry-forgot") > likeness("the-rivre", "the-river")
    assert likeness("tax", "the-river") < 0.6
    assert Article.objects.count() == 0


@pytest.mark.parametrize("ways", [("aa",), ("ab", "ba"), ("ab", "bc", "ca")])
def test_redirects_that_were_made_at_the_same_moment_lead_nobody_in_a_circle(reader, ways):
    for old, new in ways:
        Redirect.objects.create(old_path=f"/{old}/", new_path=f"/{new}/")

    assert [reader.get(address).status_code for address in ("/a/", "/b/")] == [404, 404]


def test_a_chain_that_was_left_at_the_same_moment_is_one_step(reader):
    for old, new in ("ab", "bc"):
        Redirect.objects.create(old_path=f"/{old}/", new_path=f"/{new}/")

    assert reader.get("/a/feed/")["Location"] == "/c/feed/"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_editors_at_the_same_moment_make_no_circle(migrated, desk):
    clients = {("/a/", "/b/"): desk("Owner"), ("/b/", "/a/"): desk("Owner")}
    both_checked = threading.Barrier(2)

    def wait_before_storing(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "articles_redirect"'):
            with suppress(threading.BrokenBarrierError):
                both_checked.wait(1)
        return execute(sql, params, many, context)

    def lead(way):
        try:
            with connection.execute_wrapper(wait_before_storing):
                form = dict(zip(("old_path", "new_path"), way, strict=True))
                return clients[way].post("/admin/articles/redirect/add/", form).text
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as editors:
        said = list(editors.map(lead, clients))

    assert sum("That would lead in a circle." in page for page in said) == 1
    assert Redirect.objects.count() == 1


@pytest.mark.parametrize("kind", ["section", "topic", "author"])
@pytest.mark.parametrize("feed", ["feed/", "feed/atom/", "feed/json/"])
def test_feeds_of_a_section_topic_or_author_move_with_their_page(reader, kind, feed):
    redirects.address_moved(f"/{kind}/old/", f"/{kind}/new/")

    answer = reader.get(f"/{kind}/old/{feed}")

    assert (answer.status_code, answer["Location"]) == (301, f"/{kind}/new/{feed}")
