"""What moderators' decisions do: to the comment, the page, the count, the log."""

import pytest

from articles.models import PageVersion
from comments import review
from comments.models import Comment, Decision, Origin
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


def versions():
    return dict(PageVersion.objects.values_list("key", "version"))


def log_of(comment):
    rows = Decision.objects.filter(comment_id=comment.pk).order_by("pk")
    return [(row.from_status, row.to_status, row.decided_by) for row in rows]


@pytest.mark.parametrize(
    ("verb", "status", "is_seen"),
    [
        (review.approve, "approved", True),
        (review.mark_as_spam, "spam", False),
        (review.trash, "trash", False),
        (review.hold, "pending", False),
    ],
)
def test_a_decision_reaches_status_page_count_and_log(reader, verb, status, is_seen):
    article = make_article()
    before = "approved" if verb is review.hold else "pending"
    comment = make_comment(article, "Patience.", status=before)

    verb(Comment.objects.all(), by="mira")

    comment.refresh_from_db()
    article.refresh_from_db()
    assert comment.status == status
    assert ("Patience." in reader.get(article.get_absolute_url()).text) is is_seen
    assert article.comment_count == int(is_seen)
    assert log_of(comment) == [("", before, "factory"), (before, status, "mira")]


def test_deciding_again_what_is_decided_adds_nothing_to_the_log():
    comment = make_comment(make_article())

    assert review.approve(Comment.objects.all(), by="mira") == []
    assert len(log_of(comment)) == 1


def test_undo_puts_everything_back_and_says_so_in_the_log():
    article = make_article()
    comments = [make_comment(article, status="pending"), make_comment(article, status="spam")]
    made = review.approve(Comment.objects.all(), by="mira")

    review.undo([decision.pk for decision in made], by="mira")

    article.refresh_from_db()
    assert [Comment.objects.get(pk=c.pk).status for c in comments] == ["pending", "spam"]
    assert article.comment_count == 0
    assert log_of(comments[0])[-1] == ("approved", "pending", "mira")


def test_undo_leaves_alone_what_somebody_else_decided_since():
    comment = make_comment(make_article(), status="pending")
    made = review.approve(Comment.objects.all(), by="mira")
    review.trash(Comment.objects.all(), by="jonas")

    undone = review.undo([decision.pk for decision in made], by="mira")

    assert undone == []
    assert Comment.objects.get(pk=comment.pk).status == "trash"


def test_a_purged_comment_takes_its_private_side_along_and_leaves_its_log():
    comment = make_comment(make_article())

    assert review.purge(Comment.objects.all()) == 1

    assert Origin.objects.count() == 0
    assert len(log_of(comment)) == 1


def test_approving_refreshes_the_article_and_the_lists_and_spam_refreshes_nothing():
    article = make_article()
    make_comment(article, status="pending")
    before = versions()

    review.mark_as_spam(Comment.objects.all(), by="mira")
    assert versions() == before

    review.approve(Comment.objects.all(), by="mira")
    after = versions()
    grown = {key for key in after if after[key] != before.get(key)}
    assert grown == {"*", "articles", f"article-{article.pk}"}


def test_a_person_without_any_comment_left_is_forgotten():
    from comments.models import Commenter

    article = make_article()
    make_comment(article, email="one@example.org"), make_comment(article, email="two@example.org")
    last = make_comment(article, email="two@example.org")

    review.purge(Comment.objects.filter(origin__commenter__address="one@example.org"))
    review.purge(Comment.objects.filter(pk=last.pk))

    assert list(Commenter.objects.values_list("address", flat=True)) == ["two@example.org"]


def test_a_decision_can_be_neither_changed_nor_deleted():
    make_comment(make_article())
    decision = Decision.objects.get()

    with pytest.raises(TypeError, match="never edited"):
        decision.save()
    with pytest.raises(TypeError, match="never edited"):
        decision.delete()


def test_each_decision_continues_the_chain_of_its_comment():
    comment = make_comment(make_article())
    review.trash(Comment.objects.all(), by="mira")
    review.approve(Comment.objects.all(), by="mira")
    macs = list(Decision.objects.filter(comment_id=comment.pk).values_list("mac", flat=True))

    assert len(set(macs)) == 3
    assert all(len(mac) == 64 for mac in macs)


def test_more_comments_than_a_batch_are_all_decided():
    article = make_article()
    rows = [
        Comment(article=article, name="n", body="b", body_html="<p>b</p>", sort_key=f"{n:012}", status="pending")
        for n in range(review.BATCH + 1)
    ]
    Comment.objects.bulk_create(rows)

    made = review.approve(Comment.objects.all(), by="mira")

    article.refresh_from_db()
    assert len(made) == article.comment_count == review.BATCH + 1
