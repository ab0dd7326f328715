"""The OpEd desk: Django's admin under our name, with what waits on its front page."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from articles.models import Article
from comments.models import Comment
from comments.raids import running_anywhere
from comments.reported import reported_ids
from opedsite.accounts import lacks_second_factor
from opedsite.charts import figures
from opedsite.kept_words import give_back
from opedsite.privacy_desk import privacy

SHOWN = 5
COUNT_LIMIT = 1000


class Desk(AdminSite):
    """The staff's site."""

    site_header = "OpEd desk"
    site_title = "OpEd desk"
    index_title = "What waits"
    site_url = "/"
    enable_nav_sidebar = False
    index_template = "admin/desk.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff, with a second factor where the site asks for one."""
        return super().has_permission(request) and not lacks_second_factor(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Gives a form back whose log-in ended while it was filled in: after a redirect its words would be lost."""
        allowed = super().admin_view(view, cacheable)

        @wraps(allowed)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not request.user.is_authenticated:
                sentence = "Nothing was done. Log in again, and then send this once more."
                return give_back(request, 403, "You are logged out", sentence, can_be_sent=True)
            return allowed(request, *args, **kwargs)

        return checked

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the one log-in (allauth's), or to setting up the second factor; back to the desk afterwards."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        target = wanted if is_ours else reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if request.user.is_authenticated and not super().has_permission(request):
            raise PermissionDenied
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        query = urlencode({REDIRECT_FIELD_NAME: target})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one log-out."""
        return HttpResponseRedirect(reverse("account_logout"))

    def get_urls(self) -> list[Any]:
        """Adds the privacy desk."""
        return [path("privacy/", self.admin_view(self.privacy), name="privacy"), *super().get_urls()]

    def privacy(self, request: HttpRequest) -> HttpResponse:
        """Export and erase a person by address. Raises PermissionDenied."""
        return privacy(request, self.each_context(request))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page: comments and articles that wait for this person."""
        return super().index(request, (extra_context or {}) | what_waits(request))


def what_waits(request: HttpRequest) -> dict[str, Any]:
    """What the front page shows, as far as the person's rights go; counts stop at COUNT_LIMIT."""
    waits: dict[str, Any] = {}
    user: Any = request.user
    if user.has_perm("comments.moderate_comment"):
        waits |= figures()
        waits["switches"] = running_anywhere(timezone.now())
        pending = Comment.objects.pending().oldest_first()
        waits["pending_count"] = pending[:COUNT_LIMIT].count()
        waits["reported_count"] = len(reported_ids())
        waits["pending"] = pending.select_related("article")[:SHOWN]
    if user.has_perm("articles.publish_article"):
        waits["in_review"] = Article.objects.filter(status=Article.Status.IN_REVIEW).order_by("saved_at")[:SHOWN]
        waits["scheduled"] = Article.objects.scheduled().order_by("published_at")[:SHOWN]
    if user.has_perm("articles.add_article"):
        mine = Article.objects.filter(created_by=user, status__in=("draft", "in_review"))
        waits["drafts"] = mine.order_by("-saved_at")[:SHOWN]
    waits["count_limit"] = COUNT_LIMIT
    return waits
