"""The owner's list of reasons for reporting, and what a reporter is known by."""

import pytest
from django.core.exceptions import ValidationError

from comments.models import Report
from comments.models.discussion import REPORT_REASONS, reasons_in, validate_reasons
from comments.privacy import line_of
from comments.reported import reasons_of


def test_each_line_of_the_list_is_a_reason_once():
    assert reasons_in(" Rude \r\n\r\nOff   topic\nRude") == ["Rude", "Off topic"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 81, "Rude\n" + "x" * 81])
def test_a_list_that_readers_could_not_choose_from_is_refused(text):
    with pytest.raises(ValidationError, match="Give one reason a line"):
        validate_reasons(text)


def test_our_own_list_is_one_to_choose_from():
    validate_reasons(REPORT_REASONS)


def test_reasons_are_counted_the_most_frequent_first():
    reports = [Report(reason=reason) for reason in ("Rude", "Off topic", "Off topic")]

    assert reasons_of(reports) == ["Off topic (2)", "Rude (1)"]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:7:1::2", "2001:db8:7:1::/64"),
        ("2001:DB8:7:1:ffff::", "2001:db8:7:1::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_household_with_many_addresses_has_one_line(address, line):
    assert line_of(address) == line
