"""Drafts, scheduled and withdrawn articles are nowhere: every address of the site is tried."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles.models import Article, Correction, Page, Pin, Section, Topic
from comments.links import confirm_url, new_access_url, new_answering_link, own_token, staff_stop_url, stop_url
from tests.factories import make_article, make_comment, make_draft, make_scheduled, make_staff, make_withdrawn

pytestmark = pytest.mark.django_db
ARTICLE = "<year:year>/<month:month>/<any_slug:slug>"
PICTURE = r"^media/(?P<key>[0-9a-f]{16})/(?P<name>(?:square-)?[0-9]{1,4}\.webp|share\.jpg)$"
SECRET = "Unpublishable-Words"
# The desk is for staff, who may see drafts; its rights have tests of their own.
NOT_FOR_READERS = ("admin/", "accounts/")
THIS_YEAR = timezone.localdate().year
YEARS = range(THIS_YEAR - 1, THIS_YEAR + 2)


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        elif isinstance(entry, URLPattern) and not path.startswith(NOT_FOR_READERS):
            yield path


def own_addresses(article):
    if article.published_at:
        return [article.get_absolute_url()]
    return [f"/2026/{month:02}/{article.slug}/" for month in range(1, 13)]


def in_each_form(address):
    return [f"{address}feed/{form}" for form in ("", "atom/", "json/")]


def addresses_of(article, comment):
    """Each pattern of the resolver, filled in with what belongs to the hidden article."""
    byline = article.bylines.get()
    token = own_token(comment)
    _, link = new_answering_link(byline.author, by="mira")
    person = comment.origin.commenter
    return {
        "healthz": ["/healthz"],
        "readyz": ["/readyz"],
        "robots.txt": ["/robots.txt"],
        "comments/post/<int:article_id>/": [reverse("comments:comment-post", args=[article.pk])],
        "comments/preview/<int:article_id>/": [reverse("comments:comment-preview", args=[article.pk])],
        "comments/own/<str:token>/": [reverse("comments:comment-own", args=[token])],
        "comments/own/<str:token>/edit/": [reverse("comments:comment-edit", args=[token])],
        "comments/own/<str:token>/withdraw/": [reverse("comments:comment-withdraw", args=[token])],
        "comments/answer/<str:token>/": [link],
        "comments/answer/<str:token>/<int:article_id>/": [f"{link}{article.pk}/"],
        "comments/own/<str:token>/tell/": [reverse("comments:comment-tell", args=[token])],
        "comments/confirm/<str:token>/": [confirm_url(person)],
        "comments/stop/<str:token>/": [stop_url(person)],
        "comments/staffmail/<str:token>/": [staff_stop_url(make_staff("Moderators"))],
        "comments/mine/": ["/comments/mine/"],
        "comments/mine/export/": ["/comments/mine/export/"],
        "comments/mine/erase/": ["/comments/mine/erase/"],
        "comments/mine/stop/": ["/comments/mine/stop/"],
        "comments/mine/<str:token>/": [new_access_url(person)],
        "comments/<int:comment_id>/": [reverse("comments:comment-permalink", args=[comment.pk])],
        "comments/<int:comment_id>/report/": [reverse("comments:comment-report", args=[comment.pk])],
        "comments/<feed:form>": in_each_form("/comments/"),
        f"{ARTICLE}/<feed:form>": [url for own in own_addresses(article) for url in in_each_form(own)],
        "<feed:form>": in_each_form("/"),
        "section/<any_slug:slug>/<feed:form>": in_each_form(article.section.get_absolute_url()),
        "topic/<any_slug:slug>/<feed:form>": in_each_form(article.topics.get().get_absolute_url()),
        "author/<any_slug:slug>/<feed:form>": in_each_form(byline.author.get_absolute_url()),
        "sitemap.xml": ["/sitemap.xml"],
        "sitemap-pages.xml": ["/sitemap-pages.xml"],
        "sitemap-articles-<number:number>.xml": [f"/sitemap-articles-{number}.xml" for number in range(3)],
        "sitemap-authors-<number:number>.xml": [f"/sitemap-authors-{number}.xml" for number in range(3)],
        "sitemap-topics-<number:number>.xml": [f"/sitemap-topics-{number}.xml" for number in range(3)],
        "news-sitemap.xml": ["/news-sitemap.xml"],
        "site.webmanifest": ["/site.webmanifest"],
        "favicon.ico": ["/favicon.ico"],
        PICTURE: ["/media/0123456789abcdef/320.webp"],
        "": ["/", "/?page=1"],
        f"{ARTICLE}/": [url for own in own_addresses(article) for url in (own, f"{own}?reply_to={comment.pk}")],
        "authors/": ["/authors/"],
        "topics/": ["/topics/"],
        "corrections/": ["/corrections/"],
        "archive/": ["/archive/"],
        "<year:year>/": [f"/{year}/" for year in YEARS],
        "<year:year>/<month:month>/": [f"/{year}/{month:02}/" for year in YEARS for month in range(1, 13)],
        "section/<any_slug:slug>/": [article.section.get_absolute_url()],
        "topic/<any_slug:slug>/": [article.topics.get().get_absolute_url()],
        "search/": ["/search/", "/search/?q=words", f"/search/?q=words&author={byline.author.slug}"],
        "search/suggest/": ["/search/suggest/?q=wor"],
        "opensearch.xml": ["/opensearch.xml"],
        "author/<any_slug:slug>/": [byline.author.get_absolute_url()],
        "<any_slug:slug>/": [*(page.get_absolute_url() for page in Page.objects.all()), f"/{article.slug}/"],
    }


@pytest.mark.parametrize("make", [make_draft, make_scheduled, make_withdrawn])
def test_no_address_shows_anything_of_an_unpublished_article(reader, make):
    make_article(title="In plain sight")
    article = make(title=f"{SECRET} title", standfirst=f"{SECRET} standfirst", body=f"<p>{SECRET} body</p>")
    article.topics.add(Topic.objects.create(name="Water"))
    Correction.objects.create(article=article, text=f"{SECRET} correction")
    Pin.objects.create(article=article, place="lead")
    comment = make_comment(article, f"{SECRET} comment", name=f"{SECRET} name")
    addresses = addresses_of(article, comment)

    unknown = [pattern for pattern in patterns(get_resolver()) if pattern not in addresses]
    shown = [
        url for urls in addresses.values() for url in urls if SECRET.lower() in page_without_own_address(reader, url)
    ]

    assert unknown == [], "this test does not know how to fill these patterns; teach it"
    assert shown == []


def page_without_own_address(reader, url):
    return reader.get(url).text.lower().replace(url.lower(), "")


@pytest.mark.parametrize("make", [make_draft, make_scheduled, make_withdrawn])
def test_an_unpublished_article_takes_no_comment_and_leaks_none(reader, make):
    article = make(title=f"{SECRET} title")

    response = reader.post(reverse("comments:comment-post", args=[article.pk]), {"body": "Hello?"})

    assert response.status_code == 404
    assert SECRET not in response.text
    assert article.comments.count() == 0


def test_every_list_and_page_of_articles_starts_from_published():
    published = make_article()
    make_draft(), make_scheduled(), make_withdrawn()

    assert list(Article.objects.published()) == [published]
    assert Section.objects.count() == 1
