"""A person exported or erased by address, in the whole database, by the operators' commands."""

import json
import shutil
import subprocess
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.management import CommandError, call_command
from django.db import connection, models

from articles.models import Article
from comments import blocking, person, raids, review
from comments.models import Block, Comment, Commenter, Decision, Edit, Mail, Origin, RaidLog, Reason, Report
from opedsite.personal_data import HOLDERS, HOLDS_NOTHING, erase_person
from opedsite.table_search import Sought, places_of
from tests.factories import filled_in, make_article, make_author, make_comment, make_staff, report, wants_mail
from tests.meeting import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "Ana.Silva@hidden-mail.example"
# The first thing that decisions, purges and erasures change, each under all its locks.
WRITES = 'INSERT INTO "comments_decision"|(UPDATE|DELETE FROM) "comments_'
WORDS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.BinaryField)


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def places(address=ADDRESS):
    return [str(place) for place in places_of(Sought.of(person.spellings_of(address)))]


def spread(reader, article):
    """Writes the address wherever readers and staff can write; the comment that it came with."""
    headers = {"User-Agent": f"Robot of {ADDRESS}"}
    form = filled_in(body=f"I am {ADDRESS}.", email=ADDRESS, name=ADDRESS, website=f"https://a.example/?{ADDRESS}")
    reader.post(f"/comments/post/{article.pk}/", form, headers=headers)
    own = Comment.objects.get(origin__commenter__address=ADDRESS)
    wants_mail(own)
    other = make_comment(article, f"Write to {ADDRESS.upper()}!", name=f"not {ADDRESS}")
    make_comment(article, "mailto:ana.silva%40hidden-mail.example or Ana.Silva&#64;hidden-mail.example")
    Origin.objects.filter(pk=other.pk).update(findings=[f"held word “{ADDRESS}”"])
    Edit.objects.create(comment=other, before={"body": f"By {ADDRESS}"}, after={"body": "By"}, edited_by="mira")
    report(other, note=f"This is {ADDRESS}")
    blocking.block(Block.Kind.ADDRESS, ADDRESS, by="mira", note=f"it is {ADDRESS}")
    Reason.objects.create(code="ana", label="Ana", text=f"Not by {ADDRESS}")
    raids.switch_on(article, raids.Raid.HOLD, until=None, seconds=0, by="mira", why=f"{ADDRESS} is here")
    LogEntry.objects.create(user=make_staff("Owner"), action_flag=ADDITION, object_repr=ADDRESS, change_message=ADDRESS)
    return own


@pytest.mark.parametrize("words", ["keep", "remove"])
def test_after_an_erasure_the_address_is_in_no_table_and_the_thread_is_readable(reader, words):
    article = make_article()
    own = spread(reader, article)
    answer = make_comment(article, "I disagree.", parent=own)
    review.approve(Comment.objects.filter(pk=own.pk), by="mira")
    assert len(places()) > 12

    said = run("erase_person", ADDRESS, "--words", words, "--yes")

    own.refresh_from_db()
    page = reader.get(article.get_absolute_url()).text
    assert places() == []
    assert "the writer of 1 comment" in said
    assert "the address in 2 comments of others" in said
    assert own.name == "Anonymous reader"
    assert own.body == ("I am [address removed]." if words == "keep" else person.REMOVED)
    assert own.status == "approved"
    assert "Write to [address removed]!" in page
    assert answer.body in page
    assert "hidden-mail" not in page.casefold()
    assert Commenter.objects.filter(address=ADDRESS).count() == Mail.objects.count() == 0


def test_an_erasure_leaves_the_log_whole_and_the_block_in_force(reader):
    article = make_article()
    spread(reader, article)
    raids.switch_off(article, by="mira")

    run("erase_person", ADDRESS, "--yes")
    reader.post(f"/comments/post/{article.pk}/", filled_in(body="Here I am again.", email=ADDRESS))

    assert run("check_decisions") == "The log is whole.\n"
    assert Comment.objects.latest("pk").status == "spam"


def test_addresses_that_only_hold_this_one_stay(reader):
    article = make_article()
    make_comment(article, "Mine.", email="ana@example.org")
    others = ["mariana@example.org", "j.ana@example.org", "ana@example.org.uk", "ana@example.organic"]
    told = [make_comment(article, f"Ask {other}, please.", email=other).pk for other in others]

    run("erase_person", "ANA@example.org", "--yes")

    assert list(Comment.objects.filter(pk__in=told).order_by("pk").values_list("body", flat=True)) == [
        f"Ask {other}, please." for other in others
    ]
    assert sorted(Commenter.objects.values_list("address", flat=True)) == sorted(others)


@pytest.mark.parametrize("written", ["ana@bücher.example", "ANA@BÜCHER.EXAMPLE", "ana@xn--bcher-kva.example"])
def test_an_address_in_other_letters_is_found_in_each_spelling(written):
    article = make_article()
    make_comment(article, "Mine.", email="ana@bücher.example")
    other = make_comment(article, f"Ask {written}!")
    Edit.objects.create(comment=other, before={"body": written}, after={}, edited_by="mira")

    run("erase_person", "ana@bücher.example", "--yes")

    other.refresh_from_db()
    assert other.body == "Ask [address removed]!"
    assert Edit.objects.get().before == {"body": "[address removed]"}


def test_an_address_that_an_editor_has_published_stops_the_erasure_and_nothing_is_changed(reader):
    article = make_article()
    own = spread(reader, article)
    Article.objects.filter(pk=article.pk).update(standfirst=f"By {ADDRESS}")
    make_author(bio=f"<p>{ADDRESS}</p>")
    before = places()

    with pytest.raises(CommandError, match=r"articles_article\.standfirst \(1\), articles_author\.bio \(1\)"):
        run("erase_person", ADDRESS, "--yes")

    own.refresh_from_db()
    assert places() == before
    assert own.name == ADDRESS


def test_somebody_who_is_only_mentioned_is_erased_too():
    other = make_comment(make_article(), f"Write to {ADDRESS}.")

    said = run("erase_person", ADDRESS, "--yes")

    other.refresh_from_db()
    assert "the writer of 0 comments" in said
    assert other.body == "Write to [address removed]."


def test_a_dry_run_says_what_would_go_and_changes_nothing(reader):
    spread(reader, make_article())
    before = places()

    said = run("erase_person", ADDRESS, "--words", "remove", "--dry-run")

    assert said == ("Would erase the writer of 1 comment (words removed) and the address in 2 comments of others.\n")
    assert places() == before


def test_without_a_yes_nothing_is_erased(reader, monkeypatch):
    spread(reader, make_article())
    before = places()
    monkeypatch.setattr("builtins.input", lambda prompt: "no")

    with pytest.raises(CommandError, match="Nothing was erased"):
        run("erase_person", ADDRESS)

    assert places() == before


def test_the_log_of_the_server_names_nobody(reader, caplog):
    own = spread(reader, make_article())
    number = own.origin.commenter_id
    caplog.clear()

    run("erase_person", ADDRESS, "--yes")

    assert f"erased person={number} comments=1 words=kept by=operator" in caplog.text
    assert "hidden-mail" not in caplog.text.casefold()


def test_a_copy_has_everything_that_is_held(reader):
    spread(reader, make_article(title="The river"))
    make_comment(make_article(), "Of somebody else.")

    told = json.loads(run("export_person", ADDRESS.upper()))

    assert told["comments.Commenter"]["address"] == ADDRESS
    assert [each["body"] for each in told["comments.Commenter"]["comments"]] == [f"I am {ADDRESS}."]
    assert told["comments.Commenter"]["comments"][0]["browser"] == f"Robot of {ADDRESS}"
    assert len(told["comments.Block"]) == 1
    assert json.loads(run("export_person", "nobody@example.org")) == {}


TABLES = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_every_table_that_could_hold_a_persons_data_says_how(model):
    holds_words = any(isinstance(field, WORDS) for field in model._meta.concrete_fields)
    points_at_people = any(field.related_model is Commenter for field in model._meta.concrete_fields)
    label = model._meta.label

    assert (label in HOLDERS) + (label in HOLDS_NOTHING) == int(holds_words or points_at_people)


def dump(folder: Path) -> str:
    """What a backup holds; of SQLite also all bytes of its files."""
    if connection.vendor == "postgresql":
        settings = connection.get_connection_params()
        asked = {"-h": settings.get("host"), "-p": settings.get("port"), "-U": settings.get("user")}
        options = [part for name, value in asked.items() if value for part in (name, str(value))]
        command = [shutil.which("pg_dump"), *options, settings["dbname"]]
        environment = {"PGPASSWORD": settings.get("password") or ""}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    file = Path(connection.settings_dict["NAME"])
    connection.ensure_connection()
    text = "\n".join(connection.connection.iterdump())
    return text + "".join(
        each.read_bytes().decode("latin-1") for each in file.parent.glob(f"{file.name}*") if each.is_file()
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("words", ["keep", "remove"])
def test_a_dump_made_afterwards_holds_the_address_nowhere(migrated, reader, tmp_path, words):
    article = make_article()
    spread(reader, article)
    long = [make_comment(article, f"{n} {ADDRESS} " + "and on and on. " * 300, email=ADDRESS) for n in range(20)]
    review.purge(Comment.objects.filter(pk__in=[each.pk for each in long[::2]]))
    assert "hidden-mail" in dump(tmp_path).casefold()

    run("erase_person", ADDRESS, "--words", words, "--yes")

    assert "hidden-mail" not in dump(tmp_path).casefold()
    assert Decision.objects.exists()
    assert [model.objects.exists() for model in (Report, RaidLog)] == [True, True]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_erasures_decisions_purges_and_reports_at_the_same_moment_deadlock_nowhere(migrated):
    articles = [make_article() for _ in range(3)]
    for number in range(45):
        first = make_comment(articles[number % 3], "Mine.", email=f"ana{number % 6}@example.org", status="pending")
        other = make_comment(articles[(number + 1) % 3], f"Ask ana{number % 6}@example.org.", parent=None)
        Edit.objects.create(comment=other, before={"body": f"ana{number % 6}@example.org"}, after={}, edited_by="mira")
        report(other, times=2, note=f"ana{(number + 1) % 6}@example.org")
        wants_mail(first)
    ids = list(Comment.objects.order_by("pk").values_list("pk", flat=True))

    def verbs(turn):
        chosen = [Comment.objects.filter(pk__in=ids[turn::step]) for step in (3, 4, 20)]
        return (
            partial(review.approve, chosen[0], by="mira"),
            partial(review.trash, chosen[1], by="jonas"),
            partial(review.purge, chosen[2]),
            partial(erase_person, f"ana{turn}@example.org", keep_words=bool(turn % 2), by="mira"),
            partial(erase_person, f"ana{5 - turn}@example.org", keep_words=True, by="jonas"),
        )

    given = [each for turn in range(3) for each in at_once(*verbs(turn), writes=WRITES)]

    seen = {article.pk: article.comments.approved().count() for article in articles}
    assert [each for each in given if isinstance(each, Exception)] == []
    assert [places(f"ana{number}@example.org") for number in range(6)] == [[]] * 6
    assert dict(Article.objects.values_list("pk", "comment_count")) == seen
