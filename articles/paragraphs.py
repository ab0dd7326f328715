"""Paragraphs from blank lines in a reader's text that may hold a few well-formed tags."""

import re
from html import escape
from html.parser import HTMLParser

BLOCK = "blockquote"
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
TRAILING = re.compile(r"(?:<br>|\s)+\Z")
# Deeper than anyone means it. Without the bounds a few thousand characters could become megabytes of markup,
# because every paragraph opens again what was open in the last, and quotations would leave a phone's screen.
MAX_INLINE = 4
MAX_QUOTES = 4


class _Paragraphs(HTMLParser):
    """Writes the same tokens again, with <p> around running text at the top level and inside a blockquote.

    A paragraph that ends inside inline tags closes them, and the next one opens those without attributes again.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self.quotes = 0
        self.inline: list[str] = []
        self.dropped: list[str] = []
        self.is_open = False

    def open_paragraph(self) -> None:
        if not self.is_open:
            self.is_open = True
            self.written.append("<p>" + "".join(f"<{tag}>" for tag in self.inline))

    def close_paragraph(self) -> None:
        if self.is_open:
            self.is_open = False
            self.written[-1] = TRAILING.sub("", self.written[-1])
            self.written.append("".join(f"</{tag}>" for tag in reversed(self.inline)) + "</p>")
            self.inline = [tag for tag in self.inline if tag not in ("a", "abbr")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_too_deep = self.quotes == MAX_QUOTES if tag == BLOCK else len(self.inline) == MAX_INLINE
        if is_too_deep:
            self.dropped.append(tag)
            return
        start = "<" + tag + "".join(f' {name}="{escape(value or "")}"' for name, value in attrs) + ">"
        if tag == BLOCK:
            self.close_paragraph()
            self.quotes += 1
        else:
            self.open_paragraph()
            self.inline.append(tag)
        self.written.append(start)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.dropped:
            self.dropped.remove(tag)
        elif tag == BLOCK and self.quotes:
            self.close_paragraph()
            self.quotes -= 1
            self.written.append(f"</{tag}>")
        elif tag in self.inline:
            self.end_inline(tag)

    def end_inline(self, tag: str) -> None:
        while True:
            last = self.inline.pop()
            if self.is_open:
                self.written.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        for number, piece in enumerate(BLANK_LINE.split(data)):
            if number:
                self.close_paragraph()
            text = piece if self.is_open else piece.lstrip()
            if text:
                self.open_paragraph()
                self.written.append(text.replace("\n", "<br>"))

    def handle_entityref(self, name: str) -> None:
        self.open_paragraph()
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_entityref(f"#{name}")


def in_paragraphs(html: str) -> str:
    """HTML as bleach writes it, with paragraphs; single line breaks inside become <br>."""
    parser = _Paragraphs()
    parser.feed(html.strip())
    parser.close()
    parser.close_paragraph()
    return "".join(parser.written)
