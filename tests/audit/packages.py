"""What is known against the versions that are installed."""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.audit.site import ROOT, TOOLS, NotChecked, Site

SECONDS = 60


def check(site: Site) -> Sequence[str]:
    """Vulnerabilities of the locked packages, where pip-audit's service can be asked."""
    folder = TOOLS / "python"
    if not (folder / "pip_audit").is_dir():
        raise NotChecked("pip-audit is not installed")
    command = [sys.executable, "-m", "pip_audit", "-r", str(ROOT / "requirements.lock"), "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner=off", "--timeout=10"]
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotChecked("its service did not answer") from None
    if done.returncode == 0:
        return []
    rows = [line for line in done.stdout.splitlines()[2:] if line.strip()]
    if not rows:
        raise NotChecked(f"its service is out of reach ({done.stderr.strip().splitlines()[-1][:120]})")
    return rows
