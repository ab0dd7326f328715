"""Pull quotes and footnotes: what the editor writes, and what readers get of it."""

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import html

PIECES = st.sampled_from(
    [
        '<small class="footnote">', "<small>", "</small>", "<p>", "</p>", '<blockquote class="pull">', "<blockquote>",
        "</blockquote>", "one", " two ", "<a href='/x/'>", "</a>", "<h2>", "</h2>", "<em>", "</em>", "<br>", "<ul><li>",
        "</ul>", "…",
    ]
)  # fmt: skip


def cleaned(source, language="en"):
    return html.clean_article(source, language).html


def test_a_footnote_is_numbered_and_moved_below_the_text_with_links_both_ways():
    shown = cleaned(
        '<p>Eleven <small class="footnote">See <em>the</em> <a href="/list/">list</a>.</small>, and'
        ' <b>more<small class="footnote">Or so.</small></b>.</p>'
    )

    assert shown == (
        '<p>Eleven<sup class="note"><a id="note-1-ref" href="#note-1" role="doc-noteref">1</a></sup>, and'
        ' <b>more<sup class="note"><a id="note-2-ref" href="#note-2" role="doc-noteref">2</a></sup></b>.</p>'
        '<section class="notes" role="doc-endnotes" aria-labelledby="notes"><h2 id="notes">Notes</h2><ol>'
        '<li id="note-1">See <em>the</em> <a href="/list/" rel="noopener">list</a>. '
        '<a href="#note-1-ref" role="doc-backlink" aria-label="Back to the text, note 1">↩\ufe0e</a></li>'
        '<li id="note-2">Or so. '
        '<a href="#note-2-ref" role="doc-backlink" aria-label="Back to the text, note 2">↩\ufe0e</a></li>'
        "</ol></section>"
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>Fine <small>print</small>.</p>", "<p>Fine print.</p>"),
        ('<p>Nothing<small class="footnote"> <b></b></small>.</p>', "<p>Nothing.</p>"),
        ('<p>Other<small class="x">wise</small>.</p>', "<p>Otherwise.</p>"),
    ],
)
def test_what_is_no_footnote_stays_in_the_text(source, shown):
    assert cleaned(source) == shown


def test_a_footnote_within_a_footnote_is_part_of_it_and_blocks_in_it_are_words():
    shown = cleaned('<div>x<small class="footnote">a<small class="footnote">b</small><h2>c</h2></small></div>')

    assert shown.count("doc-noteref") == 1
    assert '<li id="note-1">ab c <a' in shown


def test_the_numbers_of_notes_and_their_arrows_are_no_words_of_the_text():
    shown = cleaned('<p>Eleven<small class="footnote">Or ten.</small> committees.</p>')

    assert html.text_of(shown) == "Eleven committees. Notes: Or ten."


def test_a_pull_quote_that_repeats_the_text_is_not_heard_twice_and_holds_no_link():
    shown = cleaned(
        "<p>A proposal without an enemy, they say, has no <em>day</em> on which it wins.</p>"
        '<blockquote class="pull"><p>“A <a href="/x/">proposal</a> without an enemy … has no day on which it wins.”</p>'
        "</blockquote>"
    )

    assert shown.endswith(
        '<blockquote class="pull" aria-hidden="true">'
        "<p>“A proposal without an enemy … has no day on which it wins.”</p></blockquote>"
    )


def test_a_pull_quote_in_words_of_its_own_is_read_to_everybody():
    shown = cleaned('<p>Nobody objects.</p><blockquote class="pull"><p>Nobody ever objects.</p></blockquote>')

    assert '<blockquote class="pull"><p>' in shown


def test_no_class_but_these_two_survives():
    shown = cleaned('<blockquote class="pull evil"><p class="x">a</p></blockquote><ul class="pull"><li>b</li></ul>')

    assert "class" not in shown


@given(st.lists(PIECES, max_size=20).map("".join))
@example('<small class="footnote"><h2><small class="footnote"><h2>')
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_an_article_its_notes_lead_there_and_back(source):
    shown = cleaned(source)

    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(shown)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    targets = [a.get("href")[1:] for a in tree.iter("a") if (a.get("href") or "").startswith("#")]
    hidden = [each for each in tree.iter("blockquote") if each.get("aria-hidden")]
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    assert [each for quote in hidden for each in quote.iter("a")] == []
    assert list(tree.iter("small")) == []
