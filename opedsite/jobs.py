"""What happens by itself: a list of jobs, each idempotent, each asking the database what is due."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from articles import publishing
from articles.pictures import renditions
from articles.search import index
from comments import checking, fading, figures, outbox, staff_mail
from opedsite.models import JobRun

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A verb and how often it is called."""

    name: str
    interval: timedelta
    run: Callable[[], object]


def refresh_statistics() -> None:
    """Let SQLite see what its tables hold, as PostgreSQL does by itself: without that it walks through all articles
    by date to find an author's few. A sample is enough, and takes a fiftieth of a second."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")


JOBS: Sequence[Job] = (
    Job("stamp articles that fell due", timedelta(minutes=1), publishing.stamp_due),
    Job("make renditions of pictures", timedelta(seconds=5), renditions.make_due),
    Job("tidy the files of pictures", timedelta(hours=1), renditions.tidy),
    Job("queue digests for moderators", timedelta(minutes=1), staff_mail.queue_digests),
    Job("send mail", timedelta(seconds=5), outbox.send_due),
    Job("forget old mail", timedelta(hours=24), outbox.forget_old),
    Job("count the days of moderation", timedelta(minutes=5), figures.count_days),
    Job("delete old spam and trash", timedelta(minutes=10), fading.delete_old),
    Job("forget old traces", timedelta(minutes=10), fading.forget_traces),
    Job("seal the log of decisions", timedelta(hours=24), checking.seal_decisions),
    Job("let search know all articles", timedelta(minutes=5), index.heal),
    Job("look at the tables", timedelta(hours=1), refresh_statistics),
    Job("clear old sessions", timedelta(hours=24), lambda: call_command("clearsessions")),
)


def run_due(jobs: Sequence[Job] = JOBS) -> list[str]:
    """Run the jobs whose interval has passed; the names of those that ran. A failing job never stops the others."""
    last = dict(JobRun.objects.values_list("name", "ran_at"))
    ran = []
    for job in jobs:
        now = timezone.now()
        before = last.get(job.name)
        if before is not None and before <= now < before + job.interval:
            continue
        try:
            job.run()
        except DatabaseError:
            logger.exception("job failed: %s", job.name)
            continue
        JobRun.objects.update_or_create(name=job.name, defaults={"ran_at": now})
        ran.append(job.name)
    return ran
