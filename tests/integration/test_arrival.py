"""Comments that arrive at the same moment: only locks and constraints keep them apart."""

from functools import partial

import pytest
from django.db import connection

from comments.arrival import LATEST
from comments.drafts import Draft, Sender
from comments.locks import PEOPLE
from comments.models import Comment, Commenter
from comments.submission import submit_comment
from tests.factories import make_article, make_comment
from tests.meeting import at_once

ASKS = "comments_origin" if connection.vendor == "sqlite" else f"EXECUTE {LATEST.name}\\("


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("migrated")
def test_somebody_new_who_writes_below_two_op_eds_at_the_same_moment_is_one_person(settings):
    settings.OPED_RATE_LIMITS = False
    articles = [make_article(), make_article()]
    draft = Draft(body="The toll is gone.", name="Ana", email="ana@example.org")

    at_once(*(partial(submit_comment, each, draft, Sender()) for each in articles), writes=ASKS)

    assert [each.origin.commenter for each in Comment.objects.order_by("pk")] == [Commenter.objects.get()] * 2


@pytest.mark.django_db
def test_whoever_is_answered_is_locked_along_with_the_writer():
    answered, writer = (make_comment(make_article(), email=f"{name}@example.org") for name in ("bela", "ana"))

    locked = PEOPLE.objects(person="ana@example.org", answered=answered.pk)

    assert locked == [answered.origin.commenter, writer.origin.commenter]
