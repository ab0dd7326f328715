"""The desk's pages on comments: moderation, answering as staff, the owner's settings, authors' links."""

from comments.admin import answering_links, blocks, discussion, moderation

__all__ = ["answering_links", "blocks", "discussion", "moderation"]
