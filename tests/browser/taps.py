"""A tap that leads to another page: it is over when that page is there."""

from __future__ import annotations

from playwright.sync_api import Locator


def go(by: Locator) -> None:
    """Taps what leads to another page, and waits until that is there, with its scripts."""
    with by.page.expect_navigation():
        by.click()
