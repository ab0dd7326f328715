"""Words as search knows them: cut out of a text, folded (case, accents, kinds of digits), and brought to their stem.

Pure functions, the same for what is indexed and for what is looked for; no database cuts or folds a word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

# Longer words are cut, here and there alike.
MAX_WORD = 60
# PostgreSQL keeps at most 2**20 bytes of words of a text.
MAX_BYTES = 900_000
# Words once more, as one column holds them: in their order, then this, then their stems and other forms.
THEN = "/"
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
DOTLESS = ("az", "tr")
# What may stand inside a word: O’Brien, e-mail, 20,000, U.S., col·laborar, צה״ל.
JOINERS = "'’‘ʼʻ＇`´-‐‑.,·׳״"
# Scripts that put no spaces between words, and Korean, which writes its particles on to them.
UNSPACED = re.compile(
    "[\u0e01-\u0e4e\u0e80-\u0ecf\u1000-\u109f\u1780-\u17d3\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# Marks that readers leave out or don't know; not the vowel signs of Indic scripts, nor what makes й of и.
MARKS = re.compile(
    "(?<![\u0400-\u052f])[\u0300-\u036f]|(?<=[\u0400-\u052f])[\u0300-\u0305\u0307\u0309-\u036f]|[\u0483-\u0487"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u0640\u093c\u09bc\u0a3c\u0abc\u0b3c\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f]"
)
# Letters that are typed one for the other, or without which a keyboard does.
ALIKE = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n", "ё": "е",
     "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ة": "ه", "ۃ": "ه"}
)  # fmt: skip
CACHED_SIGNS = 0x3000


@dataclass(frozen=True, slots=True)
class Piece:
    """A word in its parts ("e-mail" has two), or a run of signs without spaces, each a part. In small letters."""

    parts: tuple[str, ...]
    is_run: bool = False

    @property
    def pairs(self) -> list[str]:
        """Each two neighbours of a run."""
        return [fold(first + second) for first, second in pairwise(self.parts)]

    @property
    def joined(self) -> str:
        """A word of several parts as others write it, in one; empty for anything else."""
        return "".join(self.parts) if len(self.parts) > 1 and not self.is_run else ""


def cut(text: str, language: str = "") -> Iterator[Piece]:
    """The words of a text in their order."""
    text = unicodedata.normalize("NFKC", text)
    if language.partition("-")[0] in DOTLESS:
        text = text.replace("I", "ı").replace("İ", "i")
    for chunk in text.casefold().translate(_signs).split():
        if chunk.isascii() and chunk.isalnum():
            yield Piece((chunk[:MAX_WORD],))
            continue
        parts = [part for part in unicodedata.normalize("NFC", chunk).split("-") if fold(part)]
        if any(UNSPACED.search(part) for part in parts):
            yield from (piece for part in parts for piece in _with_runs(part))
        elif parts:
            yield Piece(tuple(part[:MAX_WORD] for part in parts))


def fold(word: str) -> str:
    """A word in small letters without accents, each letter standing for those that are typed for it."""
    return word[:MAX_WORD] if word.isascii() else _fold(word)


@lru_cache(8192)
def stem(word: str, language: str) -> str:
    """The stem of a word in small letters, folded; the folded word in a language that we have no rules for."""
    algorithm = STEMMERS.get(language.partition("-")[0])
    if algorithm is None or word.isdigit():
        return fold(word)
    return fold(_stemmer(algorithm).stemWord(word[:MAX_WORD])) or fold(word)


def sequence(text: str) -> str:
    """The folded words of a text in their order, with a space on each side: what a phrase is looked for as."""
    return f" {' '.join(fold(part) for piece in cut(text) for part in piece.parts)} "


def indexed(text: str | Sequence[Piece], language: str) -> str:
    """What search keeps of a text, or of its pieces: the folded words in their order, then all other forms.

    >>> indexed("E-mails from the rivers", "en")
    ' e mails from the rivers / mail emails email river '
    """
    words: list[str] = []
    others: dict[str, None] = {}
    for piece in cut(text, language) if isinstance(text, str) else text:
        words += [fold(part) for part in piece.parts]
        if piece.is_run:
            others |= dict.fromkeys(piece.pairs)
            continue
        others |= dict.fromkeys(stem(part, language) for part in piece.parts)
        if joined := piece.joined:
            others |= dict.fromkeys((fold(joined), stem(joined, language)))
    for word in words:
        others.pop(word, None)
    return _bounded(f" {' '.join([*words, THEN, *others])} ")


def frequent(pieces: Sequence[Piece], language: str) -> str:
    """The words that a text comes back to, by their stems: three times at least, and once in 250 words."""
    counts: dict[str, int] = {}
    for piece in pieces:
        for form in piece.pairs if piece.is_run else [stem(part, language) for part in piece.parts]:
            counts[form] = counts.get(form, 0) + 1
    enough = max(3, sum(counts.values()) // 250)
    return f" {' '.join(form for form, count in counts.items() if count >= enough)} "


def _bounded(words: str) -> str:
    encoded = words.encode()
    if len(encoded) <= MAX_BYTES:
        return words
    return f"{encoded[:MAX_BYTES].decode(errors='ignore').rpartition(' ')[0]} "


def _with_runs(part: str) -> Iterator[Piece]:
    """The words and the runs of a part that has both, such as "iphone手机"."""
    end = 0
    for run in UNSPACED.finditer(part):
        if word := part[end : run.start()]:
            yield Piece((word[:MAX_WORD],))
        yield Piece(tuple(clusters(run[0])), is_run=True)
        end = run.end()
    if word := part[end:]:
        yield Piece((word[:MAX_WORD],))


def clusters(run: str) -> list[str]:
    """Signs with the marks that belong to them."""
    clusters: list[str] = []
    for char in run:
        if clusters and unicodedata.category(char)[0] == "M" and len(clusters[-1]) < MAX_WORD // 2:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


@lru_cache(8192)
def _fold(word: str) -> str:
    bare = MARKS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(ALIKE)[:MAX_WORD]


def _stemmer(algorithm: str) -> Any:
    """A new one each time: it keeps the word it is at, and requests are many threads."""
    # Read on the first use: a process that looks for nothing doesn't need thirty languages in memory.
    import snowballstemmer

    return snowballstemmer.stemmer(algorithm)


class _Signs(dict[int, str | None]):
    """What becomes of each sign: letters, marks and digits stay; what joins is a hyphen; anything else is a space."""

    def __missing__(self, code: int) -> str | None:
        kept = self.kept(chr(code))
        if code < CACHED_SIGNS:
            self[code] = kept
        return kept

    @staticmethod
    def kept(char: str) -> str | None:
        category = unicodedata.category(char)
        if char in JOINERS:
            return "-"
        if category == "Nd":
            return str(unicodedata.decimal(char))
        if category == "Cf":  # joiners without width, soft hyphens, marks of direction
            return None
        return char if category[0] in "LMN" else " "


_signs = _Signs()
