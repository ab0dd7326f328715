"""Addresses are found in words that staff write to each other, and put out of sight."""

import time

import pytest

from comments.privacy import holds_address, without_addresses


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to ana@mail.example, please.", "Write to [address], please."),
        ("<Ana.Silva@MAIL.example>", "<[address]>"),
        (
            "ana%40mail.example or ana&#64;mail.example or ana&commat;mail.example",
            "[address] or [address] or [address]",
        ),
        ("mailto:ana@mail.example", "mailto:[address]"),
        ("ana@bücher.example!", "[address]"),
        ("@mira has seen it. Costs 3 @ 2.50.", "@mira has seen it. Costs 3 @ 2.50."),
        ("https://medium.example/@user", "https://medium.example/@user"),
        ("", ""),
    ],
)
def test_what_reads_like_an_address_is_hidden(text, shown):
    assert without_addresses(text) == shown
    assert holds_address(text) == (text != shown)


@pytest.mark.parametrize("text", ["a@" * 30_000, "a" * 60_000, "a@" + "." * 60_000, "a@a" * 20_000, "@" * 60_000])
def test_no_text_makes_the_search_slow(text):
    began = time.perf_counter()

    without_addresses(text)

    assert time.perf_counter() - began < 0.5
