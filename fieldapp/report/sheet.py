"""What is told: a workbook, its sheets and their columns, as `workbook.toml` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.report.result import Result
from fieldapp.report.statement import Statement

COVER = "Voorblad"
DESCRIPTION = "workbook.toml"
FIT = r"[^\[\]:*?/\\']{1,31}"
"""What a sheet can be called."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as people read it; `protect` marks a count of persons."""

    name: str
    heading: str
    format: str = "text"
    width: int = 12
    protect: bool = False
    unit: str = ""
    title: str = ""
    means: str = ""
    """For programs: what people call it when that is not its heading, and what it holds."""
    mean_of: str = ""
    """The engine fills this column: the mean of that one over all places that are compared."""
    draws: tuple[str, ...] = ()
    """The engine fills this column: a small chart of text of those columns, in the same row."""
    within: tuple[str, ...] = ()
    """The protected columns that this one counts part of, in every row."""

    @property
    def made(self) -> bool:
        """Whether the engine fills it, so that no statement gives it."""
        return bool(self.mean_of or self.draws)


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of the rows of level place; `lines` are drawn over its bars.

    Two charts of `half` the width stand beside each other.
    """

    kind: str
    title: str
    categories: str
    series: tuple[str, ...]
    lines: tuple[str, ...] = ()
    half: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab: a statement and how its columns are shown."""

    sql: str
    name: str
    statement: Statement
    columns: tuple[Column, ...]
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""
    turned: bool = False
    """Headings written upwards, for many narrow columns."""
    freeze: int = 1
    upright: bool = False
    """Printed on A4 that stands, for a narrow table."""
    next_page: str = ""
    """The column with which a second page begins, beside the first, for a wide table."""
    on_screen: bool = False
    """Made for the screen and for programs: on paper there is only its head, which says so."""
    csv: bool = False
    """Also told as a CSV file in the package of its workbook."""
    key: tuple[str, ...] = ()
    """The columns that name a row."""
    always: tuple[str, ...] = ()
    """Further columns that are never empty."""
    refers: Mapping[str, str] = field(default_factory=dict)
    """Columns that hold the name of a row elsewhere: column → "sheet.column"."""
    as_kept: bool = False
    """One row per record: nothing is expected of a cell, so that empty is only empty."""
    tally: Statement | None = None
    """One row: how many rows the sheet has, and per column how long its longest text is."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What a column can hold, where that is known."""

    @property
    def protects(self) -> bool:
        """Whether any column counts persons."""
        return any(column.protect for column in self.columns)

    @property
    def compares(self) -> bool:
        """Whether any column sets all places beside one."""
        return any(column.mean_of for column in self.columns)


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure on the cover: the total of one column, or its cell in the row of one figure."""

    sheet: str
    column: str
    label: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """One workbook to make; `name` is its folder's."""

    name: str
    file: str
    title: str
    about: str
    audience: str
    sheets: tuple[Sheet, ...]
    headlines: tuple[Headline, ...] = ()
    per: str = ""
    """`place` when it is made about one meeting place at a time."""
    shared: tuple[Statement, ...] = ()
    """What its sheets read beside the views, in the order in which it is filled."""
    results: tuple[Result, ...] = ()
    """The results that are measured for it; nothing when no sheet reads any."""
    people: tuple[Result, ...] = ()
    """The headcounts that are measured beside them."""
    sheets_from: str = ""
    """`forms` when every form has a sheet of its records, beside those that are listed."""
    units: Mapping[str, str] = field(default_factory=dict)
    """What the answers to a question count: its name → the unit."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """How to read its cells, for the cover, where that is not as everywhere."""
    period: str = "calendar"
    """What it is made of: calendar (a month, quarter or year) or report_year."""

    @property
    def measured(self) -> tuple[Result, ...]:
        """All that is measured together, and protected as one."""
        return *self.results, *self.people

    @property
    def monthly(self) -> bool:
        """Made of any month, of all places together."""
        return self.period == "calendar" and not self.per

    @property
    def public(self) -> bool:
        """Fit to publish, so small counts of persons are protected."""
        return self.audience == "public"

    def file_name(self, period: str, place: str | None = None) -> str:
        """The name of the file for a period, and a place where it is about one."""
        name = self.file.replace("{period}", period)
        return name.replace("{place}", place or "").replace("-.", ".")
