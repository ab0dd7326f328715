"""Every page of readers through the Nu HTML checker."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.audit.site import NODE_MODULES, NotChecked, Site

JAR = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
SECONDS = 240


def check(site: Site) -> Sequence[str]:
    """What is no HTML by the standard, on any page in the sitemaps or of any kind."""
    if not JAR.is_file():
        raise NotChecked("the checker is not installed")
    paths = dict.fromkeys([*site.paths, *site.kinds.values(), "/accounts/login/"])
    with tempfile.TemporaryDirectory() as folder:
        files = {f"{number:04}.html": path for number, path in enumerate(paths)}
        for name, path in files.items():
            (Path(folder) / name).write_text(site.get(path).text, "utf-8")
        command = ["java", "-jar", str(JAR), "--format", "json", "--exit-zero-always", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    return [
        f"{files[Path(message['url']).name]}: {message['message']} ({message.get('extract', '').strip()[:100]})"
        for message in json.loads(done.stderr)["messages"]
    ]
