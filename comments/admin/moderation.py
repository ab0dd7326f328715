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
from django.utils.dateformat import format as date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from articles.desk import DeskAdmin
from comments.admin import deciding
from comments.admin.addresses import for_eyes_of
from comments.admin.answering import answer
from comments.admin.deciding import MARKS, VERBS, verbs_for, without_links
from comments.admin.editing import edit, told_edits
from comments.admin.filters import FindingsFilter, StatusFilter
from comments.fading import when_deleted
from comments.models import Comment, Decision, Reason, Report
from comments.policy import counted
from comments.privacy import without_addresses
from comments.querysets import CommentQuerySet
from comments.raids import running_anywhere
from comments.reported import reasons_of


class DecisionForm(ActionForm):
    """What is done with the selected comments; a reason goes with trash and is told to the writer."""

    reason = forms.ModelChoiceField(
        Reason.objects, to_field_name="code", required=False, label="Reason, for trash", empty_label="no reason given"
    )


@admin.register(Comment)
class CommentAdmin(DeskAdmin):
    """The moderators' list, and one comment with its history."""

    list_display = ("text", "writer", "on", "findings", "state", "sent")
    list_display_links = None
    list_filter = (StatusFilter, FindingsFilter, "article__section")
    open_lookups = ("status", "findings", "article__section__id__exact")
    search_fields = ("name", "body", "website", "article__title")
    search_help_text = "Search in names, texts, websites and titles of articles."
    list_select_related = ("article", "origin", "parent")
    list_per_page = 50
    # The order is that of the status: any other would sort the whole table.
    sortable_by = ()
    actions = ("approve", "spam", "trash", "hold", "pick", "unpick")
    action_form = DecisionForm
    change_list_template = "admin/comments/comment/change_list.html"
    change_form_template = "admin/comments/comment/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """With the reports that no moderator has settled."""
        reports = Prefetch("reports", Report.objects.unsettled().order_by("pk"), to_attr="unsettled_reports")
        return super().get_queryset(request).prefetch_related(reports)

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
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{counted(count, 'comment')} {MARKS[name][1]}.", level)

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
        told = {"can_undo": deciding.can_undo(request), "switches": switches, "fades": when_deleted()}
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

    @admin.display(description="comment")
    def text(self, comment: Comment) -> str:
        """The words as readers would see them, with what they answer."""
        url = reverse("admin:comments_comment_change", args=[comment.pk])
        answers = ""
        if comment.parent:
            answers = format_html(
                '<p class="context">In reply to <bdi>{}</bdi>: “{}”</p>',
                comment.parent.name,
                comment.parent.excerpt,
            )
        return format_html(
            '{}<div class="said" dir="auto">{}</div><div class="verbs">{}</div><a class="whole" href="{}">History'
            '<span class="unseen"> of the comment by {}</span></a>',
            answers,
            mark_safe(without_links(comment.body_html)),  # noqa: S308 - cleaned when it was stored
            self.buttons(comment),
            url,
            comment.name,
        )

    def buttons(self, comment: Comment) -> SafeString:
        """One button a verb, inside the list's own form: `formaction` sends its CSRF token to the verb's address."""
        return format_html_join(
            "",
            '<button class="{}" formaction="{}">{}<span class="unseen"> the comment by {}</span></button>',
            (
                (verb, reverse("admin:comments_comment_decide", args=[comment.pk, verb]), label, comment.name)
                for verb, label in verbs_for(comment)
            ),
        )

    @admin.display(description="by", ordering="name")
    def writer(self, comment: Comment) -> str:
        """Name and website, as text."""
        site = format_html('<br><span class="quiet">{}</span>', comment.website) if comment.website else ""
        return format_html("<bdi><b>{}</b></bdi>{}", comment.name, site)

    @admin.display(description="on", ordering="article__title")
    def on(self, comment: Comment) -> str:
        """The article, linked to the site if it is there."""
        article = comment.article
        if not article.is_live:
            return article.title
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), article.title)

    @admin.display(description="findings")
    def findings(self, comment: Comment) -> SafeString:
        """What readers and the policy had to say; an owner's list of words may hold an address."""
        origin = getattr(comment, "origin", None)
        reported = reasons_of(comment.unsettled_reports)  # type: ignore[attr-defined]
        found = [*(f"reported: {reason}" for reason in reported), *(origin.findings if origin else [])]
        return format_html_join(
            " ", '<span class="finding">{}</span>', ((without_addresses(finding),) for finding in found)
        )

    @admin.display(description="sent", ordering="submitted_at")
    def sent(self, comment: Comment) -> str:
        """When it came, exactly and in words."""
        moment = timezone.localtime(comment.submitted_at)
        return format_html(
            '{}<br><span class="quiet">{} ago</span>', date_format(moment, "j M Y, H:i"), timesince(moment)
        )

    @admin.display(description="status", ordering="status")
    def state(self, comment: Comment) -> str:
        """The status, coloured."""
        return format_html('<span class="standing {}">{}</span>', comment.status, comment.get_status_display())
