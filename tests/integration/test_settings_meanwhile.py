"""Two owners at the same page of settings: neither puts back unasked what the other has just changed."""

import re

import pytest

from articles.models import Publication
from comments.models import Discussion, MailSettings
from tests.integration import test_discussion_settings, test_mail_settings, test_site_settings

pytestmark = pytest.mark.django_db


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


@pytest.mark.parametrize(
    ("settings_page", "model", "changed", "typed"),
    [
        (test_site_settings.EMPTY, Publication, "name", "tagline"),
        (test_mail_settings.EMPTY, MailSettings, "from_name", "reply_opening"),
        (test_discussion_settings.DEFAULTS, Discussion, "close_after_days", "flood_seconds"),
    ],
    ids=["site", "mail", "discussion"],
)
def test_a_form_that_was_open_while_another_owner_saved_puts_nothing_back_unasked(
    desk, settings_page, model, changed, typed
):
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/1/change/"
    first, second = desk("Owner"), desk("Owner")
    old = settings_page | {"seen": seen_in(second.get(address).text)}
    first.post(address, settings_page | {changed: "30", "seen": seen_in(first.get(address).text)})

    told = second.post(address, old | {typed: "77"})

    assert "Somebody else has saved these settings" in told.text
    assert "77" in told.text
    assert str(getattr(model.objects.get(), changed)) == "30"
    second.post(address, settings_page | {changed: "31", typed: "77", "seen": seen_in(told.text)})
    assert [str(getattr(model.objects.get(), each)) for each in (changed, typed)] == ["31", "77"]
