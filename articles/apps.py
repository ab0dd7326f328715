"""The articles app: op-eds, their authors, sections, topics and the site's pages."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Knows nothing of comments: the article's template asks for them."""

    name = "articles"
    verbose_name = "Articles"
