"""The desk's figures, log and privacy desk in a browser: nothing breaks, nothing is too wide, axe finds nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from comments import figures, review
from comments.models import Comment
from tests.browser.conftest import log_in, violations
from tests.factories import make_article, make_comment, make_staff

ADDRESS = "ana.silva@hidden-mail.example"


@pytest.fixture
def moderated(site):
    """A month of comments, decided by three people."""
    article = make_article()
    for day in range(30):
        for number in range(1 + day * 7 % 5):
            at = timezone.now() - timedelta(days=day, hours=number + 1)
            made = make_comment(article, f"Comment {day}.{number}", status="pending", submitted_at=at)
            verb = (review.approve, review.approve, review.trash, review.mark_as_spam, None)[(day + number) % 5]
            if verb:
                verb(Comment.objects.filter(pk=made.pk), by=("mira", "jonas", "a-colleague-with-a-long-name")[day % 3])
    make_comment(article, f"Write to {ADDRESS}.", email=ADDRESS)
    figures.count_days()
    make_staff("Owner", "owner")
    return site


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_figures_log_and_privacy_desk_fit_and_are_for_everybody(page: Page, moderated, complaints, width, colors):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=colors)
    log_in(page, moderated, "owner")
    seen = []

    def look(name):
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        seen.append((name, max(0, overflow), violations(page)))

    page.locator("summary").first.click()
    look("figures")
    page.goto(f"{moderated}/admin/comments/decision/")
    look("log")
    page.goto(f"{moderated}/admin/privacy/")
    look("privacy")
    page.get_by_label("Email address of the person").fill(ADDRESS)
    page.get_by_role("button", name="Show what is kept").click()
    look("kept")
    page.get_by_label("They are removed").check()
    page.get_by_role("button", name="Erase …").click()
    look("sure")
    page.get_by_role("button", name="Erase for ever").click()
    page.get_by_text("Erased: the writer of 1 comment").wait_for()
    look("erased")

    assert seen == [(name, 0, []) for name, _, _ in seen]
    assert complaints == []
