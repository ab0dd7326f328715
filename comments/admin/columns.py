"""The columns of the moderators' list: a comment as it is read, with its buttons."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince

from articles.desk import DeskAdmin
from comments.admin.deciding import verbs_for, without_links
from comments.models import Comment
from comments.privacy import without_addresses
from comments.reported import reasons_of


class CommentColumns(DeskAdmin):
    """What a row of the list shows."""

    list_display = ("text", "writer", "on", "findings", "state", "sent")
    list_display_links = None
    # The order is that of the status: any other would sort the whole table.
    sortable_by = ()

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
