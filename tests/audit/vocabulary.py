"""The vocabulary of schema.org, read from the types that the package schema-dts makes of it."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

INTERFACE = re.compile(r"interface (\w+) extends ([\w, <>]+) \{\n(.*?)\n\}", re.DOTALL)
PROPERTY = re.compile(r'^ {4}"([\w-]+)"\?: (?:SchemaValue<(.*), "|(.*);)', re.MULTILINE)
UNION = re.compile(r"^export type (\w+) = (.*);$", re.MULTILINE)
DATA_TYPES = {
    str: {"Text", "URL", "Date", "DateTime", "Time", "string", "Duration", "CssSelectorType", "PronounceableText"},
    bool: {"Boolean"},
    int: {"Number", "Integer", "Float", "Text"},
    float: {"Number", "Float", "Text"},
}
# An annotation of Google's and schema.org's on actions, which is no property of the vocabulary.
ANNOTATIONS = {"query-input", "@type", "@id"}


@dataclass(frozen=True)
class Vocabulary:
    """Classes, their properties, and what may stand as the value of each."""

    source: str

    @classmethod
    def read(cls, path: Path) -> "Vocabulary":
        return cls(path.read_text("utf-8"))

    @cached_property
    def interfaces(self) -> dict[str, tuple[list[str], dict[str, set[str]]]]:
        """Parents, and properties of its own with the names of their types, by interface."""
        return {
            name: (
                re.findall(r"\w+", parents),
                {prop: set(re.findall(r"\w+", first or other)) for prop, first, other in PROPERTY.findall(body)},
            )
            for name, parents, body in INTERFACE.findall(self.source)
        }

    @cached_property
    def unions(self) -> dict[str, set[str]]:
        """What each type may be: its own class, its subclasses, text."""
        return {
            name: {each.removesuffix("Leaf") for each in re.findall(r"\w+", of)}
            for name, of in UNION.findall(self.source)
        }

    def has(self, kind: str) -> bool:
        """There is such a class."""
        return f"{kind}Leaf" in self.interfaces

    def properties(self, interface: str) -> dict[str, set[str]]:
        """All properties of an interface, those of its parents included."""
        parents, own = self.interfaces.get(interface, ([], {}))
        found: dict[str, set[str]] = {}
        for parent in parents:
            found |= self.properties(parent)
        return found | own

    def allows(self, kinds: set[str], wanted: set[str], seen: frozenset[str] = frozenset()) -> bool:
        """One of `wanted` is one of `kinds` or of what those may be."""
        if kinds & wanted:
            return True
        deeper = {each for kind in kinds - seen for each in self.unions.get(kind, ())} - seen - kinds
        return bool(deeper) and self.allows(deeper, wanted, seen | kinds)

    def complaints(self, node: dict, place: str) -> list[str]:
        """What the vocabulary doesn't know of a node and those inside it."""
        kinds = [node["@type"]] if isinstance(node.get("@type"), str) else node.get("@type", [])
        found = [f"{place}: there is no class {kind}" for kind in kinds if not self.has(kind)]
        known: dict[str, set[str]] = {}
        for kind in kinds:
            known |= self.properties(f"{kind}Leaf")
        for name, value in node.items():
            if name in ANNOTATIONS:
                continue
            if kinds and name not in known:
                found.append(f"{place}: {' '.join(kinds)} has no property {name}")
            for each in value if isinstance(value, list) else [value]:
                found += self._value(each, known.get(name, set()), f"{place}.{name}")
        return found

    def _value(self, value: object, kinds: set[str], place: str) -> list[str]:
        if not isinstance(value, dict):
            wanted = DATA_TYPES[type(value)]
            return [] if self.allows(kinds, wanted) else [f"{place}: {value!r} is none of {sorted(kinds)}"]
        types = value.get("@type", "IdReference")
        is_fine = self.allows(kinds, {types} if isinstance(types, str) else set(types))
        return [*([] if is_fine else [f"{place}: {types} is none of {sorted(kinds)}"]), *self.complaints(value, place)]
