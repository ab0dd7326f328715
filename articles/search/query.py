"""What a reader typed, understood: words, phrases, and what is to be left out. Pure functions; any text will do.

An answer holds every word in some form (its own, or a stem of one of the site's languages), every "phrase" exactly as
it stands, but for case and accents, and nothing that has a minus before it. There are no other signs: AND, NEAR,
asterisks and colons are words or nothing.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from articles.words import Piece, cut, fold, sequence, stem

MAX_LENGTH = 200
MAX_WORDS = 20
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"−": "-", "－": "-"})
ITEM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
Forms = frozenset[str]
Wanted = TypeVar("Wanted")


class Refused(ValueError):
    """More than we look for at once; the message is a sentence for the reader, in the language that shows it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word: each of its parts in one of its forms, or all of them written in one."""

    every: tuple[Forms, ...]
    joined: Forms = frozenset()
    # As it was typed, folded.
    word: str = ""
    # The last word while it is still being typed: any word that begins with it will do.
    is_begun: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. A phrase has a space before, between and behind its words."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[Term, ...] = ()
    without_phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """There is something to look for."""
        return bool(self.terms or self.phrases)

    @property
    def needed(self) -> tuple[Term, ...]:
        """The terms, and each word of the phrases as it stands."""
        return self.terms + tuple(
            Term((frozenset([word]),), word=word) for phrase in self.phrases for word in phrase.split()
        )

    def written(self, words: Iterable[str]) -> str:
        """As somebody would type it, with these words in place of its own; phrases, and what is left out, stay."""
        kept = [*words, *(f"-{term.word}" for term in self.without)]
        phrases = [f'"{phrase.strip()}"' for phrase in self.phrases]
        phrases += [f'-"{phrase.strip()}"' for phrase in self.without_phrases]
        return " ".join([*(word.replace(" ", "-") for word in kept), *phrases])


def parse(typed: str, languages: Collection[str]) -> Query:
    """Understand what was typed, for articles in these languages. Raises Refused."""
    if len(typed) > MAX_LENGTH:
        raise Refused(format_lazy(_("Please write no more than {most} characters."), most=MAX_LENGTH))
    terms: list[Term] = []
    without: list[Term] = []
    phrases: list[str] = []
    without_phrases: list[str] = []
    for item in ITEM.finditer(typed.translate(QUOTES)):
        is_minus = item["minus"] is not None
        if item["word"] is not None:
            (without if is_minus else terms).extend(_term(piece, languages) for piece in cut(item["word"]))
        elif words := sequence(item["phrase"]).strip():
            (without_phrases if is_minus else phrases).append(f" {words} ")
    query = Query(_once(terms), _once(phrases), _once(without), _once(without_phrases))
    if len(query.needed) + len(query.without) > MAX_WORDS:
        raise Refused(format_lazy(_("Please write no more than {most} words."), most=MAX_WORDS))
    return query


def still_typed(query: Query, typed: str) -> Query:
    """The same while it is being typed: the last word, unless a space follows it, is only the beginning of one."""
    if not query.terms or not typed[-1:].strip():
        return query
    return replace(query, terms=(*query.terms[:-1], replace(query.terms[-1], is_begun=True)))


def _once(each: Iterable[Wanted]) -> tuple[Wanted, ...]:
    return tuple(dict.fromkeys(each))


def _term(piece: Piece, languages: Collection[str]) -> Term:
    if piece.is_run:
        pairs = piece.pairs or [fold(piece.parts[0])]
        return Term(tuple(frozenset([pair]) for pair in pairs), word="".join(map(fold, piece.parts)))
    joined = _forms(piece.joined, languages) if piece.joined else frozenset()
    every = tuple(_forms(part, languages) for part in piece.parts)
    return Term(every, joined, " ".join(map(fold, piece.parts)))


def _forms(word: str, languages: Collection[str]) -> Forms:
    return frozenset([fold(word), *(stem(word, language) for language in languages)])


# --- In the databases' words


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database writes such a query. A word holds letters, marks and digits only, so no sign needs care."""

    word: str
    begun: str
    both: str
    either: str
    without: str


DIALECTS = {
    "sqlite": Dialect('"{}"', '"{}"*', " AND ", " OR ", "({}) NOT ({})"),
    "postgresql": Dialect("'{}'", "'{}':*", " & ", " | ", "({}) & !({})"),
}


def expression(query: Query, dialect: Dialect) -> str:
    """What the database's index is asked; phrases only by their words."""
    wanted = _each(query.needed, dialect, dialect.both)
    return dialect.without.format(wanted, _each(query.without, dialect, dialect.either)) if query.without else wanted


def _each(terms: Sequence[Term], dialect: Dialect, between: str) -> str:
    return between.join(f"({_alternatives(term, dialect)})" for term in terms)


def _alternatives(term: Term, dialect: Dialect) -> str:
    last = len(term.every) - 1
    parts = dialect.both.join(
        f"({_any(forms, dialect, is_begun=term.is_begun and place == last)})" for place, forms in enumerate(term.every)
    )
    if not term.joined:
        return parts
    return f"{_any(term.joined, dialect, is_begun=term.is_begun)}{dialect.either}({parts})"


def _any(forms: Forms, dialect: Dialect, *, is_begun: bool) -> str:
    written = dialect.begun if is_begun else dialect.word
    return dialect.either.join(written.format(form) for form in sorted(forms))
