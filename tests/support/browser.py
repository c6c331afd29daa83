"""A real Chromium, and what it notices about a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome") or ""
DESKTOP, PHONE = (1280, 900), (375, 812)
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for many pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(slots=True)
class Seen:
    """A page that is open, and what happened while it was opened."""

    page: Page
    errors: list[str] = field(default_factory=list)
    """What the console and the security policy complained of."""
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Addresses that were asked for, without those inside the page."""

    def ask(self, script: str) -> Any:
        """What ``script`` gives inside the page; the page's own policy does not bind it."""
        return self.page.evaluate(script)


@contextmanager
def opened(
    browser: Browser, address: str | Path, *, size: tuple[int, int] = DESKTOP, dark: bool = False
) -> Iterator[Seen]:
    """The page at ``address`` (a file, or an URL) in a fresh window."""
    url = address.as_uri() if isinstance(address, Path) else address
    width, height = size
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    seen = Seen(context.new_page())
    seen.page.on("console", lambda told: seen.errors.append(told.text) if told.type in {"error", "warning"} else None)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    seen.page.on("request", lambda asked: None if asked.url.startswith("data:") else seen.requests.append(asked.url))
    try:
        seen.page.goto(url, wait_until="load")
        yield seen
    finally:
        context.close()
