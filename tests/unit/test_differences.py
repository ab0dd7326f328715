"""What changed between two texts, told word by word."""

import re

import pytest

from comments.differences import LONGEST, difference

TAG = re.compile(r"</?(?:ins|del)>")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Same.", "Same.", "Same."),
        ("A calm remark", "A very calm remark", "A<ins> very</ins> calm remark"),
        ("A calm remark", "A remark", "A <del>calm </del>remark"),
        ("one two", "one three", "one <del>two</del><ins>three</ins>"),
        ("", "New.", "<ins>New.</ins>"),
        ("<b>x</b>", "<i>x</i>", "<del>&lt;b&gt;x&lt;/b&gt;</del><ins>&lt;i&gt;x&lt;/i&gt;</ins>"),
    ],
)
def test_words_that_went_and_came_are_marked_and_nothing_is_code(before, after, told):
    assert difference(before, after) == told


def test_every_word_of_a_long_text_is_there():
    before, after = "old " * LONGEST, "new"

    told = difference(before, after)

    assert TAG.sub("", told) == before + after
