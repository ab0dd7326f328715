"""The staff's roles: three groups and what each may do. Owners are superusers."""

from collections.abc import Mapping, Sequence

ROLES: Mapping[str, Sequence[str]] = {
    "Editors": (
        "articles.add_article", "articles.change_article", "articles.delete_article", "articles.view_article",
        "articles.publish_article",
        "articles.add_byline", "articles.change_byline", "articles.delete_byline", "articles.view_byline",
        "articles.add_author", "articles.change_author", "articles.delete_author", "articles.view_author",
        "articles.add_section", "articles.change_section", "articles.delete_section", "articles.view_section",
        "articles.add_topic", "articles.change_topic", "articles.delete_topic", "articles.view_topic",
        "articles.add_page", "articles.change_page", "articles.delete_page", "articles.view_page",
        "comments.view_comment", "comments.moderate_comment",
    ),
    # Writers see and change their own drafts only; see ArticleAdmin.
    "Writers": (
        "articles.add_article", "articles.change_article", "articles.view_article",
        "articles.add_byline", "articles.change_byline", "articles.delete_byline", "articles.view_byline",
        "articles.view_author", "articles.view_section", "articles.view_topic",
    ),
    "Moderators": ("articles.view_article", "comments.view_comment", "comments.moderate_comment"),
}  # fmt: skip
