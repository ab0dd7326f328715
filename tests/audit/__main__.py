# ruff: noqa: T201
"""`python -m tests.audit [word in a check's name …]`: start the site as `make run` does, and let each check look at it.

A check returns sentences, one for each thing that is wrong; or it raises NotChecked.
Exit code 1 if anything is wrong, or was not checked.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from opedsite.supervision import stop_signals_interrupt
from tests.audit import accessibility, feeds, lighthouse, markup, packages, structured, weight
from tests.audit.site import NotChecked, Site, running_site

Check = Callable[[Site], Sequence[str]]
CHECKS: dict[str, Check] = {
    "HTML (Nu HTML checker)": markup.check,
    "JSON-LD (schema.org, Google's rules)": structured.check,
    "feeds and sitemaps (strict parsers)": feeds.check,
    "weight and requests (Chromium)": weight.check,
    "accessibility (axe; light, dark, narrow, right-to-left)": accessibility.check,
    "Lighthouse": lighthouse.check,
    "known vulnerabilities (pip-audit)": packages.check,
}


def main(words: Sequence[str]) -> int:
    chosen = {name: check for name, check in CHECKS.items() if not words or any(word in name for word in words)}
    wrong = 0
    with (
        stop_signals_interrupt(),
        tempfile.TemporaryDirectory(prefix="oped-audit-") as folder,
        running_site(Path(folder)) as site,
    ):
        print(f"The site runs at {site.url} with {len(site.paths)} addresses in its sitemaps.", flush=True)
        for name, check in chosen.items():
            wrong += look(name, check, site)
    print(f"\n{wrong} findings." if wrong else "\nNothing found.")
    return 1 if wrong else 0


def look(name: str, check: Check, site: Site) -> int:
    """Run one check and tell what it found; the number of findings."""
    print(f"\n=== {name}", flush=True)
    began = time.monotonic()
    try:
        found = check(site)
    except NotChecked as reason:
        # Nothing is known of it: the audit must not end as if nothing had been found.
        print(f"  not checked: {reason}")
        return 1
    for sentence in found:
        print(f"  {sentence}")
    print(f"{len(found) or 'no'} findings, {time.monotonic() - began:.0f} s", flush=True)
    return len(found)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
