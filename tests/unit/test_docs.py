"""The documents name tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_promise_of_the_security_page_names_a_test_that_exists():
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    named = set(re.findall(r"`(test_\w+)`", page))
    first_cells = " ".join(re.findall(r"^\|([^|]*)\|", page, re.MULTILINE))
    rows = set(re.findall(r"\b([BC]\d+)\b", first_cells))

    assert {name for name in named if f"def {name}(" not in written} == set()
    assert rows == {f"B{number}" for number in range(1, 23)} | {f"C{number}" for number in range(1, 13)}
