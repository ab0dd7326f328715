"""What our mails say, made at the moment of sending: text only, to one person, with nobody's address in them.

Every mail is looked at again here: what is not true or not wanted any more is not sent.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles import html, masthead
from articles.languages import speaking
from articles.web_addresses import absolute
from comments.decisions import WRITER, reason_text
from comments.letters import MAX_TITLE, Letter, is_address, name_in, quote_of, title_of
from comments.links import confirm_url, new_access_url, own_url, staff_stop_url, stop_url
from comments.models import Comment, Commenter, Decision, Mail, MailSettings
from comments.privacy import keyed_hash
from comments.staff_letters import STAFF_LETTERS

MAX_SUBJECT = 120
# Somebody has just asked for these: there is nothing to stop.
ASKED_FOR = (Mail.Kind.ACCESS, Mail.Kind.TEST)


def message_of(mail: Mail) -> EmailMessage | None:
    """The message as it should read now; None if there is nothing to tell, or nobody to tell it to."""
    address = _address(mail)
    said = masthead.current()
    with speaking(said.language):
        letter = _letter(mail) if is_address(address) else None
        if letter is None:
            return None
        stop, choices = _stop_url(mail), MailSettings.current()
        opening, closing = choices.around(letter.template, letter.words.get("title", ""))
        words = {"site_name": said.name, "stop_url": stop, "closing": closing} | letter.words
        body = render_to_string(f"comments/mail/{letter.template}.txt", words).strip()
    return EmailMessage(
        subject=html.plain_line(letter.subject)[:MAX_SUBJECT],
        body=f"{opening}\n\n{body}\n".lstrip(),
        from_email=choices.sender,
        to=[address],
        reply_to=[choices.reply_to] if choices.reply_to else None,
        headers=_headers(mail, stop),
    )


def _address(mail: Mail) -> str:
    if mail.user is not None:
        return mail.user.email
    return mail.commenter.address if mail.commenter is not None else ""


def _letter(mail: Mail) -> Letter | None:
    kind = Mail.Kind(mail.kind)
    if mail.user is not None:
        return STAFF_LETTERS[kind](mail, mail.user)
    return LETTERS[kind](mail, mail.commenter) if mail.commenter is not None else None


def _stop_url(mail: Mail) -> str:
    """The link that stops such mail; "" where there is nothing to stop."""
    if mail.kind in ASKED_FOR:
        return ""
    if mail.user is not None:
        return absolute(staff_stop_url(mail.user))
    return absolute(stop_url(mail.commenter)) if mail.commenter is not None else ""


def _confirm(mail: Mail, commenter: Commenter) -> Letter | None:
    # Anybody may have typed this address, so nothing that a reader wrote is in this mail.
    if commenter.confirmed_at or commenter.refused_mail_at:
        return None
    subject = _("Do you want mail from {site}?").format(site=masthead.current().name)
    return Letter("confirm", subject, {"confirm_url": absolute(confirm_url(commenter))})


def _decision(mail: Mail, commenter: Commenter) -> Letter | None:
    asked = Comment.objects.filter(origin__commenter=commenter, origin__tell_decision=True)
    comment = asked.select_related("article").filter(mails=mail).first()
    if comment is None or not commenter.takes_mail or not comment.article.is_live or not _is_news(mail, comment):
        return None
    title = title_of(comment.article)
    if comment.status == Comment.Status.APPROVED:
        words = {"title": title, "comment_url": absolute(comment.get_absolute_url())}
        return Letter("published", _("Your comment on “{title}” has been published").format(title=title), words)
    if comment.status == Comment.Status.TRASH:
        words = {"title": title, "own_url": absolute(own_url(comment)), "reason": reason_text(comment)}
        return Letter("declined", _("Your comment on “{title}” was not published").format(title=title), words)
    return None


def _reply(mail: Mail, commenter: Commenter) -> Letter | None:
    listening = Comment.objects.approved().filter(origin__tell_replies=True, origin__commenter=commenter)
    visible = Comment.objects.visible().select_related("article")
    reply = visible.filter(mails=mail, parent__in=listening).first()
    if reply is None or not commenter.takes_mail:
        return None
    name, title = name_in(reply), title_of(reply.article)
    words = {
        "name": name,
        "title": title,
        "quote": quote_of(reply),
        "comment_url": absolute(reply.get_absolute_url()),
    }
    return Letter("reply", _("{name} replied to you on “{title}”").format(name=name[:MAX_TITLE], title=title), words)


def _access(mail: Mail, commenter: Commenter) -> Letter | None:
    with transaction.atomic():
        # Whoever is being erased at this moment gets no link any more.
        if not Commenter.objects.select_for_update(no_key=True).filter(pk=commenter.pk).exists():
            return None
        url = absolute(new_access_url(commenter))
    return Letter("access", _("Your comments on {site}").format(site=masthead.current().name), {"access_url": url})


LETTERS = {
    Mail.Kind.CONFIRM: _confirm,
    Mail.Kind.DECISION: _decision,
    Mail.Kind.REPLY: _reply,
    Mail.Kind.ACCESS: _access,
}


def _headers(mail: Mail, stop: str) -> dict[str, str]:
    """Auto-Submitted of RFC 3834, one-click List-Unsubscribe of RFC 8058, and a Message-ID that stays the same."""
    stable = keyed_hash("message-id", str(mail.pk), mail.purpose_key)[:32]
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{stable}@{urlsplit(settings.OPED_BASE_URL).hostname}>",
    }
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _is_news(mail: Mail, comment: Comment) -> bool:
    """No later decision mail supersedes it, and the last word on the comment was not its writer's own."""
    if Mail.objects.filter(kind=Mail.Kind.DECISION, comment=comment.pk, pk__gt=mail.pk).exists():
        return False
    last = Decision.objects.filter(comment_id=comment.pk).order_by("-pk").first()
    return last is not None and last.decided_by != WRITER
