"""Mijn week in a real browser: a week in two minutes, by thumb, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import DARK, look_here
from tests.browser.taps import go
from tests.conftest import MOMENT, Send

MOST_STEPS = 40  # two minutes at three seconds a step
MON, TUE, WED, THU, FRI = (f"2026-11-{day}" for day in range(16, 21))

# What a coordinator knows on Friday: Tuesday closed for the weather, Thursday morning not counted.
COUNTS: Mapping[tuple[str, str], int] = {
    (MON, "morning"): 12, (MON, "afternoon"): 31,
    (WED, "morning"): 9, (WED, "afternoon"): 27, (WED, "evening"): 40,
    (THU, "afternoon"): 18,
    (FRI, "morning"): 0, (FRI, "afternoon"): 22,
}  # fmt: skip


class Steps:
    """Does things on a page and counts them: each tap, choice, key or typed number is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.taken = page, 0

    def tap(self, where: Locator) -> None:
        """Taps or clicks."""
        self.taken += 1
        where.click()

    def choose(self, where: Locator, value: str) -> None:
        """Opens a list and takes a choice: two taps."""
        self.taken += 2
        where.select_option(value)

    def type(self, text: str) -> None:
        """Types a number, or a word, into the field that has the focus."""
        self.taken += 1
        self.page.keyboard.type(text)


def cell(page: Page, date: str, daypart: str) -> Locator:
    """The field of a number."""
    return page.locator(f"[name='visitors.{date}.{daypart}']")


def whether(page: Page, date: str) -> Locator:
    """The choice of a day."""
    return page.locator(f"[name='opening.{date}']")


def focused(page: Page) -> str:
    """The name of the field that has the focus."""
    return str(page.evaluate("document.activeElement.name"))


def kept(site: Site, table: str, *columns: str) -> Sequence[tuple[Any, ...]]:
    """The rows of a table by day and daypart."""
    with site.store.read() as connection:
        return sorted(
            tuple(row[name] for name in columns)
            for row in connection.execute(f"SELECT * FROM form_{table}")
        )


def is_the_week(site: Site) -> None:
    """The rows that the week of COUNTS leaves."""
    visits = kept(site, "visitors", "date", "daypart", "visitors", "not_counted", "_state")
    counted = [(date, part, n, None, "current") for (date, part), n in COUNTS.items()]
    assert visits == sorted([*counted, (THU, "morning", None, "OK", "current")], key=str)
    openings = kept(site, "opening", "date", "open", "open_from", "open_until_2", "closed_reason")
    assert openings == [
        (MON, "yes", "09:00", None, None),
        (TUE, "no", None, None, "weather"),
        (WED, "yes", "09:00", "21:30", None),
        (THU, "yes", "09:00", None, None),
        (FRI, "yes", "09:00", None, None),
    ]
    with site.store.read() as connection:
        places = {row[0] for row in connection.execute("SELECT _place FROM form_visitors")}
    assert places == {"OP-01"}


@pytest.fixture
def paired(site: Site, handset: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the week of OP-01 on a phone that is paired to it."""

    def opened(**options: Any) -> Page:
        page = handset(**options)
        page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
        if options.get("java_script_enabled") is False:
            page.get_by_label("Typ de code van de brief").fill(site.letter("OP-01", MOMENT))
            page.get_by_role("button", name="Verder").click()
        page.get_by_label("Wat is uw roepnaam?").fill("Ria")
        page.get_by_role("button", name="Ja, koppel deze telefoon").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")
        go(page.get_by_role("link", name="Mijn week in één keer"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Mijn week")
        return page

    return opened


def test_a_whole_week_on_friday_takes_less_than_two_minutes(
    site: Site, paired: Callable[..., Page]
) -> None:
    page = paired(has_touch=True)
    steps = Steps(page)
    for (date, daypart), number in COUNTS.items():
        steps.tap(cell(page, date, daypart))
        steps.type(str(number))
        expect(whether(page, date)).to_have_value("yes")  # jumps, so that one sees it
    steps.choose(whether(page, TUE), "weather")
    steps.tap(page.locator("tbody").nth(3).get_by_text("Niet geteld"))
    steps.tap(page.locator(f"[name='not_counted.{THU}.morning']"))
    expect(page.locator("output")).to_have_text(str(sum(COUNTS.values())))
    steps.tap(page.get_by_role("button", name="Bewaar"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("week 47, 159 bezoekers.")
    is_the_week(site)
    assert steps.taken <= MOST_STEPS, f"{steps.taken} steps"


def test_a_whole_week_with_the_keyboard_alone(site: Site, paired: Callable[..., Page]) -> None:
    page = paired(viewport={"width": 1280, "height": 800})
    page.goto(f"{site.url}/week")
    keys = page.keyboard
    for _ in range(8):
        keys.press("Tab")
        if focused(page) == f"visitors.{MON}.morning":
            break
    path = (
        "12 ArrowRight 31 ArrowDown Tab Tab Dicht:_weer Tab Tab "  # past Tuesday's choice
        "9 ArrowRight 27 ArrowRight 40 Tab Tab Tab ArrowRight 18 "
        "Tab Tab Tab Enter Tab Space Tab Tab Tab "  # opens "not counted" of Thursday
        "0 ArrowRight 22 Tab Tab Tab Tab Enter"
    )
    for step in path.split():
        if step[0].isdigit() or "_" in step:
            keys.type(step.replace("_", " "))
        else:
            keys.press(step)
    expect(page.get_by_role("heading", level=1)).to_contain_text("week 47, 159 bezoekers.")
    is_the_week(site)


def test_a_whole_week_without_script(site: Site, paired: Callable[..., Page]) -> None:
    page = paired(java_script_enabled=False)
    expect(page.locator("output")).to_be_hidden()
    for (date, daypart), number in COUNTS.items():
        cell(page, date, daypart).fill(str(number))
    whether(page, TUE).select_option("weather")
    page.locator("tbody").nth(3).get_by_text("Niet geteld").click()
    page.locator(f"[name='not_counted.{THU}.morning']").check()
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("week 47, 159 bezoekers.")
    is_the_week(site)
    page.get_by_role("link", name="Klopt er iets niet?").click()
    expect(cell(page, MON, "morning")).to_have_value("12")
    expect(whether(page, TUE)).to_have_value("weather")


def test_keys_lead_as_in_a_spreadsheet(site: Site, paired: Callable[..., Page], send: Send) -> None:
    for part in ("morning", "afternoon"):
        send("OP-01", "visitors", {"date": WED, "daypart": part, "visitors": "20"})
    page = paired()
    expect(page.locator("output")).to_have_text("40")
    start = cell(page, WED, "afternoon")
    start.fill("27")
    for key, there in (
        ("ArrowUp", (TUE, "afternoon")), ("ArrowDown", (THU, "afternoon")),
        ("Enter", (THU, "afternoon")), ("ArrowLeft", (WED, "morning")),
        ("ArrowRight", (WED, "evening")),
    ):  # fmt: skip
        page.get_by_role("button", name="Bewaar").focus()
        start.focus()  # the text is selected, so a key leads on at once
        page.keyboard.press(key)
        assert focused(page) == ".".join(("visitors", *there)), key
    page.get_by_role("button", name="Bewaar").focus()
    start.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")  # within the number
    assert focused(page) == f"visitors.{WED}.afternoon"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == f"visitors.{WED}.morning"
    cell(page, FRI, "morning").press("Enter")  # the last row: goes nowhere, sends nothing
    assert focused(page) == f"visitors.{FRI}.morning"
    cell(page, MON, "evening").press("ArrowRight")
    assert focused(page) == f"visitors.{MON}.evening"
    cell(page, MON, "evening").press("Tab")
    assert focused(page) == f"opening.{MON}"
    whether(page, MON).press("ArrowDown")  # a list has its own keys
    expect(whether(page, MON)).to_have_value("yes")
    assert [row[0] for row in kept(site, "visitors", "visitors")] == [20, 20]


def test_a_day_jumps_open_and_back(site: Site, paired: Callable[..., Page]) -> None:
    page = paired()
    cell(page, MON, "morning").fill("5")
    expect(whether(page, MON)).to_have_value("yes")
    cell(page, MON, "morning").fill("")
    expect(whether(page, MON)).to_have_value("")
    whether(page, MON).select_option("weather")
    cell(page, MON, "morning").fill("5")
    expect(whether(page, MON)).to_have_value("weather")  # what a person chose stays
    whether(page, TUE).select_option("yes")
    cell(page, TUE, "morning").fill("5")
    cell(page, TUE, "morning").fill("")
    expect(whether(page, TUE)).to_have_value("yes")


@pytest.mark.parametrize("scheme", ["light", DARK])
def test_everybody_can_use_it_on_the_smallest_phone(
    site: Site, paired: Callable[..., Page], send: Send, scheme: str
) -> None:
    send("OP-01", "visitors", {"date": "2026-11-09", "daypart": "morning", "visitors": "4",
                               "activities": ["meal"]})  # fmt: skip
    for visitors in ("24", "6"):
        send("OP-01", "visitors", {"date": WED, "daypart": "morning", "visitors": visitors})
    page = paired(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    found = look_here(page)
    page.get_by_text("Wat was er vorige week?").click()
    cell(page, MON, "morning").fill("veel")
    expect(page.locator("output")).to_have_text("24")
    page.locator("tbody").nth(2).get_by_text("Niet geteld").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for field in page.locator("table :is(input[type=text], select, summary)").all():
        box = field.bounding_box()
        assert box and box["height"] >= 48, field
        assert box["width"] >= 48, field
    page.get_by_role("button", name="Bewaar").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    found += look_here(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    summary.get_by_role("link").first.click()
    expect(cell(page, MON, "morning")).to_be_focused()
    expect(cell(page, MON, "morning")).to_have_accessible_name("Ochtend, maandag 16 november")
    cell(page, MON, "morning").fill("4")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("28 bezoekers")
    found += look_here(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert found == []
