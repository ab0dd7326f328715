"""Comments as readers see them, and beside them the private tables that no public page reads."""

from comments.models.block import Block
from comments.models.comment import MAX_BODY, MAX_NAME, MAX_WEBSITE, Comment
from comments.models.commenter import MAX_EMAIL, MAX_NAME_KEY, Commenter, Origin
from comments.models.decision import Decision, Reason, Seal
from comments.models.discussion import Discussion
from comments.models.edit import Edit
from comments.models.figures import DayFigures
from comments.models.link import AccessLink, AnsweringLink
from comments.models.mail import Mail
from comments.models.mail_settings import MailSettings
from comments.models.note import MAX_STAFF_NOTE, Note
from comments.models.queue import Queue, Seat
from comments.models.raid import RaidLog
from comments.models.report import MAX_NOTE, Report
from comments.models.staff import MailChoice

__all__ = [
    "MAX_BODY",
    "MAX_EMAIL",
    "MAX_NAME",
    "MAX_NAME_KEY",
    "MAX_NOTE",
    "MAX_STAFF_NOTE",
    "MAX_WEBSITE",
    "AccessLink",
    "AnsweringLink",
    "Block",
    "Comment",
    "Commenter",
    "DayFigures",
    "Decision",
    "Discussion",
    "Edit",
    "Mail",
    "MailChoice",
    "MailSettings",
    "Note",
    "Origin",
    "Queue",
    "RaidLog",
    "Reason",
    "Report",
    "Seal",
    "Seat",
]
