"""Addresses of what readers do with comments."""

from django.urls import path

from comments import views

app_name = "comments"
urlpatterns = [
    path("post/<int:article_id>/", views.comment_post, name="comment-post"),
    path("preview/<int:article_id>/", views.comment_preview, name="comment-preview"),
    path("own/<str:token>/", views.comment_own, name="comment-own"),
    path("<int:comment_id>/", views.comment_permalink, name="comment-permalink"),
]
