"""The one place where HTML is cleaned: one function per kind of text, called when the text is stored.

Articles and bios come from the rich-text editor and are cleaned by nh3. A reader's comment is cleaned and
linkified by bleach, and nh3 has the last word: bleach gets no more releases and lets `href="a.example:80"` through.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urlsplit

import bleach
import nh3
from bleach.linkifier import Linker
from django.utils.translation import gettext as _

from articles.asides import FOOTNOTE, NOTE_LINKS, PULL, with_footnotes, with_pull_quotes
from articles.languages import speaking
from articles.paragraphs import in_paragraphs
from articles.slugs import slugify

INLINE_TAGS = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "q", "s", "strong", "sub", "sup"}
BIO_TAGS = INLINE_TAGS | {"p"}
ARTICLE_TAGS = BIO_TAGS | {"blockquote", "h2", "h3", "h4", "hr", "li", "ol", "pre", "small", "ul"}
# WordPress's list for comments, and the lists and <pre> that readers look for.
COMMENT_BLOCKS = {"blockquote", "li", "ol", "pre", "ul"}
COMMENT_TAGS = {"a", "abbr", "b", "cite", "code", "del", "em", "i", "q", "s", "strong"} | COMMENT_BLOCKS
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}
ARTICLE_ATTRIBUTES = ATTRIBUTES | {"blockquote": {"class"}, "small": {"class"}}
CLASSES = {"blockquote": PULL, "small": FOOTNOTE}
COMMENT_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}}
SCHEMES = {"http", "https", "mailto"}
WEB_LINK = re.compile(r"(?:https?://|mailto:)[^\s\"'<>\\]+", re.IGNORECASE)
WEB_ADDRESS = re.compile(
    r"(?<![\w.@/])(?:https?://|www\.)(?:(?!&(?:[gl]t|quot);)[^\s<>\"'`{}|\\^\[\]])+", re.IGNORECASE
)
# What a tag that somebody means looks like; "if x<a and y>2" holds none.
MEANT_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(COMMENT_TAGS, key=len, reverse=True))})"
    r"""(?:\s+[a-z-]+=(?:"[^"]*"|'[^']*'|[^\s"'<>`]+))*\s*/?>|<""",
    re.IGNORECASE,
)
HOST_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
OWN_LINK = re.compile(r"(?:/(?![/\\])|#)[^\s\"'<>\\]*")
HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.DOTALL)
HEADING_TAG = re.compile(r"<(/?)h[2-4]>")
UNENDED_HEADING = re.compile(r"(?<=\w)</h[2-4]>(?!\s*\Z)")
TAG = re.compile(r"<[^>]*>")
MAX_COMMENT_TAGS = 200
MAX_READINGS = 4
COMMENT_REL = "nofollow ugc noopener"
MAX_STACKED_MARKS, MAX_MARKS_IN_NAMES = 4, 3
EXCERPT_LENGTH = 240
# Scripts without spaces between words (Chinese and Japanese; Thai and its neighbours): so many signs are about one.
UNSPACED = (
    (re.compile("[\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 2),
    (re.compile("[\u0e01-\u0e4e\u0e80-\u0ecf\u1000-\u109f\u1780-\u17d3]"), 5),
)
CONTROLS_KEPT = "\n\t"
# Anything but Latin letters, usual signs and quotation marks: what has none of it needs no look at each character.
UNUSUAL = re.compile(r"[^\t\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027]")
# Letters and symbols by category that show nothing: fillers, the empty braille cell.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
JOINERS = "\u200c\u200d"
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article's body as readers get it, its table of contents [{id, title, level}], and its length in words."""

    html: str
    toc: list[dict[str, str | int]]
    word_count: int


def clean_article(source: str, language: str) -> CleanArticle:
    """The body from the editor, with an id on every heading; a pasted h1 becomes an h2.

    Footnotes are numbered and collected at the end, under a heading in the text's language.
    """
    source = re.sub(r"(</?)h1(?=[\s>])", r"\1h2", plain_characters(source), flags=re.IGNORECASE)
    cleaned = _nh3(source, ARTICLE_TAGS, ARTICLE_ATTRIBUTES, rel="noopener", keep=is_link)
    # A line feed right after <pre> is none (HTML spec, "in body"): cleaned again, the text would be another.
    html, toc = with_heading_ids(re.sub(r"<pre>\n+", "<pre>", cleaned))
    with speaking(language):
        html = with_footnotes(with_pull_quotes(html), title=_("Notes"), back=_("Back to the text, note"))
    return CleanArticle(html, toc, length_in_words(text_of(html)))


def clean_bio(source: str) -> str:
    """An author's bio: paragraphs and inline markup."""
    return _nh3(plain_characters(source), BIO_TAGS, ATTRIBUTES, rel="noopener", keep=is_link)


def clean_comment(source: str) -> str:
    """A reader's words as safe HTML: blank lines part paragraphs, addresses become links, few tags survive.

    Whatever else looks like markup is shown as it was typed, so that nothing of what a reader wrote is lost.
    The caller bounds the size first (see `too_many_tags`): bleach's cost explodes on hostile input.
    """
    meant = MEANT_TAG.sub(lambda match: "&lt;" if match[0] == "<" else match[0], plain_characters(source))
    escaped = bleach.clean(meant, tags=COMMENT_TAGS, attributes=_allow_comment_attribute, protocols=SCHEMES)
    parts = in_paragraphs(escaped)
    if "<a" in parts or WEB_ADDRESS.search(parts):
        # Bleach's own pattern knows the top-level domains of years ago only.
        parts = Linker(url_re=WEB_ADDRESS, callbacks=[_web_links_only]).linkify(parts)
    return _nh3(parts, COMMENT_TAGS | {"p", "br"}, COMMENT_ATTRIBUTES, rel=COMMENT_REL, keep=is_web_link)


def too_many_tags(source: str) -> bool:
    """True for a comment that holds more tags than anyone types; OWASP ASVS 5.0, 15.2.2."""
    return source.count("<") > MAX_COMMENT_TAGS


def is_web_link(href: str) -> bool:
    """True for an absolute link that may stand in a href (http, https, mailto)."""
    return WEB_LINK.fullmatch(href) is not None and not BIDI_CONTROLS.intersection(href)


def is_link(href: str) -> bool:
    """As `is_web_link`, or a link within this site."""
    return is_web_link(href) or OWN_LINK.fullmatch(href) is not None


def is_website(value: str) -> bool:
    """True for an http(s) address with a host and without user name, quotes or invisible characters."""
    if not is_web_link(value) or value != plain_line(value):
        return False
    try:
        parts = urlsplit(value)
        has_good_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    labels = (parts.hostname or "").removesuffix(".").split(".")
    is_host = len(labels) > 1 and all(HOST_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return parts.scheme.lower() in ("http", "https") and is_host and has_good_port and "@" not in parts.netloc


def is_readable(source: str) -> bool:
    """True if at least one character of a comment, or of plain text, shows something."""
    text = unescape(MEANT_TAG.sub(lambda match: "<" if match[0] == "<" else "", source))
    return any(unicodedata.category(char)[0] in "LNPS" and char not in BLANKS for char in text)


def shows_text(html: str) -> bool:
    """True if cleaned HTML holds something to read, and not only rules and spaces."""
    return is_readable(text_of(html))


def text_of(html: str) -> str:
    """The words of cleaned HTML, for excerpts, counts and search; a colon parts a heading from what follows."""
    parted = UNENDED_HEADING.sub(": ", NOTE_LINKS.sub("", html))
    spaced = re.sub(r"(</(?:p|h[2-4]|li|blockquote|pre)>|<br>)", r"\1 ", parted)
    return " ".join(unescape(TAG.sub("", spaced)).split())


def excerpt(html: str) -> str:
    """The first words of cleaned HTML, or signs that no space parts, for where a text has no summary of its own."""
    text = text_of(html)
    if len(text) <= EXCERPT_LENGTH:
        return text
    begun = text[: EXCERPT_LENGTH - 1]
    words = text[:EXCERPT_LENGTH].rpartition(" ")[0]
    return f"{words if len(words) > EXCERPT_LENGTH // 2 else begun}…"


def length_in_words(text: str) -> int:
    """How many words a text has, or would have in a script that parts them."""
    count = 0
    for sign, a_word in UNSPACED:
        text, signs = sign.subn(" ", text)
        count += round(signs / a_word)
    return count + sum(any(map(str.isalnum, word)) for word in text.split())


def plain_characters(text: str) -> str:
    """Text in NFC that a page, a feed and PostgreSQL can hold: see `without_traps`."""
    return without_traps(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def without_traps(text: str) -> str:
    """The text, or HTML, without controls, surrogates, direction overrides and towers of marks.

    It composes nothing: in HTML, NFC would make one letter of ">" and a following U+0338.
    """
    if not UNUSUAL.search(text):
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MAX_STACKED_MARKS or (category in ("Cc", "Cs") and char not in CONTROLS_KEPT):
            continue
        if char in BIDI_CONTROLS or (ord(char) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF:
            continue
        kept.append(char)
    return "".join(kept)


def plain_line(text: str) -> str:
    """One line without anything invisible: for names and titles. Stacked marks are bounded as pointed Hebrew needs."""
    line = " ".join(plain_characters(text).replace("\u2028", " ").replace("\u2029", " ").split())
    kept: list[str] = []
    marks = 0
    for place, char in enumerate(line):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        is_hidden = category in ("Cf", "Co", "Cn") or char in BLANKS
        if marks <= MAX_MARKS_IN_NAMES and (not is_hidden or _joins(line, place)):
            kept.append(char)
    # What stood between two spaces may be gone.
    return " ".join("".join(kept).split())


def _joins(line: str, place: int) -> bool:
    """True for a joiner between two letters or signs that need it (Persian, Hindi, emoji), as none of ASCII does."""
    around = line[max(0, place - 1) : place] + line[place + 1 : place + 2]
    return line[place] in JOINERS and len(around) == 2 and all(_may_be_joined(char) for char in around)


def _may_be_joined(char: str) -> bool:
    return ord(char) > 0x2FF and unicodedata.category(char) in ("Lo", "Mn", "Mc", "So", "Sk") and char not in BLANKS


def with_heading_ids(html: str) -> tuple[str, list[dict[str, str | int]]]:
    """Headings with ids made from their words, and the table of contents."""
    toc: list[dict[str, str | int]] = []
    taken: set[str] = set()

    def name(match: re.Match[str]) -> str:
        level, inner = match[1], match[2]
        title = text_of(inner)
        if not title:
            return ""
        base = f"section-{slugify(title) or len(toc) + 1}"
        anchor, number = base, 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        taken.add(anchor)
        toc.append({"id": anchor, "title": title, "level": int(level)})
        return f'<h{level} id="{escape(anchor)}">{inner}</h{level}>'

    return HEADING.sub(name, html), toc


def _nh3(source: str, tags: set[str], attributes: dict[str, set[str]], rel: str, keep: Callable[[str], bool]) -> str:
    def checked(tag: str, attribute: str, value: str) -> str | None:
        is_kept = CLASSES.get(tag) == value if attribute == "class" else attribute != "href" or keep(value)
        return value if is_kept else None

    cleaned = source
    # What stood in one another with a table between may stand side by side without it: so it is read until it stays.
    for _reading in range(MAX_READINGS):
        read = cleaned
        kept = nh3.clean(
            read,
            tags=tags,
            attributes=attributes,
            attribute_filter=checked,
            url_schemes=SCHEMES,
            link_rel=rel,
            strip_comments=True,
        )
        cleaned = _without_headings_in_headings(kept)
        if cleaned == read:
            break
    # Character references have become characters by now.
    return without_traps(cleaned)


def _without_headings_in_headings(html: str) -> str:
    depth = 0

    def outer(match: re.Match[str]) -> str:
        nonlocal depth
        depth -= bool(match[1])
        is_outer = depth == 0
        depth += not match[1]
        return match[0] if is_outer else ""

    return HEADING_TAG.sub(outer, html)


def _allow_comment_attribute(tag: str, name: str, value: str) -> bool:
    return name in COMMENT_ATTRIBUTES.get(tag, ()) and (name != "href" or is_web_link(value))


def _web_links_only(attrs: dict, new: bool = False) -> dict | None:
    return attrs if is_web_link(attrs.get((None, "href"), "")) else None
