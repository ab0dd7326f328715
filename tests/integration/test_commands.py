"""Operators' commands: comments, the demo, the worker."""

import json
import os
import signal
import time
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Author, Section
from comments.models import Comment, Commenter
from opedsite.models import JobRun
from tests.factories import make_article, make_comment, make_scheduled

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_comments_list_prints_what_is_stored_and_no_address():
    make_comment(make_article(), "Kept in full.", email="tomas@example.org", status="spam")

    plain, rows = run("comments", "list"), json.loads(run("comments", "list", "--json"))

    assert "Kept in full." in plain
    assert [(row["status"], row["body"]) for row in rows] == [("spam", "Kept in full.")]
    assert "tomas@example.org" not in plain + json.dumps(rows)


def test_comments_approve_all_lets_through_what_is_pending_and_nothing_else():
    article = make_article()
    for status in ("pending", "pending", "spam", "trash"):
        make_comment(article, status=status)

    assert run("comments", "approve", "--all") == "2 comments approved.\n"
    assert sorted(Comment.objects.values_list("status", flat=True)) == ["approved", "approved", "spam", "trash"]


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("spam", "spam"), ("trash", "trash")])
def test_comments_are_decided_by_id(action, status):
    article = make_article()
    chosen, other = make_comment(article, status="pending"), make_comment(article, status="pending")

    answer = json.loads(run("comments", action, "--ids", str(chosen.pk), "--json"))

    assert answer == {"action": action, "ids": [chosen.pk], "dry_run": False}
    assert Comment.objects.get(pk=chosen.pk).status == status
    assert Comment.objects.get(pk=other.pk).status == "pending"


def test_comments_purge_all_deletes_for_ever_and_a_dry_run_deletes_nothing():
    article = make_article()
    make_comment(article), make_comment(article, status="spam")

    assert run("comments", "purge", "--all", "--dry-run") == "2 comments would be purged.\n"
    assert Comment.objects.count() == 2
    assert run("comments", "purge", "--all", "--status", "spam") == "1 comment purged.\n"
    assert run("comments", "purge", "--all") == "1 comment purged.\n"
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("arguments", [("approve",), ("purge",), ("trash", "--ids", "999")])
def test_a_command_that_says_too_little_or_names_nothing_is_refused(arguments):
    with pytest.raises(CommandError):
        run("comments", *arguments)


def test_the_demo_is_loaded_once_and_removed_without_a_trace():
    first, second = run("seed_demo"), run("seed_demo")

    assert "16 op-eds and 60 comments" in first
    assert second == ""
    assert Article.objects.published().count() == 12
    assert Author.objects.count() == 5
    assert Comment.objects.pending().count() == 9

    run("remove_demo")
    assert [model.objects.count() for model in (Article, Author, Section, Comment, Commenter)] == [0] * 5


def test_removing_the_demo_keeps_what_is_ones_own():
    run("seed_demo")
    own = make_article(title="My own view", section=Section.objects.get(slug="politics"))

    said = run("remove_demo")

    assert list(Article.objects.all()) == [own]
    assert Section.objects.filter(slug="politics").exists()
    assert "kept “Politics”" in said


def test_the_demo_leaves_a_site_with_articles_alone():
    make_article()

    assert run("seed_demo") == ""
    assert Article.objects.count() == 1


def test_a_worker_of_its_own_waits_for_no_answer_for_ever(settings, monkeypatch):
    monkeypatch.delenv("OPED_STATEMENT_TIMEOUT_MS", raising=False)
    settings.OPED_STATEMENT_TIMEOUT_MS = 0
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop_once_it_listens():
        while signal.getsignal(signal.SIGINT) is before[signal.SIGINT]:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    Thread(target=stop_once_it_listens, daemon=True).start()
    call_command("work")
    for number, handler in before.items():
        signal.signal(number, handler)

    assert settings.OPED_STATEMENT_TIMEOUT_MS == 60_000


def test_the_worker_stamps_what_fell_due_and_notes_that_it_ran(reader, time_machine):
    article = make_scheduled()
    time_machine.move_to(article.published_at)
    assert reader.get("/readyz").status_code == 503

    call_command("work", "--once", stdout=StringIO())

    article.refresh_from_db()
    assert article.went_live_at is not None
    assert JobRun.objects.filter(name="stamp articles that fell due").exists()
    assert reader.get("/readyz").json() == {"database": "ok", "worker": "ok"}
