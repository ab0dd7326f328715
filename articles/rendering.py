"""What stands around an article's text as HTML, by joins of strings: a template takes ten times as long for lists.

Every value that somebody typed goes through `escape`. The words are looked up once for each language.
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
from articles.models import Article, Byline
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


class Furniture:
    """The parts around one article, each made when the template prints it."""

    def __init__(self, article: Article, signed: Sequence[Byline], beside: Beside, speech: Speech) -> None:
        self.article, self.signed, self.beside, self.speech = article, signed, beside, speech
        self.words, self.calendar = Words.of(speech.code), Calendar.of(speech)

    def authors(self) -> SafeString:
        """Who wrote it, as links."""
        return mark_safe(self.words.listed([_author(byline) for byline in self.signed]))  # noqa: S308

    def facts(self) -> SafeString:
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
        return mark_safe(" ".join(f"<span>{fact}</span>" for fact in facts))  # noqa: S308 - made of escaped parts

    def about(self) -> str:
        """What the authors' bios are called."""
        return _about(self.speech.code, len(self.signed))

    def more_by(self) -> str:
        """What their other op-eds are called."""
        if len(self.signed) != 1:
            return self.words.more_by_these
        return self.words.more_by % {"name": self.signed[0].author.name}

    def answered(self) -> SafeString:
        """A link to what this op-ed answers."""
        return mark_safe(self._link(self.beside.answered) if self.beside.answered else "")  # noqa: S308

    def replies(self) -> SafeString:
        """Op-eds that answer this one."""
        return self._list(self.beside.replies)

    def more(self) -> SafeString:
        """Op-eds by the same authors."""
        return self._list(self.beside.more)

    def related(self) -> SafeString:
        """Op-eds on the same subject."""
        return self._list(self.beside.related)

    def share(self) -> SafeString:
        """Links to pass it on; the buttons are shown by the script that they need."""
        words, links = self.words, share_links(self.article)
        url, title = escape(links.pop("url")), escape(self.article.title)
        items = [f'<li><a href="{escape(links.pop("mail"))}">{words.mail}</a></li>']
        items += [f'<li><a href="{escape(url)}" rel="noopener nofollow">{name}</a></li>' for name, url in links.items()]
        button = '<li hidden><button type="button" class="quiet-button"'
        items.append(f'{button} data-copy="{url}" data-done="{words.copied}">{words.copy}</button></li>')
        items.append(f'{button} data-share="{url}" data-title="{title}">{words.share}</button></li>')
        return mark_safe("".join(items))  # noqa: S308 - made of escaped parts

    def _list(self, others: Sequence[Other]) -> SafeString:
        return mark_safe("".join(f"<li>{self._link(other)}</li>" for other in others))  # noqa: S308 - as above

    def _link(self, other: Other) -> str:
        names = self.words.listed([f"<b><bdi>{escape(name)}</bdi></b>" for name in other.names])
        who = f"{names} · " if names else ""
        return (
            f'<a lang="{other.language}" dir="{other.direction}" href="{escape(other.url)}">{escape(other.title)}</a> '
            f'<span class="who">{who}<bdi>{self.calendar.day(other.published_at)}</bdi></span>'
        )


def _author(byline: Byline) -> str:
    author = byline.author
    return f'<a href="{escape(author.get_absolute_url())}" rel="author"><bdi>{escape(author.name)}</bdi></a>'


@lru_cache(512)
def _minutes(language: str, number: int) -> str:
    with translation.override(language):
        return ngettext("%(minutes)d minute", "%(minutes)d minutes", number) % {"minutes": number}


@lru_cache(512)
def _about(language: str, authors: int) -> str:
    with translation.override(language):
        return ngettext("About the author", "About the authors", authors)
