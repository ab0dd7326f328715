"""Paragraphs from blank lines in a reader's text that may hold a few well-formed tags."""

import re
from html import escape
from html.parser import HTMLParser

BLOCK = "blockquote"
TRAILING = re.compile(r"(?:<br>|\s)+\Z")
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


class _Paragraphs(HTMLParser):
    """Writes the same tokens again, with <p> around running text at the top level and inside a blockquote.

    A paragraph that ends inside inline tags closes them, and the next one opens them again.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self.depth = 0
        self.inline: list[tuple[str, str]] = []
        self.is_open = False

    def open_paragraph(self) -> None:
        if not self.is_open:
            self.is_open = True
            self.written.append("<p>" + "".join(start for _, start in self.inline))

    def close_paragraph(self) -> None:
        if self.is_open:
            self.is_open = False
            self.written[-1] = TRAILING.sub("", self.written[-1])
            self.written.append("".join(f"</{tag}>" for tag, _ in reversed(self.inline)) + "</p>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = "<" + tag + "".join(f' {name}="{escape(value or "")}"' for name, value in attrs) + ">"
        if tag == BLOCK:
            self.close_paragraph()
            self.depth += 1
            self.written.append(start)
            return
        self.open_paragraph()
        self.inline.append((tag, start))
        self.written.append(start)

    def handle_endtag(self, tag: str) -> None:
        if tag == BLOCK and self.depth:
            self.close_paragraph()
            self.depth -= 1
            self.written.append(f"</{tag}>")
        elif any(name == tag for name, _ in self.inline):
            while self.inline:
                name, _ = self.inline.pop()
                if self.is_open:
                    self.written.append(f"</{name}>")
                if name == tag:
                    break

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
