"""Long HTML that is set into a finished page."""

from django.template import Context, Template
from django.test import RequestFactory

from articles.insets import complete, inset


def test_is_set_in_where_the_template_put_its_mark() -> None:
    request = RequestFactory().get("/")
    marks = [inset(request, ["<li>", word, "</li>"]) for word in ("Ebbe", "Flut – hoch")]
    page = Template("<ol>{{ marks.0 }} and {{ marks.1 }}</ol>").render(Context({"marks": marks}))
    assert complete(request, page).decode() == "<ol><li>Ebbe</li> and <li>Flut – hoch</li></ol>"


def test_a_page_without_any_is_complete_as_it_is() -> None:
    assert complete(RequestFactory().get("/"), "<p>Ebbe & Flut</p>") == b"<p>Ebbe & Flut</p>"
