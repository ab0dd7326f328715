"""The tag by which an article's template asks for its comments and the form below them."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import Http404
from django.utils import timezone

from articles.freshness import note_end
from articles.insets import inset
from articles.models import Article
from articles.paging import page_number
from articles.parameters import asked
from comments import waiting
from comments.blank_form import blank_form, blank_reply
from comments.closing import closes_at, reopens_at, takes_comments
from comments.decisions import why_removed
from comments.drafts import duration
from comments.forms import CommentForm, ReplyForm
from comments.models import Comment, Discussion
from comments.raids import next_end, running, seconds_between
from comments.rendering import Words, render_comments, render_picks
from comments.threads import page_of, picks, read_ahead, thread_page

register = template.Library()
ORDERS = {"newest": True, "oldest": False}


@dataclass(frozen=True, slots=True)
class Order:
    """Which threads come first, and how the page's links say so."""

    newest_first: bool
    query: str

    @classmethod
    def asked_for(cls, wanted: str, discussion: Discussion) -> "Order":
        """By the address; the owner's choice needs no word in it."""
        newest_first = ORDERS.get(wanted, discussion.newest_first)
        is_default = newest_first == discussion.newest_first
        return cls(newest_first, "" if is_default else f"order={'newest' if newest_first else 'oldest'}")


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: dict[str, Any], article: Article) -> dict[str, Any]:
    """Comments and form.

    The context holds `speech`, the language of the page's furniture. It may hold `comment_form` (with errors),
    `own_comment` (its writer's view), and `answering_as` with `answering_url` (the author's private page).
    Raises Http404 for a page of comments that doesn't exist.
    """
    own: Comment | None = context.get("own_comment")
    request, speech = context["request"], context["speech"]
    reply_to, wanted = asked(request, "reply_to") or "", asked(request, "order") or ""
    form: ReplyForm | None = context.get("comment_form") or (reply_to and CommentForm(article.pk)) or None
    number = 1 if own or form else page_number(request, "comments")
    is_first = number == 1 and not (own or form)
    rules, ahead = read_ahead(request, article, ORDERS.get(wanted)) if is_first else (Discussion.current(), None)
    now = timezone.now()
    is_open, end = takes_comments(article, rules, now), closes_at(article, rules)
    switches = running(article, rules, now)
    note_end(request, next_end(switches))
    if is_open:
        note_end(request, end)
    parent = _answered(article, form, reply_to) if form else None
    was_sent = form is not None and form.is_bound
    order = Order.asked_for("oldest" if own or parent or was_sent else wanted, rules)
    if own:
        number = page_of(article, own, own)
    elif parent:
        number = page_of(article, parent)
    elif form and not was_sent:
        number = page_number(request, "comments")
    page = thread_page(article, number, own, newest_first=order.newest_first, ahead=ahead)
    if page is None:
        raise Http404("There is no such page of comments.")
    url = context.get("answering_url") or article.get_absolute_url()
    picked = [] if own else picks(article, page)
    pace = duration(seconds) if (seconds := seconds_between(switches)) else ""
    usual_wait = waiting.in_words(rules.usual_wait_minutes) if rules.shows_wait else ""
    is_plain = is_open and form is None and end is None
    return {
        "article": article,
        "article_url": url,
        "speech": speech,
        "words": Words.of(speech.code),
        "answering_as": context.get("answering_as"),
        "page": page,
        "newest_first": order.newest_first,
        "turned_url": f"{url}?order={'oldest' if order.newest_first else 'newest'}#comments",
        "more_url": f"{url}?{order.query}{'&' if order.query else ''}comments=",
        "picks": render_picks(picked, page.rows, speech) if picked else "",
        "comments": inset(request, render_comments(page, url, speech, is_open=is_open)) if page.rows else "",
        "own": own,
        "why_removed": why_removed(own) if own and own.status == Comment.Status.TRASH else "",
        "preview": context.get("preview"),
        "edit_form": context.get("edit_form"),
        "withdraw_url": context.get("withdraw_url"),
        "tell_form": context.get("tell_form"),
        "form": form,
        "blank_form": "" if form or not is_open else blank_form(article.pk),
        "blank_reply": blank_reply(article.pk, pace=pace, usual_wait=usual_wait) if is_plain else "",
        "answered": parent,
        "is_open": is_open,
        "closes_at": end,
        "reopens_at": None if is_open else reopens_at(article, rules, now),
        "pace": pace,
        "usual_wait": usual_wait,
    }


def _answered(article: Article, form: ReplyForm, reply_to: str) -> Comment | None:
    """The comment that the form answers, whether named by the address or by a form sent before."""
    wanted = form.data.get("parent", "") if form.is_bound else form.initial.get("parent") or reply_to
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 18):
        return None
    parent = Comment.objects.visible().filter(article=article, pk=int(wanted)).first()
    if parent is not None and not form.is_bound:
        form.initial["parent"] = str(parent.pk)
    return parent
