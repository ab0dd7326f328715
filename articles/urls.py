"""Addresses of what readers read; those of articles are WordPress's "Month and name"."""

from django.urls import path, register_converter

from articles import views


class YearConverter:
    """Four digits."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class MonthConverter(YearConverter):
    """Two digits."""

    regex = "(?:0[1-9]|1[0-2])"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02}"


class SlugConverter:
    """A slug in any script; which ones exist, the database knows."""

    regex = "[^/.]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")
register_converter(SlugConverter, "any_slug")

app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("<year:year>/<month:month>/<any_slug:slug>/", views.article_detail, name="article-detail"),
    path("section/<any_slug:slug>/", views.section_detail, name="section-detail"),
    path("topic/<any_slug:slug>/", views.topic_detail, name="topic-detail"),
    path("author/<any_slug:slug>/", views.author_detail, name="author-detail"),
    path("<any_slug:slug>/", views.page_detail, name="page-detail"),
]
