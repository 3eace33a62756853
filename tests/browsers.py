"""Browsers that a test process keeps: to start one with its driver for each of eighty files costs most of a second."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright


class Browsers:
    """Playwright and the Chromiums that were asked for, by their path; each is started once, unless it broke down."""

    def __init__(self, flags: Sequence[str]) -> None:
        self._flags = flags
        self._playwright: Playwright | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started: dict[str, Browser] = {}

    @contextmanager
    def lend(self, path: str) -> Iterator[Browser]:
        """That Chromium; what was opened in it is closed with the block."""
        self._take_thread()
        try:
            if self._playwright is None:
                self._playwright = sync_playwright().start()
            browser = self._started.get(path)
            if browser is None or not browser.is_connected():
                browser = self._playwright.chromium.launch(executable_path=path, args=list(self._flags))
                self._started[path] = browser
            yield browser
            for context in browser.contexts:
                context.close()
        finally:
            self._leave_thread()

    def close(self) -> None:
        """End all of them."""
        if self._playwright is not None:
            self._take_thread()
            for browser in self._started.values():
                browser.close()
            self._playwright.stop()

    def _take_thread(self) -> None:
        """Playwright's loop waits inside its own calls only, but to asyncio it is the one that runs here, always."""
        asyncio._set_running_loop(self._loop)

    def _leave_thread(self) -> None:
        """Let others run a loop in this thread until Playwright is called again."""
        self._loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
