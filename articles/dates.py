"""Dates as readers' pages print them, in a page's language: a tenth of what the template filter takes."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache

from django.utils import timezone, translation
from django.utils.dates import MONTHS

from articles.languages import Speech

# The characters of Django's formats that we use, and what they become in a pattern.
PARTS = {"j": "{0}", "d": "{1}", "F": "{2}", "Y": "{3}", "H": "{4}", "i": "{5}"}
CLOCK = "{4}:{5}"
# Two digits are looked up in half the time that they take to be written.
TWO = tuple(f"{number:02}" for number in range(60))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time zone, the months' names, and the patterns of a day and of a moment: looked up once a page, because for
    each comment that would cost more than all the rest of it.
    """

    zone: tzinfo
    months: tuple[str, ...]
    day_pattern: str
    moment_pattern: str

    @classmethod
    def of(cls, speech: Speech) -> "Calendar":
        """In this language, and the zone of the request."""
        zone = timezone.get_current_timezone()
        return cls(zone, months_in(speech.code), pattern_of(speech.day), pattern_of(speech.moment))

    def day(self, moment: datetime) -> str:
        """A `time` element that shows the day."""
        return self._written(moment, self.day_pattern)

    def moment(self, moment: datetime) -> str:
        """A `time` element that shows day, hour and minute."""
        return self._written(moment, self.moment_pattern)

    def since(self, first: datetime, later: datetime) -> tuple[str, str]:
        """Two `time` elements that show two days, or the hours where the day is the same."""
        if first.astimezone(self.zone).date() != later.astimezone(self.zone).date():
            return self.day(first), self.day(later)
        return self.moment(first), self._written(later, CLOCK)

    def _written(self, moment: datetime, pattern: str) -> str:
        utc, at = moment.astimezone(UTC), moment.astimezone(self.zone)
        shown = pattern.format(at.day, TWO[at.day], self.months[at.month], at.year, TWO[at.hour], TWO[at.minute])
        day = f"{utc.year}-{TWO[utc.month]}-{TWO[utc.day]}"
        return f'<time datetime="{day}T{TWO[utc.hour]}:{TWO[utc.minute]}Z">{shown}</time>'


@cache
def pattern_of(date_format: str) -> str:
    """A format as the template filter takes it, as a pattern for `str.format`; a backslash keeps a letter."""
    written: list[str] = []
    characters = iter(date_format)
    for char in characters:
        literal = next(characters, "") if char == "\\" else char
        written.append(PARTS.get(char) or literal.replace("{", "{{").replace("}", "}}"))
    return "".join(written)


@cache
def months_in(language: str) -> tuple[str, ...]:
    """The months' names by number, 1 to 12."""
    with translation.override(language):
        return ("", *(str(MONTHS[number]) for number in range(1, 13)))
