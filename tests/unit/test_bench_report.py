"""What docs/performance.md is made of."""

from tests.benchmarks.report import GROWTH_TITLE, growth_on


def test_what_was_measured_of_growth_stays_on_the_page():
    page = f"# Performance\n\n| 1 |\n\n{GROWTH_TITLE}\nMilliseconds to make a page.\n"

    assert growth_on(page) == f"{GROWTH_TITLE}\nMilliseconds to make a page.\n"
    assert growth_on("# Performance\n") == ""
