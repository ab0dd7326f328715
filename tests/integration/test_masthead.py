"""The publication's name and what it says of itself, wherever it stands: the owner's words before the environment's."""

import html
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import masthead
from articles.freshness import pages_changed
from articles.models import Image, NavigationLink, Page, Publication, Section
from articles.navigation import AROUND, around
from comments import outbox
from comments.models import Mail
from opedsite.accounts import SecondFactorAdapter
from opedsite.answers import Slots
from opedsite.outages import outage_page
from tests.factories import make_article, make_comment, make_staff
from tests.site_client import Taken

pytestmark = pytest.mark.django_db
HOSTILE = 'A <b>& "C"\r\nBcc: x@evil.example\u202e'
ON_ONE_LINE = 'A <b>& "C" Bcc: x@evil.example'


def say(**words):
    said, _ = Publication.objects.update_or_create(pk=1, defaults=words)
    pages_changed(["site"])
    return said


def test_without_words_of_the_owners_the_environment_names_the_site(reader, settings):
    settings.OPED_SITE_NAME, settings.OPED_TAGLINE = "The Bench", "Sit down"

    page = reader.get("/").text

    assert "<title>The Bench" in page
    assert "Sit down" in page.split("<footer")[1]
    assert '<html lang="en" dir="ltr">' in page


def test_the_owners_words_go_before_the_environments_on_every_page(reader):
    article = make_article()
    addresses = ["/", article.get_absolute_url(), article.section.get_absolute_url(), "/privacy/", "/nothing/here/"]
    assert not any("The Long Table" in reader.get(address).text for address in addresses)

    say(name="The Long Table", tagline="Argued at length", language="ur")

    for address in addresses:
        page = reader.get(address).text
        assert "The Long Table" in page.split("</title>")[0]
        assert "Argued at length" in page.split("<footer")[1]
        assert '<html lang="ur" dir="rtl">' in page


def test_the_masthead_is_read_with_what_else_stands_around_a_page():
    sql = AROUND.built_for(connection).sql

    assert Publication._meta.db_table in sql
    assert Section._meta.db_table in sql


def test_the_masthead_costs_no_query_of_its_own(reader):
    article = make_article()
    picture = Image.objects.create(key="k" * 32, name="Logo", width=640, height=320, widths=[320, 640])
    said = say(name="The Long Table", logo=picture, principles=Page.objects.get(slug="about"))
    NavigationLink.objects.create(publication=said, label="Shop", url="/shop/")

    for url in (article.get_absolute_url(), "/"):
        with CaptureQueriesContext(connection) as queries:
            assert "Shop" in reader.get(url).text

        # PostgreSQL has prepared what stands around a page, and is asked for it by name.
        names = (f"{AROUND.name}(", Publication._meta.db_table)
        assert len([query for query in queries if any(name in query["sql"] for name in names)]) == 1


def test_all_that_the_owner_says_comes_with_what_stands_around_a_page():
    picture = Image.objects.create(key="k" * 32, name="Logo", alt="A table", width=640, height=320, widths=[320, 640])
    links = "https://social.example/@table\n\nhttps://other.example/"
    say(description="Long arguments.", links=links, logo=picture, principles=Page.objects.get(slug="about"))

    said = around().masthead

    assert said == masthead.current() == masthead.last_known()
    assert (said.description, said.principles_url) == ("Long arguments.", "/about/")
    assert said.links == ["https://social.example/@table", "https://other.example/"]
    assert said.logo is not None
    assert (said.logo.key, said.logo.alt, said.logo.width, said.logo.height) == ("k" * 32, "A table", 640, 320)
    assert said.logo.widths == [320, 640]


def test_the_logo_stands_in_the_masthead_with_its_size_and_the_name_in_its_place(reader):
    picture = Image.objects.create(key="k" * 32, name="Logo", alt="A table", width=640, height=320, widths=[])
    article = make_article()
    say(name="The Long Table", logo=picture)
    assert "<img" not in reader.get(article.get_absolute_url()).text.split("</header>")[0]

    Image.objects.update(widths=[320, 640])
    pages_changed(["site"])

    shown = f'<img src="/media/{"k" * 32}/320.webp" width="96" height="48" alt="The Long Table">'
    for address in (article.get_absolute_url(), "/"):
        assert shown in reader.get(address).text.split("</header>")[0]


def test_the_foot_leads_to_the_feed_and_to_where_else_the_publication_is_found(reader):
    say(links="https://www.social.example/@table\nhttps://other.example/")

    foot = reader.get("/about/").text.split("<footer")[1]

    assert '<a href="/feed/" type="application/rss+xml">Feed (RSS)</a>' in foot
    assert '<a href="https://www.social.example/@table" rel="me noopener"><bdi>social.example/@table</bdi></a>' in foot
    assert "other.example" in foot


def test_the_owners_own_links_stand_in_head_and_foot_in_their_order(reader):
    said = say(name="The Long Table")
    for place, label, position in (("head", "Shop", 2), ("head", "Talks", 1), ("foot", "Imprint", 1)):
        NavigationLink.objects.create(
            publication=said, place=place, label=label, url=f"/{label.lower()}/", position=position
        )

    head, foot = reader.get("/").text.split("</header>")[0], reader.get("/").text.split("<footer")[1]

    assert head.index('<a href="/talks/">Talks') < head.index('<a href="/shop/">Shop')
    assert '<a href="/imprint/">Imprint' in foot
    assert "Imprint" not in head


def test_a_section_outside_the_navigation_keeps_its_page(reader):
    section = Section.objects.create(name="Basement", in_navigation=False)

    assert "Basement" not in reader.get("/").text
    assert reader.get(section.get_absolute_url()).status_code == 200


def test_a_hostile_name_is_one_line_of_text_wherever_it_stands(reader, settings, mailoutbox):
    article = make_article()
    make_comment(article)
    say(name=HOSTILE, tagline=HOSTILE)
    editor = make_staff("Moderators")
    editor.email = "mira@example.org"
    editor.save()
    Mail.objects.create(kind=Mail.Kind.TEST, purpose_key="test", user=editor)

    page, feed = reader.get("/").text, reader.get("/comments/feed/").text
    outbox.send_due()

    (message,) = mailoutbox
    assert html.unescape(re.search("<title>([^<]*)</title>", page)[1]).startswith(f"{ON_ONE_LINE} – ")
    assert "A <b>" not in page
    assert 'Comments – A &lt;b&gt;&amp; "C" Bcc: x@evil.example' in feed
    assert message.subject == f"A test mail from {ON_ONE_LINE}"
    assert "Bcc" not in message.message()
    assert f"the desk of {ON_ONE_LINE}." in message.body


def test_pages_made_without_a_database_bear_the_last_known_name(reader, django_assert_num_queries):
    say(name="The Long Table")
    reader.get("/")

    with django_assert_num_queries(0):
        refused = reader.get("/", {"a": "x" * 5000})
        away = outage_page()

    assert refused.status_code == 414
    assert "The Long Table</title>" in refused.text
    assert "The Long Table</title>" in away


def test_words_that_could_not_be_taken_come_back_under_the_last_known_name(reader):
    say(name="The Long Table")
    reader.get("/")
    reader.handler.slots = Slots(executor=Taken())

    page = reader.post("/comments/post/1/", "body=Not to be lost.", "application/x-www-form-urlencoded").text

    assert "Not to be lost." in page
    assert "The Long Table" in page


def test_authenticator_apps_keep_the_account_under_the_publications_name():
    say(name="The Long Table")

    url = SecondFactorAdapter().build_totp_url(make_staff("Owner", "mira"), "SECRET")

    assert "issuer=The Long Table" in unquote(url).replace("+", " ")


def test_a_comments_feed_is_in_the_publications_language(reader):
    say(name="Maez", language="ur")

    assert "<language>ur</language>" in reader.get("/comments/feed/").text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_process_knows_the_name_before_its_first_page(migrated):
    masthead.learn(None)
    say(name="The Long Table")

    masthead.learn_at_start()

    assert masthead.last_known().name == "The Long Table"
    assert connection.connection is None
