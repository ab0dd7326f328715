"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from opedsite import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("admin/", admin.site.urls),
    path("accounts/signup/", views.no_signup, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    # First what is asked for most: each pattern that is tried in vain costs a page some microseconds.
    path("", include("articles.urls")),
    path("", include("comments.urls")),
]
handler400 = "opedsite.views.bad_request"
handler403 = "opedsite.views.forbidden"
handler404 = "opedsite.views.not_found"
handler500 = "opedsite.views.server_error"
