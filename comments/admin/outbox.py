"""The outbox in the desk: what waits, failed and went out; trying again; a test mail. Nothing is edited here."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from articles.desk import DeskAdmin
from comments import mail_files, outbox, staff_mail
from comments.admin.filters import MailStateFilter
from comments.admin.troubles import in_words
from comments.letters import is_address
from comments.models import Mail
from comments.policy import counted
from comments.querysets import MailQuerySet

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@admin.register(Mail)
class MailAdmin(DeskAdmin):
    """The list of mails, read-only but for another attempt."""

    list_display = ("what", "to", "about", "standing", "made")
    list_display_links = None
    list_filter = (MailStateFilter, "kind")
    open_lookups = ("state", "kind__exact")
    list_select_related = ("commenter", "user", "comment__article")
    list_per_page = 50
    ordering = ("-pk",)
    sortable_by = ()
    # They would count all rows, for each filter.
    show_facets = admin.ShowFacets.NEVER
    actions = ("try_again",)
    fields = ("what", "about", "standing", "made")
    change_list_template = "admin/comments/mail/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Mails come from what happens on the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        """Nobody edits them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        """The worker deletes those that are over for a month."""
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """May have mails tried again, and send themself a test mail."""
        return bool(request.user.has_perm("comments.change_mail"))

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """With a reader's address for those who may see it, and a button for those who may press it."""
        to = "address" if request.user.has_perm("comments.view_email") else "to"
        columns = tuple(to if column == "to" else column for column in self.list_display)
        return (*columns, "again") if self.has_retry_permission(request) else columns

    def get_urls(self) -> list[URLPattern]:
        """Adds one more attempt of one mail, and the test mail."""
        wrap = self.admin_site.admin_view
        return [
            path("test/", wrap(require_POST(self.send_test)), name="comments_mail_test"),
            path("<int:pk>/again/", wrap(require_POST(self.try_one_again)), name="comments_mail_again"),
            *super().get_urls(),
        ]

    @admin.action(description="Try again", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: MailQuerySet) -> None:
        """The selected mails that failed, or wait after a failure, are due now."""
        count = outbox.try_again(queryset)
        if count:
            self.message_user(request, f"{counted(count, 'mail')} will be tried again within seconds.")
        else:
            self.message_user(request, "None of these has failed.", messages.WARNING)

    def try_one_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button in a row. Raises PermissionDenied."""
        if not self.has_retry_permission(request):
            raise PermissionDenied
        self.try_again(request, Mail.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:comments_mail_changelist"))

    def send_test(self, request: HttpRequest) -> HttpResponse:
        """Queue a mail to one's own address. Raises PermissionDenied."""
        if not self.has_retry_permission(request):
            raise PermissionDenied
        user: Any = request.user
        if is_address(user.email):
            staff_mail.queue_test(user)
        else:
            self.message_user(request, "Your account has no address yet: an owner can add it.", messages.ERROR)
        return HttpResponseRedirect(reverse("admin:comments_mail_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Adds how this site sends mail, and what became of one's own test mail."""
        user: Any = request.user
        tests = user.mails.filter(kind=Mail.Kind.TEST).order_by("-pk")
        extra = {"way": way_of_mail(), "may_test": self.has_retry_permission(request), "test": told(tests.first())}
        place = mail_files.folder() if user.is_superuser else None
        if place is not None:
            extra |= {"mail_folder": place, "filed": mail_files.latest(place)}
        return super().changelist_view(request, (extra_context or {}) | extra)

    @admin.display(description="mail")
    def what(self, mail: Mail) -> str:
        """What it is about."""
        return mail.get_kind_display()

    @admin.display(description="to")
    def to(self, mail: Mail) -> str:
        """Somebody, without the address."""
        if mail.user is not None:
            return mail.user.get_username()
        return "a reader" if mail.commenter is not None else "nobody"

    @admin.display(description="to")
    def address(self, mail: Mail) -> str:
        """Somebody, with a reader's address."""
        return mail.commenter.address if mail.commenter is not None else self.to(mail)

    @admin.display(description="about")
    def about(self, mail: Mail) -> str | SafeString:
        """The comment that it tells of."""
        if mail.comment is None:
            return "–"
        url = reverse("admin:comments_comment_change", args=[mail.comment.pk])
        line = '<a href="{}">Comment by <bdi>{}</bdi></a> on {}'
        return format_html(line, url, mail.comment.name, mail.comment.article.title)

    @admin.display(description="status")
    def standing(self, mail: Mail) -> SafeString:
        """One word, and the sentence that explains it."""
        colour = {"sent": "approved", "waiting": "pending", "failed": "spam"}.get(mail.state, "")
        word = format_html('<span class="standing {}">{}</span>', colour, mail.state)
        return format_html('{}<br><span class="quiet">{}</span>', word, explanation(mail))

    @admin.display(description="queued")
    def made(self, mail: Mail) -> str:
        """When it was written."""
        return moment(mail.created_at)

    @admin.display(description="once more")
    def again(self, mail: Mail) -> str | SafeString:
        """The button, on what met trouble."""
        if mail.state not in ("failed", "waiting") or not mail.attempts:
            return ""
        url = reverse("admin:comments_mail_again", args=[mail.pk])
        label = (
            '<div class="verbs"><button formaction="{}">Try again<span class="unseen"> mail {}</span></button></div>'
        )
        return format_html(label, url, mail.pk)


def explanation(mail: Mail) -> str:
    """When it went, or why not and when it is tried next."""
    if mail.sent_at is not None:
        return moment(mail.sent_at)
    if mail.failed:
        return in_words(mail.failed)
    is_due = mail.next_try_at <= timezone.now()
    then = "within seconds" if is_due else f"at {moment(mail.next_try_at)}"
    if not mail.trouble:
        return f"goes out {then}"
    return f"{in_words(mail.trouble)}; attempt {mail.attempts}, the next {then}"


def told(mail: Mail | None) -> dict[str, str] | None:
    """What became of a test mail, in a sentence."""
    if mail is None:
        return None
    sentences = {
        "sent": "Your test mail went out",
        "waiting": "Your test mail waits for the worker (manage.py work)",
    }
    sentence = sentences.get(mail.state, "Your test mail was not sent")
    return {"state": mail.state, "sentence": f"{sentence}: {explanation(mail)}."}


def way_of_mail() -> str:
    """How this site sends mail, without the password."""
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        return f"Mail goes out by {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}."
    if mail_files.folder() is not None:
        return "Mail is written into files and sent to nobody: set OPED_EMAIL_URL to send it."
    return f"Mail is handed to {settings.EMAIL_BACKEND.split('.')[-2]}."


def moment(at: Any) -> str:
    """A date and time of the site's clock."""
    return date_format(timezone.localtime(at), "j M Y, H:i:s")
