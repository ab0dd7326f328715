"""What stands around an article's text as HTML, by joins of strings: a template takes ten times as long for lists.

Every value that somebody typed goes through `escape`; bios were cleaned when they were stored. The words are looked up
once for each language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from articles.beside import Beside, Other
from articles.dates import Calendar
from articles.languages import Speech
from articles.models import Article, Author, Byline
from articles.navigation import Link
from articles.pictures.markup import face
from articles.sharing import share_links


@dataclass(frozen=True, slots=True)
class Words:
    """The labels in one language."""

    comma: str
    last: str
    updated: str
    corrected: str
    mail: str
    copy: str
    copied: str
    share: str
    opinion: str
    topics: str
    sharing: str
    replies: str
    related: str
    more_by: str
    more_by_these: str

    @classmethod
    @cache
    def of(cls, language: str) -> "Words":
        """In the language of this code."""
        with translation.override(language):
            return cls(
                comma=pgettext("between names", ", "),
                last=pgettext("between the last two names", " and "),
                updated=gettext("updated"),
                corrected=gettext("corrected"),
                mail=gettext("Email"),
                copy=gettext("Copy link"),
                copied=gettext("Copied"),
                share=gettext("Share…"),
                opinion=gettext("Opinion"),
                topics=gettext("Topics"),
                sharing=gettext("Share"),
                replies=gettext("Replies to this op-ed"),
                related=gettext("Related"),
                more_by=gettext("More by %(name)s"),
                more_by_these=gettext("More by these authors"),
            )

    def listed(self, names: Sequence[str]) -> str:
        """One after the other: “Ana, Tomas and Leila”."""
        if len(names) < 2:
            return "".join(names)
        return f"{self.comma.join(names[:-1])}{self.last}{names[-1]}"


class Printer:
    """Prints the parts around one article in one language."""

    def __init__(self, article: Article, beside: Beside, topics: Sequence[Link], speech: Speech) -> None:
        self.article, self.beside, self.topics, self.speech = article, beside, topics, speech
        self.words, self.calendar = Words.of(speech.code), Calendar.of(speech)

    def parts(self) -> dict[str, SafeString]:
        """Each part by the name that the template knows; what there is nothing of is ""."""
        beside = self.beside
        authors = [byline.author for byline in self.article.signed]
        printed = {
            "faces": "".join([face(author, eager=True) for author in authors]),
            "authors": self.words.listed([_author(author) for author in authors]),
            "facts": self._facts(),
            "answered": self._link(beside.answered) if beside.answered else "",
            "about": _about(self.speech.code, len(authors)),
            "bios": "".join(map(_bio, self.article.signed)),
            "more": self._others("more", escape(self._more_by(authors)), beside.more),
            "topics": "".join(map(_topic, self.topics)),
            "share": self._share(),
            "replies": self._others("replies", self.words.replies, beside.replies),
            "related": self._others("related", self.words.related, beside.related),
        }
        return {name: mark_safe(part) for name, part in printed.items()}  # noqa: S308 - as said above

    def _facts(self) -> str:
        """Dates and reading time; that it was corrected leads to the corrections."""
        article, words, calendar = self.article, self.words, self.calendar
        out, changed = article.published_at, article.changed_at
        if out and changed:
            first, later = calendar.since(out, changed)
            facts = [f"<bdi>{first}</bdi>", f"<bdi>{words.updated} {later}</bdi>"]
        else:
            facts = [f"<bdi>{calendar.day(out)}</bdi>"] if out else []
        if self.beside.corrections:
            facts.append(f'<a href="#corrections">{words.corrected}</a>')
        facts.append(f"<bdi>{_minutes(self.speech.code, article.reading_minutes)}</bdi>")
        return " ".join([f"<span>{fact}</span>" for fact in facts])

    def _more_by(self, authors: Sequence[Author]) -> str:
        """What their other op-eds are called."""
        return self.words.more_by % {"name": authors[0].name} if len(authors) == 1 else self.words.more_by_these

    def _share(self) -> str:
        """Links to pass it on; the buttons are shown by the script that they need."""
        words, links = self.words, share_links(self.article)
        url, title = escape(links.pop("url")), escape(self.article.title)
        items = [f'<li><a href="{escape(links.pop("mail"))}">{words.mail}</a></li>']
        items += [f'<li><a href="{escape(url)}" rel="noopener nofollow">{name}</a></li>' for name, url in links.items()]
        button = '<li hidden><button type="button" class="quiet-button"'
        items.append(f'{button} data-copy="{url}" data-done="{words.copied}">{words.copy}</button></li>')
        items.append(f'{button} data-share="{url}" data-title="{title}">{words.share}</button></li>')
        return "".join(items)

    def _others(self, name: str, heading: str, others: Sequence[Other]) -> str:
        """A list of op-eds below its heading."""
        if not others:
            return ""
        items = "".join([f"<li>{self._link(other)}</li>" for other in others])
        title = f'<h2 id="{name}-title">{heading}</h2>'
        return f'<section class="others" aria-labelledby="{name}-title">\n{title}\n<ul>{items}</ul>\n</section>\n'

    def _link(self, other: Other) -> str:
        names = self.words.listed([f"<b><bdi>{escape(name)}</bdi></b>" for name in other.names])
        who = f"{names} · " if names else ""
        return (
            f'<a lang="{other.language}" dir="{other.direction}" href="{escape(other.url)}">{escape(other.title)}</a> '
            f'<span class="who">{who}<bdi>{self.calendar.day(other.published_at)}</bdi></span>'
        )


def _author(author: Author) -> str:
    return f'<a href="{escape(author.get_absolute_url())}" rel="author"><bdi>{escape(author.name)}</bdi></a>'


def _bio(byline: Byline) -> str:
    author = byline.author
    role = f'<p class="role"><bdi>{escape(author.role)}</bdi></p>' if author.role else ""
    return (
        f'<section class="bio">\n{face(author, size="4rem")}\n<div>\n'
        f'<h2><a href="{escape(author.get_absolute_url())}"><bdi>{escape(author.name)}</bdi></a></h2>\n{role}\n'
        f'<div class="text" dir="auto">{byline.printed_bio_html}</div>\n</div>\n</section>\n'
    )


def _topic(topic: Link) -> str:
    return f'<li><a href="{escape(topic.url)}"><bdi>{escape(topic.name)}</bdi></a></li>\n'


@lru_cache(512)
def _minutes(language: str, number: int) -> str:
    with translation.override(language):
        return ngettext("%(minutes)d minute", "%(minutes)d minutes", number) % {"minutes": number}


@lru_cache(512)
def _about(language: str, authors: int) -> str:
    with translation.override(language):
        return ngettext("About the author", "About the authors", authors)
