"""What is told: a workbook, its sheets and their columns, as `workbook.toml` describes them."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.report.statement import Statement

COVER = "Voorblad"
DESCRIPTION = "workbook.toml"


@dataclass(frozen=True, slots=True)
class Column:
    """One column as people read it; `protect` marks a count of persons."""

    name: str
    heading: str
    format: str = "text"
    width: int = 12
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart of the rows of level place."""

    kind: str
    title: str
    categories: str
    series: tuple[str, ...]


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

    @property
    def protects(self) -> bool:
        """Whether any column counts persons."""
        return any(column.protect for column in self.columns)


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure on the cover: the total of one column."""

    sheet: str
    column: str
    label: str


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
    shared: tuple[Statement, ...] = ()
    """What its sheets read beside the views, in the order in which it is filled."""

    @property
    def public(self) -> bool:
        """Fit to publish, so small counts of persons are protected."""
        return self.audience == "public"

    def file_name(self, period: str, place: str | None = None) -> str:
        """The name of the file for a period, and a place where it is about one."""
        name = self.file.replace("{period}", period)
        return name.replace("{place}", place or "").replace("-.", ".")
