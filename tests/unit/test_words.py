"""Lists of held and blocked words: what an entry matches, and how a file is added."""

import pytest

from comments.words import entries_of, first_used, merged


@pytest.mark.parametrize(
    ("entry", "text", "is_used"),
    [
        ("press", "Stop the press!", True),
        ("press", "I write with WordPress.", False),
        ("*press*", "I write with WordPress.", True),
        ("PRESS", "a Préss release", True),
        ("café", "the cafe", True),
        ("cafe", "the CAFÉ", True),
        ("buy now", "Buy   NOW or never", True),
        ("buy now", "buynow", False),
        ("pr\u200bess", "p\u200dress", True),
        ("straße", "STRASSE 7", True),
        ("@spam.example", "ana@spam.example", True),
        ("1.2.3.4", "from 11.2.3.45", False),
        ("ﬁrst", "first", True),
        ("کتاب", "یہ کتاب ہے", True),
        ("$$$", "earn $$$ fast", True),
        ("(a+)+$", "a" * 5_000, False),
    ],
)
def test_an_entry_matches_whole_words_and_between_asterisks_parts_of_words(entry, text, is_used):
    assert bool(first_used([text], entries_of(entry))) == is_used


def test_empty_lines_and_doubles_are_no_entries():
    assert [entry.text for entry in entries_of("one\n\n  \nONE\n***\ntwo\n")] == ["one", "two"]


def test_a_file_adds_what_the_list_does_not_have_and_counts_it():
    text, count = merged("casino\n*pill*", "Pill\ncasino\n\nloan\nLOAN\n", is_inside=True)

    assert text.splitlines() == ["casino", "*pill*", "*casino*", "*loan*"]
    assert count == 2
