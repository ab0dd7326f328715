"""Editors make the front page: pin and unpin, order, end, and a preview of a later moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Pin
from tests.factories import make_article, make_scheduled

pytestmark = pytest.mark.django_db
PINS = "/admin/articles/pin/"
ARTICLES = "/admin/articles/article/"


def form_of(article, **changes):
    fields = {"title": article.title, "standfirst": "", "body": article.body, "section": article.section_id}
    fields |= {"language": "en", "slug": article.slug, "comments_open": "on"}
    byline = article.bylines.get()
    fields |= {"bylines-TOTAL_FORMS": 1, "bylines-INITIAL_FORMS": 1, "bylines-0-id": byline.pk}
    fields |= {"bylines-0-article": article.pk, "bylines-0-author": byline.author_id, "bylines-0-position": 0}
    return fields | {"corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0} | changes


def rows_of(*pins, **changes):
    """What the list of pins posts when it is saved."""
    fields = {"form-TOTAL_FORMS": len(pins), "form-INITIAL_FORMS": len(pins), "_save": "Save"}
    for number, pin in enumerate(pins):
        fields |= {f"form-{number}-id": pin.pk, f"form-{number}-place": pin.place}
        fields |= {f"form-{number}-position": pin.position, f"form-{number}-until": ""}
    return fields | changes


def test_an_editor_puts_an_article_on_the_front_page_and_takes_it_off_from_its_form(reader, desk):
    make_article(title="The newest")
    article = make_article(title="Pinned", at=timezone.now() - timedelta(days=40))
    editor = desk("Editors")
    assert "Editors’ selection" not in reader.get("/").text

    editor.post(f"{ARTICLES}{article.pk}/change/", form_of(article, _pin="1"))
    with_pin = reader.get("/").text
    editor.post(f"{ARTICLES}{article.pk}/change/", form_of(article, _unpin="1"))

    assert "Editors’ selection" in with_pin
    assert "Editors’ selection" not in reader.get("/").text


def test_an_editor_pins_several_from_the_list_and_they_are_marked_there(desk):
    articles = [make_article() for _ in range(3)]
    editor = desk("Editors")

    chosen = [article.pk for article in articles[:2]]
    editor.post(ARTICLES, {"action": "put_on_front_page", "_selected_action": chosen})

    assert set(Pin.objects.values_list("article", flat=True)) == set(chosen)
    assert sorted(Pin.objects.values_list("position", flat=True)) == [0, 1]
    assert editor.get(ARTICLES).text.count("Editors’ selection") == 2

    editor.post(ARTICLES, {"action": "take_off_front_page", "_selected_action": chosen})

    assert not Pin.objects.exists()


def test_place_order_and_end_are_changed_in_the_list_and_readers_see_it_at_once(reader, desk):
    first, second = (Pin.objects.create(article=make_article(title=title), position=n) for n, title in enumerate("AB"))
    assert reader.get("/").text.index(">A</a>") < reader.get("/").text.index(">B</a>")

    until = timezone.now() + timedelta(days=1)
    changes = {"form-1-place": "lead", "form-0-until": f"{until:%Y-%m-%dT%H:%M}"}
    desk("Editors").post(PINS, rows_of(first, second, **changes))

    second.refresh_from_db(), first.refresh_from_db()
    assert second.place == "lead"
    assert first.until == until.replace(second=0, microsecond=0)
    assert reader.get("/").text.index(">B</a>") < reader.get("/").text.index(">A</a>")


def test_the_list_says_which_pins_readers_do_not_meet_and_why(desk):
    Pin.objects.create(article=make_scheduled())
    Pin.objects.create(article=make_article(), until=timezone.now() - timedelta(hours=1))

    page = desk("Editors").get(PINS).text

    assert "From its publication on" in page
    assert "Its time is over" in page


def test_the_preview_shows_the_front_page_of_a_later_moment(reader, desk):
    make_article(title="Of today")
    scheduled = make_scheduled(title="Of Sunday")
    Pin.objects.create(article=scheduled, place="lead")
    later = timezone.now() + timedelta(days=4)

    now, then = (desk("Editors").get(f"{PINS}preview/", {"at": at}).text for at in ("", f"{later:%Y-%m-%dT%H:%M}"))

    assert "Of Sunday" not in now
    assert "Of Sunday" in then
    assert "Of Sunday" not in reader.get("/").text


@pytest.mark.parametrize("role", ["Writers", "Moderators"])
def test_others_neither_pin_nor_look(desk, role):
    article = make_article()
    someone = desk(role)

    someone.post(ARTICLES, {"action": "put_on_front_page", "_selected_action": [article.pk]})
    someone.post(f"{ARTICLES}{article.pk}/change/", form_of(article, _pin="1"))

    assert not Pin.objects.exists()
    assert someone.get(PINS).status_code == 403
    assert someone.get(f"{PINS}preview/").status_code == 403
    assert Article.objects.get().status == "published"
