"""A page of comments as HTML: one join of strings, because a template inside the loop costs ten times as much.

Every value that a reader typed goes through `escape`; `body_html` was cleaned when it was stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from articles.dates import Calendar
from articles.languages import Speech
from comments.threads import Shown, ThreadPage

NAME = "%(name)s"


@dataclass(frozen=True, slots=True)
class Words:
    """The labels in one language; what names somebody is in two parts, before the name and after it."""

    badges: dict[str, str]
    pick: str
    removed: str
    edited: str
    awaiting: str
    declined: str
    report: tuple[str, str]
    reply: tuple[str, str]
    answers: tuple[str, str]
    place: tuple[str, str]
    none_yet: str
    oldest_first: str
    newest_first: str
    pages: str
    previous: str
    more: str
    follow: str

    @classmethod
    @cache
    def of(cls, language: str) -> "Words":
        """In the language of this code."""
        with translation.override(language):
            seen, more = (
                gettext("Your comment is awaiting moderation: until then only you see it."),
                gettext("What you can do now"),
            )
            return cls(
                badges={
                    "": "",
                    "staff": f'<span class="badge">{gettext("Staff")}</span>',
                    "author": f'<span class="badge">{gettext("Author")}</span>',
                },
                pick=f'<span class="badge pick">{gettext("Editors’ pick")}</span>',
                removed=f'<p class="answers">{gettext("in reply to a comment that was removed")}</p>',
                edited=f"<span>{gettext('Edited by a moderator')}</span> · ",
                awaiting=f'<span>{seen}</span> <a href="#own">{more}</a>',
                declined=f"<span>{gettext('Your comment is not on the page. Only you see it here.')}</span>",
                report=_parts(gettext('Report<span class="unseen"> the comment by %(name)s</span>')),
                reply=_parts(gettext('Reply<span class="unseen"> to %(name)s</span>')),
                answers=_parts(gettext("in reply to %(name)s")),
                place=_parts(gettext('In the conversation<span class="unseen">: the comment by %(name)s</span>')),
                none_yet=gettext("No comments yet"),
                oldest_first=gettext("Oldest first"),
                newest_first=gettext("Newest first"),
                pages=gettext("Pages of comments"),
                previous=gettext("Previous comments"),
                more=gettext("More comments"),
                follow=gettext("Follow these comments (RSS)"),
            )


def _parts(text: str) -> tuple[str, str]:
    before, _, after = text.partition(NAME)
    return before, after


def render_comments(page: ThreadPage, article_url: str, speech: Speech, *, is_open: bool) -> list[str]:
    """The comments as list items of HTML, each with a link to report it; `is_open` adds one to answer it."""
    here, url = {row.id for row in page.rows}, escape(article_url)
    names = {pk: escape(name) for pk, name in page.names.items()}
    words, calendar = Words.of(speech.code), Calendar.of(speech)
    return [_item(row, names, here, words, calendar, url, is_open=is_open) for row in page.rows]


def render_picks(picked: Sequence[Shown], rows: Sequence[Shown], speech: Speech) -> SafeString:
    """The editors' picks as list items, each leading to its place; none if they stand first anyway."""
    if [pick.id for pick in picked] == [row.id for row in rows[: len(picked)]]:
        return mark_safe("")
    here, words, calendar = {row.id for row in rows}, Words.of(speech.code), Calendar.of(speech)
    return mark_safe("".join(_pick(pick, here, words, calendar) for pick in picked))  # noqa: S308 - built from escaped and cleaned parts


def _item(
    row: Shown,
    names: Mapping[int, str],
    here: set[int],
    words: Words,
    calendar: Calendar,
    article_url: str,
    *,
    is_open: bool,
) -> str:
    """`names` are escaped."""
    pk, is_visible = row.id, row.status == "approved"
    name = names[pk] if is_visible else escape(row.name)
    if is_visible:
        before, after = words.report
        foot = f'<a href="/comments/{pk}/report/" rel="nofollow">{before}{name}{after}</a>'
        if is_open:
            before, after = words.reply
            foot = (
                f'<a href="{article_url}?reply_to={pk}#reply" rel="nofollow" data-reply="{pk}">'
                f"{before}{name}{after}</a> {foot}"
            )
    else:
        foot = words.declined if row.status == "trash" else words.awaiting
    return (
        f'<li class="comment d{row.depth}{"" if is_visible else " pending"}" id="comment-{pk}">'
        f'<header>{_who(row, name, words)}<a href="#comment-{pk}">{calendar.moment(row.submitted_at)}</a></header>'
        f"{_answers(row, names, here, words) if row.parent_id or row.depth else ''}"
        f'<div class="said" dir="auto">{row.body_html}</div>'
        f"<footer>{words.edited if row.edited_by_staff else ''}{foot}</footer></li>\n"
    )


def _pick(row: Shown, here: set[int], words: Words, calendar: Calendar) -> str:
    name, (before, after) = escape(row.name), words.place
    return (
        f'<li class="comment d0"><header>{_who(row, name, words)}{calendar.moment(row.submitted_at)}</header>'
        f'<div class="said" dir="auto">{row.body_html}</div><footer>'
        f'{words.edited if row.edited_by_staff else ""}<a href="{_place(row.id, here)}">'
        f"{before}{name}{after}</a></footer></li>\n"
    )


def _who(row: Shown, name: str, words: Words) -> str:
    """Name and badges; `name` is escaped."""
    who = f"<bdi>{name}</bdi>"
    if row.website:
        who = f'<a href="{escape(row.website)}" rel="nofollow ugc noopener">{who}</a>'
    return f"<b>{who}</b>{words.badges[row.badge]}{words.pick if row.is_pick else ''}"


def _place(comment_id: int, here: set[int]) -> str:
    """A link to a comment: on this page if it is here."""
    return f"#comment-{comment_id}" if comment_id in here else f"/comments/{comment_id}/"


def _answers(row: Shown, names: Mapping[int, str], here: set[int], words: Words) -> str:
    """What a reply replies to, if readers see it; `names` are escaped."""
    if row.parent_id is None or row.parent_id not in names:
        return words.removed
    link = f'<a href="{_place(row.parent_id, here)}"><bdi>{names[row.parent_id]}</bdi></a>'
    before, after = words.answers
    return f'<p class="answers">{before}{link}{after}</p>'
