"""The privacy desk: a person exported and erased by address, by those with the right, and no address anywhere else."""

import json

import pytest
from django.contrib.auth.models import Permission

from articles.models import Article
from comments import person
from comments.models import Comment, Commenter
from tests.factories import make_article, make_comment, make_staff
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
PAGE = "/admin/privacy/"
ADDRESS = "ana.silva@hidden-mail.example"


@pytest.fixture
def comment():
    return make_comment(make_article(), f"Write to {ADDRESS}.", name="Ana", email=ADDRESS)


def with_rights(*rights):
    user = make_staff("Moderators")
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client = SiteClient()
    client.force_login(user)
    return client


def test_the_page_shows_what_is_held_and_hands_it_out_as_a_file(desk, comment):
    owner = desk("Owner")

    shown = owner.post(PAGE, {"email": ADDRESS.upper(), "action": "look"})
    file = owner.post(PAGE, {"email": ADDRESS, "action": "export"})

    assert "1 comment, 0 mails." in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert json.loads(file.text)["comments.Commenter"]["comments"][0]["name"] == "Ana"
    assert file["Content-Disposition"] == 'attachment; filename="person.json"'
    assert "no-store" in file["Cache-Control"]


@pytest.mark.parametrize(("words", "body"), [("keep", "Write to [address removed]."), ("remove", person.REMOVED)])
def test_erasing_asks_once_more_and_tells_nobody_the_address(desk, comment, words, body, caplog):
    owner = desk("Owner")
    asked = owner.post(PAGE, {"email": ADDRESS, "action": "erase", "words": words})
    assert "Erase for ever?" in asked.text
    assert Commenter.objects.exists()

    done = owner.post(PAGE, {"email": ADDRESS, "action": "erase", "words": words, "sure": "yes"})
    page = owner.get(PAGE).text

    comment.refresh_from_db()
    assert (done.status_code, done.url) == (302, PAGE)
    assert (comment.name, comment.body) == ("Anonymous reader", body)
    assert "Erased: the writer of 1 comment;" in page
    assert "hidden-mail" not in page + caplog.text


def test_what_stands_in_the_way_is_said_and_nothing_is_erased(desk, comment):
    Article.objects.update(standfirst=f"By {ADDRESS}")

    answer = desk("Owner").post(PAGE, {"email": ADDRESS, "action": "erase", "words": "keep", "sure": "yes"})

    assert answer.status_code == 409
    assert "articles_article.standfirst (1)" in answer.text
    assert Comment.objects.get().name == "Ana"


@pytest.mark.parametrize(
    "form",
    [{"email": "", "action": "look"}, {"email": "ana", "action": "look"}, {"email": ADDRESS, "action": "x"},
     {"email": ADDRESS, "action": "erase", "sure": "yes"}, {"email": ADDRESS, "action": "erase", "words": "x"}],
)  # fmt: skip
def test_a_form_that_says_too_little_is_422_and_erases_nothing(desk, comment, form):
    answer = desk("Owner").post(PAGE, form)

    assert answer.status_code == 422
    assert form["email"] in answer.text
    assert Commenter.objects.exists()


@pytest.mark.parametrize("rights", [(), ("erase_person",), ("view_email",)])
@pytest.mark.parametrize("action", ["look", "export", "erase"])
def test_without_both_rights_a_known_and_an_unknown_address_get_the_same_refusal(comment, rights, action):
    client = with_rights(*rights)
    form = {"action": action, "words": "keep", "sure": "yes"}

    answers = [client.post(PAGE, form | {"email": email}) for email in (ADDRESS, "nobody@example.org")]

    assert [answer.status_code for answer in [*answers, client.get(PAGE)]] == [403, 403, 403]
    assert answers[0].text == answers[1].text
    assert "Privacy</a>" not in client.get("/admin/").text
    assert Commenter.objects.exists()


def test_with_both_rights_the_desk_leads_there(comment):
    client = with_rights("erase_person", "view_email")

    assert f'href="{PAGE}">Privacy</a>' in client.get("/admin/").text
    assert client.post(PAGE, {"email": ADDRESS, "action": "look"}).status_code == 200


def test_following_a_link_shows_and_erases_nothing(desk, comment):
    answer = desk("Owner").get(PAGE, {"email": ADDRESS, "action": "erase", "words": "remove", "sure": "yes"})

    assert answer.status_code == 200
    assert "hidden-mail" not in answer.text
    assert Commenter.objects.exists()


def test_a_form_of_a_foreign_site_is_refused(comment):
    client = SiteClient(enforce_csrf_checks=True)
    client.force_login(make_staff("Owner"))

    answer = client.post(PAGE, {"email": ADDRESS, "action": "erase", "words": "keep", "sure": "yes"})

    assert answer.status_code == 403
    assert Commenter.objects.exists()
