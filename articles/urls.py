"""Addresses of what readers read; those of articles are WordPress's "Month and name"."""

from django.urls import path

from articles import converters, feeds, views

__all__ = ["app_name", "converters", "urlpatterns"]
app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("<year:year>/<month:month>/<any_slug:slug>/", views.article_detail, name="article-detail"),
    path("section/<any_slug:slug>/", views.section_detail, name="section-detail"),
    path("topic/<any_slug:slug>/", views.topic_detail, name="topic-detail"),
    path("author/<any_slug:slug>/", views.author_detail, name="author-detail"),
    path("<feed:form>", feeds.site_feed, name="site-feed"),
    path("section/<any_slug:slug>/<feed:form>", feeds.section_feed, name="section-feed"),
    path("topic/<any_slug:slug>/<feed:form>", feeds.topic_feed, name="topic-feed"),
    path("author/<any_slug:slug>/<feed:form>", feeds.author_feed, name="author-feed"),
    path("<any_slug:slug>/", views.page_detail, name="page-detail"),
]
