"""An op-ed with fifty comments and no pictures: what comes over the wire, in how many requests, and how still it is."""

from collections.abc import Sequence

from playwright.sync_api import sync_playwright

from tests.audit.site import CHROMIUM, Site

MAX_BYTES = 25_000
MAX_REQUESTS = 4
SHIFTS = """new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => moved += each.value))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 500);
})"""


def check(site: Site) -> Sequence[str]:
    """Too many bytes or requests; a layout that shifts."""
    path = site.kinds["op-ed"]
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
        wire.on(
            "Network.loadingFinished",
            lambda event: sizes.update({names[event["requestId"]]: int(event["encodedDataLength"])}),
        )
        page.goto(f"{site.url}{path}", wait_until="networkidle")
        shown, moved = page.locator("li.comment").count(), page.evaluate(SHIFTS)
        browser.close()
    # Browsers fetch the icon and the manifest when they like; neither is needed to read.
    needed = {url: size for url, size in sizes.items() if "/icon" not in url and "manifest" not in url}
    total = sum(needed.values())
    print(f"{shown} comments: {total:,} bytes in {len(needed)} requests, layout shift {moved:.4f}")  # noqa: T201
    found = [] if shown == 50 else [f"{path} shows {shown} comments instead of 50"]
    found += [f"{total:,} bytes: {needed}"] if total > MAX_BYTES else []
    found += [f"{len(needed)} requests: {list(needed)}"] if len(needed) > MAX_REQUESTS else []
    return [*found, *([f"the layout shifts by {moved:.4f}"] if moved else [])]
