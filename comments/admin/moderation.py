"""Moderation in the desk: read, approve, refuse, restore, undo; every decision goes through `comments.review`."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from comments.admin import deciding
from comments.admin.addresses import for_eyes_of
from comments.admin.answering import answer
from comments.admin.columns import CommentColumns
from comments.admin.deciding import MARKS, PICK, VERBS, told_of_crowds, verbs_for
from comments.admin.editing import edit, told_edits
from comments.admin.filters import FindingsFilter, StatusFilter
from comments.fading import when_deleted
from comments.models import Comment, Decision, Reason, Report
from comments.policy import counted
from comments.querysets import CommentQuerySet
from comments.raids import running_anywhere


class DecisionForm(ActionForm):
    """What is done with the selected comments; a reason goes with trash and is told to the writer."""

    reason = forms.ModelChoiceField(
        Reason.objects, to_field_name="code", required=False, label="Reason, for trash", empty_label="no reason given"
    )


@admin.register(Comment)
class CommentAdmin(CommentColumns):
    """The moderators' list, and one comment with its history."""

    list_filter = (StatusFilter, FindingsFilter, "article__section")
    open_lookups = ("status", "findings", "article__section__id__exact")
    search_fields = ("name", "body", "website", "article__title")
    search_help_text = "Search in names, texts, websites and titles of articles."
    list_select_related = ("article",)
    list_per_page = 50
    actions = ("approve", "spam", "trash", "hold", "pick", "unpick")
    action_form = DecisionForm
    change_list_template = "admin/comments/comment/change_list.html"
    change_form_template = "admin/comments/comment/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """With the reports that no moderator has settled.

        What a search finds is sorted before a page of it is taken: it carries no text of an article along, and looks
        up parents and origins afterwards.
        """
        reports = Prefetch("reports", Report.objects.unsettled().order_by("pk"), to_attr="unsettled_reports")
        found = super().get_queryset(request).prefetch_related("origin", "parent", reports)
        return found.defer("article__body", "article__body_html", "article__toc")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments come in through the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Not by the stock form: moderators decide and edit by verbs."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Trash can be undone; deleting for ever is the operators' `comments purge`."""
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """May decide on comments."""
        return bool(request.user.has_perm("comments.moderate_comment"))

    @admin.action(description="Approve", permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: CommentQuerySet) -> None:
        """Let readers see the selected comments."""
        self.decide(request, "approve", queryset)

    @admin.action(description="Mark as spam", permissions=["moderate"])
    def spam(self, request: HttpRequest, queryset: CommentQuerySet) -> None:
        """Refuse the selected comments as spam."""
        self.decide(request, "spam", queryset)

    @admin.action(description="Move to trash", permissions=["moderate"])
    def trash(self, request: HttpRequest, queryset: CommentQuerySet) -> None:
        """Decline the selected comments."""
        self.decide(request, "trash", queryset)

    @admin.action(description="Back to pending", permissions=["moderate"])
    def hold(self, request: HttpRequest, queryset: CommentQuerySet) -> None:
        """Let the selected comments wait again."""
        self.decide(request, "hold", queryset)

    @admin.action(description="Mark as editors’ pick", permissions=["moderate"])
    def pick(self, request: HttpRequest, queryset: CommentQuerySet) -> None:
        """Show the selected comments first."""
        self.mark(request, "pick", queryset)

    @admin.action(description="No longer an editors’ pick", permissions=["moderate"])
    def unpick(self, request: HttpRequest, queryset: CommentQuerySet) -> None:
        """Take the mark away."""
        self.mark(request, "unpick", queryset)

    def mark(self, request: HttpRequest, name: str, comments: CommentQuerySet) -> None:
        """Mark picks, and say how many."""
        count = deciding.mark(request, name, comments)
        crowds = told_of_crowds(comments.all()) if name == PICK else ""
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{counted(count, 'comment')} {MARKS[name][1]}{crowds}.", level)

    def decide(self, request: HttpRequest, name: str, comments: CommentQuerySet) -> None:
        """Run a verb, and say what it did."""
        made = deciding.decide(request, name, comments)
        why_not = "" if made else " They were there already, or their writers took them back."
        level = messages.SUCCESS if made else messages.WARNING
        self.message_user(request, f"{counted(len(made), 'comment')} {VERBS[name][1]}.{why_not}", level)

    def get_urls(self) -> list[URLPattern]:
        """Adds a decision on one comment, and undo."""
        wrap = self.admin_site.admin_view
        return [
            path("undo/", wrap(require_POST(self.undo)), name="comments_comment_undo"),
            path("<int:pk>/block/", wrap(require_POST(self.block)), name="comments_comment_block"),
            path("answer/<int:article_id>/", wrap(self.answer), name="comments_comment_answer"),
            path("<int:pk>/edit/", wrap(self.edit), name="comments_comment_edit"),
            path(
                "<int:pk>/decide/<str:verb>/",
                wrap(require_POST(self.decide_one)),
                name="comments_comment_decide",
            ),
            *super().get_urls(),
        ]

    def decide_one(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """A button on one comment. Raises PermissionDenied for those who don't moderate."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        chosen = Comment.objects.filter(pk=pk)
        if verb not in VERBS.keys() | MARKS.keys() or not chosen.exists():
            self.message_user(request, "This comment does not exist any more.", messages.ERROR)
        elif verb in MARKS:
            self.mark(request, verb, chosen)
        else:
            self.decide(request, verb, chosen)
        return self.back(request)

    def block(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Block the address that a comment came with, without showing it. Raises PermissionDenied, Http404."""
        if not request.user.has_perm("comments.add_block"):
            raise PermissionDenied
        if deciding.block(request, get_object_or_404(Comment, pk=pk)):
            done = "Comments from this address go to spam from now on. Lift it under “Blocked senders”."
            self.message_user(request, done, messages.SUCCESS)
        else:
            self.message_user(request, "The address of this comment is not known any more.", messages.WARNING)
        return self.back(request)

    def answer(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Comment as staff, below an article or one of its comments."""
        return answer(request, article_id, self.admin_site.each_context(request))

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a comment's words. Raises PermissionDenied for those who don't moderate, Http404."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        return edit(request, get_object_or_404(Comment, pk=pk), self.admin_site.each_context(request))

    def undo(self, request: HttpRequest) -> HttpResponse:
        """Take back what this moderator did last."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        if done := deciding.undo(request).sentence:
            self.message_user(request, done, messages.SUCCESS)
        else:
            self.message_user(request, "There is nothing to undo: somebody has decided again since.", messages.WARNING)
        return self.back(request)

    def back(self, request: HttpRequest) -> HttpResponse:
        """To the list as it was filtered."""
        return deciding.back(request, reverse("admin:comments_comment_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Adds whether there is something to undo, and the raid switches that are on."""
        switches = running_anywhere(timezone.now()) if self.has_moderate_permission(request) else []
        told = {"next_undo": deciding.next_undo(request), "switches": switches, "fades": when_deleted()}
        extra_context = (extra_context or {}) | told
        return super().changelist_view(request, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One comment: its words, its writer as far as this person may know, its decisions."""
        comment = self.get_object(request, unquote(object_id))
        extra = extra_context or {}
        if comment is not None:
            may_see, shown = request.user.has_perm("comments.view_email"), for_eyes_of(request.user)
            origin = getattr(comment, "origin", None)
            extra |= {
                "comment": comment,
                "findings_list": [shown(finding) for finding in origin.findings] if origin else [],
                "address": origin.commenter.address if origin and origin.commenter and may_see else "",
                "reports": [(each, shown(each.note)) for each in comment.reports.order_by("-pk")],
                "decisions": Decision.objects.filter(comment_id=comment.pk).order_by("pk"),
                "edits": told_edits(comment, request.user),
                "may_edit": self.has_moderate_permission(request) and comment.status != Comment.Status.TRASH,
                "reasons": Reason.objects.all() if comment.status != Comment.Status.TRASH else [],
                "answer_url": self.answer_url(comment) if request.user.has_perm("comments.add_comment") else "",
                "verbs": self.has_moderate_permission(request) and verbs_for(comment),
            }
        return super().change_view(request, object_id, form_url, extra)

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> tuple[str, ...]:
        """The template shows the comment itself."""
        return ()

    @staticmethod
    def answer_url(comment: Comment) -> str:
        """Where staff answer a comment that readers see; "" for any other."""
        if comment.status != Comment.Status.APPROVED or not comment.article.is_live:
            return ""
        return f"{reverse('admin:comments_comment_answer', args=[comment.article_id])}?to={comment.pk}"
