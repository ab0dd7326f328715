"""Readers' search: what is found, in which order, and what is never found."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article, Author, SearchText, Topic
from articles.search import index, results
from articles.search.query import parse
from articles.search.results import Filters, find, languages, matching
from tests.factories import make_article, make_author, make_draft, make_scheduled, make_section, make_withdrawn

pytestmark = pytest.mark.django_db
# PostgreSQL is asked for sections and both ends of the years in one message.
ASKED_BY_A_SEARCH = {"sqlite": 12, "postgresql": 10}


def found(typed, **filters):
    """Titles in the order of the results."""
    answers = find(parse(typed, languages()), Filters(**filters))
    titles = dict(Article.objects.values_list("pk", "title"))
    return [titles[pk] for pk in answers.ids]


def body(words):
    return f"<p>{words}</p>"


def text_of(response):
    return html.unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


# --- What is found


def test_an_article_is_found_by_its_title_standfirst_text_authors_and_topics():
    article = make_article(
        title="Ferries", standfirst="Timetables.", body=body("Gangways."), author=make_author("Leila Haddad")
    )
    article.topics.add(Topic.objects.create(name="Harbours"))
    publishing.article_changed(article)
    make_article()

    for typed in ("ferry", "timetable", "gangway", "haddad", "harbour", "ferry gangways leila harbours"):
        assert found(typed) == ["Ferries"], typed


def test_every_word_has_to_be_there_and_none_with_a_minus():
    make_article(title="One", body=body("The river and the bank."))
    make_article(title="Two", body=body("The river alone."))

    assert set(found("river")) == {"One", "Two"}
    assert found("river bank") == ["One"]
    assert found("river -bank") == ["Two"]
    assert found("river -banks") == ["Two"]
    assert found("river bank lease") == []


def test_a_phrase_is_found_as_it_stands_and_not_across_columns():
    make_article(title="The river plan", standfirst="Drawers of the ministry", body=body("Plan the river well."))

    assert found('"RIVER plan"') == ["The river plan"]
    assert found('"plan the river"') == ["The river plan"]
    assert found('"river plans"') == []
    assert found('"plan drawers"') == []
    assert found('river -"river plan"') == []
    assert found('river -"plan river"') == ["The river plan"]


def test_a_phrase_is_found_anywhere_in_a_long_text():
    make_article(title="Long", body=body("the of " * 17_000 + "hidden at last"))

    assert found('"the hidden at"') == []
    assert found('"of hidden at last"') == ["Long"]


def test_titles_come_first_then_names_standfirsts_and_what_a_text_is_about_then_the_latest():
    make_article(title="Body, long ago", body=body("water"), at=timezone.now() - timedelta(days=9))
    make_article(title="Body, lately", body=body("water"))
    make_article(title="Often", body=body("water water water"), at=timezone.now() - timedelta(days=20))
    make_article(title="Standfirst", standfirst="Of water.", at=timezone.now() - timedelta(days=30))
    make_article(title="Name", author=make_author("Walter Water"), at=timezone.now() - timedelta(days=40))
    make_article(title="Water", at=timezone.now() - timedelta(days=50))
    Article.objects.filter(title="Water").update(title="Water")

    assert found("water") == ["Water", "Name", "Standfirst", "Often", "Body, lately", "Body, long ago"]


def test_a_query_is_understood_in_each_language_of_the_site():
    make_article(title="Die Häuser am Fluss", language="de")
    make_article(title="Les élections municipales", language="fr")
    make_article(title="دریا کی بات", language="ur")

    assert found("haus") == ["Die Häuser am Fluss"]
    assert found("election municipale") == ["Les élections municipales"]
    assert found("دريا") == ["دریا کی بات"]


def test_results_are_narrowed_to_a_section_an_author_and_a_year():
    politics, culture, leila = make_section("Politics"), make_section("Culture"), make_author("Leila")
    make_article(title="River one", section=politics, author=leila)
    make_article(title="River two", section=culture, at=timezone.now() - timedelta(days=800))
    year = (timezone.now() - timedelta(days=800)).year

    assert found("river", section=politics.pk) == ["River one"]
    assert found("river", author=leila.pk) == ["River one"]
    assert found("river", year=year) == ["River two"]
    assert found("river", section=politics.pk, year=year) == []
    assert found("", section=culture.pk) == ["River two"]


def test_the_year_of_an_op_ed_is_that_of_the_date_that_is_printed(reader, settings):
    settings.TIME_ZONE = "Asia/Karachi"
    article = make_article(title="River one", at=datetime(2019, 6, 1, tzinfo=UTC))
    make_article(title="River two", at=datetime(2017, 12, 31, 20, tzinfo=UTC))  # in Karachi it is 2018
    publishing.move(article, slug="river-one", at=datetime(2021, 6, 1, tzinfo=UTC), address_follows=False)

    page = reader.get("/search/?q=river&year=2021").text

    assert re.findall(r"<option(?: selected)?>(\d{4})", page) == ["2021", "2020", "2019", "2018"]
    assert found("river", year=2021) == ["River one"]
    assert found("river", year=2019) == []
    assert found("river", year=2018) == ["River two"]


def test_a_year_in_which_nothing_was_published_narrows_nothing(reader):
    make_article(title="River one")

    assert "River one" in text_of(reader.get("/search/?q=river&year=1999"))


def test_however_many_answers_there_are_only_so_many_are_ranked():
    make_article(title="River", body=body("old"))
    for number in range(5):
        make_article(title=f"Number {number}", body=body("A river."))

    answers = find(parse("river", ["en"]), Filters(), most=3)

    assert answers.has_more
    assert len(answers.ids) == 3
    assert Article.objects.get(pk=answers.ids[0]).title == "River"


def test_a_phrase_is_looked_for_in_the_latest_that_have_its_words_and_the_page_says_so(reader, monkeypatch):
    monkeypatch.setattr(results, "READ_FOR_PHRASES", 2)
    make_article(title="Old", body=body("The zebra lease."))
    make_article(title="Late", body=body("The zebra lease."))
    make_article(title="Latest", body=body("A lease of the zebra."))
    make_article(title="Without", body=body("A zebra."))

    assert found('"zebra lease"') == ["Late"]
    assert found('zebra -"zebra lease"') == ["Without", "Latest"]
    assert "A phrase is looked for in the latest" in text_of(reader.get("/search/?q=%22zebra+lease%22"))
    assert "A phrase is looked for" not in text_of(reader.get("/search/?q=%22zebra+lease%22+late"))
    assert "A phrase is looked for" not in text_of(reader.get("/search/?q=zebra"))


# --- What is never found


def test_nothing_unpublished_is_found(clock):
    make_draft(title="River draft")
    make_withdrawn(title="River withdrawn")
    make_scheduled(title="River tomorrow")
    live = make_article(title="River today")

    assert found("river") == ["River today"]
    clock.shift(timedelta(days=4))
    assert found("river") == ["River tomorrow", "River today"]
    publishing.withdraw(live)
    assert found("river") == ["River tomorrow"]


def test_what_search_keeps_of_an_article_that_is_taken_back_behind_its_back_is_not_shown(reader):
    article = make_article(title="River today")
    Article.objects.filter(pk=article.pk).update(status=Article.Status.WITHDRAWN)

    assert found("river") == []
    assert "River today" not in text_of(reader.get("/search/?q=river"))
    assert json.loads(reader.get("/search/suggest/?q=riv").content) == {"suggestions": []}


def test_authors_and_topics_without_anything_published_are_not_suggested(reader):
    make_draft(author=make_author("Walter Draft")).topics.add(Topic.objects.create(name="Walls"))
    make_article(author=make_author("Waltraud Live"))

    suggested = json.loads(reader.get("/search/suggest/?q=wal").content)["suggestions"]

    assert [each["text"] for each in suggested] == ["Waltraud Live"]


# --- The index follows


def test_an_edit_in_the_desk_is_found_at_once(desk):
    article = make_article(title="River")
    editor = desk("Editors")
    form = editor.get(f"/admin/articles/article/{article.pk}/change/").context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    prefixed = {"bylines-TOTAL_FORMS": 1, "bylines-INITIAL_FORMS": 1, "bylines-0-id": article.bylines.get().pk,
                "bylines-0-article": article.pk, "bylines-0-author": article.bylines.get().author_id,
                "bylines-0-position": 0, "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0}  # fmt: skip
    data |= {"title": "Meadow"}

    response = editor.post(
        f"/admin/articles/article/{article.pk}/change/", {**clean(data), **prefixed}, headers={"Referer": "/admin/"}
    )

    assert response.status_code == 302
    assert found("meadow") == ["Meadow"]
    assert found("river") == []


def clean(data):
    return {name: value for name, value in data.items() if value not in ("", None, [])}


def test_an_author_or_topic_of_another_name_is_found_by_it(desk):
    author, topic = make_author("Leila Haddad"), Topic.objects.create(name="Harbours")
    article = make_article(title="River", author=author)
    article.topics.add(topic)
    publishing.article_changed(article)
    owner = desk("Owner")

    owner.post(f"/admin/articles/author/{author.pk}/change/", {"name": "Leila Nasser", "slug": author.slug})
    owner.post(f"/admin/articles/topic/{topic.pk}/change/", {"name": "Ports", "slug": topic.slug})

    assert found("nasser ports") == ["River"]
    assert found("haddad") == []
    assert found("harbours") == []
    owner.post(f"/admin/articles/topic/{topic.pk}/delete/", {"post": "yes"})
    assert found("ports") == []
    assert found("nasser") == ["River"]


def test_a_verb_that_is_taken_back_leaves_the_index_as_it_was():
    article = make_article(title="River")
    with transaction.atomic():
        publishing.withdraw(article)
        transaction.set_rollback(True)

    assert found("river") == ["River"]


def test_a_deleted_article_leaves_nothing_behind():
    article = make_draft(title="River")
    publishing.publish(article, at=timezone.now() + timedelta(days=1))
    article.delete()
    make_article(title="Meadow", body=body("nothing"))

    assert not SearchText.objects.filter(title__contains="river").exists()
    assert indexed_ids("river") == []


def indexed_ids(word):
    sql = {
        "sqlite": "SELECT rowid FROM articles_search_words WHERE articles_search_words MATCH %s",
        "postgresql": "SELECT article_id FROM articles_searchtext WHERE words_index @@ %s::tsquery",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor], [word])
        return [row[0] for row in cursor.fetchall()]


def test_the_command_makes_the_index_anew_and_says_what_it_did(capsys):
    make_article(title="River")
    lost = make_article(title="Meadow")
    make_draft(title="Draft")
    SearchText.objects.filter(article=lost).delete()

    call_command("rebuild_search", dry_run=True)
    assert "1 of 3 articles would be changed" in capsys.readouterr().out
    assert found("meadow") == []

    call_command("rebuild_search")
    assert "1 of 3 articles changed" in capsys.readouterr().out
    assert found("meadow") == ["Meadow"]

    call_command("rebuild_search")
    assert "0 of 3 articles changed" in capsys.readouterr().out


def test_the_job_learns_of_what_no_verb_told():
    kept, changed, gone = make_article(title="Kept"), make_article(title="Old"), make_article(title="Gone")
    Article.objects.filter(pk=changed.pk).update(title="New", saved_at=timezone.now())
    Article.objects.filter(pk=gone.pk).update(status=Article.Status.WITHDRAWN)

    assert index.heal() == 2
    assert index.heal() == 0
    assert found("new") == ["New"]
    assert {words.pk for words in SearchText.objects.all()} == {kept.pk, changed.pk}


# --- The page


def test_the_page_shows_what_was_found_marked_and_escaped(reader):
    make_article(title="River & <b>bank</b>", body=body("The &lt;script&gt; of a river."), standfirst="None.")

    page = reader.get("/search/?q=river+script").content.decode()

    assert "<mark>River</mark> &amp; &lt;b&gt;bank&lt;/b&gt;" in page
    assert "&lt;<mark>script</mark>&gt; of a <mark>river</mark>" in page
    assert "1 op-ed" in page
    assert '<meta name="robots" content="noindex">' in page


def test_no_cache_keeps_the_page_and_no_cookie_comes_with_it(reader):
    for url in ("/search/", "/search/?q=river", "/search/suggest/?q=river"):
        response = reader.get(url)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response


def test_results_go_on_on_further_pages_with_what_they_are_narrowed_to(reader):
    section = make_section("Water")
    for number in range(12):
        make_article(title=f"River {number}", section=section)

    first = reader.get("/search/?q=river&section=water")
    second = reader.get("/search/?q=river&section=water&page=2")

    assert first.content.decode().count('<article class="item"') == 10
    assert "?q=river&amp;section=water&amp;page=2" in first.content.decode()
    assert second.content.decode().count('<article class="item"') == 2
    assert 'value="water" selected' in second.content.decode()
    assert reader.get("/search/?q=river&page=3").status_code == 404
    assert reader.get("/search/?q=river&page=0").status_code == 404


def test_one_word_less_finds_something_in_the_chosen_section_too(reader):
    make_article(title="The meadow", section=make_section("Water"))
    make_article(title="The lease", section=make_section("Politics"))

    page = reader.get("/search/?q=meadow+lease&section=water").text

    assert 'href="?q=meadow&amp;section=water"' in page
    assert 'href="?q=lease&amp;section=water"' not in page


def test_the_languages_of_the_articles_are_known():
    assert languages() == []
    for language in ("ur", "en", "fr", "en"):
        make_article(language=language)

    assert languages() == ["en", "fr", "ur"]


def test_filters_alone_find_what_search_does_not_know_yet(reader):
    article = make_article(title="River", section=make_section("Water"))
    SearchText.objects.filter(article=article).delete()

    assert "River" in text_of(reader.get("/search/?section=water"))


def test_without_words_there_are_sections_and_topics(reader):
    make_section("Water")
    Topic.objects.create(name="Harbours")

    page = reader.get("/search/").content.decode()

    assert "/section/water/" in page
    assert "/topic/harbours/" in page


def test_what_cannot_be_looked_for_is_said_beside_the_field_and_kept(reader):
    long = reader.get("/search/?q=" + "river " * 50)
    nothing = reader.get("/search/?q=-river")

    assert long.status_code == 400
    assert "no more than 200 characters" in long.content.decode()
    assert f'value="{("river " * 50).strip()}"' in long.content.decode()
    assert 'aria-describedby="q_error"' in nothing.content.decode()
    assert 'value="-river"' in nothing.content.decode()


def test_when_nothing_is_found_the_page_says_how_to_go_on(reader):
    make_article(title="The meadow of the ministry", section=make_section("Water"))
    make_section("Politics")

    filtered = reader.get("/search/?q=meadow&section=politics").content.decode()
    misspelled = reader.get("/search/?q=ministri+meadoow").content.decode()
    too_many = reader.get("/search/?q=meadow+zebra").content.decode()

    assert 'href="?q=meadow"' in filtered
    assert 'Did you mean <a href="?q=ministri+meadow">' in misspelled
    assert 'href="?q=meadow">' in too_many
    assert 'href="?q=zebra">' not in too_many


def test_a_page_without_op_eds_leads_on_to_the_front_page(reader):
    Author.objects.create(name="Nobody Yet", slug="nobody-yet")

    for url in ("/search/?q=zebra", "/author/nobody-yet/"):
        assert '<p><a href="/">The latest op-eds are on the front page.</a></p>' in reader.get(url).text, url


def test_how_to_go_on_keeps_phrases_and_what_is_left_out(reader):
    make_article(title="The meadow of the ministry")
    make_article(title="An e-mail to the ministry", standfirst="None.", body=body("None."))

    page = html.unescape(reader.get("/search/", {"q": 'meadoow e-mail -zebra -"of the" "the ministry"'}).text)

    assert 'Did you mean <a href="?q=meadow+e-mail+-zebra+%22the+ministry%22+-%22of+the%22">' in page
    assert (
        '<a href="?q=e-mail+-zebra+%22the+ministry%22+-%22of+the%22">e-mail -zebra "the ministry" -"of the"</a>' in page
    )


def test_authors_and_topics_of_the_name_are_linked_above_the_results(reader):
    make_article(title="River", author=make_author("Leila Haddad"))

    page = reader.get("/search/?q=haddad").content.decode()

    assert '<a href="/author/leila-haddad/">Author: <bdi>Leila Haddad</bdi></a>' in page


def test_each_result_is_in_its_own_language_and_direction(reader):
    make_article(title="دریا کی بات", body=body("دریا"), language="ur")

    page = reader.get(f"/search/?q={quote('دریا')}").content.decode()

    assert '<article class="item" lang="ur" dir="rtl">' in page


def test_the_last_word_is_completed_while_it_is_typed(reader):
    make_article(title="The river that the ministry forgot", author=make_author("Minna Berg"))

    suggested = json.loads(reader.get("/search/suggest/?q=the+min").content)["suggestions"]

    assert [(each["kind"], each["text"]) for each in suggested] == [("article", "The river that the ministry forgot")]
    assert json.loads(reader.get("/search/suggest/?q=min").content)["suggestions"][0]["url"] == "/author/minna-berg/"
    assert found("min") == []


def test_a_search_costs_the_same_queries_whatever_it_finds(reader, django_assert_num_queries):
    for number in range(12):
        article = make_article(title=f"River {number}")
        article.topics.add(Topic.objects.get_or_create(name=f"Topic {number}")[0])
        publishing.article_changed(article)

    # Sections and years, languages, candidates, cards, their authors, texts, authors, names (2), what stands around.
    with django_assert_num_queries(ASKED_BY_A_SEARCH[connection.vendor]):
        assert reader.get("/search/?q=river").status_code == 200
    # Languages, authors, topics, titles.
    with django_assert_num_queries(4):
        reader.get("/search/suggest/?q=riv")
    with django_assert_num_queries(1):
        find(parse("river", ["en"]), Filters())


def test_browsers_can_add_the_search(reader):
    response = reader.get("/opensearch.xml")

    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    assert "/search/?q={searchTerms}" in response.content.decode()


# --- Any input


JUNK = [
    "'", '"', '"""', "%", "_", "\\", ":", "*", "(", ")", "((", "AND", "OR NOT", "NEAR(river, 2)", "river*",
    "title:river", "-", "--", "-river", '-"', "^river", "{title}: river", "a & b | !c", "river:*", "river <-> plan",
    "'river'::tsquery", "%00%", "'; DROP TABLE articles_article; --", "🦆", "👩\u200d👩\u200d👧", "\u202eriver\u202c",
    "\u200f", "\ufffd", "é" * 150, "水" * 200, "-".join("ab" * 30), "a" * 200, "\u0301" * 200, "." * 200, "½ ² Ⅷ",
    "ﷺ" * 50, "\n\r\t", "\x01\x1f\x7f", "river " * 1_000, "a-" * 3_500,
]  # fmt: skip


@pytest.mark.parametrize("typed", JUNK)
def test_any_input_is_answered(reader, typed):
    make_article(title="River", body=body("The river plan."))

    for url in ("/search/", "/search/suggest/"):
        assert reader.get(url, {"q": typed}).status_code in (200, 400, 414)


@pytest.mark.parametrize(
    "query",
    ["q=%ED%A0%80", "q=%FF%FE", "q=%", "q=%zz", "q", "q=&q=", "q=a&q=b", "section=%27&q=a", "author=%22&q=a",
     "year=x&q=a", "year=99999999&q=a", "year=٢٠٢٦&q=a", "year=0000&q=a", "page=x&q=a", "page=-1&q=a",
     "page=999999999&q=a", "q=a%0d%0ab", "q=" + "x" * 10_000, "q=" + "%22" * 2_500, "q=" + "-a+" * 2_500,
     "author=" + "x" * 7_000],
)  # fmt: skip
def test_any_address_is_answered(reader, query):
    make_article()

    for url in ("/search/", "/search/suggest/"):
        assert reader.get(f"{url}?{query}").status_code in (200, 400, 404, 414)


def test_nul_is_refused(reader):
    assert reader.get("/search/?q=a%00b").status_code == 400


@pytest.mark.material
@pytest.mark.parametrize("corpus", ["sqli_libinjection", "unicode", "_quick"])
def test_hostile_input_of_others_is_answered(reader, material, corpus):
    make_article(title="River")
    payloads = [each["payload"] for each in json.loads((material / f"corpus/{corpus}.json").read_text())]

    for payload in payloads[:: max(1, len(payloads) // 150)]:
        typed = payload.encode(errors="replace").decode()
        response = reader.get("/search/", {"q": typed[:200]})
        assert response.status_code in (200, 400, 414), payload
        assert reader.get("/search/suggest/", {"q": typed[:1000]}).status_code in (200, 400, 414), payload


# --- By an index


def test_words_are_found_by_the_index():
    for number in range(40):
        make_article(title=f"River {number}")
    make_article(title="Zebras")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Both sides of the join: what is known of one alone may say that going through the other is cheaper.
            cursor.execute("ANALYZE articles_article, articles_searchtext; SET LOCAL enable_seqscan = off")

    plan = matching(parse("zebra", ["en"])).explain()

    expected = {"sqlite": "articles_search_words VIRTUAL TABLE INDEX", "postgresql": "articles_searchtext_words_index"}
    assert expected[connection.vendor] in plan


def test_words_are_joined_so_that_the_index_may_come_first_with_a_filter_too():
    asked = matching(parse("zebra", ["en"])).filter(published_at__year=2020).values_list("search_text__title")

    assert "LEFT OUTER JOIN" not in str(asked.query)


def test_the_titles_have_an_index_of_their_own():
    make_article(title="River")

    assert list(matching(parse("river", ["en"]), "title").values_list("title", flat=True)) == ["River"]
    assert not matching(parse("ministry", ["en"]), "title").exists()


def test_words_of_names_are_kept_with_authors_and_topics():
    author = Author.objects.create(name="Zoë O’Brien-Müller")

    assert author.name_words == " zoe o brien muller "
