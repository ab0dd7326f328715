"""The desk's pages on comments: moderation, answering as staff, the owner's settings, authors' links, the outbox."""

from comments.admin import answering_links, discussion, moderation, outbox

__all__ = ["answering_links", "discussion", "moderation", "outbox"]
