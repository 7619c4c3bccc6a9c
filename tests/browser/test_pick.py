"""A list of a hundred people: found, ticked and counted, by finger, by keyboard and by card."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from tests.browser.conftest import Site
from tests.conftest import MOMENT, Send

NAMES = ("Fatima", "Bo", "Şükrü", "Łucja", "Mo", "Ria", "Wil", "Aïsha", "Jan", "Nel")


@pytest.fixture
def hundred(small: Store, send: Send) -> Mapping[str, str]:
    """A hundred participants of WB-01: name → card code."""
    found = {}
    for nth in range(100):
        name = NAMES[nth % 10] if nth < 10 else f"{NAMES[nth % 10]} {nth // 10}"
        raw = {"role": "participant", "known_elsewhere": "no", "call_name": name}
        raw |= {"started": "2026-11-02", "labour_distance": "yes", "informed": "OK"}
        row = send("WB-01", "person_new", raw).id
        with small.read() as connection:
            asked = connection.execute("SELECT person FROM form_person_new WHERE _id = ?", (row,))
            found[name] = asked.fetchone()[0]
    return found


@pytest.fixture
def seen(send: Send) -> Callable[..., None]:
    """Sends who took part at WB-01."""

    def sent(date: str, task: str, who: Sequence[str], daypart: str = "morning") -> None:
        raw = {"date": date, "daypart": daypart, "task": task, "hours": "3"}
        send("WB-01", "attendance", raw | {"who": who}, str(uuid.uuid4()))

    return sent


@pytest.fixture
def works(site: Site, handset: Callable[..., Page], hundred: Mapping[str, str]) -> Page:
    """A phone paired to WB-01."""
    page = handset()
    page.goto(f"{site.url}/pair#{site.letter('WB-01', MOMENT)}")
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")
    return page


def who(page: Page) -> Locator:
    return page.get_by_role("group", name="Wie deden mee?")


def kept(site: Site) -> list[str]:
    with site.store.read() as connection:
        found = connection.execute("SELECT who FROM form_attendance ORDER BY rowid DESC").fetchone()
    return list(json.loads(found[0]))


def test_one_finds_ticks_and_counts_among_a_hundred(
    site: Site, works: Page, hundred: Mapping[str, str]
) -> None:
    works.goto(f"{site.url}/form/attendance")
    box, search = who(works), who(works).get_by_role("searchbox")
    everybody = box.get_by_role("button", name="Alle 100 getoonde kiezen")
    expect(everybody).to_be_visible()
    search.fill("lucja")  # without its stroke
    expect(box.get_by_role("checkbox")).to_have_count(10)
    box.get_by_role("button", name="Alle 10 getoonde kiezen").click()
    expect(box.get_by_text("10 gekozen", exact=True)).to_be_visible()
    box.get_by_role("button", name="Alle 10 getoonde niet kiezen").click()
    expect(box.get_by_text("0 gekozen", exact=True)).to_be_visible()
    search.fill("fatima")
    box.get_by_label(f"Fatima · {hundred['Fatima']}").check()
    search.fill("sukru 3")
    expect(box.get_by_role("checkbox")).to_have_count(1)
    box.get_by_role("checkbox").check()
    search.fill("zzz")
    expect(box.get_by_text("Niemand gevonden.")).to_be_visible()
    expect(box.get_by_text("2 gekozen", exact=True)).to_be_visible()  # also when out of sight
    search.fill("")
    works.get_by_label("Wat deed deze groep?").select_option("green")
    works.get_by_label("Hoeveel uur deed ieder mee?").fill("3")
    works.get_by_role("button", name="Bewaar").click()
    expect(works.get_by_role("heading", level=1)).to_contain_text("Wij hebben dit bewaard")
    assert sorted(kept(site)) == sorted([hundred["Fatima"], hundred["Şükrü 3"]])


def test_all_who_are_shown_are_those_who_may_be_ticked(
    site: Site, works: Page, send: Send, hundred: Mapping[str, str]
) -> None:
    """Somebody of another day is not ticked along, not counted, and not sent."""
    raw = {"role": "participant", "known_elsewhere": "no", "call_name": "Zoë", "informed": "OK"}
    send("WB-01", "person_new", raw | {"started": "2026-11-20", "labour_distance": "no"})
    works.goto(f"{site.url}/form/attendance")
    box = who(works)
    box.get_by_role("button", name="Alle 101 getoonde kiezen").click()
    expect(box.get_by_text("101 gekozen", exact=True)).to_be_visible()
    works.get_by_label("Gisteren").check()
    expect(box.get_by_text("100 gekozen", exact=True)).to_be_visible()
    expect(box.get_by_role("button", name="Alle 100 getoonde niet kiezen")).to_be_visible()


def test_the_same_as_last_time_follows_what_is_chosen(
    site: Site, works: Page, hundred: Mapping[str, str], seen: Callable[..., None]
) -> None:
    codes = list(hundred.values())
    seen("2026-11-17", "food", codes[:3])
    seen("2026-11-18", "green", codes[3:8])
    seen("2026-11-19", "food", codes[8:10])
    works.goto(f"{site.url}/form/attendance")
    box = who(works)
    again = box.get_by_role("button", name="Zelfde als vorige keer")
    works.get_by_label("Wat deed deze groep?").select_option("green")
    again.click()
    expect(box.get_by_text("5 gekozen", exact=True)).to_be_visible()
    expect(box.get_by_text("Net als op woensdag 18 november.")).to_be_visible()
    works.get_by_label("Gisteren").check()
    works.get_by_label("Wat deed deze groep?").select_option("food")
    again.click()  # what was ticked stays
    expect(box.get_by_text("8 gekozen", exact=True)).to_be_visible()
    for code in codes[:3]:
        expect(box.locator(f"input[value='{code}']")).to_be_checked()


def test_who_was_here_lately_stands_first(
    site: Site, works: Page, hundred: Mapping[str, str], seen: Callable[..., None]
) -> None:
    seen("2026-11-19", "food", [hundred["Wil 9"]])
    works.goto(f"{site.url}/form/attendance")
    lately = who(works).get_by_role("group", name="Laatst aanwezig")
    expect(lately.get_by_role("checkbox")).to_have_count(1)
    expect(who(works).get_by_role("checkbox").first).to_have_value(hundred["Wil 9"])
    who(works).get_by_role("searchbox").fill("bo")
    expect(lately).to_be_hidden()
    expect(who(works).get_by_role("group", name="Anderen")).to_be_visible()


@pytest.mark.parametrize(
    "typed", ["{}", "https://veld.example.nl/P/{}", "{0[0]}{0[1]}-{0[2]}{0[3]}"]
)
def test_a_card_s_code_ticks_its_person(
    typed: str, site: Site, works: Page, hundred: Mapping[str, str]
) -> None:
    works.goto(f"{site.url}/form/attendance")
    box, search = who(works), who(works).get_by_role("searchbox")
    code = hundred["Fatima 4"]
    search.press_sequentially(typed.format(code.lower()))
    search.press("Enter")
    expect(box.get_by_text(f"Fatima 4 · {code} gekozen.")).to_be_visible()
    expect(search).to_have_value("")
    expect(box.get_by_label(f"Fatima 4 · {code}")).to_be_checked()
    expect(box.get_by_text("1 gekozen", exact=True)).to_be_visible()
    search.press_sequentially("https://veld.example.nl/P/2222")
    search.press("Enter")
    expect(box.get_by_text("Deze code staat niet in de lijst.")).to_be_visible()
    search.press_sequentially(hundred["Bo"])  # the next scan goes over it
    search.press("Enter")
    expect(box.get_by_text(f"Bo · {hundred['Bo']} gekozen.")).to_be_visible()
    expect(box.get_by_text("2 gekozen", exact=True)).to_be_visible()


def test_a_crew_by_keyboard_alone(
    site: Site, works: Page, hundred: Mapping[str, str], seen: Callable[..., None]
) -> None:
    seen("2026-11-19", "green", [hundred["Nel"], hundred["Jan"]])
    works.goto(f"{site.url}/form/attendance?task=green&daypart=morning")
    who(works).get_by_role("searchbox").focus()
    keyboard = works.keyboard
    for name in ("fatima 7", "sukru 2"):
        keyboard.type(name)
        keyboard.press("Enter")
    keyboard.press("Tab")
    expect(who(works).get_by_role("button", name="Zelfde als vorige keer")).to_be_focused()
    keyboard.press("Enter")
    expect(who(works).get_by_text("4 gekozen", exact=True)).to_be_visible()
    for _ in range(30):  # past the button for all, and down the list
        keyboard.press("Tab")
        assert works.evaluate(COVERED) is None
    keyboard.press("Space")
    expect(who(works).get_by_text("5 gekozen", exact=True)).to_be_visible()
    works.get_by_label("Hoeveel uur deed ieder mee?").focus()
    keyboard.type("2,5")
    keyboard.press("Enter")
    expect(works.get_by_role("heading", level=1)).to_contain_text("Wij hebben dit bewaard")
    assert len(kept(site)) == 5


# What covers the element that has the focus, if anything does.
COVERED = """() => {
  const row = document.activeElement.closest("label") || document.activeElement;
  const box = row.getBoundingClientRect();
  for (const y of [box.top + 2, box.bottom - 2]) {
    const above = document.elementFromPoint(box.left + box.width / 2, y);
    if (!above || !row.contains(above)) return `${row.textContent} at ${y}: ${above?.className}`;
  }
  return null;
}"""


def test_scanned_cards_are_ticked_on_the_form(
    site: Site, works: Page, hundred: Mapping[str, str]
) -> None:
    for name, many in (("Fatima", 1), ("Bo", 2)):
        works.goto(f"{site.url}/P/{hundred[name]}")
        label = f"{name} · {hundred[name]}"
        status = works.get_by_text(f"{label} staat aangevinkt.")
        expect(status).to_be_visible()
        expect(who(works).get_by_text(f"{many} gekozen", exact=True)).to_be_visible()
    works.goto(f"{site.url}/p/{hundred['Mo'].lower()}")
    expect(who(works).get_by_text("3 gekozen", exact=True)).to_be_visible()


def test_without_a_script_the_link_ticks_them(
    site: Site,
    works: Page,
    handset: Callable[..., Page],
    hundred: Mapping[str, str],
    seen: Callable[..., None],
) -> None:
    seen("2026-11-19", "food", [hundred["Mo"], hundred["Ria"]])
    plain = handset(java_script_enabled=False, storage_state=works.context.storage_state())
    plain.goto(f"{site.url}/form/attendance")
    plain.get_by_role("link", name="Zelfde als vorige keer").click()
    expect(who(plain).locator("input:checked")).to_have_count(2)
    expect(plain.get_by_role("button", name="Zelfde als vorige keer")).to_be_hidden()


def test_three_crews_of_a_hundred_are_logged(
    site: Site, works: Page, hundred: Mapping[str, str]
) -> None:
    """Searched and ticked together; who is in two crews gives the hours of both, and is one."""
    crews = (("green", "fatima", "3"), ("litter", "bo", "2,5"), ("host", "jan", "2"))
    for task, found, hours in crews:
        works.goto(f"{site.url}/form/attendance")
        works.get_by_role("radio", name="Ochtend").check()
        works.get_by_label("Wat deed deze groep?").select_option(task)
        who(works).get_by_role("searchbox").fill(found)
        who(works).get_by_role("button", name="Alle 10 getoonde kiezen").click()
        who(works).get_by_role("searchbox").fill("")
        if task == "host":  # from the first crew
            who(works).get_by_label(f"Fatima · {hundred['Fatima']}").check()
        works.get_by_label("Hoeveel uur deed ieder mee?").fill(hours)
        works.get_by_role("button", name="Bewaar").click()
        expect(works.get_by_role("heading", level=1)).to_contain_text("Wij hebben dit bewaard")
    with exporting(site.store) as connection:
        told = connection.execute(
            "SELECT count(*), count(DISTINCT person), sum(hours) FROM seen WHERE place = 'WB-01'"
        ).fetchone()
    assert tuple(told) == (31, 30, 10 * 3 + 10 * 2.5 + 11 * 2)
