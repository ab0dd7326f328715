"""How a text is cut into words, and in which forms a word is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.query import parse
from articles.words import MAX_BYTES, MAX_WORD, cut, fold, frequent, indexed, sequence

LANGUAGES = ["ar", "de", "en", "fa", "fr", "tr", "ur", "zh-hans"]


def finds(typed, text, language="en"):
    """What the databases are asked, asked of the words themselves."""
    words = set(indexed(text, language).split())
    query = parse(typed, [language, "en"])
    return bool(query) and all(has(words, term) for term in query.needed)


def has(words, term):
    return bool(words & term.joined) or all(words & forms for forms in term.every)


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("RIVER", "Rivers and their banks", "en"),
        ("bank", "Rivers and their banks", "en"),
        ("banks", "The bank of the river", "en"),
        ("elections", "Les élections à venir", "fr"),
        ("élection", "LES ELECTIONS", "fr"),
        ("l'election", "L’élection", "fr"),
        ("obrien", "Flann O’Brien", "en"),
        ("O'Brien", "Flann O’Brien", "en"),
        ("ministry", "the ministry’s drawer", "en"),
        ("dont", "Don't", "en"),
        ("email", "by e-mail", "en"),
        ("e-mail", "by email", "en"),
        ("e‑mail", "by e-mail", "en"),
        ("20000", "20,000 people", "en"),
        ("20,000", "20000 people", "en"),
        ("٢٠٢٦", "in 2026", "en"),
        ("US", "the U.S. Senate", "en"),
        ("strasse", "Die Straße", "de"),
        ("Strassen", "Die Straße", "de"),
        ("Mueller", "Herr Müller", "de"),
        ("Muller", "Herr Müller", "de"),
        ("hauser", "Die Häuser", "de"),
        ("isparta", "ISPARTA’da", "tr"),
        ("ISPARTA", "ısparta", "tr"),
        ("istanbul", "İSTANBUL’un", "tr"),
        ("كتاب", "کتاب", "ur"),
        ("كِتَاب", "كتاب", "ar"),
        ("میروم", "می‌روم", "fa"),
        ("اسلام", "إسلام", "ar"),
        ("يونيورسٹی", "یونیورسٹی", "ur"),
        ("елка", "Ёлка", "ru"),
        ("Οδος", "Οδός", "el"),
        ("ﬁsh", "fish", "en"),
        ("ｆｕｌｌ", "full", "en"),
        ("soft\u00adhyphen", "softhyphen", "en"),
        ("水", "水资源", "zh-hans"),
        ("资源", "水资源", "zh-hans"),
        ("手机", "iPhone手机", "zh-hans"),
        ("iphone", "iPhone手机", "zh-hans"),
        ("대통령", "대통령은", "ko"),
        ("ไทย", "ภาษาไทย", "th"),
        ("हिन्दी", "हिन्दी किताबें", "hi"),
        ("जमीन", "ज़मीन", "hi"),
    ],
)
def test_a_word_is_found_however_it_is_typed(typed, text, language):
    assert finds(typed, text, language)


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("cat", "concatenate", "en"),
        ("йод", "иод", "ru"),
        ("手水", "水手", "zh-hans"),
        ("한", "하", "ko"),
        ("/", "a / b", "en"),
    ],
)
def test_another_word_is_not_found(typed, text, language):
    assert not finds(typed, text, language)


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_each_word_of_any_text_is_found_as_it_stands_there(text, language):
    for word in text.split():
        if any(cut(word)):
            assert finds(f'"{word}"' if '"' not in word else word.replace('"', " "), text, language) or word.startswith(
                "-"
            )


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_words_hold_nothing_that_a_database_could_take_for_a_sign(text, language):
    kept = indexed(text, language)

    assert kept.startswith(" ")
    assert kept.endswith(" ")
    for word in kept.replace(" / ", " ").split():
        assert len(word) <= MAX_WORD
        assert all(unicodedata.category(char)[0] in "LMN" for char in word)
        assert fold(word) == word


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Mn", "Nd"]), max_size=12))
def test_folding_twice_changes_nothing_more(word):
    assert fold(fold(word)) == fold(word)


def test_words_keep_their_order_and_other_forms_follow():
    assert indexed("E-mails from the rivers", "en") == " e mails from the rivers / mail emails email river "
    assert sequence("“E-mails” from\nthe rivers!") == " e mails from the rivers "


def test_what_a_text_comes_back_to_is_frequent():
    text = "Water here. Waters there. Water! A drawer."

    assert frequent(list(cut(text, "en")), "en") == " water "


def test_a_text_of_any_length_gives_no_more_words_than_postgresql_keeps():
    words = indexed(" ".join(f"{number}水资源" for number in range(60_000)), "zh-hans")

    assert len(words.encode()) <= MAX_BYTES + 1
    assert words.endswith(" ")
