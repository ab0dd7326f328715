"""How what a reader typed is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.query import DIALECTS, Refused, expression, parse, still_typed


def understood(typed):
    query = parse(typed, ["en"])
    return (
        [term.word for term in query.terms],
        [phrase.strip() for phrase in query.phrases],
        [term.word for term in query.without],
        [phrase.strip() for phrase in query.without_phrases],
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the river", (["the", "river"], [], [], [])),
        ('"the river" plan', (["plan"], ["the river"], [], [])),
        ("„the river“ «a plan»", ([], ["the river", "a plan"], [], [])),
        ("river -bank", (["river"], [], ["bank"], [])),
        ("river −bank", (["river"], [], ["bank"], [])),
        ('river -"old bank"', (["river"], [], [], ["old bank"])),
        ("well-known", (["well known"], [], [], [])),
        ("river - bank", (["river", "bank"], [], [], [])),
        ('"the river', (["the", "river"], [], [], [])),
        ('the "river', (["the", "river"], [], [], [])),
        ("river river", (["river"], [], [], [])),
        ("cats AND dogs OR NOT NEAR", (["cats", "and", "dogs", "or", "not", "near"], [], [], [])),
        ("title:river* (a) ^b {c}", (["title", "river", "a", "b", "c"], [], [], [])),
        ("a&b|!c <-> d:*", (["a", "b", "c", "d"], [], [], [])),
        ("-bank", ([], [], ["bank"], [])),
        ('""  -  "…" 🦆 %_', ([], [], [], [])),
    ],
)
def test_words_phrases_and_what_is_left_out_are_told_apart(typed, meant):
    assert understood(typed) == meant


def test_too_much_is_refused_with_a_sentence():
    with pytest.raises(Refused, match="200 characters"):
        parse("a" * 201, ["en"])
    with pytest.raises(Refused, match="20 words"):
        parse(" ".join(f"w{number}" for number in range(21)), ["en"])


def test_the_databases_are_asked_for_every_word_in_any_of_its_forms():
    query = parse('banks "the river" -e-mail', ["en"])

    assert expression(query, DIALECTS["sqlite"]) == (
        '((("bank" OR "banks")) AND (("the")) AND (("river"))) NOT (("email" OR (("e") AND ("mail"))))'
    )
    assert expression(query, DIALECTS["postgresql"]) == (
        "((('bank' | 'banks')) & (('the')) & (('river'))) & !(('email' | (('e') & ('mail'))))"
    )


def test_only_a_word_that_is_still_being_typed_stands_for_what_it_begins():
    done, begun = parse("the riv ", []), parse("the riv", [])

    assert "*" not in expression(still_typed(done, "the riv "), DIALECTS["sqlite"])
    assert expression(still_typed(begun, "the riv"), DIALECTS["sqlite"]).endswith('(("riv"*))')


@given(st.text(max_size=200))
def test_any_text_is_understood_or_refused(typed):
    try:
        query = parse(typed, ["en", "fr", "ar"])
    except Refused:
        return
    if query:
        assert expression(query, DIALECTS["sqlite"]).isprintable()
