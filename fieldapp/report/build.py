"""Makes a workbook: the bytes are a function of the rows, of `made_at` and of nothing else."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from sqlite3 import Connection
from typing import IO, Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import cover, grid, listing, page, styles
from fieldapp.report.archive import zip_into
from fieldapp.report.cells import plain
from fieldapp.report.cover import About
from fieldapp.report.gather import gather, threshold
from fieldapp.report.paper import Frame
from fieldapp.report.period import Period
from fieldapp.report.sheet import COVER, Workbook
from fieldapp.report.stream import fitting


def build(
    workbook: Workbook,
    connection: Connection,
    period: Period,
    made_at: dt.datetime,
    about: About,
    place: str | None = None,
) -> bytes:
    """The .xlsx file of `workbook` over `period`; `made_at` is local time, with its zone.

    A public workbook protects small counts of persons. Raises FilesBroken on what an export gives
    that a workbook cannot hold, and TooMany when it is more than that.
    """
    file = io.BytesIO()
    build_into(file, workbook, connection, period, made_at, about, place)
    return file.getvalue()


def build_into(
    file: IO[bytes],
    workbook: Workbook,
    connection: Connection,
    period: Period,
    made_at: dt.datetime,
    about: About,
    place: str | None = None,
) -> None:
    """Writes the same into a file: what is long is never held whole."""
    tables = fitting(gather(workbook, connection, period, about, place, streaming=True))
    frame = Frame(
        workbook.title,
        period.title,
        period.this,
        about.acknowledgement,
        not workbook.public,
        threshold(workbook, about),
    )
    book = openpyxl.Workbook()
    _properties(book, workbook, period, about, made_at)
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101  (a new workbook has one)
    first.title = COVER
    cover.draw(first, workbook, tables, frame, period, about, made_at)
    for table in tables:
        if table.sheet.as_kept:
            listing.draw(book, table, frame)
        else:
            page.draw(grid.added(book, table.sheet.name), table, frame)
    _stable(book, made_at, file)
    grid.let_go(book)


def _properties(
    book: Any, workbook: Workbook, period: Period, about: About, made_at: dt.datetime
) -> None:
    properties = book.properties
    properties.title = plain(f"{workbook.title}, {period.title}")
    properties.creator = properties.lastModifiedBy = plain(about.organisation)
    properties.description = plain(about.acknowledgement)
    properties.language = "nl-NL"
    properties.created = properties.modified = made_at.astimezone(dt.UTC).replace(tzinfo=None)
    normal: Any = book._named_styles["Normal"]  # the only door to the letter that widths count in
    normal.font = styles.font()


def _stable(book: openpyxl.Workbook, made_at: dt.datetime, file: IO[bytes]) -> None:
    """Writes `book`, its parts sorted and dated `made_at`."""
    drafted = io.BytesIO()
    with zipfile.ZipFile(drafted, "w") as archive:
        writer = listing.Writer(book, archive)
        writer.save()  # book.save() would put the present time in it
    with zipfile.ZipFile(drafted) as archive:
        names = sorted(archive.namelist())
        zip_into(file, ((name, writer.part(name, archive.read(name))) for name in names), made_at)
