"""Nodes of a page's JSON-LD graph in the words of schema.org; each names others by their `@id`."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext

from articles import html
from articles.addresses import address_of
from articles.beside import Beside
from articles.masthead import Masthead
from articles.models import Article, Author, Image
from articles.navigation import Link
from articles.web_addresses import absolute

Node = dict[str, Any]
ICON = "oped/icon-512.png"


def of_article(article: Article, beside: Beside, topics: Iterable[Link], said: Masthead) -> list[Node]:
    """The op-ed with its authors, where it stands, and who publishes it."""
    url = absolute(article.get_absolute_url())
    picture, section = article.lead_image, article.section
    node = {
        "@type": ["NewsArticle", "OpinionNewsArticle"],
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.title,
        "description": article.standfirst or html.excerpt(article.body_html),
        "datePublished": stamp(article.published_at),
        "dateModified": stamp(article.changed_at or article.published_at),
        "author": [person(byline.author) for byline in article.signed],
        "publisher": reference("publisher"),
        "isPartOf": reference("website"),
        "articleSection": section.name,
        "keywords": [topic.name for topic in topics],
        "inLanguage": article.language,
        "wordCount": article.word_count,
        "commentCount": article.comment_count,
        "discussionUrl": f"{url}#comments",
        "isAccessibleForFree": True,
        "image": picture_object(picture) if picture else None,
        "correction": [
            {"@type": "CorrectionComment", "text": html.text_of(each.text_html), "dateCreated": stamp(each.made_at)}
            for each in beside.corrections
        ],
    }
    trail = [(section.name, section.get_absolute_url()), (article.title, article.get_absolute_url())]
    return [without_gaps(node), breadcrumbs(said, trail), publisher(said), website(said)]


def of_author(author: Author, said: Masthead) -> list[Node]:
    """The page of a person."""
    url = absolute(author.get_absolute_url())
    whole = person(author) | {"description": html.text_of(author.bio_html)}
    page = {"@type": "ProfilePage", "@id": url, "url": url, "name": author.name, "mainEntity": without_gaps(whole)}
    trail = [(gettext("Authors"), address_of("articles:author-list")), (author.name, author.get_absolute_url())]
    return [page | {"isPartOf": reference("website")}, breadcrumbs(said, trail), publisher(said), website(said)]


def of_list(name: str, path: str, description: str, said: Masthead) -> list[Node]:
    """A page that leads to others."""
    url = absolute(path)
    page: Node = {"@type": "CollectionPage", "@id": url, "url": url, "name": name, "description": description}
    page |= {"isPartOf": reference("website"), "inLanguage": said.language}
    return [without_gaps(page), breadcrumbs(said, [(name, path)]), publisher(said), website(said)]


def of_page(name: str, path: str, changed_at: datetime, said: Masthead) -> list[Node]:
    """A standing page."""
    url = absolute(path)
    page: Node = {"@type": "WebPage", "@id": url, "url": url, "name": name, "dateModified": stamp(changed_at)}
    page |= {"isPartOf": reference("website"), "inLanguage": said.language}
    return [page, breadcrumbs(said, [(name, path)]), publisher(said), website(said)]


def of_site(said: Masthead) -> list[Node]:
    """The front page: the site, how it is searched, and who publishes it."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{absolute('/search/')}?q={{search_term_string}}"}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    url = absolute("/")
    page: Node = {
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": said.name,
        "isPartOf": reference("website"),
    }
    return [page, website(said) | {"potentialAction": search}, publisher(said)]


def publisher(said: Masthead) -> Node:
    """Who publishes, by which rules, and where else they are found."""
    node = {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#publisher"),
        "name": said.name,
        "url": absolute("/"),
        "description": said.description,
        "logo": picture_object(said.logo) if said.logo and said.logo.widths else icon(),
        "sameAs": list(said.links),
        "publishingPrinciples": absolute(said.principles_url) if said.principles_url else "",
        "correctionsPolicy": absolute(address_of("articles:correction-list")),
    }
    return without_gaps(node)


def website(said: Masthead) -> Node:
    """The site."""
    node = {
        "@type": "WebSite",
        "@id": absolute("/#website"),
        "url": absolute("/"),
        "name": said.name,
        "description": said.description or said.tagline,
        "inLanguage": said.language,
        "publisher": reference("publisher"),
    }
    return without_gaps(node)


def person(author: Author) -> Node:
    """An author."""
    url = absolute(author.get_absolute_url())
    portrait = author.portrait
    node = {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": author.name,
        "url": url,
        "jobTitle": author.role,
        "sameAs": [each.url for each in author.elsewhere],
        "image": absolute(portrait.square_address(max(portrait.squares))) if portrait and portrait.squares else "",
    }
    return without_gaps(node)


def picture_object(image: Image) -> Node | None:
    """A picture with what must be said of it; None until it can be shown."""
    if not image.widths:
        return None
    url = absolute(image.address(max(image.widths)))
    node = {
        "@type": "ImageObject",
        "contentUrl": url,
        "url": url,
        "caption": image.caption or image.alt,
        "creditText": image.credit,
        "creator": {"@type": "Person", "name": image.credit} if image.credit else None,
        "copyrightNotice": image.copyright_notice,
        "license": image.licence_url,
    }
    return without_gaps(node)


def icon() -> Node:
    """The site's own sign, where there is no other picture."""
    url = icon_url()
    return {"@type": "ImageObject", "contentUrl": url, "url": url}


@cache
def icon_url() -> str:
    """Where the sign is, in full."""
    return absolute(static(ICON))


def breadcrumbs(said: Masthead, trail: Sequence[tuple[str, str]]) -> Node:
    """The way from the front page to here."""
    steps = [(said.name, "/"), *trail]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def reference(name: str) -> Node:
    """The node of that name, which is described elsewhere in the graph."""
    return {"@id": absolute(f"/#{name}")}


def stamp(moment: datetime | None) -> str:
    """As the page's own `time` elements say it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else ""


def without_gaps(node: Node) -> Node:
    """Only what is known; a number may be 0."""
    return {name: value for name, value in node.items() if value not in ("", None, [])}
