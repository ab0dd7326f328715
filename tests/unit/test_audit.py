"""What the log leaves out."""

import logging

import pytest

from opedsite.audit import UtcFormatter


@pytest.mark.parametrize("kind", ["own", "answer", "mine"])
def test_the_token_of_a_secret_link_is_in_no_line_of_the_log(kind):
    token = "MQ:1xVKJd:ozXuLiBzXPm_CsTrssIZ52kJDPL4bvdspNTxTKLGarU"
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (f"/comments/{kind}/{token}/edit/",)})

    assert UtcFormatter().format(record) == f"Not Found: /comments/{kind}/…/edit/"


def test_an_ordinary_address_stays_readable_in_the_log():
    record = logging.makeLogRecord({"msg": "Not Found: /comments/12/ /comments/feed/atom/ /2026/11/a-long-slug/"})

    assert UtcFormatter().format(record) == record.msg


@pytest.mark.parametrize(("answered", "has_traceback"), [(400, False), (403, False), (500, True), (None, True)])
def test_what_is_refused_leaves_a_line_and_what_fails_a_traceback(answered, has_traceback):
    record = logging.makeLogRecord({"msg": "Said", "exc_info": (ValueError, ValueError("why"), None)})
    if answered:
        record.status_code = answered

    assert UtcFormatter().format(record) == ("Said\nValueError: why" if has_traceback else "Said")
    assert record.exc_info
