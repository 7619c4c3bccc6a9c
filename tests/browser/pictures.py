"""Makes the pictures of the README from the example: `make pictures`."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

from fieldapp.ask.forms import load_forms
from fieldapp.demo import instance as demo
from fieldapp.keep.phone import ON_LETTER, make_pairing
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from fieldapp.web.app import create_app
from fieldapp.web.instance import real_clock
from tests.serving import QUIET, free_port, serving

NARROW = {"width": 390, "height": 800}
WIDE = {"width": 1280, "height": 860}
SHOWN = {
    "Openingstijden, ": "workbook.png",
    "Resultaten, ": "results.png",
    "Bezoeken per maand": "chart.png",
}
"""Pages of the month that are shown, by the words that are on no page before, and their files."""


def main(folder: Path) -> None:
    """Fills an example, walks through it and keeps what it sees in `folder`."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        port = free_port()
        settings = Settings(data=Path(work) / "data", public_url=f"http://localhost:{port}")
        forms = load_forms(settings.forms, Path(work) / "cache")
        store, example = demo.open_example(settings, forms, real_clock())
        books = load_workbooks(settings.exports)
        with serving(create_app(settings, store, books), port), sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
            phone(browser, example, folder)
            with store.write("pictures", real_clock()) as write:
                token, _ = make_pairing(write, "WB-01", ON_LETTER)
            manager(browser, f"{example.address}pair#{token}", example.address, folder)
            office(browser, example, folder)
            browser.close()
        last = dt.date.today().replace(day=1) - dt.timedelta(days=1)  # noqa: DTZ011
        month = deliver(store, settings, books, "monthly", f"{last:%Y-%m}", real_clock())
        dossier = deliver(store, settings, books, "dossier", str(last.year), real_clock(), "OP-03")
        store.close()
        if drawn := draw(month.content, Path(work)):
            picture(drawn, 0, folder / "workbook-cover.png")
            for words, name in SHOWN.items():
                picture(drawn, page_with(drawn, words), folder / name)
        if drawn := draw(dossier.content, Path(work)):
            picture(drawn, 1, folder / "dossier.png")


def phone(browser: Browser, example: demo.Example, folder: Path) -> None:
    """A coordinator's phone: home, a form, and in the dark."""
    for scheme in ("light", "dark"):
        page = browser.new_context(viewport=NARROW, locale="nl-NL", color_scheme=scheme).new_page()
        if scheme == "light":
            page.goto(example.pairing_link)
            page.get_by_label("Wat is uw roepnaam?").fill("Amina")
            page.get_by_role("button", name="Ja, koppel deze telefoon").click()
            shot(page, folder / "home.png")
            page.goto(f"{example.address}form/visitors")
            for _ in range(3):
                page.get_by_role("button", name="Vijf meer").first.click()
            shot(page, folder / "visitors.png")
            page.get_by_role("button", name="Bewaar").click()
            page.wait_for_url("**/saved*")
            shot(page, folder / "saved.png")
            week = real_clock().date() - dt.timedelta(days=7)
            page.goto(f"{example.address}week?week={week:%G-W%V}")
            page.get_by_role("table").scroll_into_view_if_needed()
            shot(page, folder / "week.png")
            elsewhere(browser, page, example.address, folder)
        else:
            page.goto(example.address)
            shot(page, folder / "welcome-dark.png")


def elsewhere(browser: Browser, page: Page, address: str, folder: Path) -> None:
    """The same phone without a signal, in the dark, and in Arabic."""
    kept = page.context.storage_state()
    dark = browser.new_context(
        viewport=NARROW, locale="nl-NL", color_scheme="dark", storage_state=kept
    ).new_page()
    dark.goto(f"{address}count")
    for _ in range(7):
        dark.get_by_role("button", name="Eén meer").click()
    shot(dark, folder / "count.png")
    page.route("**/api/**", lambda route: route.abort())
    for part, number in (("Ochtend", "31"), ("Middag", "26")):
        page.goto(f"{address}form/visitors")
        page.get_by_label("Gisteren").first.check()
        page.get_by_label(part).first.check()
        page.get_by_label("Hoeveel mensen kwamen er?").fill(number)
        page.get_by_role("button", name="Bewaar").click()
        page.get_by_role("heading", name="Bewaard op deze telefoon").wait_for()
    page.goto(f"{address}unsent")
    page.get_by_text("Bezoekers").first.wait_for()
    page.screenshot(path=folder / "unsent.png")
    arabic = browser.new_context(viewport=NARROW, locale="nl-NL", storage_state=kept).new_page()
    arabic.goto(f"{address}form/visitors")
    arabic.locator(".tongue summary").click()
    arabic.get_by_role("button", name="العربية").click()
    arabic.wait_for_function("document.documentElement.dir === 'rtl'")
    shot(arabic, folder / "visitors-ar.png")


def manager(browser: Browser, link: str, address: str, folder: Path) -> None:
    """A manager's phone: a crew ticked from a hundred people."""
    page = browser.new_context(viewport=NARROW, locale="nl-NL").new_page()
    page.goto(link)
    page.get_by_label("Wat is uw roepnaam?").fill("Omar")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    page.goto(f"{address}form/attendance")
    page.get_by_label("Wat deed deze groep?").select_option("green")
    for choice in page.locator("[data-q=who] .choice input").all()[:4]:
        choice.check()
    page.locator("[data-q=who] legend").first.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('[data-q=who]').scrollIntoView()")
    shot(page, folder / "crew.png")


def office(browser: Browser, example: demo.Example, folder: Path) -> None:
    """The programme office at its desk, and a poster."""
    page = browser.new_context(viewport=WIDE, locale="nl-NL").new_page()
    page.set_default_timeout(180_000)  # a report is measured when it is first asked for
    page.goto(f"{example.address}office/")
    page.get_by_label("Naam").fill(example.office_name)
    page.get_by_label("Wachtwoord").fill(example.password)
    page.get_by_label("Code uit uw app").fill(demo.code_now(example))
    page.get_by_role("button", name="Inloggen", exact=True).click()
    shot(page, folder / "overview.png")
    last = real_clock().date().replace(day=1) - dt.timedelta(days=1)
    for path, name in (
        (f"at/OP-03?month={last:%Y-%m}", "place.png"),
        (f"results/4-1.1.1.g?month={last:%Y-%m}", "result.png"),
        ("records", "records.png"),
        (f"months/{last:%Y-%m}", "closing.png"),
    ):
        page.goto(f"{example.address}office/{path}")
        shot(page, folder / name)
    page.goto(f"{example.address}office/progress/")
    page.get_by_role("heading", name="B. Stand").evaluate("part => part.scrollIntoView()")
    shot(page, folder / "progress.png")
    page.goto(f"{example.address}office/month-pages?place=OP-03")
    page.locator(".month").first.screenshot(path=folder / "month.png")
    page.goto(f"{example.address}office/posters?place=OP-03")
    page.locator(".poster").nth(1).screenshot(path=folder / "poster.png")


def shot(page: Page, path: Path) -> None:
    """A picture of what stands on the screen."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)


def draw(content: bytes, work: Path) -> bytes:
    """A workbook as LibreOffice prints it: a PDF; nothing where there is no LibreOffice."""
    office_program = shutil.which("soffice") or shutil.which("libreoffice")
    if not office_program:
        print("LibreOffice is not installed: the pictures of workbooks stay as they are.")
        return b""
    path = work / "book.xlsx"
    path.write_bytes(content)
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    subprocess.run(
        [office_program, profile, "--headless", "--convert-to", "pdf", "--outdir", work, path],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return path.with_suffix(".pdf").read_bytes()


def page_with(drawn: bytes, words: str) -> int:
    """The first page with those words after the cover, which tells of them all."""
    with pypdfium2.PdfDocument(drawn) as document:
        for number in range(1, len(document)):
            if words in document[number].get_textpage().get_text_bounded():
                return number
    raise LookupError(f"no page says {words}")


def picture(drawn: bytes, number: int, path: Path) -> None:
    """A picture of one page."""
    with pypdfium2.PdfDocument(drawn) as document:
        document[number].render(scale=1.3).to_pil().save(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
