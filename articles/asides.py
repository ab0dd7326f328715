"""What an article holds beside its running text: pull quotes, which repeat it, and footnotes, which leave it.

In the source, as the editor writes it, a pull quote is a `<blockquote class="pull">`, and a footnote stands where it
belongs, as `<small class="footnote">`. Both functions get HTML that nh3 has cleaned.
"""

import re
from html import escape, unescape

PULL, FOOTNOTE = "pull", "footnote"
PULL_QUOTE = re.compile(rf'<blockquote class="{PULL}">((?:(?!<blockquote).)*?)</blockquote>', re.DOTALL)
NOTE = re.compile(rf'<small class="{FOOTNOTE}">(?:(?!<small).)*?</small>', re.DOTALL)
LINK = re.compile(r"</?(?:a|small)\b[^>]*>")
SMALL = re.compile(rf'(<small class="{FOOTNOTE}">|</?small>)')
BLOCK = re.compile(r"</?(?:p|blockquote|h[2-4]|hr|li|ol|pre|ul)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
GAP = re.compile(r"…|\.\.\.")
# What belongs to the page and not to the words: the numbers of notes, and the arrows that lead back.
NOTE_LINKS = re.compile(r'<sup class="note">.*?</sup>|<a [^>]*role="doc-backlink".*?</a>', re.DOTALL)


def with_pull_quotes(html: str) -> str:
    """Pull quotes that repeat the text are left out for those who hear the page: they would hear it twice."""
    if f'class="{PULL}"' not in html:
        return html
    said = _words(NOTE.sub("", PULL_QUOTE.sub(" ", html)))

    def mark(match: re.Match[str]) -> str:
        quoted = NOTE.sub("", match[1])
        if not all(_words(part) in said for part in GAP.split(quoted)):
            return match[0]
        # Nothing that can be focused may stand where nothing is heard.
        return f'<blockquote class="{PULL}" aria-hidden="true">{LINK.sub("", quoted)}</blockquote>'

    return PULL_QUOTE.sub(mark, html)


def with_footnotes(html: str, *, title: str, back: str) -> str:
    """Footnotes numbered, collected at the end under `title`, with links there and, named `back`, to the place.

    The roles are those of DPUB-ARIA 1.1.
    """
    if "<small" not in html:
        return html
    text: list[str] = []
    notes: list[str] = []
    note: list[str] = []
    opened: list[bool] = []
    for part in SMALL.split(html):
        if part.startswith("<small"):
            opened.append(FOOTNOTE in part and not any(opened))
        elif part != "</small>":
            (note if any(opened) else text).append(part)
        elif opened.pop():
            words = " ".join(BLOCK.sub(" ", "".join(note)).split())
            note = []
            if TAG.sub("", words).strip():
                notes.append(words)
                text[-1:] = [text[-1].rstrip(), _reference(len(notes))]
    if not notes:
        return "".join(text)
    items = "".join(_note(number, words, back) for number, words in enumerate(notes, 1))
    heading = f'<h2 id="notes">{escape(title)}</h2>'
    section = f'<section class="notes" role="doc-endnotes" aria-labelledby="notes">{heading}<ol>{items}</ol></section>'
    return "".join([*text, section])


def _reference(number: int) -> str:
    return f'<sup class="note"><a id="note-{number}-ref" href="#note-{number}" role="doc-noteref">{number}</a></sup>'


def _note(number: int, words: str, back: str) -> str:
    # The variation selector keeps the arrow a letter; on some phones it would be a picture.
    arrow = f'<a href="#note-{number}-ref" role="doc-backlink" aria-label="{escape(back)} {number}">↩\ufe0e</a>'
    return f'<li id="note-{number}">{words} {arrow}</li>'


def _words(html: str) -> str:
    words = re.findall(r"\w+", unescape(TAG.sub(" ", html)).casefold())
    return f" {' '.join(words)} "
