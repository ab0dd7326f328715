"""The worker beside the web server: calls what is due, for ever."""

import logging
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from opedsite import jobs
from opedsite.postgresql import JOB_TIMEOUT_MS, limit_statements

logger = logging.getLogger(__name__)
PAUSE = 5.0


class Command(BaseCommand):
    """Runs `opedsite.jobs` until it is told to stop."""

    help = "Run the site’s jobs (publishing what fell due, housekeeping) until stopped; --once runs them once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--once", action="store_true", help="run what is due now, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop; a database that is away is asked again at the next turn."""
        if options["once"]:
            for name in jobs.run_due():
                self.stdout.write(name)
            return
        limit_statements(JOB_TIMEOUT_MS)
        stopped = threading.Event()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        while not stopped.wait(PAUSE):
            try:
                jobs.run_due()
            except DatabaseError as error:
                logger.warning("the database does not answer: %s", type(error).__name__)
            finally:
                close_old_connections()
