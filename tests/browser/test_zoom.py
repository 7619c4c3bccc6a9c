"""Larger letters and larger pages: nothing falls off the screen, nothing is cut or covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from fieldapp.keep.store import Store
from fieldapp.settings import shipped
from tests.browser.conftest import Site
from tests.browser.pages import Known, addresses, belongs, furnish, of_the_office, sideways
from tests.conftest import Send
from tests.page import Client

PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 256}
"""What is left of a screen of 1280 × 1024 at 400 %."""

_TWICE = "document.documentElement.style.fontSize = '200%'"
_CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(e => {
  const look = getComputedStyle(e);
  return e.checkVisibility() && !e.closest(".unseen, svg") && e.clientWidth > 1
    && look.overflowX != "visible" && look.overflowX != "auto" && look.overflowX != "scroll"
    && !e.matches("input, select, textarea") && e.scrollWidth > e.clientWidth + 1;
}).map(e => `is cut: ${e.outerHTML.slice(0, 80)}`)"""
_COVERED = """() => [...document.querySelectorAll("main .button")].flatMap(e => {
  if (!e.checkVisibility() || e.closest(".unseen")) return [];
  e.scrollIntoView({ block: "nearest" });
  const box = e.getBoundingClientRect();
  const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
  const hit = document.elementFromPoint((box.left + box.right) / 2, (top + bottom) / 2);
  return e.contains(hit) ? []
    : [`is covered: ${e.outerHTML.slice(0, 80)} by ${hit?.outerHTML.slice(0, 50)}`];
})"""


@pytest.fixture
def known(small: Store, send: Send, office: Client) -> Known:
    """What stands on the pages."""
    return furnish(small, send, office)


def faults(page: Page) -> Iterator[str]:
    """What cannot be read or reached."""
    yield from sideways(page)
    yield from page.evaluate(_CUT)
    yield from page.evaluate(_COVERED)


def everywhere(site: Site, app: Flask, known: Known, page: Page, script: str = "") -> list[str]:
    """What is wrong on the pages of a phone."""
    found = []
    for rule, address in addresses(app, known):
        if of_the_office(rule):
            continue
        page.goto(site.url + address)
        if script:
            page.evaluate(script)
        found += [f"{address}: {each}" for each in faults(page)]
    return found


def test_letters_twice_as_large(
    site: Site, app: Flask, known: Known, handset: Callable[..., Page]
) -> None:
    page = belongs(handset(viewport=PHONE, service_workers="block"), site, "OP-01", "WB-01")
    found = everywhere(site, app, known, page, _TWICE)
    assert not found, "\n".join(found)


def test_four_times_enlarged(
    site: Site, app: Flask, known: Known, handset: Callable[..., Page]
) -> None:
    page = handset(viewport=ZOOMED, device_scale_factor=4, service_workers="block")
    found = everywhere(site, app, known, belongs(page, site, "OP-01", "WB-01"))
    assert not found, "\n".join(found)


def test_a_row_that_does_not_wrap_is_missed(
    site: Site, small: Store, handset: Callable[..., Page]
) -> None:
    rule = ".counter { display: flex; flex-wrap: wrap;"
    text = (shipped("static") / "fieldapp.css").read_text()
    assert text.count(rule) == 1
    without = text.replace(rule, ".counter { display: flex;")
    page = belongs(handset(viewport=PHONE, service_workers="block"), site, "OP-01")
    page.route(
        "**/fieldapp.css*", lambda route: route.fulfill(body=without, content_type="text/css")
    )
    page.goto(f"{site.url}/form/visitors")
    page.evaluate(_TWICE)
    assert any("wider" in each for each in faults(page))


def test_nothing_moves_for_who_asked_for_that(site: Site, handset: Callable[..., Page]) -> None:
    moving = """[...document.querySelectorAll("*")].map(e => getComputedStyle(e)).filter(
      look => /[1-9]/.test(look.transitionDuration) || look.animationName != "none").length"""
    page = handset(service_workers="block")
    belongs(page, site, "WB-01")
    for motion, most in (("no-preference", 999), ("reduce", 0)):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        page.goto(f"{site.url}/form/attendance")
        assert bool(page.evaluate(moving)) == bool(most)
