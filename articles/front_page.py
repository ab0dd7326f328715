"""What stands on the front page: what editors pinned, and the newest around it; every article once, whatever there is.

One query finds which articles come into question and why (`CANDIDATES`), `arrange` gives each its place, and only those
that got one are read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, DateTimeField, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from articles.cards import CARDS_A_PAGE, Card, cards_by_id
from articles.models import Article, Author, Correction, Image, Pin, Section
from articles.querysets import ArticleQuerySet
from articles.statements import Statement, chosen

SELECTION = 6
WITHOUT_PINS = 4
# A section shows its newest; some of them may stand further up already.
A_SECTION, LOOKED_AT = 3, 6
SECTIONS = 12
DISCUSSED = 5
# Discussed of late comes first; when nothing was, what was discussed among the newest so many.
OF_LATE, LOOKED_AT_DISCUSSED = timedelta(days=30), 200
LONG_AGO = Value(datetime(1000, 1, 1, tzinfo=UTC), output_field=DateTimeField())
AUTHORS = 8
CORRECTIONS = 3


class Candidate(NamedTuple):
    """An article that may stand on the front page, and why."""

    kind: str
    place: int
    pk: int
    section_id: int
    published_at: datetime
    comment_count: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which article stands where."""

    lead: int | None
    selection: list[int]
    is_pinned: bool
    discussed: list[int]
    sections: list[list[int]]
    latest: list[int]
    has_older: bool

    @property
    def ids(self) -> list[int]:
        lead = [] if self.lead is None else [self.lead]
        in_sections = [pk for block in self.sections for pk in block]
        return [*lead, *self.selection, *self.discussed, *in_sections, *self.latest]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """All that the front page prints."""

    lead: Card | None
    picture: Image | None
    selection: list[tuple[Card, Author | None]]
    is_pinned: bool
    discussed: list[Card]
    sections: list[list[Card]]
    latest: list[Card]
    has_older: bool
    authors: list[Author]
    corrections: list[Correction]
    changes_at: datetime | None


def front_page(now: datetime) -> FrontPage:
    """The front page as it is, or will be, at this time. Five or six queries, whatever there is."""
    candidates = [Candidate(*row) for row in CANDIDATES.rows(now=now, of_late=now - OF_LATE)]
    arranged = arrange(candidates)
    cards = cards_by_id(arranged.ids, now)

    def found(ids: Iterable[int]) -> list[Card]:
        return [cards[pk] for pk in ids if pk in cards]

    lead = cards.get(arranged.lead or 0)
    signers = list(dict.fromkeys(signer.author for card in newest(cards.values()) for signer in card.signers))
    selection = found(arranged.selection)
    with_faces = {signer.author for card in selection for signer in card.signers[:1]}
    people = {author.pk: author for author in chosen(_people, {*with_faces, *signers[:AUTHORS]})}
    pictures = chosen(_pictures, [lead.picture] if lead and lead.picture else [])
    return FrontPage(
        lead,
        pictures[0] if pictures else None,
        [
            (card, next((people[each.author] for each in card.signers if each.author in people), None))
            for card in selection
        ],
        arranged.is_pinned,
        found(arranged.discussed),
        [block for ids in arranged.sections if (block := found(ids))],
        found(arranged.latest),
        arranged.has_older,
        [people[pk] for pk in signers[:AUTHORS] if pk in people],
        CORRECTED.objects(now=now),
        min((each.until for each in candidates if each.until), default=None),
    )


def newest(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (card.published_at, card.pk), reverse=True)


def arrange(candidates: Sequence[Candidate]) -> Arrangement:
    """Give each article its one place, from the top of the page downwards."""
    by_kind: dict[str, list[Candidate]] = {}
    for each in candidates:
        by_kind.setdefault(each.kind, []).append(each)
    latest = [each.pk for each in _by_time(by_kind.get("latest", []))]
    pins = {kind: [each.pk for each in _by_place(by_kind.get(kind, []))] for kind in Pin.Place.values}
    leads, selected = pins[Pin.Place.LEAD], pins[Pin.Place.SELECTION]
    has_older, latest = len(latest) > CARDS_A_PAGE, latest[:CARDS_A_PAGE]
    taken: set[int] = set()

    def take(ids: Iterable[int], at_most: int) -> list[int]:
        free = [pk for pk in dict.fromkeys(ids) if pk not in taken][:at_most]
        taken.update(free)
        return free

    # What was pinned to the selection stays there, unless there is nothing else.
    lead = take([*leads, *(pk for pk in latest if pk not in selected), *selected], 1)
    is_pinned = bool(pinned := take([*leads, *selected], SELECTION))
    selection = pinned or take(latest, WITHOUT_PINS)
    fair_share = (len({each.pk for each in candidates}) - len(taken)) // 3
    discussed = take((each.pk for each in _by_place(by_kind.get("discussed", []))), min(DISCUSSED, fair_share))
    in_sections = [[pk for pk in ids if pk not in taken] for ids in _sections(by_kind.get("section", []))]
    # They stand side by side: none gets much longer than the shortest, the rest is below.
    longest = min([A_SECTION, *(len(ids) + 1 for ids in in_sections if ids)])
    sections = [take(ids, longest) for ids in in_sections]
    return Arrangement(
        lead[0] if lead else None, selection, is_pinned, discussed, sections, take(latest, CARDS_A_PAGE), has_older
    )


def _by_time(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda each: (each.published_at, each.pk), reverse=True)


def _by_place(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda each: (each.place, -each.comment_count, -each.pk))


def _sections(found: Iterable[Candidate]) -> list[list[int]]:
    """Ids by section, in the order of the navigation."""
    blocks: dict[int, list[int]] = {}
    for each in sorted(_by_time(found), key=lambda each: each.place):
        blocks.setdefault(each.section_id, []).append(each.pk)
    return list(blocks.values())[:SECTIONS]


def _candidates(now: datetime, of_late: datetime) -> QuerySet[Any, Any]:
    """Each candidate and what for; in one query, because each part is a few rows of an index."""
    published = Article.objects.published(now).order_by()
    newest = Article.objects.published(now).newest_first()
    of_section = newest.filter(section=OuterRef("pk")).values("pk")
    pinned = published.filter(pin__in=Pin.objects.running(now).order_by().values("pk"))
    rows = [
        _labelled(pinned, F("pin__place"), F("pin__position"), F("pin__until")),
        _labelled(published.filter(pk__in=newest.values("pk")[: CARDS_A_PAGE + 1]), Value("latest")),
        _labelled(published.filter(pk__in=_most_discussed(newest, of_late)), Value("discussed"), _is_old(of_late)),
    ]
    for number in range(LOOKED_AT):
        nth = Section.objects.filter(in_navigation=True).annotate(nth=Subquery(of_section[number : number + 1]))
        among = published.filter(pk__in=nth.order_by().values("nth"))
        rows.append(_labelled(among, Value("section"), F("section__position")))
    return rows[0].union(*rows[1:], all=True)


def _most_discussed(newest: ArticleQuerySet, of_late: datetime) -> QuerySet[Any, Any]:
    # By the date of the oldest that is looked at: with a list of ids PostgreSQL would read all articles.
    oldest = newest.values("published_at")[LOOKED_AT_DISCUSSED - 1 : LOOKED_AT_DISCUSSED]
    among = newest.filter(published_at__gte=Coalesce(Subquery(oldest), LONG_AGO), comment_count__gt=0)
    # More than are shown, because some stand further up already.
    return among.order_by(_is_old(of_late), "-comment_count", "-pk").values("pk")[: 2 * DISCUSSED + SELECTION]


def _is_old(of_late: datetime) -> Case:
    return Case(When(published_at__gte=of_late, then=Value(0)), default=Value(1), output_field=IntegerField())


def _labelled(articles: QuerySet[Any, Any], kind: Any, place: Any = None, until: Any = None) -> QuerySet[Any, Any]:
    never = Cast(Value(None), DateTimeField())
    labelled = articles.annotate(kind=kind, place=place or Value(0), until=until or never)
    rows: QuerySet[Any, Any] = labelled.values_list(*Candidate._fields)
    return rows


def _people(ids: Iterable[int]) -> QuerySet[Author]:
    return Author.objects.filter(pk__in=ids).select_related("portrait").defer("bio", "bio_html", "links")


def _pictures(ids: Iterable[int]) -> QuerySet[Image]:
    return Image.objects.filter(pk__in=ids)


def _corrected(now: datetime) -> QuerySet[Correction]:
    newest = Correction.objects.published(now).newest_first().values("pk")[:CORRECTIONS]
    return Correction.objects.filter(pk__in=newest).with_articles().newest_first()


CANDIDATES = Statement(_candidates, now=datetime, of_late=datetime)
CORRECTED = Statement(_corrected, now=datetime)
