"""Whatever a reader types: the result is safe, stable and well-formed."""

import re
from html.parser import HTMLParser

import html5lib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import html
from articles.slugs import slugify, validate_slug

PIECES = st.sampled_from(
    [
        "<b>", "</b>", "<a href='", "javascript:x()", "https://a.example/", "'>", '">', "</a>", "<blockquote>",
        "</blockquote>", "<ul>", "<li>", "</ul>", "<pre>", "</pre>", "\n\n", "\n", "<script>", "</script>", "<!--",
        "-->", "<svg onload=x()>", "<img src=x onerror=y>", "&lt;", "&#x3c;", "&amp", "<p>", "</p>", "<br>", "\0",
        "\u202e", "<style>", "</style>", "<math>", "<table>", "<template>", "<![CDATA[", "]]>", "<a b=",
        " onclick=x ", "`",
    ]
)  # fmt: skip
TYPED = st.lists(PIECES | st.text(max_size=20), max_size=25).map("".join)
# What an editor pastes: more tags that may stand in one another, or not, and none of the words.
PASTED = st.lists(
    PIECES | st.sampled_from(
        [
            "<h2>", "</h2>", "<h3>", "</h3>", "<em>", "</em>", "<button>", "<section class='x'>", "</section>", "<td>",
            "<blockquote class='pull'>", "<select>", "</table>", "word",
        ]
    ),
    max_size=12,
).map("".join)  # fmt: skip
ALLOWED = html.COMMENT_TAGS | {"p", "br"}
# What may stand directly in what; "" is the top level.
HOMES = {
    "li": {"ul", "ol"},
    "p": {"", "blockquote"},
    **{tag: {"", "li", "blockquote"} for tag in ("ul", "ol", "blockquote", "pre")},
}


class Nesting(HTMLParser):
    """Collects (tag, the tag it stands in) and fails on an end tag that closes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [""]
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append((tag, self.open[-1]))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(TYPED)
@settings(max_examples=400, deadline=None)
def test_a_cleaned_comment_holds_allowed_tags_and_links_only(typed):
    cleaned = html.clean_comment(typed)

    tree = html5lib.parseFragment(cleaned, namespaceHTMLElements=False)
    for element in tree.iter():
        if element is tree:
            continue
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"href", "title", "rel"}
        if "href" in element.attrib:
            assert re.match(r"(https?://|mailto:)", element.attrib["href"], re.IGNORECASE)
            assert element.attrib["rel"] == "nofollow ugc noopener"


@given(TYPED)
@settings(max_examples=400, deadline=None)
def test_blocks_of_a_cleaned_comment_stand_where_html_lets_them(typed):
    nesting = Nesting()
    nesting.feed(html.clean_comment(typed))

    assert nesting.open == [""]
    assert [(tag, home) for tag, home in nesting.found if home not in HOMES.get(tag, {home})] == []


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<>&")))
@settings(max_examples=300, deadline=None)
def test_no_word_of_a_plain_comment_is_lost(typed):
    words = html.plain_characters(typed).split()

    assert html.text_of(html.clean_comment(typed)).split() == words


@given(TYPED | PASTED)
@example("<li><table><li>")
@example("<h2>w<em><h2>")
@example("<blockquote class=pull><h3><blockquote>")
@example("<h2><li><svg><h3><li>w")
@settings(max_examples=400, deadline=None)
def test_a_cleaned_article_cleaned_again_is_the_same(typed):
    once = html.clean_article(typed, "en").html

    assert html.clean_article(once, "en").html == once


@given(TYPED | PASTED)
@example("<p><button>w<p>w")
@settings(max_examples=400, deadline=None)
def test_a_cleaned_bio_cleaned_again_is_the_same(typed):
    once = html.clean_bio(typed)

    assert html.clean_bio(once) == once


@given(PASTED)
@settings(max_examples=200, deadline=None)
def test_every_heading_of_an_op_ed_is_in_its_table_of_contents(typed):
    cleaned = html.clean_article(typed, "en")

    assert len(re.findall("<h[2-4]", cleaned.html)) == len(cleaned.toc)


@given(st.text())
def test_a_slug_is_one_that_the_site_accepts(title):
    slug = slugify(title)

    if slug:
        validate_slug(slug)
        assert "/" not in slug
        assert "." not in slug


@given(st.text())
@example("Ana \u2066 Ruiz")
def test_a_name_is_one_line_and_cleaning_it_again_changes_nothing(typed):
    name = html.plain_line(typed)

    assert name.splitlines() in ([name], [])
    assert html.plain_line(name) == name
