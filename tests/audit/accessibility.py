"""One page of each kind through axe: light, dark, narrow; and no request to anybody else on the way."""

from collections.abc import Iterator, Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tests.audit.site import CHROMIUM, Site

LOOKS = (("light", 1280), ("dark", 768), ("light", 320))
# Axe leaves out WCAG 2.2's size of targets (2.5.8) unless it is asked for.
WHOLE = {"rules": {"target-size": {"enabled": True}}}


def check(site: Site) -> Sequence[str]:
    """Violations of WCAG 2.2 AA and of axe's best practices; sideways scrolling; foreign requests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = [sentence for scheme, width in LOOKS for sentence in look(browser, site, scheme, width)]
        browser.close()
    return found


def look(browser: Browser, site: Site, scheme: str, width: int) -> Iterator[str]:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for kind, path in site.kinds.items():
        page.goto(f"{site.url}{path}")
        for violation in Axe().run(page, options=WHOLE).response["violations"]:
            yield f"{kind}, {scheme}, {width} px: {violation['id']} at {violation['nodes'][0]['target']}"
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            yield f"{kind}, {width} px: scrolls sideways"
    yield from (f"asks somebody else: {url}" for url in asked if not url.startswith(f"{site.url}/"))
    page.close()
