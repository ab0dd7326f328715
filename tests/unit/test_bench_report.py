"""What docs/performance.md is made of."""

from tests.benchmarks.report import GROWTH_TITLE, growth_on, times_as_fast


def test_a_ratio_is_taken_within_a_round_of_a_machine_that_changes_its_speed():
    limit, ours = {"rates": [40.0, 20.0, 30.0]}, {"rates": [36.0, 18.0, 33.0]}

    assert times_as_fast(ours, limit) == 0.9


def test_what_was_measured_of_growth_stays_on_the_page():
    page = f"# Performance\n\n| 1 |\n\n{GROWTH_TITLE}\nMilliseconds to make a page.\n"

    assert growth_on(page) == f"{GROWTH_TITLE}\nMilliseconds to make a page.\n"
    assert growth_on("# Performance\n") == ""
