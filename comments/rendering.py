"""A page of comments as HTML: one join of strings, because a template inside the loop costs ten times as much.

Every value that a reader typed goes through `escape`; `body_html` was cleaned when it was stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString, mark_safe

ITEM = """<li class="comment d{depth}{own}" id="comment-{id}"><header><b>{name}</b>{badges}\
<a href="#comment-{id}"><time datetime="{iso}">{date}</time></a></header>{answers}\
<div class="said" dir="auto">{body_html}</div><footer>{foot}</footer></li>
"""
PICKED = """<li class="comment d0"><header><b>{name}</b>{badges}<time datetime="{iso}">{date}</time></header>\
<div class="said" dir="auto">{body_html}</div><footer>\
<a href="{href}">In the conversation<span class="unseen">: the comment by {plain_name}</span></a></footer></li>
"""
BADGES = {"staff": '<span class="badge">Staff</span>', "author": '<span class="badge">Author</span>'}
PICK = '<span class="badge pick">Editors’ pick</span>'
AWAITING = (
    "<span>Your comment is awaiting moderation: until then only you see it.</span> "
    '<a href="#own">What you can do now</a>'
)
DECLINED = "<span>Your comment is not on the page. Only you see it here.</span>"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The site's time zone and the months' names, looked up once a page: for each comment it would cost more than
    all the rest of it.
    """

    zone: tzinfo
    months: Sequence[str]

    @classmethod
    def today(cls) -> "Calendar":
        """In the language and zone of this request."""
        return cls(timezone.get_current_timezone(), ["", *(str(MONTHS[number]) for number in range(1, 13))])


def render_comments(rows: Iterable[dict[str, Any]], article_url: str, *, is_open: bool) -> SafeString:
    """The list items of rows with `threads.COLUMNS`; `is_open` adds a link to answer each."""
    rows = list(rows)
    here, calendar, url = {row["id"] for row in rows}, Calendar.today(), escape(article_url)
    items = [_item(row, here, calendar, url, is_open=is_open) for row in rows]
    return mark_safe("".join(items))  # noqa: S308 - built from escaped and cleaned parts above


def render_picks(picked: list[dict[str, Any]], rows: list[dict[str, Any]]) -> SafeString:
    """The editors' picks as list items, each leading to its place; none if they stand first anyway."""
    if [pick["id"] for pick in picked] == [row["id"] for row in rows[: len(picked)]]:
        return mark_safe("")
    here, calendar = {row["id"] for row in rows}, Calendar.today()
    items = [
        PICKED.format(
            **_heading(row, calendar),
            body_html=row["body_html"],
            href=_place(row["id"], here),
            plain_name=escape(row["name"]),
        )
        for row in picked
    ]
    return mark_safe("".join(items))  # noqa: S308 - built from escaped and cleaned parts


def _heading(row: dict[str, Any], calendar: Calendar) -> dict[str, str]:
    """Name, badges and date."""
    moment = row["submitted_at"].astimezone(calendar.zone)
    return {
        "name": _name(row),
        "badges": BADGES.get(row["badge"], "") + (PICK if row["is_pick"] else ""),
        "iso": moment.isoformat(timespec="seconds"),
        # As the template filter writes "j F Y, H:i", in a tenth of the time.
        "date": f"{moment.day} {calendar.months[moment.month]} {moment.year}, {moment:%H:%M}",
    }


def _place(comment_id: int, here: set[int]) -> str:
    """A link to a comment: on this page if it is here."""
    return f"#comment-{comment_id}" if comment_id in here else f"/comments/{comment_id}/"


def _item(row: dict[str, Any], here: set[int], calendar: Calendar, article_url: str, *, is_open: bool) -> str:
    is_visible = row["status"] == "approved"
    return ITEM.format(
        id=row["id"],
        depth=row["depth"],
        own="" if is_visible else " pending",
        **_heading(row, calendar),
        answers=_answers(row, here),
        body_html=row["body_html"],
        foot=_foot(row, article_url, is_open=is_open and is_visible),
    )


def _name(row: dict[str, Any]) -> str:
    name = f"<bdi>{escape(row['name'])}</bdi>"
    if not row["website"]:
        return name
    return f'<a href="{escape(row["website"])}" rel="nofollow ugc noopener">{name}</a>'


def _answers(row: dict[str, Any], here: set[int]) -> str:
    if row["parent_id"] is None and not row["depth"]:
        return ""
    if row["parent_status"] != "approved":
        return '<p class="answers">in reply to a comment that was removed</p>'
    parent = row["parent_id"]
    name = f"<bdi>{escape(row['parent_name'])}</bdi>"
    return f'<p class="answers">in reply to <a href="{_place(parent, here)}">{name}</a></p>'


def _foot(row: dict[str, Any], article_url: str, *, is_open: bool) -> str:
    if is_open:
        to = f'<span class="unseen"> to {escape(row["name"])}</span>'
        href = f"{article_url}?reply_to={row['id']}#reply"
        return f'<a href="{href}" rel="nofollow" data-reply="{row["id"]}">Reply{to}</a>'
    if row["status"] == "approved":
        return ""
    return DECLINED if row["status"] == "trash" else AWAITING
