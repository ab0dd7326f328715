"""Authors, sections, topics, articles with their bylines, pages, and the versions of what readers see.

Nothing here holds an e-mail or a network address: a page can't show what its tables don't have.
"""

from articles.models.article import Article, Byline
from articles.models.author import Author
from articles.models.publication import Page, PageVersion, Section, Topic
from articles.models.raid import Raid, RaidSwitch

__all__ = ["Article", "Author", "Byline", "Page", "PageVersion", "Raid", "RaidSwitch", "Section", "Topic"]
