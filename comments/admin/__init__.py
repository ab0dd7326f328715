"""The desk's pages on comments: moderation, answering as staff, raid switches, the owner's settings, authors' links,
mail."""

from comments.admin import (
    answering_links,
    blocks,
    discussion,
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
    "mail_settings",
    "moderation",
    "outbox",
    "queue",
    "raids",
    "your_mail",
]
