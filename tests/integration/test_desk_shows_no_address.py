"""Who moderates without the right to see addresses walks through the whole desk, and meets none in any form.

Addresses are planted wherever readers and staff can leave one. The walk follows links, and forms that only ask.
"""

import base64
import hashlib
import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, quote, unquote, urlencode, urljoin, urlsplit

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from comments import blocking, raids, review
from comments.editing import Words, edit_by_staff, words_of
from comments.models import Block, Comment, Decision, Discussion, Mail, Note, Origin, Reason
from comments.privacy import email_key, keyed_hash
from tests.factories import make_article, make_comment, make_staff, report, wants_mail
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
LOCALS = ("quillfeather", "Brambleworth", "thistledown.q")
HOST = "hidden-mail.example"
ADDRESSES = [f"{local}@{HOST}" for local in LOCALS]
MOST_PAGES = 600
# Pages of one path whose parameters have the same names.
MOST_ALIKE = 3
# What a link or a form would do is not followed: these only ask.
LINK = re.compile(r"""(?:href|src|action|formaction|data-here)=["']?([^"'\s>]+)""")
FORM = re.compile(r"<form[^>]*method=[\"']?get.*?</form>", re.DOTALL | re.IGNORECASE)
FIELD = re.compile(r"""name=["']?([\w-]+)""")


def needles():
    """Every address as it stands, turned round, encoded and hashed, with what our own tables keep of it."""
    found = {HOST}
    for address in ADDRESSES:
        local = address.partition("@")[0]
        for text in {address, address.lower(), local, local.lower(), email_key(address)}:
            raw = text.encode()
            hashes = {getattr(hashlib, name)(raw).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")}
            # The beginning of a hash tells as much, as in an avatar's address.
            found |= {text, text[::-1], quote(text, safe=""), raw.hex(), *(each[:12] for each in hashes)}
            found |= {base64.b64encode(raw).decode().rstrip("=")[:-1]}
        found.add(blocking.address_key(email_key(address)))
        found.add(keyed_hash("access", email_key(address)))
    private = Origin.objects.exclude(fingerprint=None)
    return found | {each for row in private.values_list("fingerprint", "address_key") for each in row if each}


def places(text, sought):
    """What stands of it in a text, also in one that was encoded."""
    plain = unquote(unescape(text)).casefold()
    return sorted(each for each in sought if each.casefold() in plain or each in text)


@pytest.fixture
def planted():
    """Addresses of writers, in blocks, notes, reports, mails, edits, the log, switches, accounts, findings, reasons."""
    article, owner = make_article(title="The river"), make_staff("Owner", "owner")
    User.objects.filter(pk=owner.pk).update(email=ADDRESSES[2])
    made = [
        make_comment(article, f"Words {n}.", name=f"Reader {n}", email=ADDRESSES[n % 2], status=status)
        for n, status in enumerate(["pending", "approved", "spam", "trash", "pending", "approved"])
    ]
    pending, approved = made[0], made[1]
    edited = make_comment(article, f"Write to {ADDRESSES[1]} now.", email=ADDRESSES[0])
    edit_by_staff(edited, Words("Write now.", "Ana", ""), opened_on=words_of(edited).key, by="jonas")
    report(approved, times=3, note=f"This is {ADDRESSES[1]}.")
    wants_mail(approved)
    review.trash(Comment.objects.filter(pk=approved.pk), by="jonas")
    review.undo([Decision.objects.filter(comment_id=approved.pk).latest("pk").pk], by="jonas")
    blocking.block(Block.Kind.ADDRESS, ADDRESSES[0], by="jonas", note=f"it is {ADDRESSES[0]}")
    Note.objects.create(commenter=pending.origin.commenter, text=f"Is {ADDRESSES[0]}.", written_by="jonas")
    Origin.objects.filter(pk=pending.pk).update(
        findings=[f"held word “{ADDRESSES[0]}”"], user_agent=f"Robot {ADDRESSES[0]}", address_key="a1" * 32
    )
    raids.switch_on(article, raids.Raid.HOLD, until=None, seconds=0, by="jonas", why=f"{ADDRESSES[0]} is here")
    Reason.objects.create(code="shouting", label="Shouting", text="Please don’t shout.")
    Discussion.objects.update_or_create(pk=1, defaults={"held_words": f"{ADDRESSES[0]}\n*{HOST}*"})
    Mail.objects.create(purpose_key="planted", kind="reply", commenter=pending.origin.commenter, failed="refused")
    for obj in (pending, pending.origin.commenter, article):
        LogEntry.objects.create(
            user=owner,
            action_flag=CHANGE,
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            object_repr=str(obj),
            change_message=str(obj),
        )
    return article


def asked_by(page, url):
    """The addresses that a page leads to within the desk: links, and its forms with something in each field."""
    for link in LINK.findall(page):
        yield urljoin(url, unescape(link))
    for form in FORM.findall(page):
        names = sorted(set(FIELD.findall(form)))
        yield f"{urlsplit(url).path}?{urlencode(dict.fromkeys(names, 'reader'))}"


def walk(client, *start):
    """Pages that are reached without changing anything: address, status, all that was sent."""
    seen, alike, queue = set(), Counter(), [*start]
    while queue and len(seen) < MOST_PAGES:
        url = queue.pop(0).partition("#")[0]
        kind = urlsplit(url).path, tuple(sorted(parse_qs(urlsplit(url).query)))
        if url in seen or alike[kind] == MOST_ALIKE or not url.startswith("/admin/"):
            continue
        seen.add(url)
        alike[kind] += 1
        answer = client.get(url)
        sent = f"{url}\n{answer.headers}\n{answer.text}"
        yield url, answer.status_code, sent
        if answer.headers["Content-Type"].startswith("text/html"):
            queue += asked_by(answer.text, url)
        if answer.status_code in (301, 302):
            queue.append(answer.headers["Location"])


BEYOND = [
    "/admin/comments/comment/?status=all&o=2.1", "/admin/comments/comment/?e=1", "/admin/comments/comment/?all=",
    "/admin/comments/comment/?_popup=1", "/admin/comments/comment/?_facets=True", "/admin/comments/queue/?status=spam",
    "/admin/comments/queue/?status=trash", "/admin/comments/decision/csv/", "/admin/comments/commenter/",
    "/admin/comments/origin/", "/admin/comments/note/", "/admin/comments/mail/", "/admin/comments/edit/",
    "/admin/comments/report/", "/admin/auth/user/", "/admin/privacy/", "/admin/comments/discussion/1/change/",
    "/admin/autocomplete/?term=q&app_label=comments&model_name=origin&field_name=commenter",
    "/admin/autocomplete/?term=q&app_label=comments&model_name=comment&field_name=article",
    "/admin/jsi18n/", "/admin/r/999/1/",
]  # fmt: skip


@pytest.mark.parametrize("role", ["Moderators", "Editors"])
def test_without_the_right_to_see_addresses_nobody_meets_one_in_the_desk(planted, role):
    client = SiteClient()
    client.force_login(make_staff(role, "mira"))
    histories = [f"/admin/comments/comment/{pk}/history/" for pk in Comment.objects.values_list("pk", flat=True)]

    sought = needles()
    walked = [(url, status, places(sent, sought)) for url, status, sent in walk(client, "/admin/", *BEYOND, *histories)]

    shown = [url for url, status, _ in walked if status == 200]
    kinds = {re.sub(r"\d+", "N", urlsplit(url).path) for url in shown}
    for kind in (
        "/admin/comments/queue/N/history/", "/admin/comments/comment/N/change/", "/admin/comments/comment/N/history/",
        "/admin/comments/comment/N/edit/", "/admin/comments/decision/csv/", "/admin/comments/block/",
        "/admin/comments/raidlog/op-ed/N/", "/admin/comments/mailchoice/", "/admin/articles/article/N/change/",
    ):  # fmt: skip
        assert kind in kinds
    assert len(walked) < MOST_PAGES
    assert [(url, status) for url, status, _ in walked if status >= 500] == []
    assert [(url, found) for url, _, found in walked if found] == []


def test_the_walk_finds_what_those_with_the_right_are_shown(planted):
    client = SiteClient()
    client.force_login(User.objects.get(username="owner"))
    comment = Comment.objects.filter(status="pending").first()

    pages = ("/admin/comments/mail/", f"/admin/comments/comment/{comment.pk}/change/",
             f"/admin/comments/queue/{comment.pk}/history/", "/admin/comments/raidlog/")  # fmt: skip

    assert [bool(places(client.get(page).text, needles())) for page in pages] == [True] * 4


ASKED = [
    "/admin/comments/queue/?q={}", "/admin/comments/queue/?status=approved&q={}", "/admin/comments/comment/?q={}",
    "/admin/comments/comment/?status=all&q={}", "/admin/comments/comment/?origin__commenter__address={}",
    "/admin/comments/comment/?origin__commenter__email_key__startswith={}", "/admin/comments/queue/?sender={}",
    "/admin/comments/queue/?email={}", "/admin/comments/decision/?who={}", "/admin/comments/block/?q={}",
    "/admin/comments/block/?key={}", "/admin/articles/article/?q={}", "/admin/privacy/?email={}",
    "/admin/comments/commenter/?q={}", "/admin/auth/user/?q={}",
    "/admin/autocomplete/?term={}&app_label=comments&model_name=origin&field_name=commenter",
    "/admin/comments/decision/csv/?who={}", "/admin/comments/queue/1/history/?before={}",
    "/admin/comments/queue/1/history/?q={}", "/admin/comments/comment/?o={}", "/admin/comments/comment/?o=2&q={}",
    "/admin/comments/queue/?finding={}", "/admin/comments/raidlog/?why__startswith={}",
    "/admin/comments/comment/?findings={}",
]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
def test_asking_for_an_address_is_answered_the_same_for_a_hit_and_a_miss(planted, asked):
    client = SiteClient()
    client.force_login(make_staff("Moderators", "mira"))
    hit, miss = ADDRESSES[0], f"xuillfeather@{HOST}"
    client.get("/admin/")

    answers = [client.get(asked.format(quote(each))) for each in (hit, miss)]

    texts = [without(each, answer.text) for each, answer in zip((hit, miss), answers, strict=True)]
    assert answers[0].status_code == answers[1].status_code
    assert texts[0] == texts[1]


def without(asked, page):
    """A page without what was asked, which it repeats, and without what is new on each."""
    repeated = (asked, quote(asked), quote(quote(asked)))
    for each in repeated:
        page = page.replace(each, "…")
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce[="-]+)[\w+/=-]+', "", page)


def test_an_address_is_blocked_by_typing_it_only_by_those_who_may_see_addresses(planted, desk):
    words = {"kind": "address", "value": ADDRESSES[1], "until": "", "note": ""}
    Block.objects.all().delete()

    refused = desk("Moderators").post("/admin/comments/block/add/", words)
    domain = desk("Moderators").post("/admin/comments/block/add/", words | {"kind": "domain", "value": "a.example"})
    allowed = desk("Owner").post("/admin/comments/block/add/", words)

    assert (refused.status_code, domain.status_code, allowed.status_code) == (200, 302, 302)
    assert sorted(Block.objects.values_list("kind", flat=True)) == ["address", "domain"]


def test_a_note_on_a_block_holds_no_address(planted, desk):
    words = {"kind": "network", "value": "192.0.2.7", "note": f"it is {ADDRESSES[0]}", "until": ""}

    answer = desk("Owner").post("/admin/comments/block/add/", words)

    assert "leave the email address out" in answer.text
    assert not Block.objects.filter(kind="network").exists()
