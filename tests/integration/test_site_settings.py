"""The owner's page of site settings, redirects, missed addresses, and moves, in the desk."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import missing
from articles.models import Article, MissingPath, NavigationLink, Page, PageVersion, Publication, Redirect
from tests.factories import make_article, make_draft, make_section

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/articles/publication/1/change/"
EMPTY = {
    "name": "", "tagline": "", "description": "", "logo": "", "language": "", "principles": "", "links": "",
    "navigation-TOTAL_FORMS": "1", "navigation-INITIAL_FORMS": "0",
    "navigation-0-place": "head", "navigation-0-label": "", "navigation-0-url": "", "navigation-0-position": "0",
}  # fmt: skip
MISSING = "/admin/articles/missingpath/"


def link(url, label="Shop"):
    return {"navigation-0-label": label, "navigation-0-url": url, "navigation-0-position": "1"}


# --- Site settings


def test_the_settings_stand_on_one_page_and_say_what_holds_where_they_are_empty(desk, settings):
    settings.OPED_SITE_NAME = "The Bench"

    page = desk("Owner").get("/admin/articles/publication/", follow=True).text

    assert "<h1>Site settings</h1>" in page
    assert 'placeholder="The Bench"' in page
    assert "Empty: what OPED_SITE_NAME says in the environment." in page
    assert "As OPED_LANGUAGE says: English" in page


def test_what_the_owner_saves_is_on_every_page_without_a_change_of_code(desk, reader):
    article = make_article()
    assert "The Long Table" not in reader.get(article.get_absolute_url()).text

    response = desk("Owner").post(
        SETTINGS,
        EMPTY | {"name": "The Long Table", "tagline": "Argued at length", "links": "https://social.example/@t"}
        | {"principles": str(Page.objects.get(slug="about").pk), "description": "Long arguments.", "language": "fa"}
        | link("https://shop.example/"),
        follow=True,
    )  # fmt: skip

    assert "The site settings are saved." in response.text
    for url in ("/", article.get_absolute_url(), "/privacy/"):
        page = reader.get(url).text
        assert "Argued at length" in page.split("<footer")[1]
        assert '<html lang="fa" dir="rtl">' in page
        assert '<a href="https://shop.example/">Shop</a>' in page
    assert PageVersion.objects.filter(key__in=("site", "articles")).count() == 2


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//evil.example/", "//[", "ftp://a.example/", "about", "/\\evil.example", "https://user:p@a.example/",
     "/a\u202eb/", "data:text/html,x"],
)  # fmt: skip
def test_a_link_of_the_owners_leads_to_this_site_or_the_web_and_nowhere_else(desk, url):
    response = desk("Owner").post(SETTINGS, EMPTY | link(url))

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not NavigationLink.objects.exists()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("/about", "/about/"),
        ("/about/#who-we-are", "/about/#who-we-are"),
        ("/search/?q=bus&year=2026", "/search/?q=bus&amp;year=2026"),
        ("/author/%D8%B9/", "/author/ع/"),
    ],
)
def test_a_link_of_the_owners_leads_to_the_very_place(desk, reader, typed, printed):
    desk("Owner").post(SETTINGS, EMPTY | link(typed))

    assert f'<a href="{printed}">Shop</a>' in reader.get("/privacy/").text


@pytest.mark.parametrize(("field", "value"), [("links", "javascript:alert(1)"), ("language", "xx"), ("name", "x" * 81)])
def test_what_no_page_can_print_is_refused_with_a_sentence(desk, field, value):
    response = desk("Owner").post(SETTINGS, EMPTY | {field: value})

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not Publication.objects.exclude(**{field: ""}).exists()


def test_notes_of_a_standing_page_are_in_the_publications_language(desk, reader):
    page = Page.objects.create(
        title="Rules", slug="rules", body="<p>Eleven<small class='footnote'>Of twelve</small></p>"
    )
    dated, owner = page.changed_at, desk("Owner")
    assert ">Notes</h2>" in reader.get("/rules/").text

    owner.post(SETTINGS, EMPTY | {"language": "ur"})

    assert ">Notes</h2>" not in reader.get("/rules/").text
    page.refresh_from_db()
    assert page.changed_at == dated
    page.save()
    assert ">Notes</h2>" not in page.body_html


def test_a_name_is_stored_on_one_line(desk):
    desk("Owner").post(SETTINGS, EMPTY | {"name": "The\u202e Long\u200b  Table"})

    assert Publication.objects.get().name == "The Long Table"


def test_two_owners_who_save_at_once_overwrite_only_what_they_changed(desk):
    first, second = desk("Owner"), desk("Owner")
    first.post(SETTINGS, EMPTY | {"name": "The Long Table"})

    # The second owner's page was opened before: it shows no name, but changes the tagline alone.
    page = second.get(SETTINGS)
    first.post(SETTINGS, EMPTY | {"name": "The Longer Table"})
    second.post(SETTINGS, EMPTY | {"name": "The Longer Table", "tagline": "Argued"})

    assert page.status_code == 200
    assert Publication.objects.values_list("name", "tagline").get() == ("The Longer Table", "Argued")


@pytest.mark.parametrize("role", ["Editors", "Writers", "Moderators"])
def test_the_settings_are_the_owners(desk, role):
    client = desk(role)

    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, EMPTY | {"name": "Mine"}).status_code == 403
    assert not Publication.objects.filter(name="Mine").exists()


def test_sections_are_ordered_and_taken_out_of_the_navigation_in_their_list(desk, reader):
    sections = [make_section("Politics"), make_section("World")]
    form = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Save"}
    for number, section in enumerate(sections):
        form |= {f"form-{number}-id": str(section.pk), f"form-{number}-position": str(number)}
    assert "World" in reader.get("/").text

    desk("Editors").post(reverse("admin:articles_section_changelist"), form | {"form-0-in_navigation": "on"})

    head = reader.get("/").text.split("</header>")[0]
    assert "Politics" in head
    assert "World" not in head


def test_a_new_op_ed_begins_in_the_publications_language(desk):
    Publication.objects.create(pk=1, language="ur")

    assert '<option value="ur" selected>' in desk("Editors").get(reverse("admin:articles_article_add")).text


# --- Moves


def move_url(article):
    return reverse("admin:articles_article_move", args=[article.pk])


def test_an_editor_moves_an_op_ed_after_a_second_look(desk, reader):
    article = make_article(title="One")
    old, editor = article.get_absolute_url(), desk("Editors")
    form = {"slug": "two", "at": f"{article.published_at:%Y-%m-%dT%H:%M}"}
    assert move_url(article) in editor.get(reverse("admin:articles_article_change", args=[article.pk])).text

    asked = editor.post(move_url(article), form).text
    assert f"<code>{old.replace('one', 'two')}</code>" in asked
    assert reader.get(old).status_code == 200
    done = editor.post(move_url(article), form | {"sure": "yes"}, follow=True).text

    assert f"The former address {old} leads to the new one from now on." in done
    assert reader.get(old).status_code == 301
    moved = Article.objects.get()
    assert (moved.slug, moved.published_at) == ("two", article.published_at)


@pytest.mark.parametrize("slug", ["", "Two Words", "taken", "../x"])
def test_a_slug_that_no_address_can_have_is_refused(desk, slug):
    article = make_article(title="One")
    make_article(title="Taken")

    response = desk("Editors").post(move_url(article), {"slug": slug, "at": "2021-03-05T10:00", "sure": "yes"})

    assert 'class="error"' in response.text
    assert not Redirect.objects.exists()


def test_a_move_into_the_future_or_by_a_writer_or_of_a_draft_is_refused(desk):
    article = make_article()
    ahead = {"slug": "two", "at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}", "sure": "yes"}

    assert "lie ahead" in desk("Editors").post(move_url(article), ahead).text
    assert desk("Writers").get(move_url(article)).status_code == 403
    assert desk("Editors").get(move_url(make_draft())).status_code == 403


@pytest.mark.parametrize("kind", ["author", "section", "topic", "page"])
def test_a_changed_slug_of_anything_with_a_page_leaves_a_redirect(desk, reader, kind):
    editor, words = (
        desk("Editors"),
        {"slug": "new", "name": "Old", "title": "Old", "body": "<p>Old.</p>", "position": "0"},
    )
    editor.post(reverse(f"admin:articles_{kind}_add"), words | {"slug": "old"})
    old = f"/{'' if kind == 'page' else f'{kind}/'}old/"
    assert reader.get(old).status_code == 200
    pk = int(editor.get(reverse(f"admin:articles_{kind}_changelist")).context["cl"].queryset.get(slug="old").pk)

    page = editor.post(reverse(f"admin:articles_{kind}_change", args=[pk]), words, follow=True).text

    assert f"The former address {old} leads to the new one" in page
    assert (reader.get(old).status_code, reader.get(old)["Location"]) == (301, old.replace("old", "new"))
    editor.post(reverse(f"admin:articles_{kind}_delete", args=[pk]), {"post": "yes"})
    assert reader.get(old).status_code == 404


# --- Redirects by hand


def add_redirect(client, old, new):
    return client.post(reverse("admin:articles_redirect_add"), {"old_path": old, "new_path": new}, follow=True)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/Old-Title", "/old-title/"),
        ("http://127.0.0.1:8000/old-title/?p=1#top", "/old-title/"),
        ("/%D9%BE%D9%84/", "/پل/"),
        ("/caf\u0065\u0301", "/café/"),
        ("/old.html", "/old.html"),
        ("/100%25/", "/100%25/"),
    ],
)
def test_a_redirect_made_by_hand_works_however_its_address_was_typed(desk, reader, typed, asked):
    add_redirect(desk("Editors"), typed, "/privacy/")

    response = reader.get(asked)

    assert (response.status_code, response.get("Location")) == (301, "/privacy/")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/old/", "https://evil.example/"),
        ("/old/", "//evil.example/"),
        ("/old/", "/\\evil.example/"),
        ("/old/", "//["),
        ("http://a℀.example/", "/privacy/"),
        ("/old/", "javascript:alert(1)"),
        ("/old/", "/a\u0000b/"),
        ("/old/", "/OLD"),
        ("/old/", "/old/feed/"),
        ("https://evil.example/", "/privacy/"),
        ("old", "/privacy/"),
        ("", "/privacy/"),
    ],
)
def test_a_redirect_leads_from_this_site_to_this_site_and_not_to_itself(desk, old, new):
    response = add_redirect(desk("Editors"), old, new)

    assert "errorlist" in response.text
    assert not Redirect.objects.exists()


def test_redirects_made_by_hand_form_neither_a_chain_nor_a_circle(desk, reader):
    editor = desk("Editors")
    add_redirect(editor, "/b/", "/privacy/")
    add_redirect(editor, "/a/", "/b/")
    add_redirect(editor, "/c/", "/a/")
    add_redirect(editor, "/d/", "/e/")

    circle = add_redirect(editor, "/e/", "/d/")

    assert [reader.get(f"/{name}/")["Location"] for name in "abc"] == ["/privacy/"] * 3
    assert "in a circle" in circle.text
    assert reader.get("/d/")["Location"] == "/e/"


def test_an_editor_is_warned_of_a_page_in_the_way_and_of_a_page_that_is_not_there(desk):
    in_the_way = add_redirect(desk("Editors"), "/about/", "/privacy/").text
    nothing = add_redirect(desk("Editors"), "/old/", "/2026/01/nothing/").text

    assert "There is a page at /about/" in in_the_way
    assert "There is no page at /2026/01/nothing/ at present." in nothing


def test_redirects_are_searched_and_tried(desk):
    Redirect.objects.create(old_path="/پرانا/", new_path="/privacy/")
    Redirect.objects.create(old_path="/other/", new_path="/about/")

    page = desk("Editors").get(reverse("admin:articles_redirect_changelist"), {"q": "privacy"}).text

    assert 'href="/%D9%BE%D8%B1%D8%A7%D9%86%D8%A7/" target="_blank"' in page
    assert "/other/" not in page


@pytest.mark.parametrize("role", ["Writers", "Moderators"])
def test_redirects_and_missed_addresses_are_the_editors(desk, role):
    missing.count({"/missed/": 2})
    missed = MissingPath.objects.get()
    client = desk(role)

    assert client.get(reverse("admin:articles_redirect_changelist")).status_code == 403
    assert client.get(MISSING).status_code == 403
    assert client.post(f"{MISSING}{missed.pk}/lead/", {"to": "/privacy/"}).status_code == 403
    assert client.post(f"{MISSING}{missed.pk}/forget/").status_code == 403


# --- Missed addresses


def test_a_missed_address_is_led_to_its_likely_page_by_one_button(desk, reader):
    article = make_article(title="The river that the ministry forgot")
    missing.count({"/2019/05/the-river-that-the-ministry-forgot/": 7, "/<b>hostile</b>/": 3})
    editor = desk("Editors")

    page = editor.get(MISSING).text
    pk = MissingPath.objects.get(count=7).pk
    assert f'formaction="{MISSING}{pk}/lead/" name="to" value="{article.get_absolute_url()}"' in page
    assert "<b>hostile" not in page
    done = editor.post(f"{MISSING}{pk}/lead/", {"to": article.get_absolute_url()}, follow=True).text

    assert f"leads to {article.get_absolute_url()} from now on" in done
    assert reader.get("/2019/05/the-river-that-the-ministry-forgot/")["Location"] == article.get_absolute_url()
    assert not MissingPath.objects.filter(pk=pk).exists()


def test_a_missed_address_is_led_elsewhere_or_forgotten(desk):
    missing.count({"/old view/": 1, "/more/": 1})
    editor = desk("Editors")
    page = editor.get(MISSING).text
    form = editor.get(f"{reverse('admin:articles_redirect_add')}?old_path=/old%20view/").text

    editor.post(f"{MISSING}{MissingPath.objects.get(path='/more/').pk}/forget/")
    add_redirect(editor, "/old view/", "/privacy/")

    assert "?old_path=/old%20view/" in page
    assert 'value="/old view/"' in form
    assert not MissingPath.objects.exists()


@pytest.mark.parametrize("path", ["/research+development/", "/a&b=c/", "/x;y/", "/it's/", "/مضمون/"])
def test_a_missed_address_is_brought_into_the_form_whole(desk, path):
    missing.count({path: 1})
    editor = desk("Editors")

    (link,) = re.findall(r'class="elsewhere" href="([^"]*)"', editor.get(MISSING).text)

    assert f'name="old_path" value="{html.escape(path)}"' in editor.get(html.unescape(link)).text


def test_following_a_link_changes_nothing_and_a_foreign_target_is_refused(desk):
    missing.count({"/missed/": 2})
    pk, editor = MissingPath.objects.get().pk, desk("Editors")

    assert editor.get(f"{MISSING}{pk}/lead/", {"to": "/privacy/"}).status_code == 405
    refused = editor.post(f"{MISSING}{pk}/lead/", {"to": "https://evil.example/"}, follow=True).text

    assert "That was not possible" in refused
    assert MissingPath.objects.exists()
    assert not Redirect.objects.exists()
