"""A site whose language is Urdu says nothing in English: on no page, in no attribute that is read, in no mail."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from articles import masthead
from articles.freshness import pages_changed
from articles.models import Author, Correction, Page, Publication, Topic
from articles.navigation import words_of
from comments.links import confirm_url, new_access_url, own_url, stop_url
from comments.mails import message_of
from comments.models import Comment, Discussion, Mail
from opedsite.outages import outage_page
from tests.factories import filled_in, make_article, make_author, make_comment, make_section, make_withdrawn, wants_mail

pytestmark = pytest.mark.django_db
ORIGIN = {"Origin": "http://127.0.0.1:8000"}
# What a reader hears or sees of an element without looking into its source.
READ = {"aria-label", "title", "alt", "placeholder", "data-plain", "data-answering", "data-cancel", "data-left"}
READ |= {"data-over", "data-author", "data-topic", "data-article", "data-suggestions"}
# Names that are the same everywhere: formats, networks, tags, an address as an example.
NAMES = re.compile(
    r"https?://\S+|\S+@\S+|%\(\w+\)s|<\w+>|\b(RSS|JSON|X|Bluesky|Mastodon|Facebook|WhatsApp|Telegram|LinkedIn|Reddit|"
    r"Email|example|org|p|a|b|i|em|strong|code|blockquote|del|q|cite|abbr|pre|ul|ol|li|br|s)\b"
)
SAID_IN_FEEDS = ("title", "description", "summary", "content_html")
LATIN = re.compile(r"[A-Za-z]{2}")


class Spoken(HTMLParser):
    """Collects what a page says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.inside = [*self.inside, tag] if tag in ("script", "style") else self.inside
        facts = dict(attrs)
        self.said += [value for name, value in attrs if name in READ and value]
        if facts.get("name") in ("description",) or facts.get("property") in ("og:title", "og:description"):
            self.said.append(facts["content"])

    def handle_endtag(self, tag):
        self.inside = [each for each in self.inside if each != tag]

    def handle_data(self, data):
        if not self.inside:
            self.said.append(data)


def english_in(page: str) -> list[str]:
    spoken = Spoken()
    spoken.feed(page)
    return [text.strip() for text in spoken.said if LATIN.search(NAMES.sub("", text))]


@pytest.fixture
def urdu(settings):
    settings.OPED_SITE_NAME, settings.OPED_TAGLINE = "دریا", "ٹھہر کر سوچنا"
    Publication.objects.update_or_create(pk=1, defaults={"name": "دریا", "tagline": "ٹھہر کر سوچنا", "language": "ur"})
    for number, page in enumerate(Page.objects.all(), 1):
        page.title, page.body, page.body_html = f"صفحہ {number}", "<p>متن</p>", "<p>متن</p>"
        page.save()
    Discussion.objects.update_or_create(pk=1, defaults={"reports_to_review": 1})
    pages_changed(["site"])
    masthead.current()


def make_site():
    """Op-eds on two pages of the list, a correction, comments and answers, a topic, one withdrawn."""
    section, author = make_section("سیاست"), make_author("عنا حسن", "<p>استاد</p>")
    topic = Topic.objects.create(name="پانی", slug="pani", description="ندیاں")
    words = {"language": "ur", "section": section, "author": author, "standfirst": "کیوں"}
    words["body"] = "<p>ہر بہار دریا آتا ہے</p><h2>کس کا</h2><p>ہمارا</p>"
    days = [datetime(2026, month, day, tzinfo=UTC) for month in (1, 2) for day in range(1, 26)]
    last = [make_article(day, title=f"دریا کی بات {n}", slug=f"b{n}", **words) for n, day in enumerate(days)][-1]
    last.topics.add(topic)
    right = "<p>درست</p>"
    Correction.objects.create(article=last, text=right, text_html=right, made_at=last.published_at)
    first = make_comment(last, "درست", name="طارق", badge="author")
    make_comment(last, "شکریہ", name="عنا", parent=first)
    gone = make_withdrawn(title="گیا", slug="gaya", **words)
    return last, first, gone


def test_no_public_page_of_an_urdu_site_says_anything_in_english(reader, urdu):
    article, comment, gone = make_site()
    page, section = article.get_absolute_url(), article.section
    addresses = ["/", "/?page=2", "/topics/", "/authors/", "/corrections/", "/2026/", "/2026/01/", "/2026/02/?page=2"]
    addresses += [page, f"{page}?reply_to={comment.pk}", section.get_absolute_url(), "/topic/pani/", "/about/"]
    addresses += [f"{section.get_absolute_url()}?page=2", Author.objects.all()[0].get_absolute_url()]
    addresses += [
        f"/search/?q={words}" for words in ("", "دریا", "دریا&page=2", "بہار+قققق", "عنا", "-", "ا" * 300, "ا+" * 60)
    ]
    addresses += [f"/search/?q=قققق&section={section.slug}", "/nothing/at/all/", gone.get_absolute_url()]
    addresses += [f"/comments/{comment.pk}/report/", "/comments/mine/"]

    said = {address: english_in(reader.get(address).text) for address in addresses}

    assert {address: words for address, words in said.items() if words} == {}


def test_the_words_of_readers_pages_are_ours_where_the_desk_translates_them_too(reader, urdu):
    page = reader.get("/nothing/at/all/").text

    assert "<title>صفحہ نہیں ملا – دریا</title>" in page


def test_empty_pages_of_an_urdu_site_are_urdu_too(reader, urdu):
    section, author = make_section("سیاست"), make_author("عنا حسن", "")
    addresses = ["/", "/topics/", "/authors/", "/corrections/", "/archive/", "/search/"]
    addresses += [section.get_absolute_url(), author.get_absolute_url()]

    said = {address: english_in(reader.get(address).text) for address in addresses}

    assert {address: words for address, words in said.items() if words} == {}


def test_refusals_and_outages_of_an_urdu_site_are_urdu(reader, urdu):
    article, comment, _ = make_site()
    post, report = f"/comments/post/{article.pk}/", f"/comments/{comment.pk}/report/"
    small = {"sentence": "", "status": 500} | words_of(masthead.last_known())

    pages = [
        outage_page(),
        *(render_to_string(f"{name}.html", small) for name in ("400", "500", "refusal")),
        reader.get("/?x=%00").text,
        reader.get(f"/?x={'a' * 5000}").text,
        reader.post("/", {}).text,
        reader.post(post, filled_in()).text,
        reader.post(post, filled_in(email="ana@", body="", name=""), headers=ORIGIN).text,
        reader.post("/comments/post/999999/", filled_in(name="عنا", body="متن"), headers=ORIGIN).text,
        reader.post(report, {}, headers=ORIGIN).text,
        reader.post(report, {"reason": "Something else"}).text,
        reader.post(report, {"reason": "Something else"}, headers=ORIGIN).text,
        reader.post("/comments/mine/", {"email": "x"}, headers=ORIGIN).text,
        reader.post("/comments/mine/", {"email": "x@example.org"}).text,
        reader.post("/comments/mine/", {"email": "x@example.org"}, headers=ORIGIN).text,
    ]

    assert [words for words in map(english_in, pages) if words] == []


def test_feeds_of_an_urdu_site_are_urdu(reader, urdu):
    article, comment, _ = make_site()
    feeds = [f"{below}feed/json/" for below in ("/", "/comments/", article.get_absolute_url())]

    said = [reader.get(feed).json() for feed in feeds]

    parts = [text for feed in said for item in (feed, *feed["items"]) for text in map(item.get, SAID_IN_FEEDS) if text]
    assert len(parts) > 60
    assert [words for words in map(english_in, parts) if words] == []
    assert said[2]["items"][-1]["title"] == f"{comment.name}، ”{article.title}“ پر"


def test_what_an_urdu_site_mails_to_readers_and_the_pages_behind_it_are_urdu(reader, urdu):
    _, comment, _ = make_site()
    comment = Comment.objects.select_related("origin__commenter").get(pk=comment.pk)
    person = wants_mail(comment)
    answer = Comment.objects.get(parent=comment)
    mails = [
        Mail.objects.create(kind=kind, purpose_key=kind, commenter=person, comment=about)
        for kind, about in ((Mail.Kind.REPLY, answer), (Mail.Kind.ACCESS, None))
    ]

    letters = [message_of(mail) for mail in mails]
    person.confirmed_at = None
    letters.append(message_of(Mail(kind=Mail.Kind.CONFIRM, purpose_key="c", commenter=person)))
    pages = [reader.get(url).text for url in (own_url(comment), confirm_url(person), stop_url(person))]
    pages += [reader.post(confirm_url(person), {"answer": answer}, headers=ORIGIN).text for answer in ("yes", "never")]
    access = new_access_url(person)
    pages += [reader.get(access).text, reader.post(access, {}, headers=ORIGIN).text, reader.get(access).text]

    assert [words for words in map(english_in, pages) if words] == []
    mailed = [text for each in letters for text in (each.subject, each.body)]
    assert [text for text in mailed if LATIN.search(NAMES.sub("", text))] == []
