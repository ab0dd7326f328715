# ruff: noqa: T201
"""The catalogs of readers' pages: which texts there are, and `.mo` files from `.po`, without GNU gettext.

python -m tests.catalogs     # adds new texts to each catalog, without a translation yet, and compiles all
"""

import ast
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ROOT / "articles" / "locale"
# Function → places of context, text and plural among its arguments.
CALLS: Mapping[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
}


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """What is to be translated."""

    text: str
    context: str = ""
    plural: str = ""


@dataclass(slots=True)
class Entry:
    """One entry of a `.po` file, as it is being read."""

    words: dict[str, str] = field(default_factory=dict)
    last: str = ""

    @property
    def key(self) -> Text:
        return Text(self.words.get("msgid", ""), self.words.get("msgctxt", ""), self.words.get("msgid_plural", ""))

    @property
    def said(self) -> list[str]:
        return [value for name, value in sorted(self.words.items()) if name.startswith("msgstr")]


def texts() -> set[Text]:
    """Every text of templates and code that readers may see translated."""
    paths = [path for app in ("articles", "comments", "opedsite") for path in sorted((ROOT / app).rglob("*.py"))]
    return {text for path in paths for text in in_code(path.read_text("utf-8"))} | set(in_templates())


def in_code(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name in CALLS:
            values = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
            context, text, plural = (None if place is None else values[place] for place in CALLS[name])
            # What is no constant was marked with `gettext_noop` where it is one.
            if isinstance(text, str):
                yield Text(text, context or "", plural or "")


def in_templates() -> Iterator[Text]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix not in (".html", ".txt") or "admin" in path.parts or "i18n" not in path.read_text("utf-8"):
            continue
        template = engines["django"].get_template(str(path.relative_to(ROOT / "templates"))).template
        for node in template.nodelist.get_nodes_by_type(TranslateNode):
            context = node.message_context.resolve({}) if node.message_context else ""
            # The tag looks texts up with each percent sign doubled, and undoubles what it finds.
            yield Text(str(node.filter_expression.var.literal).replace("%", "%%"), context)
        for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
            yield Text(written(node, node.singular), "", written(node, node.plural) if node.plural else "")


def written(node: BlockTranslateNode, tokens: list) -> str:
    return str(node.render_token_list(tokens)[0])


def read(path: Path) -> dict[Text, list[str]]:
    """A `.po` file: texts and what is said for them; the header's text is empty."""
    entries, entry = [], Entry()
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if not line.strip():
            entries.append(entry)
            entry = Entry()
        elif line.startswith('"'):
            entry.words[entry.last] += ast.literal_eval(line)
        elif not line.startswith("#"):
            entry.last, _, quoted = line.partition(" ")
            entry.words[entry.last] = ast.literal_eval(quoted)
    return {entry.key: entry.said for entry in entries if entry.words}


def compiled(entries: Mapping[Text, list[str]]) -> bytes:
    """A `.mo` file (GNU gettext manual, 10.3), without its optional hash table."""
    pairs = []
    for key, said in entries.items():
        if all(said):
            context = f"{key.context}\x04" if key.context else ""
            plural = f"\0{key.plural}" if key.plural else ""
            pairs.append((f"{context}{key.text}{plural}".encode(), "\0".join(said).encode()))
    pairs.sort()
    tables: list[list[tuple[int, int]]] = [[], []]
    data, start = b"", 28 + 16 * len(pairs)
    for which in (0, 1):
        for pair in pairs:
            tables[which].append((len(pair[which]), start + len(data)))
            data += pair[which] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return header + b"".join(struct.pack("<2I", *place) for table in tables for place in table) + data


def catalogs() -> list[Path]:
    return sorted(CATALOGS.glob("*/LC_MESSAGES/django.po"))


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_entry(text: Text) -> str:
    lines = [f"msgctxt {quoted(text.context)}"] if text.context else []
    lines.append(f"msgid {quoted(text.text)}")
    if text.plural:
        lines += [f"msgid_plural {quoted(text.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines)


def main() -> int:
    django.setup()
    for path in catalogs():
        missing = sorted(texts() - set(read(path)))
        if missing:
            added = "\n\n".join(as_entry(text) for text in missing)
            path.write_text(f"{path.read_text('utf-8').rstrip()}\n\n{added}\n", "utf-8")
        path.with_suffix(".mo").write_bytes(compiled(read(path)))
        print(f"{path.relative_to(ROOT)}: {len(missing)} texts were added.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
