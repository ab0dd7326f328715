"""When raid switches end, and in which words that is said."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article, Raid
from comments.drafts import duration
from comments.models import Discussion
from comments.raids import last_end, next_end, next_morning, running, seconds_between, told_end, why_held

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def on(raid, until=None, seconds=0):
    return {"raid": raid, "raid_until": until, "raid_seconds": seconds}


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 2, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 7, 50, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_morning_is_the_one_after_a_night(now, morning):
    assert next_morning(now) == morning


def test_the_morning_is_eight_by_the_sites_clock_also_when_the_clocks_change(settings):
    settings.TIME_ZONE = "Europe/Berlin"

    assert next_morning(datetime(2026, 10, 24, 20, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(("seconds_left", "is_on"), [(1, True), (0, False), (-1, False)])
def test_a_switch_goes_off_by_itself_on_the_second(seconds_left, is_on):
    article = Article(**on(Raid.HOLD, NOW + timedelta(seconds=seconds_left)))

    assert bool(running(article, Discussion(), NOW)) is is_on


def test_of_two_switches_the_slower_pace_and_the_later_end_count():
    article = Article(**on(Raid.SLOW, NOW + HOUR, 60))
    switches = running(article, Discussion(**on(Raid.SLOW, NOW + 2 * HOUR, 300)), NOW)

    assert seconds_between(switches) == 300
    assert next_end(switches) == NOW + HOUR
    assert last_end(switches) == NOW + 2 * HOUR


def test_what_has_no_end_outlasts_everything(time_machine):
    time_machine.move_to(NOW)
    article, discussion = Article(**on(Raid.HOLD, NOW + HOUR)), Discussion(**on(Raid.HOLD))

    switches = running(article, discussion, NOW)

    assert last_end(switches) is None
    assert next_end(switches) == NOW + HOUR
    assert why_held(switches) == (
        "Held: all comments on the whole site wait for a moderator until somebody switches it off"
    )


def test_an_end_names_the_day_only_if_it_is_another(time_machine):
    time_machine.move_to(NOW)

    assert told_end(NOW + HOUR) == "until 15:00"
    assert told_end(NOW + 24 * HOUR) == "until 24 November, 14:00"
    assert told_end(None) == "until somebody switches it off"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (45, "45 seconds"), (60, "1 minute"), (300, "5 minutes"), (90, "1 minute and 30 seconds")],
)
def test_a_wait_is_told_in_minutes_and_seconds(seconds, words):
    assert duration(seconds) == words
