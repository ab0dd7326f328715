"""Any tree of replies, in any order of arrival, stands on the page as a reader expects."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from comments.querysets import KEY_DIGITS
from comments.submission import sort_key_below
from comments.threads import COMMENTS_A_PAGE, THREADS_A_PAGE, page_starts

# Comment n (from 1) answers one that came before it, or none (0).
TREES = st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=400).map(
    lambda wishes: [wish % (number + 1) for number, wish in enumerate(wishes)]
)


def keys_of(parents, depth=5):
    keys = {}
    for pk, parent in enumerate(parents, start=1):
        above = SimpleNamespace(sort_key=keys[parent]) if parent else None
        keys[pk], _ = sort_key_below(above, pk, depth)
    return keys


@given(TREES, st.integers(min_value=1, max_value=10))
def test_replies_follow_what_they_answer_and_no_key_is_deeper_than_the_setting(parents, depth):
    keys = keys_of(parents, depth)

    assert len(set(keys.values())) == len(keys)
    for pk, parent in enumerate(parents, start=1):
        assert len(keys[pk]) <= depth * KEY_DIGITS
        if parent:
            assert keys[pk] > keys[parent]
            if len(keys[parent]) < depth * KEY_DIGITS:
                assert keys[pk].startswith(keys[parent])


@given(TREES)
def test_pages_cover_all_comments_once_and_none_is_too_full(parents):
    keys = sorted(keys_of(parents).values())

    starts = page_starts(keys)

    assert starts[0] == keys[0]
    bounds = [keys.index(start) for start in starts] + [len(keys)]
    for start, end in pairwise(bounds):
        page = keys[start:end]
        assert 1 <= len(page) <= COMMENTS_A_PAGE
        assert sum(len(key) == KEY_DIGITS for key in page) <= THREADS_A_PAGE
