"""Addresses of what readers do with comments, and of their feeds."""

from django.urls import path

from articles import converters
from comments import feeds
from comments.views import address, answering, own, permalink, posting, reporting, telling

__all__ = ["app_name", "converters", "urlpatterns"]
app_name = "comments"
ARTICLE = "<year:year>/<month:month>/<any_slug:slug>"
urlpatterns = [
    path("comments/post/<int:article_id>/", posting.comment_post, name="comment-post"),
    path("comments/preview/<int:article_id>/", posting.comment_preview, name="comment-preview"),
    path("comments/own/<str:token>/", own.comment_own, name="comment-own"),
    path("comments/own/<str:token>/edit/", own.comment_edit, name="comment-edit"),
    path("comments/own/<str:token>/withdraw/", own.comment_withdraw, name="comment-withdraw"),
    path("comments/answer/<str:token>/", answering.answering, name="answering"),
    path("comments/answer/<str:token>/<int:article_id>/", answering.answering_article, name="answering-article"),
    path("comments/own/<str:token>/tell/", telling.comment_tell, name="comment-tell"),
    path("comments/confirm/<str:token>/", telling.mail_confirm, name="mail-confirm"),
    path("comments/stop/<str:token>/", telling.mail_stop, name="mail-stop"),
    path("comments/staffmail/<str:token>/", telling.staff_mail_stop, name="staff-mail-stop"),
    path("comments/mine/", address.address_ask, name="address-ask"),
    path("comments/mine/export/", address.address_export, name="address-export"),
    path("comments/mine/erase/", address.address_erase, name="address-erase"),
    path("comments/mine/stop/", address.address_stop, name="address-stop"),
    path("comments/mine/<str:token>/", address.address_open, name="address-open"),
    path("comments/<int:comment_id>/", permalink.comment_permalink, name="comment-permalink"),
    path("comments/<int:comment_id>/report/", reporting.comment_report, name="comment-report"),
    path("comments/<feed:form>", feeds.site_comments, name="comment-feed"),
    path(f"{ARTICLE}/<feed:form>", feeds.article_comments, name="article-comment-feed"),
]
