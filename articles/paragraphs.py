"""Paragraphs from blank lines in a reader's text that may hold a few well-formed tags."""

import re
from html import escape
from html.parser import HTMLParser

BLOCKS = frozenset({"blockquote", "ol", "pre", "ul"})
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


class _Paragraphs(HTMLParser):
    """Writes the same tokens again, with <p> around running text at the top level and inside a blockquote.

    A paragraph that ends inside inline tags closes them, and the next one opens them again.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self.blocks: list[str] = []
        self.inline: list[tuple[str, str]] = []
        self.is_open = False

    @property
    def takes_paragraphs(self) -> bool:
        return not self.blocks or self.blocks[-1] == "blockquote"

    def open_paragraph(self) -> None:
        if self.takes_paragraphs and not self.is_open:
            self.is_open = True
            self.written.append("<p>" + "".join(start for _, start in self.inline))

    def close_paragraph(self) -> None:
        if self.is_open:
            self.is_open = False
            self.written.append("".join(f"</{tag}>" for tag, _ in reversed(self.inline)) + "</p>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = "<" + tag + "".join(f' {name}="{escape(value or "")}"' for name, value in attrs) + ">"
        if tag in BLOCKS or tag == "li":
            self.close_paragraph()
            self.blocks.append(tag)
            self.written.append(start)
            return
        self.open_paragraph()
        self.inline.append((tag, start))
        self.written.append(start)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.blocks:
            self.close_paragraph()
            while self.blocks[-1] != tag:
                self.written.append(f"</{self.blocks.pop()}>")
            self.blocks.pop()
            self.written.append(f"</{tag}>")
        elif any(name == tag for name, _ in self.inline):
            while self.inline:
                name, _ = self.inline.pop()
                if self.is_open or not self.takes_paragraphs:
                    self.written.append(f"</{name}>")
                if name == tag:
                    break

    def handle_data(self, data: str) -> None:
        if "pre" in self.blocks:
            self.written.append(data)
            return
        for number, piece in enumerate(BLANK_LINE.split(data)):
            if number:
                self.close_paragraph() if self.takes_paragraphs else self.written.append("<br>")
            if not piece.strip() and not self.is_open:
                continue
            if piece:
                self.open_paragraph()
                self.written.append(piece.strip("\n").replace("\n", "<br>") if piece.strip() else " ")

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
