"""The desk's pages on comments: moderation and its log, answering as staff, raid switches, the owner's settings,
authors' links, mail."""

from comments.admin import (
    answering_links,
    blocks,
    discussion,
    log,
    mail_settings,
    moderation,
    outbox,
    queue,
    raids,
    your_mail,
)

__all__ = [
    "answering_links",
    "blocks",
    "discussion",
    "log",
    "mail_settings",
    "moderation",
    "outbox",
    "queue",
    "raids",
    "your_mail",
]
