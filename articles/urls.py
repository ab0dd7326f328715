"""Addresses of what readers read; those of articles are WordPress's "Month and name"."""

from django.urls import path, re_path

from articles import archive, converters, feeds, lists, sitemaps, views
from articles.pictures import serving
from articles.search import views as search

__all__ = ["app_name", "converters", "urlpatterns"]
app_name = "articles"
urlpatterns = [
    path("", lists.home, name="home"),
    path("<year:year>/<month:month>/<any_slug:slug>/", views.article_detail, name="article-detail"),
    path("<year:year>/<month:month>/", archive.archive_month, name="archive-month"),
    path("<year:year>/", archive.archive_year, name="archive-year"),
    path("archive/", archive.archive, name="archive"),
    path("section/<any_slug:slug>/", lists.section_detail, name="section-detail"),
    path("topic/<any_slug:slug>/", lists.topic_detail, name="topic-detail"),
    path("topics/", lists.topic_list, name="topic-list"),
    path("author/<any_slug:slug>/", lists.author_detail, name="author-detail"),
    path("authors/", lists.author_list, name="author-list"),
    path("corrections/", lists.correction_list, name="correction-list"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search-suggest"),
    path("opensearch.xml", search.description, name="search-description"),
    path("<feed:form>", feeds.site_feed, name="site-feed"),
    path("section/<any_slug:slug>/<feed:form>", feeds.section_feed, name="section-feed"),
    path("topic/<any_slug:slug>/<feed:form>", feeds.topic_feed, name="topic-feed"),
    path("author/<any_slug:slug>/<feed:form>", feeds.author_feed, name="author-feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-articles-<number:number>.xml", sitemaps.articles, name="sitemap-articles"),
    path("sitemap-authors-<number:number>.xml", sitemaps.authors, name="sitemap-authors"),
    path("sitemap-topics-<number:number>.xml", sitemaps.topics, name="sitemap-topics"),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path("<any_slug:slug>/", views.page_detail, name="page-detail"),
    re_path(
        r"^media/(?P<key>[0-9a-f]{16})/(?P<name>(?:square-)?[0-9]{1,4}\.webp|share\.jpg)$",
        serving.rendition,
        name="picture",
    ),
]
