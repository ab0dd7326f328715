"""Rows for tests, made through the site's own verbs; each test names only what it is about."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles import publishing
from articles.freshness import pages_changed
from articles.models import Article, Author, Byline, Section
from comments import reporting, telling
from comments.drafts import Draft, Past
from comments.importing import import_comment
from comments.models import Comment, Commenter, Discussion
from comments.visibility import visible_comments_changed

numbers = count(1)
PASSWORD = "a-long-and-quiet-table"


def make_section(name: str = "Politics") -> Section:
    return Section.objects.get_or_create(name=name)[0]


def make_author(name: str = "Leila Haddad", bio: str = "<p>Taught hydrology for twenty years.</p>") -> Author:
    return Author.objects.create(name=name, bio=bio)


def make_draft(**fields: Any) -> Article:
    author = fields.pop("author", None) or make_author(f"Author {next(numbers)}")
    fields.setdefault("title", f"The river that the ministry forgot {next(numbers)}")
    fields.setdefault("standfirst", "A flood plan sits in a drawer.")
    fields.setdefault("body", "<p>Every spring the water comes up.</p><h2>Whose drawer</h2><p>Nobody’s.</p>")
    article = Article.objects.create(section=fields.pop("section", None) or make_section(), **fields)
    Byline.objects.create(article=article, author=author)
    return article


def make_article(at: datetime | None = None, **fields: Any) -> Article:
    """Published, by default a day ago."""
    article = make_draft(**fields)
    publishing.publish(article, at=at or timezone.now() - timedelta(days=1))
    return article


def make_scheduled(**fields: Any) -> Article:
    return make_article(at=timezone.now() + timedelta(days=3), **fields)


def make_withdrawn(**fields: Any) -> Article:
    article = make_article(**fields)
    publishing.withdraw(article)
    return article


def make_comment(article: Article, body: str = "My mother was a pupil there.", **fields: Any) -> Comment:
    number = next(numbers)
    draft = Draft(
        body=body,
        name=fields.pop("name", f"Reader {number}"),
        email=fields.pop("email", f"reader{number}@example.org"),
        website=fields.pop("website", ""),
        badge=fields.pop("badge", ""),
    )
    past = Past(
        submitted_at=fields.pop("submitted_at", timezone.now()),
        status=fields.pop("status", Comment.Status.APPROVED),
        by="factory",
        **fields,
    )
    comment = import_comment(article, draft, past)
    visible_comments_changed([article.pk])
    return comment


def set_discussion(**choices: Any) -> Discussion:
    """The owner's choices, as the settings page stores them."""
    discussion, _ = Discussion.objects.update_or_create(pk=1, defaults=choices)
    pages_changed(["site"])
    return discussion


def make_staff(role: str, username: str = "") -> User:
    """A member of Editors, Writers or Moderators; "Owner" is a superuser."""
    name = username or f"{role.lower()}{next(numbers)}"
    if role == "Owner":
        return User.objects.create_superuser(name, password=PASSWORD)
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def filled_in(**changes: str) -> dict[str, str]:
    """What a reader types into the form."""
    words = {
        "body": "The meadow is leased until 2029.",
        "name": "Tomas R.",
        "email": "tomas@example.org",
        "website": "",
        "parent": "",
        "fax": "",
    }
    return words | changes


def report(comment: Comment, *, times: int = 1, reason: str = "Off topic", note: str = "") -> None:
    """So many readers report a comment, each from an address of their own."""
    for _ in range(times):
        address = f"198.51.{next(numbers) % 250}.{next(numbers) % 250}"
        assert reporting.report_comment(comment.pk, reason=reason, note=note, address=address)


def wants_mail(comment: Comment, *, confirmed: bool = True) -> Commenter:
    """Its writer ticked both, and pressed the button in the mail unless told otherwise."""
    person = comment.origin.commenter
    if confirmed:
        telling.confirm(person)
    telling.save_wishes(comment, decision=True, replies=True)
    person.refresh_from_db()
    return person
