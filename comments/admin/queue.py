"""The queue: a card for each comment that waits, worked through by single keys or by buttons.

Each button is a plain form. The script sends the same forms, asks for JSON, and gets back what it can't know itself.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from articles.desk import DeskAdmin, wants_json
from comments import queue, seats
from comments.admin import deciding
from comments.admin.answering import answer_form, answer_page, answerable, post_answer
from comments.admin.cards import cards_html, make_cards, reasons
from comments.admin.deciding import PICK, VERBS
from comments.admin.history import history
from comments.admin.queue_head import STATUSES, wanted_by, what_is_left
from comments.fading import when_deleted
from comments.models import Comment, Queue
from comments.policy import counted
from comments.querysets import MODERATE, CommentQuerySet
from comments.raids import running_anywhere
from comments.reported import reported_ids

KEYS = (
    ("j", "next"), ("k", "previous"), ("a", "approve"), ("r", "reply and approve"), ("s", "spam"),
    ("t", "decline, then the number of the reason"), ("u", "undo"), ("e", "edit"), ("b", "block the sender"),
    ("h", "history of the writer"), ("p", "editors’ pick"), ("x", "select"), ("X", "select all here"),
    ("/", "search"), ("?", "this list"),
)  # fmt: skip
MOST_SELECTED = 500
REFUSED = (Comment.Status.SPAM, Comment.Status.TRASH)
NOTHING = "There is nothing to undo: somebody has decided again since."
BLOCK = "block"


class ActForm(forms.Form):
    """What to do, with which comments: each is named by the decision on it that the moderator knows of."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in (*VERBS, *deciding.MARKS, BLOCK)])
    seen = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].valid_value = is_id  # type: ignore[attr-defined]


def with_verb(sent: QueryDict) -> QueryDict:
    """What was sent; a reason's button declines."""
    if "reason" not in sent or "verb" in sent:
        return sent
    declined = sent.copy()
    declined["verb"] = "trash"
    return declined


def is_id(value: str) -> bool:
    """A number that a row can have."""
    return value.isascii() and value.isdigit() and len(value) <= 18


@admin.register(Queue)
class QueueAdmin(DeskAdmin):
    """The page, and what its buttons do."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever moderates."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """As above."""
        return bool(request.user.has_perm(MODERATE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments come in through the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """By verbs alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Trash can be undone."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page and its buttons; nothing of the stock admin."""

        wrap = self.admin_site.admin_view

        def post(view: Any) -> Any:
            return wrap(require_POST(self.for_moderators(view)))

        return [
            path("", wrap(self.for_moderators(self.page)), name="comments_queue_changelist"),
            path("act/", post(self.act), name="comments_queue_act"),
            path("undo/", post(self.undo), name="comments_queue_undo"),
            path("here/", post(self.here), name="comments_queue_here"),
            path("keys/", post(self.keys), name="comments_queue_keys"),
            path("<int:pk>/reply/", post(self.reply), name="comments_queue_reply"),
            path("<int:pk>/history/", wrap(self.for_moderators(self.history)), name="comments_queue_history"),
        ]

    def for_moderators(self, view: Any) -> Any:
        """Raises PermissionDenied for everybody else."""

        def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            response: HttpResponse = view(request, **kwargs)
            return response

        return checked

    def page(self, request: HttpRequest) -> HttpResponse:
        """The cards. Raises BadRequest for an address that asks for what there is not."""
        wanted = wanted_by(request)
        reported = reported_ids()
        found = queue.find(wanted, reported)
        left = what_is_left(len(reported), request.user.get_username())
        context = self.admin_site.each_context(request) | {
            "title": "Queue",
            "opts": self.opts,
            "cards": make_cards(found.comments, seats.others(request.user), request.user),
            "more": found.more,
            "wanted": wanted,
            "is_narrowed": any(value for name, value in request.GET.items() if name != "after"),
            # Searching stays within what the address asks for.
            "kept": [(name, value) for name, value in request.GET.items() if name not in ("q", "after")],
            "counts": queue.count(),
            "statuses": [(value, label, left[f"count-{value or queue.WAITING}"]) for value, label in STATUSES],
            "left": left,
            "fades": when_deleted().get(wanted.status) if wanted.status in REFUSED else "",
            "reasons": reasons(),
            "switches": running_anywhere(timezone.now()),
            "next_undo": deciding.next_undo(request),
            "single_keys": seats.has_single_keys(request.user),
            "keys_help": KEYS,
            "page": request.get_full_path(),
        }
        return render(request, "admin/comments/queue/queue.html", context)

    def act(self, request: HttpRequest) -> HttpResponse:
        """Do one thing with one comment or several, as far as nobody has decided on them meanwhile."""
        form = ActForm(with_verb(request.POST))
        if not form.is_valid() or len(form.cleaned_data["seen"]) > MOST_SELECTED:
            raise BadRequest("This is nothing that the queue can do.")
        verb, seen = form.cleaned_data["verb"], form.cleaned_data["seen"]
        if verb == BLOCK and not request.user.has_perm("comments.add_block"):
            raise PermissionDenied
        asked = list(queue.named_by(seen))
        chosen = Comment.objects.as_seen(seen)
        done, words = do(request, verb, chosen)
        return self.answer(request, f"{counted(len(done), 'comment')} {words}.", asked, done)

    def reply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a comment through and answer it. The words are looked at first, and kept if they can't be stored.

        Raises PermissionDenied, Http404 for a comment that is gone or an op-ed that readers can't see.
        """
        comment = get_object_or_404(Comment, pk=pk)
        article = answerable(request, comment.article_id)
        form = answer_form(request)
        posted, status = None, 422
        if form.is_valid():
            seen = [int(each) for each in request.POST.getlist("seen") if is_id(each)]
            approved = deciding.decide(request, "approve", Comment.objects.as_seen(seen))
            posted, status = post_answer(request, article, form)
        if posted is None:
            if wants_json(request):
                sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
                return JsonResponse({"error": " ".join(sentences)}, status=status)
            return answer_page(request, article, form, self.admin_site.each_context(request), status)
        deciding.remember(request, answered=[posted.pk])
        is_shown = posted.status == Comment.Status.APPROVED
        said = f"Your reply {'is below it' if is_shown else 'waits for a moderator'}."
        return self.answer(request, f"Approved. {said}" if approved else said, [pk], {pk})

    def history(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the newsroom knows of the writer of a comment. Raises Http404."""
        return history(request, pk, self.admin_site.each_context(request))

    def undo(self, request: HttpRequest) -> HttpResponse:
        """Take back what this moderator did last."""
        undone = deciding.undo(request)
        said = undone.sentence or NOTHING
        if wants_json(request):
            # Without the script it stands on the page.
            said = f"{said} {deciding.next_undo(request)}".strip()
        return self.answer(request, said, sorted(undone.comments), set())

    def here(self, request: HttpRequest) -> HttpResponse:
        """What the script tells and asks every now and then: which card is open, and what became of the others."""
        seats.sit_down(request.user, open_card(request))
        seen = [int(each) for each in request.POST.getlist("seen") if is_id(each)][:MOST_SELECTED]
        edited = [int(each) for each in request.POST.getlist("card") if is_id(each)]
        return JsonResponse(self.news(request, edited or queue.overtaken(seen)))

    def keys(self, request: HttpRequest) -> HttpResponse:
        """Switch single keys on or off, for this person."""
        seats.set_single_keys(request.user, on=request.POST.get("on") == "1")
        return deciding.back(request, reverse("admin:comments_queue_changelist"))

    def answer(self, request: HttpRequest, said: str, asked: list[int], done: set[int]) -> HttpResponse:
        """What happened, and the cards of those with which it did not; to the same place without the script."""
        missed = [pk for pk in asked if pk not in done]
        if not wants_json(request):
            is_fine = not missed or request.path.endswith("/undo/")
            messages.add_message(request, messages.SUCCESS if is_fine else messages.WARNING, said)
            others = [] if is_fine else queue.cards(Comment.objects.filter(pk__in=missed))
            for card in make_cards(others, {}, request.user):
                who = card.told or "somebody was quicker"
                messages.warning(request, f"Not the comment by {card.comment.name}: {who}.")
            return deciding.back(request, reverse("admin:comments_queue_changelist"))
        if request.POST.get("here"):
            seats.sit_down(request.user, open_card(request))
        left = what_is_left(len(reported_ids()), request.user.get_username())
        left |= {"undo": deciding.next_undo(request)}
        return JsonResponse({"said": said, "left": left} | self.news(request, missed))

    def news(self, request: HttpRequest, ids: list[int]) -> dict[str, Any]:
        """Some cards as they are now, and which ones others have open."""
        taken = seats.others(request.user)
        return {"cards": cards_html(request, ids, taken, request.POST.get("next", "")), "taken": taken}


def do(request: HttpRequest, verb: str, chosen: CommentQuerySet) -> tuple[set[int], str]:
    """Run a verb; with which comments it was done, and what to say."""
    if verb in VERBS:
        return decided(request, verb, chosen), VERBS[verb][1]
    if verb == BLOCK:
        comments = list(chosen)
        done = decided(request, "spam", chosen) | {each.pk for each in comments if each.status == Comment.Status.SPAM}
        blocked = [deciding.block(request, comment) for comment in comments if comment.pk in done]
        return done, "marked as spam, and the sender is blocked" if any(
            blocked
        ) else "marked as spam; no address is known"
    ids = list(chosen.values_list("pk", flat=True))
    # On a comment that waits, this lets it through first.
    if verb == PICK:
        decided(request, "approve", chosen.exclude(status=Comment.Status.APPROVED))
    marked = Comment.objects.filter(pk__in=ids)
    deciding.mark(request, verb, marked)
    crowds = deciding.told_of_crowds(marked) if verb == PICK else ""
    return set(marked.filter(is_pick=verb == PICK).values_list("pk", flat=True)), deciding.MARKS[verb][1] + crowds


def decided(request: HttpRequest, verb: str, chosen: CommentQuerySet) -> set[int]:
    """On which comments the verb made a decision."""
    return {decision.comment_id for decision in deciding.decide(request, verb, chosen)}


def open_card(request: HttpRequest) -> int | None:
    """The comment that the script says is open."""
    here = request.POST.get("here", "")
    return int(here) if is_id(here) else None
