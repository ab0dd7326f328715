"""Lighthouse on the pages that readers land on: accessibility, best practices and SEO are 100; performance is told."""

import json
import os
import statistics
import subprocess
from collections.abc import Sequence

from tests.audit.site import CHROMIUM, NODE_MODULES, NotChecked, Site

CLI = NODE_MODULES / "lighthouse" / "cli" / "index.js"
MUST_BE_FULL = ("accessibility", "best-practices", "seo")
PAGES = ("front page", "op-ed", "op-ed right to left", "author")
MEASURED = PAGES[:2]
RUNS = 5
SECONDS = 90
# On a busy machine Chromium's recording may miss the beginning of the page; Lighthouse asks to be run again then.
ATTEMPTS, AGAIN = 4, "NO_NAVSTART"
# A site on this machine has no certificate, which is not what is looked at here.
FLAGS = "--headless=new --no-sandbox --disable-gpu"
SKIPPED = "is-on-https,redirects-http"


def check(site: Site) -> Sequence[str]:
    """Scores under 100, with what failed; the median of performance is printed."""
    if not CLI.is_file():
        raise NotChecked("Lighthouse is not installed")
    found: list[str] = []
    for kind in PAGES:
        url, is_measured = f"{site.url}{site.kinds[kind]}", kind in MEASURED
        report = run(url, *MUST_BE_FULL, *(["performance"] if is_measured else []))
        found += [f"{kind}: {sentence}" for sentence in failures(report)]
        if is_measured:
            scores = [performance(each) for each in (report, *(run(url, "performance") for _ in range(RUNS - 1)))]
            print(f"performance of the {kind}: {statistics.median(scores):.0f} of 100, median of {RUNS}")  # noqa: T201
    return found


def performance(report: dict) -> float:
    """The score, of 100."""
    return float(100 * report["categories"]["performance"]["score"])


def run(url: str, *categories: str) -> dict:
    """Lighthouse's report. Raises NotChecked."""
    command = ["node", str(CLI), url, "--quiet", "--output=json", f"--only-categories={','.join(categories)}"]
    command += [f"--chrome-flags={FLAGS}", f"--skip-audits={SKIPPED}"]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=environment, check=False)
        if not done.returncode:
            return json.loads(done.stdout)
        if AGAIN not in done.stderr:
            break
    raise NotChecked(done.stderr.strip()[-300:])


def failures(report: dict) -> list[str]:
    """What keeps a category from 100."""
    return [
        f"{category['title']} {100 * category['score']:.0f}: {report['audits'][each['id']]['title']}"
        for name, category in report["categories"].items()
        for each in category["auditRefs"]
        if name in MUST_BE_FULL
        and category["score"] < 1
        and each["weight"]
        and (report["audits"][each["id"]]["score"] or 0) < 1
        and report["audits"][each["id"]]["scoreDisplayMode"] != "notApplicable"
    ]
