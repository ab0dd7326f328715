"""The databases find what the words say, and nothing else: the same set on SQLite and on PostgreSQL."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import SearchText
from articles.search.query import Query, Refused, parse
from articles.search.results import Filters, find, languages
from tests.factories import make_article, make_author

WORDS = (
    "river", "rivers", "The", "bank’s", "e-mail", "email", "don't", "O’Brien", "2,000", "2000", "été", "ete", "Straße",
    "strasse", "élections", "elections", "كتاب", "کتاب", "می\u200cروم水资源", "水", "资源", "手机", "हिन्दी", "हिन्द",
    "Ёлка", "елка", "İstanbul", "istanbul", "ı", "i", "and", "or", "not", "near", "plan", "plans", "x",
)  # fmt: skip
TEXTS = ("title", "names", "standfirst", "body")
LANGUAGES = ("en", "de", "fr", "ar", "fa", "hi", "ru", "tr", "zh-hans")
SIGNS = (
    "",
    "-",
    '"',
    '" ',
    "*",
    ":",
    "(",
    ")",
    " AND ",
    " OR ",
    " NOT ",
    "\u200f",
    "🦆",
    "%",
    "_",
    "'",
    "|",
    "&",
    "!",
    "\\",
)


@pytest.fixture
def library(db):
    """Articles of few words, in many languages, so that most queries find some and not all."""
    for number, language in enumerate(LANGUAGES * 3):
        mixed = [WORDS[(number * 7 + step * (number % 5 + 1)) % len(WORDS)] for step in range(9)]
        make_article(
            title=" ".join(mixed[:3]),
            standfirst=" ".join(mixed[3:5]),
            body=f"<p>{' '.join(mixed[4:])} {' '.join(mixed[2:4])}</p>",
            language=language,
            author=make_author(mixed[1]),
        )


def answers(query: Query, words: SearchText) -> bool:
    """What a query means, said without a database."""
    texts = [getattr(words, name) for name in TEXTS]
    known = set(" ".join(texts).split())
    return (
        all(has(known, term) for term in query.terms)
        and all(any(phrase in text for text in texts) for phrase in query.phrases)
        and not any(has(known, term) for term in query.without)
        and not any(phrase in text for phrase in query.without_phrases for text in texts)
    )


def has(words, term):
    return bool(words & term.joined) or all(words & forms for forms in term.every)


typed_texts = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(SIGNS), st.sampled_from(WORDS), st.sampled_from(SIGNS)).map("".join),
        st.text(max_size=4),
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=typed_texts)
def test_a_query_finds_exactly_the_articles_that_answer_it(library, typed):
    known = languages()
    try:
        query = parse(typed.replace("\x00", ""), known)
    except Refused:
        return
    if not query:
        return

    found = set(find(query, Filters()).ids)

    assert found == {words.pk for words in SearchText.objects.all() if answers(query, words)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_words_of_an_article_in_any_writing_find_it(library, words):
    typed = " ".join(words)

    plain = set(find(parse(typed, languages()), Filters()).ids)
    shouted = set(find(parse(typed.upper().replace("İ", "i"), languages()), Filters()).ids)

    assert plain == shouted
