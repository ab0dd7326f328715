"""Which part of a text is shown for a query, and what of it is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.query import Refused, parse
from articles.search.snippets import LENGTH, marked, snippet
from articles.words import indexed

FILLER = "Every spring the water comes up and nobody says a word about it. " * 20


def shown(parts):
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in parts)


def part_of(text, typed, language="en"):
    return snippet(text, indexed(text, language), parse(typed, [language]), language)


@pytest.mark.parametrize(
    ("typed", "text", "language", "expected"),
    [
        ("bank", "Two banks, and a bank.", "en", "Two [banks], and a [bank]."),
        ("ministry", "the (ministry’s) drawer", "en", "the ([ministry’s]) drawer"),
        ('"the river"', "The river, the ministry, the  river", "en", "[The] [river], the ministry, [the]  [river]"),
        ("-river bank", "a river and a bank", "en", "a river and a [bank]"),
        ("election", "L’élection !", "fr", "[L’élection] !"),
        ("资源", "水资源在这里", "zh-hans", "水[资源]在这里"),
        ("हिन्दी", "यह हिन्दी।", "hi", "यह [हिन्दी]।"),
        ("kg tm", "Five ㎏ of Foo ™", "en", "Five [㎏] of Foo [™]"),
        ("<b>", "<b>bold</b> & b", "en", "<[b>bold</b]> & [b]"),
    ],
)
def test_what_was_looked_for_is_marked(typed, text, language, expected):
    assert shown(marked(text, parse(typed, [language]), language)) == expected


def test_the_part_with_most_of_the_words_is_shown():
    text = f"A lease. {FILLER}The meadow is on lease to the council. {FILLER}"

    parts = part_of(text, "meadow lease")

    assert "[meadow] is on [lease]" in shown(parts)
    assert shown(parts).startswith("… ")
    assert shown(parts).endswith(" …")
    assert len(shown(parts)) < LENGTH + 40


def test_a_text_that_holds_nothing_of_it_shows_its_beginning():
    parts = part_of(f"It begins here. {FILLER}", "zebra")

    assert shown(parts).startswith("It begins here.")


@pytest.mark.parametrize(
    ("typed", "held", "language"),
    [
        ("rivers", "a [river]", "en"),
        ("email", "an [e-mail]", "en"),
        ("ete", "un [été]", "fr"),
        ("elections", "[L’élection]", "fr"),
        ("資源 x", "[x資源]", "zh-hans"),
        ("कर", "[कर]", "hi"),
        ('"river plan"', "[River], [plan]", "en"),
        ('"e mail"', "[e-mail]", "en"),
        ('"un ete"', "[un] [été]", "fr"),
    ],
)
def test_what_stands_far_on_is_shown_however_it_is_written(typed, held, language):
    written = held.replace("[", "").replace("]", "")

    parts = part_of(f"{FILLER}{written}. {FILLER}", typed, language)

    assert held in shown(parts).replace("[L’élection]", "[L’élection]")


@given(st.text(max_size=300), st.text(max_size=30))
def test_marking_any_text_changes_none_of_it(text, typed):
    try:
        query = parse(typed, ["en"])
    except Refused:
        return

    assert "".join(part.text for part in marked(text, query, "en")) == text
