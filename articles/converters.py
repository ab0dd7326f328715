"""The parts of our addresses: year, month, slug, number, and the end of a feed's."""

import unicodedata

from django.urls import register_converter


class YearConverter:
    """Four digits."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class MonthConverter(YearConverter):
    """Two digits."""

    regex = "(?:0[1-9]|1[0-2])"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02}"


class NumberConverter(YearConverter):
    """A number without zeros before it, so that a page has one address and one place in the cache."""

    regex = "(?:0|[1-9][0-9]{0,17})"

    def to_url(self, value: int) -> str:
        return str(value)


class SlugConverter:
    """A slug in any script; which ones exist, the database knows."""

    regex = "[^/.]+"

    def to_python(self, value: str) -> str:
        return unicodedata.normalize("NFC", value)

    def to_url(self, value: str) -> str:
        return value


class FeedConverter:
    """How the address of a feed ends: `feed/`, `feed/atom/`, `feed/json/`; in Python, the name of its format."""

    regex = "feed/(?:atom/|json/)?"

    def to_python(self, value: str) -> str:
        return value.strip("/").partition("/")[2] or "rss"

    def to_url(self, value: str) -> str:
        return "feed/" if value == "rss" else f"feed/{value}/"


register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")
register_converter(NumberConverter, "number")
register_converter(SlugConverter, "any_slug")
register_converter(FeedConverter, "feed")
