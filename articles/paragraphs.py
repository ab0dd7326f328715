"""Paragraphs from blank lines in a reader's text that may hold a few well-formed tags."""

import re
from html import escape
from html.parser import HTMLParser

LISTS = ("ol", "ul")
BLOCKS = ("blockquote", "pre", *LISTS, "li")
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
TRAILING = re.compile(r"(?:<br>|\s)+\Z")
# Deeper than anyone means it. Without the bounds a few thousand characters could become megabytes of markup,
# because every paragraph opens again what was open in the last, and quotations would leave a phone's screen.
MAX_INLINE = 4
MAX_BLOCKS = 4


class _Paragraphs(HTMLParser):
    """Writes the same tokens again, with <p> around running text at the top level and inside a blockquote.

    A run of text that ends inside inline tags closes them, and the next one opens those without attributes again.
    Text in a list but outside its items becomes an item; an item outside a list is a paragraph.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self.blocks: list[str] = []
        self.inline: list[str] = []
        self.dropped: list[str] = []
        self.is_open = False

    @property
    def around(self) -> str:
        """The block that text would stand in now; "" at the top level."""
        return self.blocks[-1] if self.blocks else ""

    @property
    def makes_paragraphs(self) -> bool:
        return self.around in ("", "blockquote")

    def open_run(self) -> None:
        if self.is_open:
            return
        if self.around in LISTS:
            self.open_block("li")
        self.is_open = True
        self.written.append(("<p>" if self.makes_paragraphs else "") + "".join(f"<{tag}>" for tag in self.inline))

    def close_run(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        self.written[-1] = TRAILING.sub("", self.written[-1])
        self.written.append("".join(f"</{tag}>" for tag in reversed(self.inline)))
        self.written.append("</p>" if self.makes_paragraphs else "")
        self.inline = [tag for tag in self.inline if tag not in ("a", "abbr")]

    def open_block(self, tag: str) -> None:
        self.close_run()
        self.blocks.append(tag)
        self.written.append(f"<{tag}>")

    def close_block(self, tag: str) -> None:
        while True:
            self.close_run()
            last = self.blocks.pop()
            self.written.append(f"</{last}>")
            if last == tag:
                return

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.start_block(tag)
        elif len(self.inline) == MAX_INLINE:
            self.dropped.append(tag)
        else:
            self.open_run()
            self.inline.append(tag)
            self.written.append("<" + tag + "".join(f' {name}="{escape(value or "")}"' for name, value in attrs) + ">")

    def start_block(self, tag: str) -> None:
        if tag == "li" and self.around == "li":
            self.close_block("li")
        is_stray = (self.around in LISTS) != (tag == "li")
        if is_stray and tag != "li" and self.depth < MAX_BLOCKS:
            self.open_block("li")
            is_stray = False
        if is_stray or self.around == "pre" or (tag != "li" and self.depth >= MAX_BLOCKS):
            self.close_run()
            self.dropped.append(tag)
        else:
            self.open_block(tag)

    @property
    def depth(self) -> int:
        """How deep the blocks stand; an item belongs to its list."""
        return sum(block != "li" for block in self.blocks)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.dropped:
            self.dropped.remove(tag)
            if tag in BLOCKS:
                self.close_run()
        elif tag in BLOCKS:
            if tag in self.blocks:
                self.close_block(tag)
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
        if self.around == "pre":
            self.open_run()
            self.written.append(data)
            return
        for number, piece in enumerate(BLANK_LINE.split(data)):
            if number and self.makes_paragraphs:
                self.close_run()
            elif number and self.is_open:
                self.written.append("<br><br>")
            text = piece if self.is_open else piece.lstrip()
            if text:
                self.open_run()
                self.written.append(text.replace("\n", "<br>"))

    def handle_entityref(self, name: str) -> None:
        self.open_run()
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_entityref(f"#{name}")


def in_paragraphs(html: str) -> str:
    """HTML as bleach writes it, with paragraphs; single line breaks inside become <br>."""
    parser = _Paragraphs()
    parser.feed(html.strip())
    parser.close()
    parser.close_run()
    return "".join(parser.written)
