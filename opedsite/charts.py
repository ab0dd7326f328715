"""Small charts for the desk as inline SVG: attributes and classes only, because the CSP allows no style."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from comments.figures import last_days
from comments.models import DayFigures

WIDTH, HEIGHT = 600, 140
NAMES_SHOWN = 20
# Classes in desk.css, and words; from the bottom of a column to its top.
FATES = (("approved", "approved"), ("pending", "waiting"), ("trash", "trash"), ("spam", "spam"))


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of a chart: which kind, where."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its words, its bars, and the same as a table."""

    key: str
    title: str
    summary: str
    legend: Sequence[tuple[str, str]]
    bars: Sequence[Bar]
    highest: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    first_day: str
    last_day: str

    @property
    def size(self) -> str:
        """The SVG's coordinates."""
        return f"0 0 {WIDTH} {HEIGHT}"


@dataclass(frozen=True, slots=True)
class Ranking:
    """A table whose rows have bars: name, number, width of the bar."""

    title: str
    summary: str
    rows: Sequence[tuple[str, int, float]]


def figures() -> dict[str, Any]:
    """The charts of the last days and the ranking of moderators, in one query; nothing before the job has counted."""
    found = DayFigures.objects.in_bulk()
    days = [found[day] for day in last_days() if day in found]
    if not days:
        return {}
    return {"charts": [by_fate(days), waiting(days), share(days)], "ranking": by_moderator(days)}


def by_fate(days: Sequence[DayFigures]) -> Chart:
    """Comments a day, in a column each, by what became of them."""
    totals = {kind: sum(getattr(day, kind) for day in days) for kind, _ in FATES}
    told = ", ".join(f"{totals[kind]} {words}" for kind, words in FATES)
    rows = [[_day(day.day), *(str(getattr(day, kind)) for kind, _ in FATES)] for day in days]
    series: list[tuple[str, Callable[[DayFigures], int]]] = [(kind, _number(kind)) for kind, _ in FATES]
    return _columns(
        days,
        series,
        key="fate",
        title="Comments a day",
        summary=f"{sum(totals.values())} in {len(days)} days: {told}.",
        legend=FATES,
        head=["Day", *(words.capitalize() for _, words in FATES)],
        rows=rows,
    )


def waiting(days: Sequence[DayFigures]) -> Chart:
    """How long what was decided on a day had waited."""
    legend = (("median", "half waited no longer"), ("slow", "nine of ten waited no longer"))
    rows = [[_day(day.day), in_words(day.median_minutes), in_words(day.slow_minutes)] for day in days]
    last = next((day for day in reversed(days) if day.median_minutes is not None), None)
    told = "Nothing was decided."
    if last:
        told = f"Last, on {_day(last.day)}: half within {in_words(last.median_minutes)}, "
        told += f"nine of ten within {in_words(last.slow_minutes)}."
    return _columns(
        days,
        [
            ("median", lambda day: day.median_minutes or 0),
            ("slow", lambda day: (day.slow_minutes or 0) - (day.median_minutes or 0)),
        ],
        key="wait",
        title="Waiting time",
        summary=told,
        legend=legend,
        head=["Day", "Median", "90th percentile"],
        rows=rows,
        unit=in_words,
    )


def share(days: Sequence[DayFigures]) -> Chart:
    """How much of what was decided on a day was let through."""
    decided, through = sum(day.decided for day in days), sum(day.let_through for day in days)
    told = f"{percent(through, decided)} of {decided} decided." if decided else "Nothing was decided."
    rows = [[_day(day.day), percent(day.let_through, day.decided), str(day.decided)] for day in days]
    return _columns(
        days,
        [("approved", lambda day: round(100 * day.let_through / day.decided) if day.decided else 0)],
        key="share",
        title="Share approved",
        summary=told,
        legend=(),
        head=["Day", "Approved", "Of so many decided"],
        rows=rows,
        highest=100,
        unit=lambda value: f"{value} %",
    )


def by_moderator(days: Sequence[DayFigures]) -> Ranking:
    """Who decided how much, the busiest first."""
    sums: Counter[str] = Counter()
    for day in days:
        sums.update(day.decisions)
    busiest = sums.most_common(NAMES_SHOWN)
    told = f"{sums.total()} by {len(sums)}." if sums else "Nobody has decided."
    rows = [(name, count, round(WIDTH * count / busiest[0][1], 1)) for name, count in busiest]
    return Ranking("Decisions by moderator", told, rows)


def in_words(minutes: int | None) -> str:
    """ "12 min", "3 h", "2 days"; "–" for none."""
    if minutes is None:
        return "–"
    if minutes < 90:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{round(minutes / 1440)} days"


def percent(part: int, whole: int) -> str:
    """ "87 %"; "–" of nothing."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def _columns(
    days: Sequence[DayFigures],
    series: Iterable[tuple[str, Callable[[DayFigures], int]]],
    *,
    highest: int | None = None,
    unit: Callable[[int], str] = str,
    **words: Any,
) -> Chart:
    """A column a day, its parts on top of each other."""
    series = list(series)
    top = highest or max(1, *(sum(value(day) for _, value in series) for day in days))
    step = WIDTH / len(days)
    bars = []
    for place, day in enumerate(days):
        level = 0.0
        for kind, value in series:
            height = HEIGHT * value(day) / top
            if height:
                level += height
                x, y = place * step + step * 0.12, HEIGHT - level
                bars.append(Bar(kind, round(x, 1), round(y, 1), round(step * 0.76, 1), round(height, 1)))
    return Chart(bars=bars, highest=unit(top), first_day=_day(days[0].day), last_day=_day(days[-1].day), **words)


def _number(kind: str) -> Callable[[DayFigures], int]:
    return lambda day: int(getattr(day, kind))


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
