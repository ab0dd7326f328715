"""Slugs: made of whole words, in any script, at any length, in no time."""

import time

import pytest

from articles.slugs import MAX_LENGTH, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("The river’s “drawer”", "the-rivers-drawer"),
        ("دریا کی بات", "دریا-کی-بات"),
        ("हिन्दी", "हिन्दी"),
        (f"{'a' * 60} {'b' * 59} c", f"{'a' * 60}-{'b' * 59}"),
        (f"{'a' * 60} {'b' * 60} c", "a" * 60),
        ("a" * 200, "a" * MAX_LENGTH),
        ("¿?", ""),
    ],
)
def test_a_slug_is_made_of_whole_words(text, slug):
    assert slugify(text) == slug


def test_the_slug_of_the_longest_address_is_made_in_no_time():
    start = time.process_time()

    slugify("a-" * 30_000)

    assert time.process_time() - start < 0.5
