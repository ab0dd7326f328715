"""Raid switches: hold, slow down or close the comments on one op-ed or on the whole site, for a time.

What runs stands on the article's and the site's own row, which pages and new comments read anyway, and ends by the
clock. Of two switches both rules hold.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format

from articles.freshness import pages_changed
from articles.models import Article, Raid
from comments.models import Discussion, RaidLog

logger = logging.getLogger("oped.audit")
SWITCHED = {
    Raid.HOLD: "All comments on {} wait for a moderator {}.",
    Raid.SLOW: "Comments on {} are slowed down {}.",
    Raid.CLOSE: "Comments on {} are closed {}.",
}
MORNING = time(8)
# An end that is nearer is not what somebody means by "until the morning".
NIGHT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Running:
    """A switch that is on; `article` is None for the whole site, `until` until somebody switches it off."""

    raid: Raid
    article: Article | None
    until: datetime | None
    seconds: int

    def __str__(self) -> str:
        return sentence(self.raid, self.article, self.until)


def running(article: Article, discussion: Discussion, now: datetime) -> tuple[Running, ...]:
    """The switches that an article's comments are under, no query."""
    found = []
    if raid := discussion.raid_at(now):
        found.append(Running(raid, None, discussion.raid_until, discussion.raid_seconds))
    if raid := article.raid_at(now):
        found.append(Running(raid, article, article.raid_until, article.raid_seconds))
    return tuple(found)


def running_anywhere(now: datetime) -> list[Running]:
    """Every switch that is on, the site's first."""
    articles = Article.objects.filter(raid__in=Raid.values[1:]).defer("body", "body_html").order_by("pk")
    site = running(Article(), Discussion.current(), now)
    return [*site, *(each for article in articles for each in running(article, Discussion(), now))]


def next_end(switches: Sequence[Running]) -> datetime | None:
    """When the first of them ends."""
    return min((each.until for each in switches if each.until), default=None)


def last_end(switches: Sequence[Running]) -> datetime | None:
    """When the last of them ends; None if one has no end."""
    ends = [each.until for each in switches if each.until]
    return max(ends) if ends and len(ends) == len(switches) else None


def why_held(switches: Sequence[Running]) -> str:
    """The sentence for moderators on comments that come in while everything is held; "" when it is not."""
    holding = [each for each in switches if each.raid == Raid.HOLD]
    if not holding:
        return ""
    where = "this op-ed" if all(each.article for each in holding) else "the whole site"
    return f"Held: all comments on {where} wait for a moderator {told_end(last_end(holding))}"


def seconds_between(switches: Sequence[Running]) -> int:
    """How long an address and its network wait between two comments; 0 without slow mode."""
    return max((each.seconds for each in switches if each.raid == Raid.SLOW), default=0)


def sentence(raid: Raid, article: Article | None, until: datetime | None) -> str:
    """What a switch does, for moderators."""
    return SWITCHED[raid].format(named(article), told_end(until))


def named(article: Article | None) -> str:
    """ "“The title”", or "the whole site"."""
    return f"“{article.title}”" if article else "the whole site"


def told_end(until: datetime | None) -> str:
    """ "until 14:00", in the site's time, with the day if it is not today's."""
    if until is None:
        return "until somebody switches it off"
    local = timezone.localtime(until)
    return f"until {date_format(local, 'H:i' if local.date() == timezone.localdate() else 'j F, H:i')}"


def next_morning(now: datetime) -> datetime:
    """Eight o'clock by the site's clock, after a night's sleep."""
    local = timezone.localtime(now)
    today = datetime.combine(local.date(), MORNING, local.tzinfo)
    return (
        today if today - local >= NIGHT else datetime.combine(local.date() + timedelta(days=1), MORNING, local.tzinfo)
    )


def switch_on(article: Article | None, raid: Raid, *, until: datetime | None, seconds: int, by: str, why: str) -> None:
    """Let it begin now, in place of what runs there; `seconds` count in slow mode alone."""
    with transaction.atomic():
        _locked(article)
        _switch(article, raid, until=until, seconds=seconds if raid == Raid.SLOW else 0, by=by, why=why)


def switch_off(article: Article | None, *, by: str, why: str = "") -> bool:
    """Everything is as before; False if nothing runs there any more."""
    with transaction.atomic():
        is_on = bool(_locked(article).raid_at(timezone.now()))
        if is_on:
            _switch(article, Raid.OFF, until=None, seconds=0, by=by, why=why)
    return is_on


def _locked(article: Article | None) -> Article | Discussion:
    if article is not None:
        return Article.objects.select_for_update(no_key=True).only("raid", "raid_until").get(pk=article.pk)
    return Discussion.objects.select_for_update().get_or_create(pk=1)[0]


def _switch(article: Article | None, raid: Raid, *, until: datetime | None, seconds: int, by: str, why: str) -> None:
    """Write the row that the caller has locked, and the log; the pages that say so are marked last."""
    state = {"raid": raid, "raid_until": until, "raid_seconds": seconds}
    if article is None:
        Discussion.objects.filter(pk=1).update(**state)
    else:
        Article.objects.filter(pk=article.pk).update(**state)
    RaidLog.objects.create(article=article, raid=raid, until=until, seconds=seconds, switched_by=by, why=why)
    where = f"article={article.pk}" if article else "site"
    logger.info("raid %s %s until=%s seconds=%s by=%s", where, raid or "off", until, seconds, by)
    pages_changed([f"article-{article.pk}" if article else "site"])
