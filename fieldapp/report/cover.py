"""The cover: what this is, of when, for whom, what is in it and how to read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_datetime
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import letters, paper, styles
from fieldapp.report.cells import write
from fieldapp.report.paper import Frame
from fieldapp.report.period import Period, long_date
from fieldapp.report.sheet import COVER, Workbook
from fieldapp.report.styles import EMPTY, GREEN, GREY, LINE, LINK, TEXT
from fieldapp.report.table import HIDDEN, NO_BASELINE, NOT_EXPECTED, Table, small

_WIDTHS = (2, 24, 24, 24, 24)
_LAST = len(_WIDTHS)
_BROAD = 32  # characters that fit in the largest letter


@dataclass(frozen=True, slots=True)
class About:
    """What a workbook tells about itself besides its rows."""

    organisation: str
    acknowledgement: str
    state: str = ""
    """How final the data are: "Deze maand is nog niet gesloten.\""""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Form title → version in use."""
    small_cell: int = 5
    journal: str = ""
    """How far the journal had come: the anchor that `fieldapp check --against` looks up."""


def draw(
    page: Worksheet,
    workbook: Workbook,
    tables: Sequence[Table],
    frame: Frame,
    period: Period,
    about: About,
    made_at: dt.datetime,
) -> None:
    """Fills an empty worksheet with the cover of `workbook`."""
    for number, width in enumerate(_WIDTHS):
        page.column_dimensions["ABCDE"[number]].width = width
    sheet = _Cover(page)
    sheet.band()
    sheet.line(about.organisation, styles.font(10, GREEN, bold=True), 22)
    size = 28 if len(workbook.title) <= _BROAD else 16
    sheet.line(workbook.title, styles.font(size, bold=True), 42, wrap=True)
    sheet.line(_upper(period.title), styles.font(18, GREEN), 30)
    sheet.line(workbook.about, styles.font(11, GREY), 20, wrap=True)
    sheet.gap(14)
    sheet.figures(workbook, tables)
    sheet.head("Over dit overzicht")
    for label, text in _facts(workbook, period, about, made_at):
        sheet.fact(label, text)
    sheet.head("Inhoud")
    for table in tables:
        _, _, about_rows = table.sheet.statement.about.partition(": ")
        sheet.link(table.sheet.name, _upper(about_rows or table.sheet.statement.about))
    sheet.head("Zo leest u de cijfers")
    for sign, text in _legend(workbook, about):
        sheet.sign(sign, text)
    sheet.gap(14)
    sheet.line(about.acknowledgement, styles.font(11, GREEN, bold=True), 26, rule=True, wrap=True)
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = GREEN
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_area = f"A1:E{sheet.row - 1}"
    page.page_setup.orientation = "portrait"
    page.print_options.horizontalCentered = True
    paper.set_up(page, frame, COVER)
    page.page_setup.fitToHeight = 1


def _facts(
    workbook: Workbook, period: Period, about: About, made_at: dt.datetime
) -> list[tuple[str, str]]:
    audience = {
        True: "Openbaar. U mag dit overzicht delen.",
        False: "Niet delen. Dit overzicht is alleen voor het programmabureau.",
    }
    facts = [
        ("Periode", f"{long_date(period.start)} tot en met {long_date(period.end)}"),
        *period.dates,
        ("Gemaakt op", format_datetime(made_at, "d MMMM yyyy 'om' H:mm 'uur'", locale="nl")),
        ("Stand van de gegevens", about.state),
        ("Voor wie", audience[workbook.public]),
        ("Formulieren", "; ".join(_of_version(about.versions))),
        ("Journaal", about.journal),
    ]
    return [(label, text) for label, text in facts if text]


def _of_version(versions: Mapping[str, str]) -> Iterator[str]:
    """The forms in use, those of one version together."""
    for version in dict.fromkeys(versions.values()):
        names = [name for name, other in versions.items() if other == version]
        yield f"{', '.join(names)} ({version})"


def _legend(workbook: Workbook, about: About) -> list[tuple[str | int | None, str]]:
    if workbook.signs:
        return list(workbook.signs.items())
    least = about.small_cell
    legend: list[tuple[str | int | None, str]] = [
        (None, "Niet ingevuld: wij verwachtten een antwoord, maar het is er niet."),
        (0, "Nul: ingevuld, en het waren er geen."),
        (NOT_EXPECTED, "Niet verwacht: deze plek vult dit niet in, of was de hele tijd dicht."),
        (NO_BASELINE, "De beginstand is niet bekend. Wij schatten die niet."),
    ]
    if workbook.public and least:
        legend += [
            (small(least), f"Afgeschermd: 1 tot en met {least - 1} personen."),
            (
                HIDDEN,
                f"Ook afgeschermd, omdat anders een getal onder de {least} is uit te rekenen.",
            ),
        ]
    legend += [
        (
            "Mogelijk dubbel",
            "Deze mensen zijn misschien ook op een andere plek geteld, "
            "omdat wij hun kaart daar niet kennen.",
        ),
        (
            "Unieke personen",
            "Iedereen telt in een totaal één keer. Tel maanden en plekken daarom niet op.",
        ),
    ]
    return legend


class _Cover:
    """A cursor that goes down the cover."""

    def __init__(self, page: Worksheet) -> None:
        self.page = page
        self.row = 1

    def band(self) -> None:
        """A green band over the whole width."""
        for column in range(2, _LAST + 1):
            self.page.cell(self.row, column).fill = styles.fill(GREEN)
        self.gap(10)
        self.gap(14)

    def gap(self, height: float) -> None:
        """Empty space."""
        self.page.row_dimensions[self.row].height = height
        self.row += 1

    def line(
        self, text: str, font: Any, height: float, *, rule: bool = False, wrap: bool = False
    ) -> None:
        """One text over the whole width."""
        cell: Any = self.page.cell(self.row, 2)
        write(cell, text)
        cell.font = font
        if rule:
            self._rule(GREEN, above=True)
        digits = sum(_WIDTHS[1:]) * 10 / font.size
        lines = letters.lines(text, digits, bold=font.bold) if wrap else 1
        self._merge(2)
        cell.alignment = styles.align(wrap=wrap)
        self.page.row_dimensions[self.row].height = height * max(1.0, 0.8 * lines)
        self.row += 1

    def head(self, text: str) -> None:
        """A heading with a line below it."""
        self.gap(14)
        self._rule(GREEN)
        self.line(text, styles.font(12, GREEN, bold=True), 22)

    def fact(self, label: str, text: str) -> None:
        """A label and what it says."""
        self._pair(label, text, styles.font(10, GREY))

    def link(self, name: str, text: str) -> None:
        """The name of a sheet, leading to it, and its sentence."""
        self._pair(name, text, styles.font(10, LINK, line=True))
        ref = f"B{self.row - 1}"
        self.page[ref].hyperlink = Hyperlink(ref=ref, location=f"'{name}'!A1", display=name)

    def sign(self, sign: str | int | None, text: str) -> None:
        """A sign as it stands in a table, and what it means."""
        self._pair(sign, text, styles.font(10, TEXT, bold=True))
        cell: Any = self.page.cell(self.row - 1, 2)
        cell.alignment = styles.align("left")
        if sign is None:
            cell.fill = styles.fill(EMPTY)

    def figures(self, workbook: Workbook, tables: Sequence[Table]) -> None:
        """The headlines side by side, as many as fit; none when there is no total."""
        by_sql = {table.sheet.sql: table for table in tables}
        found = [
            (by_sql[headline.sheet], headline)
            for headline in workbook.headlines
            if headline.figure or any(row.level == "total" for row in by_sql[headline.sheet].rows)
        ][: _LAST - 1]
        for column, (table, headline) in enumerate(found, 2):
            number: Any = self.page.cell(self.row, column)
            value = (
                table.of(headline.figure, headline.column)
                if headline.figure
                else table.total(headline.column)
            )
            write(number, "niet ingevuld" if value is None else value)
            number.font = styles.font(24 if value is not None else 12, TEXT, bold=True)
            number.number_format = "#,##0" if isinstance(value, int | float) else "@"
            number.alignment = styles.align("left", "bottom")
            number.border = styles.border(top=GREEN)
            label: Any = self.page.cell(self.row + 1, column)
            write(label, headline.label)
            label.font = styles.font(9, GREY)
            label.alignment = styles.align("left", "top", wrap=True)
        if found:
            self.gap(42)
            self.gap(30)

    def _pair(self, label: str | int | None, text: str, font: Any) -> None:
        self._rule(LINE)
        left: Any = self.page.cell(self.row, 2)
        right: Any = self.page.cell(self.row, 3)
        for cell, value, look in ((left, label, font), (right, text, styles.font(10))):
            write(cell, value)
            cell.font = look
            cell.alignment = styles.align(vertical="center", wrap=True)
        self._merge(3)
        lines = letters.lines(text, sum(_WIDTHS[2:]))
        self.page.row_dimensions[self.row].height = 5 + 13 * lines
        self.row += 1

    def _merge(self, first: int) -> None:
        self.page.merge_cells(
            start_row=self.row, end_row=self.row, start_column=first, end_column=_LAST
        )

    def _rule(self, color: str, *, above: bool = False) -> None:
        """A line over the whole width below (or above) this row."""
        for column in range(2, _LAST + 1):
            self.page.cell(self.row, column).border = (
                styles.border(top=color) if above else styles.border(bottom=color)
            )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
