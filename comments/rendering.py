"""A page of comments as HTML: one join of strings, because a template inside the loop costs ten times as much.

Every value that a reader typed goes through `escape`; `body_html` was cleaned when it was stored.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from html import escape

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from comments.threads import Shown

BADGES = {"": "", "staff": '<span class="badge">Staff</span>', "author": '<span class="badge">Author</span>'}
WRITTEN = '<time datetime="%d-%02d-%02dT%02d:%02dZ">%d %s %d, %02d:%02d</time>'
PICK = '<span class="badge pick">Editors’ pick</span>'
REMOVED = '<p class="answers">in reply to a comment that was removed</p>'
EDITED = "<span>Edited by a moderator</span> "
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
        return cls(timezone.get_current_timezone(), months_in(get_language()))

    def written(self, moment: datetime) -> str:
        """A `time` element; its text is what the template filter writes for "j F Y, H:i", in a tenth of the time."""
        utc, at = moment.astimezone(UTC), moment.astimezone(self.zone)
        return WRITTEN % (
            utc.year, utc.month, utc.day, utc.hour, utc.minute,
            at.day, self.months[at.month], at.year, at.hour, at.minute,
        )  # fmt: skip


@cache
def months_in(language: str | None) -> Sequence[str]:
    """The months' names by number, 1 to 12, in the language that is active."""
    return ["", *(str(MONTHS[number]) for number in range(1, 13))]


def render_comments(rows: Collection[Shown], article_url: str, *, is_open: bool) -> SafeString:
    """The comments as list items, each with a link to report it; `is_open` adds one to answer it."""
    here, calendar, url = {row.id for row in rows}, Calendar.today(), escape(article_url)
    items = [_item(row, here, calendar, url, is_open=is_open) for row in rows]
    return mark_safe("".join(items))  # noqa: S308 - built from escaped and cleaned parts


def render_picks(picked: Sequence[Shown], rows: Sequence[Shown]) -> SafeString:
    """The editors' picks as list items, each leading to its place; none if they stand first anyway."""
    if [pick.id for pick in picked] == [row.id for row in rows[: len(picked)]]:
        return mark_safe("")
    here, calendar = {row.id for row in rows}, Calendar.today()
    return mark_safe("".join(_pick(pick, here, calendar) for pick in picked))  # noqa: S308 - as above


def _item(row: Shown, here: set[int], calendar: Calendar, article_url: str, *, is_open: bool) -> str:
    pk, name, is_visible = row.id, escape(row.name), row.status == "approved"
    if is_visible:
        foot = f'<a href="/comments/{pk}/report/" rel="nofollow">Report<span class="unseen"> {name}</span></a>'
        if is_open:
            foot = (
                f'<a href="{article_url}?reply_to={pk}#reply" rel="nofollow" data-reply="{pk}">'
                f'Reply<span class="unseen"> to {name}</span></a> {foot}'
            )
    else:
        foot = DECLINED if row.status == "trash" else AWAITING
    return (
        f'<li class="comment d{row.depth}{"" if is_visible else " pending"}" id="comment-{pk}">'
        f'<header>{_who(row, name)}<a href="#comment-{pk}">{calendar.written(row.submitted_at)}</a></header>'
        f"{_answers(row, here) if row.parent_id or row.depth else ''}"
        f'<div class="said" dir="auto">{row.body_html}</div>'
        f"<footer>{EDITED if row.edited_by_staff else ''}{foot}</footer></li>\n"
    )


def _pick(row: Shown, here: set[int], calendar: Calendar) -> str:
    name = escape(row.name)
    return (
        f'<li class="comment d0"><header>{_who(row, name)}{calendar.written(row.submitted_at)}</header>'
        f'<div class="said" dir="auto">{row.body_html}</div><footer>'
        f'{EDITED if row.edited_by_staff else ""}<a href="{_place(row.id, here)}">'
        f'In the conversation<span class="unseen">: the comment by {name}</span></a></footer></li>\n'
    )


def _who(row: Shown, name: str) -> str:
    """Name and badges; `name` is escaped."""
    who = f"<bdi>{name}</bdi>"
    if row.website:
        who = f'<a href="{escape(row.website)}" rel="nofollow ugc noopener">{who}</a>'
    return f"<b>{who}</b>{BADGES[row.badge]}{PICK if row.is_pick else ''}"


def _place(comment_id: int, here: set[int]) -> str:
    """A link to a comment: on this page if it is here."""
    return f"#comment-{comment_id}" if comment_id in here else f"/comments/{comment_id}/"


def _answers(row: Shown, here: set[int]) -> str:
    """What a reply replies to."""
    if row.parent_id is None or row.parent_name is None or row.parent_status != "approved":
        return REMOVED
    link = f'<a href="{_place(row.parent_id, here)}"><bdi>{escape(row.parent_name)}</bdi></a>'
    return f'<p class="answers">in reply to {link}</p>'
