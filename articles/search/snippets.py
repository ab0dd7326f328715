"""The part of a text that shows why it was found, in pieces that are marked or not; templates escape each."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from articles.search.query import Query
from articles.words import MAX_WORD, UNSPACED, clusters, cut, fold, stem

# So many characters, and so many of them before the first word that was found.
LENGTH = 240
BEFORE = 70
NOTHING = -1
# What may stand between two words of a phrase.
BETWEEN = r"[\W_]+"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text, and whether it is what was looked for."""

    text: str
    is_marked: bool = False


@dataclass(slots=True)
class Token:
    """A word with what stands around it, or a sign of a script without spaces; which wanted word it is, or NOTHING."""

    text: str
    start: int
    wanted: int = NOTHING


def marked(text: str, query: Query, language: str) -> list[Part]:
    """The whole text, with what was looked for marked."""
    return _parts(_tokens(text, query, language))


def snippet(text: str, words: str, query: Query, language: str) -> list[Part]:
    """The part of a long text that holds most of what was looked for; its beginning if it holds nothing of it.

    `words` are what search keeps of the text.
    """
    hits = _seen(text, query, language)
    if _held(words, query) - {hit.wanted for hit in hits}:
        hits = [token for token in _tokens(text, query, language) if token.wanted != NOTHING]
    begin = max(0, _best_start(hits) - BEFORE)
    # A phrase that goes across an end of the part is still whole in what is looked at.
    start, end = text.rfind(" ", 0, max(0, begin - BEFORE)) + 1, text.find(" ", begin + LENGTH + BEFORE)
    tokens = _tokens(text[start : end if end > 0 else None], query, language, start)
    chosen = [token for token in tokens if begin <= token.start < begin + LENGTH]
    if chosen and not chosen[0].text.strip():
        chosen = chosen[1:]
    parts = _parts(chosen)
    if chosen and chosen[0].start > 0:
        parts.insert(0, Part("… "))
    if chosen and chosen[-1].start + len(chosen[-1].text) < len(text):
        parts.append(Part(" …"))
    return parts


def has_marks(parts: Sequence[Part]) -> bool:
    """Something that was looked for is among them."""
    return any(part.is_marked for part in parts)


def _held(words: str, query: Query) -> set[int]:
    """What of the query a text has, by the words that search keeps of it."""
    held = {number for form, number in _numbers(query).items() if f" {form} " in words}
    return held | {number for number, phrase in enumerate(query.phrases, len(query.terms)) if phrase in words}


def _seen(text: str, query: Query, language: str) -> list[Token]:
    """The words and phrases of a text that can be seen without a look at each word: not all, if there are accents."""
    seen: list[Token] = []
    if numbers := _numbers(query):
        which = _finder(numbers, language)
        for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, numbers))})\w{{,{MAX_WORD}}}", text, re.IGNORECASE):
            if (number := which(match[0])) != NOTHING:
                seen.append(Token(match[0], match.start(), number))
    for number, phrase in enumerate(query.phrases, len(query.terms)):
        pattern = rf"\b{BETWEEN.join(map(re.escape, phrase.split()))}\b"
        seen += (Token(match[0], match.start(), number) for match in re.finditer(pattern, text, re.IGNORECASE))
    return sorted(seen, key=lambda token: token.start)


def _best_start(hits: Sequence[Token]) -> int:
    """Where the stretch of text begins that holds most different wanted words; the first of such stretches."""
    different = len({hit.wanted for hit in hits})
    best = most = 0
    for place, first in enumerate(hits):
        if most == different:
            break
        within = {hit.wanted for hit in hits[place : place + LENGTH] if hit.start < first.start + LENGTH - BEFORE}
        if len(within) > most:
            best, most = first.start, len(within)
    return best


def _tokens(text: str, query: Query, language: str, start: int = 0) -> list[Token]:
    """All of a text that begins at this place of a longer one."""
    tokens = []
    for piece in _pieces(text):
        tokens.append(Token(piece, start))
        start += len(piece)
    if query.terms:
        _mark_words(tokens, query, language)
    for number, phrase in enumerate(query.phrases):
        _mark_phrase(tokens, phrase.split(), len(query.terms) + number)
    return tokens


def _pieces(text: str) -> Iterator[str]:
    for chunk in re.split(r"(\s+)", text):
        end = 0
        for run in UNSPACED.finditer(chunk) if not chunk.isascii() else ():
            yield from filter(None, [chunk[end : run.start()]])
            yield from clusters(run[0])
            end = run.end()
        yield from filter(None, [chunk[end:]])


def _numbers(query: Query) -> dict[str, int]:
    """Each form of each word, and which word of the query it is of."""
    wanted = {form: number for number, term in enumerate(query.terms) for forms in term.every for form in forms}
    return wanted | {form: number for number, term in enumerate(query.terms) for form in term.joined}


def _mark_words(tokens: Sequence[Token], query: Query, language: str) -> None:
    wanted = _numbers(query)
    which = _finder(wanted, language)
    for place, token in enumerate(tokens):
        if UNSPACED.match(token.text):
            neighbours = [each.text for each in tokens[max(0, place - 1) : place + 2]]
            pairs = [fold(first + second) for first, second in pairwise(neighbours)]
            token.wanted = next((wanted[pair] for pair in [*pairs, fold(token.text)] if pair in wanted), NOTHING)
        elif not token.text.isspace():
            token.wanted = which(token.text)


def _finder(wanted: dict[str, int], language: str) -> Callable[[str], int]:
    """A function that says which wanted word a word of the text is; it remembers, because texts repeat themselves."""
    known: dict[str, int] = {}

    def which(text: str) -> int:
        if text not in known:
            known[text] = next((wanted[form] for form in _forms(text, language) if form in wanted), NOTHING)
        return known[text]

    return which


def _forms(text: str, language: str) -> Iterator[str]:
    for piece in cut(text, language):
        for word in filter(None, (*piece.parts, piece.joined)):
            yield fold(word)
            yield stem(word, language)


def _mark_phrase(tokens: Sequence[Token], words: Sequence[str], number: int) -> None:
    """Mark the tokens of each place where the words stand in this order."""
    inside = [(fold(part), token) for token in tokens for piece in cut(token.text) for part in piece.parts]
    for begin in range(len(inside) - len(words) + 1):
        stretch = inside[begin : begin + len(words)]
        if stretch[0][0] == words[0] and [word for word, _ in stretch] == list(words):
            for _, token in stretch:
                token.wanted = number


def _parts(tokens: Sequence[Token]) -> list[Part]:
    pieces: list[Part] = []
    for token in tokens:
        if token.wanted == NOTHING:
            pieces.append(Part(token.text))
            continue
        inside = [place for place, char in enumerate(token.text) if unicodedata.category(char)[0] in "LMN"]
        # A sign may stand for a word: ™, ㎏, ₨.
        begin, end = (inside[0], inside[-1] + 1) if inside else (0, len(token.text))
        pieces += [Part(token.text[:begin]), Part(token.text[begin:end], is_marked=True), Part(token.text[end:])]
    groups = groupby(filter(lambda part: part.text, pieces), key=lambda part: part.is_marked)
    return [Part("".join(part.text for part in group), is_marked) for is_marked, group in groups]
