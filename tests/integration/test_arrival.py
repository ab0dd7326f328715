"""Comments that arrive at the same moment: only locks and constraints keep them apart."""

from functools import partial

import pytest
from django.db import connection

from comments.arrival import ARTICLE, PEOPLE
from comments.drafts import Draft, Sender, TooFast
from comments.models import Comment, Commenter, Origin
from comments.submission import submit_comment
from opedsite.personal_data import erase_person
from tests.factories import make_article, make_comment
from tests.meeting import at_once

STORES = 'INSERT INTO "comments_comment"'


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("migrated")
def test_somebody_new_who_writes_below_two_op_eds_at_the_same_moment_is_one_person(settings):
    settings.OPED_RATE_LIMITS = False
    articles = [make_article(), make_article()]
    draft = Draft(body="The toll is gone.", name="Ana", email="ana@example.org")

    at_once(*(partial(submit_comment, each, draft, Sender()) for each in articles), writes=STORES)

    assert [each.origin.commenter for each in Comment.objects.order_by("pk")] == [Commenter.objects.get()] * 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("migrated")
def test_of_two_comments_that_one_person_sends_at_the_same_moment_one_is_asked_to_wait(settings):
    settings.OPED_RATE_LIMITS = True
    article = make_article()
    drafts = [Draft(body=words, name="Ana", email="ana@example.org") for words in ("The toll is gone.", "And the bus?")]

    given = at_once(*(partial(submit_comment, article, each, Sender()) for each in drafts), writes=STORES)

    assert {type(each) for each in given} == {Comment, TooFast}
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("migrated")
def test_who_is_erased_while_another_comment_of_theirs_comes_in_is_somebody_new():
    make_comment(make_article(), email="ana@example.org")
    erases = partial(erase_person, "ana@example.org", keep_words=False, by="mira")
    sends = partial(submit_comment, make_article(), Draft(body="Toll!", name="Ana", email="ana@example.org"), Sender())

    given = at_once(erases, sends, writes=f'EXECUTE {ARTICLE.name}\\(|(UPDATE|DELETE FROM) "comments_')

    left = [each.commenter for each in Origin.objects.exclude(commenter=None)]
    assert [each for each in given if isinstance(each, Exception)] == []
    assert left == list(Commenter.objects.all())
    assert len(left) == 1 or connection.vendor == "sqlite"


@pytest.mark.django_db
def test_whoever_is_answered_is_locked_along_with_the_writer():
    answered, writer = (make_comment(make_article(), email=f"{name}@example.org") for name in ("bela", "ana"))

    locked = PEOPLE.objects(person="ana@example.org", answered=answered.pk)

    assert locked == [answered.origin.commenter, writer.origin.commenter]
