"""Addresses of readers' pages, each looked up once: a page links to a dozen, which would cost a tenth of making it."""

from functools import lru_cache

from django.urls import reverse

# The front page's articles, sections, topics, authors; a page that is asked for seldom costs one look-up.
KEPT = 1024


@lru_cache(KEPT)
def address_of(name: str, *arguments: int | str) -> str:
    """What `reverse` says, which is the same for as long as the process lives."""
    return reverse(name, args=arguments)
