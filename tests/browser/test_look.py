"""Every page as everybody must be able to use it: axe finds nothing, in any language or theme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from fieldapp.keep.store import Store
from fieldapp.web.access import OFFICE_COOKIE
from fieldapp.web.language import COOKIE
from tests.browser.conftest import Site
from tests.browser.pages import (
    COLOURS,
    NARROW,
    Known,
    addresses,
    axe,
    belongs,
    cookie,
    furnish,
    of_the_office,
    sideways,
    small,
    speaks,
)
from tests.conftest import Clerk, Send
from tests.page import Client

REST = [pytest.param(code, marks=pytest.mark.long) for code in ("en", "tr", "pl")]
"""In `make fault`: they are laid out as Dutch is, and English is looked at on other pages."""
DUTCH = pytest.param("nl", marks=pytest.mark.long)
"""In `make fault`: what stands on every page is looked at in Dutch on those that are no refusal."""


@pytest.fixture
def known(small: Store, send: Send, office: Client) -> Known:
    """What stands on the pages."""
    return furnish(small, send, office)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages as small as they get, in which nothing moves; answers may be refusals."""
    contexts = []

    def made(**options: object) -> Page:
        asked = {"viewport": NARROW, "reduced_motion": "reduce", "locale": "nl-NL"} | options
        contexts.append(browser.new_context(**asked, service_workers="block"))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield made
    for context in contexts:
        context.close()


def faults(page: Page, language: str, *, phone: bool = True) -> Iterator[str]:
    """What is wrong with the page as it stands, in the light and in the dark."""
    shown = re.search("[?&]language=([a-z]+)", page.url)  # a form as phones will see it
    yield from speaks(page, shown[1] if shown else language)
    yield from sideways(page)
    if phone:
        yield from small(page)
    yield from axe(page)
    page.emulate_media(color_scheme="dark")
    yield from (f"in the dark: {wrong}" for wrong in axe(page, COLOURS))
    page.emulate_media(color_scheme="light")


def told(page: Page, language: str, *, phone: bool = True) -> list[str]:
    """What is wrong with the page, with where and in which language."""
    return [f"{language} {page.url}: {each}" for each in faults(page, language, phone=phone)]


def visit(site: Site, page: Page, address: str, language: str, *, phone: bool = True) -> list[str]:
    """Opens an address, where nothing else may come; what is wrong there."""
    answer = page.goto(site.url + address)
    assert answer and answer.ok, f"{address}: {answer and answer.status}"
    assert page.url == site.url + address, f"{address} goes on to {page.url}: say so in NO_PAGE"
    return told(page, language, phone=phone)


@pytest.mark.parametrize("language", ["nl", "ar", *REST])
def test_pages_on_a_phone(
    site: Site, app: Flask, known: Known, opened: Callable[..., Page], language: str
) -> None:
    stranger, found = opened(), list[str]()
    cookie(stranger, site, COOKIE, language)
    for address in ("/", "/pair", "/P/2222"):
        found += visit(site, stranger, address, language)
    page = belongs(opened(), site, "OP-01", "WB-01")
    cookie(page, site, COOKIE, language)
    for rule, address in addresses(app, known):
        if not of_the_office(rule):
            found += visit(site, page, address, language)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.long)])
def test_pages_of_the_office(
    site: Site,
    app: Flask,
    known: Known,
    office: Client,
    opened: Callable[..., Page],
    language: str,
) -> None:
    page = opened()
    cookie(page, site, COOKIE, language)
    found = visit(site, page, "/office/signin", language, phone=False)
    signed_in(page, site, office)
    for rule, address in addresses(app, known):
        if of_the_office(rule) and rule.endpoint != "signin.signin":
            found += visit(site, page, address, language, phone=False)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", [DUTCH, "en", "ar"])
def test_refusals_on_a_phone(
    site: Site, known: Known, opened: Callable[..., Page], language: str
) -> None:
    stranger = opened()
    cookie(stranger, site, COOKIE, language)
    found = refused(stranger, f"{site.url}/records", 401, language)
    page = belongs(opened(), site, "WB-01")
    cookie(page, site, COOKIE, language)
    found += refused(page, f"{site.url}/nothing-here", 404, language)
    for address in (
        "form/visitors",
        "form/person_new",
        "people/add",
        "people/same",
    ):
        page.goto(f"{site.url}/{address}")
        found += pressed(page, "main form.form .button:not(.second)", 422, language)
    page.goto(site.url + changed(known))
    page.locator("[name=edits]").evaluate("field => (field.value = 7)")
    found += pressed(page, "main form.form .button:not([value])", 409, language)
    for _ in range(30):
        answer = page.goto(f"{site.url}/P/2222")
        if answer and answer.status == 429:
            break
    found += refused(page, f"{site.url}/P/2222", 429, language)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", [DUTCH, "en"])
def test_refusals_and_papers_of_the_office(
    site: Site,
    known: Known,
    office: Client,
    opened: Callable[..., Page],
    hire: Callable[..., Clerk],
    sign_in: Callable[[Clerk], Client],
    language: str,
) -> None:
    reader, page = opened(), opened()
    for each, who in ((reader, sign_in(hire("lezer", "reader"))), (page, office)):
        cookie(each, site, COOKIE, language)
        signed_in(each, site, who)
    found = refused(reader, f"{site.url}/office/accounts", 403, language, phone=False)
    found += refused(page, f"{site.url}/office/nothing-here", 404, language, phone=False)
    for address in ("form/place", "accounts", "password", "people", "forms"):
        page.goto(f"{site.url}/office/{address}")
        found += pressed(page, "main form.form .button", 422, language, phone=False)
    page.goto(f"{site.url}/office/places")
    found += pressed(page, "[action='/office/letter'] button", 200, language, phone=False)
    page.goto(f"{site.url}/office/print")
    page.locator("[name=what]").first.check()
    found += pressed(page, "main form.form .button", 200, language, phone=False)
    for paper in (":not([formaction])", "[formaction$=proof]", "[formaction$=erase]"):
        page.goto(f"{site.url}/office/people")
        page.locator("#code").fill(known.card)
        found += pressed(page, "main form.form .button", 200, language, phone=False)
        found += pressed(page, f"[action$=access] .button{paper}", 200, language, phone=False)
    assert not found, "\n".join(found)


def test_a_new_page_is_looked_at_or_asked_about() -> None:
    app = Flask("new", static_folder=None)
    app.add_url_rule("/new", "new")
    app.add_url_rule("/new/<thing>", "one")
    with pytest.raises(AssertionError, match="/new/<thing>: what stands there"):
        list(addresses(app, Known({}, {}, "")))
    known = Known({"one": [{"thing": "1"}]}, {}, "")
    assert [address for _, address in addresses(app, known)] == ["/new", "/new/1"]


def signed_in(page: Page, site: Site, client: Client) -> None:
    """Signs the browser in as the client is."""
    held = client.get_cookie(OFFICE_COOKIE)
    assert held
    cookie(page, site, OFFICE_COOKIE, held.value)


def changed(known: Known) -> str:
    """The address of a record of the phone's place."""
    row = known.values["phone.record"][0]
    return f"/form/{row['form_id']}/{row['row']}"


def refused(page: Page, url: str, status: int, language: str, *, phone: bool = True) -> list[str]:
    """Opens what this browser does not get; what is wrong with the page that says so."""
    answer = page.goto(url)
    assert answer and answer.status == status, (url, answer and answer.status)
    return told(page, language, phone=phone)


def pressed(
    page: Page, button: str, status: int, language: str, *, phone: bool = True
) -> list[str]:
    """Presses a button; what is wrong with the page that comes of it."""
    with page.expect_navigation() as got:
        page.locator(button).first.click()
    assert got.value.status == status, (page.url, got.value.status)
    return told(page, language, phone=phone)
