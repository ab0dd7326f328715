"""E-mail and network addresses: where they may be, and that no public page can hold them."""

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from comments import review
from comments.models import Comment, Commenter, Origin
from comments.privacy import email_key, network_of
from tests.factories import filled_in, make_article, make_comment

PRIVATE_WORDS = ("email", "mail", "address_key", "ip", "user_agent", "network", "fingerprint", "commenter")


def public_models():
    return [*apps.get_app_config("articles").get_models(), Comment]


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model.__name__)
def test_the_tables_that_public_pages_read_hold_no_address(model):
    own = [field for field in model._meta.get_fields() if field.concrete]

    assert not [f.name for f in own if isinstance(f, models.EmailField | models.GenericIPAddressField)]
    assert not [f.name for f in own if f.name in PRIVATE_WORDS]


def test_a_comment_has_no_link_to_a_user():
    assert not [f for f in Comment._meta.get_fields() if f.is_relation and f.related_model._meta.label == "auth.User"]


@pytest.mark.django_db
def test_no_public_answer_holds_a_commenters_address(reader):
    article = make_article()
    posted = reader.post(
        reverse("comments:comment-post", args=[article.pk]), filled_in(email="very.private@hidden-mail.example")
    )
    review.approve(Comment.objects.all(), by="mira")
    comment = Comment.objects.get()

    answers = [
        reader.get(url)
        for url in ("/", article.get_absolute_url(), f"{article.get_absolute_url()}?reply_to={comment.pk}", posted.url)
    ]
    answers.append(posted)

    for answer in answers:
        seen = answer.text + str(answer.headers)
        assert "hidden-mail" not in seen
        assert "very.private" not in seen


def test_all_spellings_of_an_address_have_one_key():
    assert email_key(" Ana@Example.ORG ") == email_key("ana@example.org")
    assert email_key("ana@bücher.example") == email_key("ana@xn--bcher-kva.example")
    assert email_key("ana+x@example.org") != email_key("ana@example.org")


@pytest.mark.django_db
def test_a_host_whose_letters_grow_when_folded_still_fits(reader):
    address = f"a@{'ΐΐ.' * 83}com"

    response = reader.post(reverse("comments:comment-post", args=[make_article().pk]), filled_in(email=address))

    assert response.status_code == 303


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", None),
        ("not an address", None),
    ],
)
def test_of_a_network_address_only_its_neighbourhood_is_kept(address, network):
    assert network_of(address) == network


@pytest.mark.django_db
def test_the_full_network_address_is_stored_nowhere(reader):
    reader.post(reverse("comments:comment-post", args=[make_article().pk]), filled_in(), REMOTE_ADDR="203.0.113.77")

    origin = Origin.objects.get()
    row = " ".join(str(value) for value in Origin.objects.values_list().get())
    assert origin.network == "203.0.113.0/24"
    assert "203.0.113.77" not in row
    assert len(origin.address_key) == 64


@pytest.mark.django_db
def test_a_commenter_is_never_shown_by_address():
    make_comment(make_article(), email="tomas@example.org")

    assert "tomas" not in str(Commenter.objects.get())
