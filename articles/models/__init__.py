"""Authors, sections, topics, articles with their bylines, pictures, pages, and the versions of what readers see.

Nothing here holds an e-mail or a network address: a page can't show what its tables don't have.
"""

from articles.models.article import Article, Byline
from articles.models.author import Author
from articles.models.correction import Correction
from articles.models.image import Image
from articles.models.pin import Pin
from articles.models.publication import NavigationLink, Page, PageVersion, Publication, Section, Topic
from articles.models.raid import Raid, RaidSwitch
from articles.models.redirect import MissingPath, Redirect
from articles.models.search import SearchText

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Correction",
    "Image",
    "MissingPath",
    "NavigationLink",
    "Page",
    "PageVersion",
    "Pin",
    "Publication",
    "Raid",
    "RaidSwitch",
    "Redirect",
    "SearchText",
    "Section",
    "Topic",
]
