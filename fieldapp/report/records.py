"""One sheet per form with its records, in the columns that ODK Central gives its exports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from fieldapp.ask.kinds import KINDS
from fieldapp.report.sheet import COVER, FIT, Column, Sheet, Workbook
from fieldapp.report.statement import Statement
from fieldapp.report.styles import FORMATS

PLACES = "places"  # the register that records of a place refer to

_BEFORE = (("SubmissionDate", "local_time(v._received_at)", "moment", "Ontvangen op", 18),)
_AFTER = (
    ("meta-instanceID", "'uuid:' || v._id", "text", "Nummer van het record", 12),
    ("KEY", "'uuid:' || v._id", "text", "Nummer van het record", 12),
    (
        "SubmitterName",
        "CASE WHEN v._phone THEN 'phone:' || v._phone "
        "WHEN v._account THEN 'account:' || v._account END",
        "text",
        "Telefoon of account waarvan het kwam, zonder naam",
        15,
    ),
    (
        "ReviewState",
        "CASE WHEN v._edits > 0 THEN 'edited' END",
        "text",
        "edited: later veranderd",
        13,
    ),
    ("Edits", "v._edits", "integer", "Hoe vaak het is veranderd", 8),
    ("FormVersion", "v._version", "text", "Versie van het formulier", 13),
)
"""Name, SQL, format, what it is, width."""

_ALWAYS = ("SubmissionDate", "place", "meta-instanceID", "Edits", "FormVersion")
_OWN = {name.casefold() for name, *_ in (*_BEFORE, *_AFTER)}
_WIDTHS = {"text": 16, "date": 13, "moment": 18}
_WIDTH = 10

PEOPLE = "personen"
_HOW_MANY = "Alleen hoeveel mensen. Wie het zijn, staat hier niet."
_NAMES = "De gekozen antwoorden, met spaties ertussen."


@dataclass(frozen=True, slots=True)
class _Told:
    """A column with the SQL that fills it, what it can hold and where it points."""

    column: Column
    sql: str
    choices: tuple[str, ...] = ()
    refers: str = ""

    @property
    def longest(self) -> str:
        """SQL for the length of the longest text of the column."""
        texts = FORMATS[self.column.format].holds == "text"
        return f"coalesce(max(length({self.sql})), 0)" if texts else "0"


def sheets_of(workbook: Workbook, connection: Connection) -> tuple[Sheet, ...]:
    """The sheets of `workbook`: one per form with records of a place, then those it lists."""
    if not workbook.sheets_from:
        return workbook.sheets
    taken = {COVER.casefold(), *(sheet.name.casefold() for sheet in workbook.sheets)}
    registers = {sheet.sql for sheet in workbook.sheets if sheet.key}
    made = []
    for form in _forms(connection):
        name = _name(form, taken)
        taken.add(name.casefold())
        made.append(_sheet(workbook, connection, form, name, registers))
    return (*made, *workbook.sheets)


def _forms(connection: Connection) -> Sequence[Mapping[str, Any]]:
    found = connection.execute(
        "SELECT form_id, form FROM questions WHERE name = 'place' "
        "GROUP BY form_id, form, form_order ORDER BY form_order, form_id"
    )
    return [dict(zip(("form_id", "form"), row, strict=True)) for row in found]


def _name(form: Mapping[str, Any], taken: set[str]) -> str:
    """What the sheet is called: the title, or else the form_id."""
    for name in (form["form"], form["form_id"][:31]):
        if re.fullmatch(FIT, name) and name.casefold() not in taken:
            return str(name)
    numbered = (f"{form['form_id'][:28]}_{number}" for number in range(2, 99))
    return next(name for name in numbered if name.casefold() not in taken)


def _sheet(
    workbook: Workbook,
    connection: Connection,
    form: Mapping[str, Any],
    name: str,
    registers: set[str],
) -> Sheet:
    form_id, title = form["form_id"], form["form"]
    told = [
        *(_Told(Column(n, n, f, w, title=m), sql) for n, sql, f, m, w in _BEFORE),
        *_questions(workbook, connection, form_id, registers),
        *(_Told(Column(n, n, f, w, title=m), sql) for n, sql, f, m, w in _AFTER),
    ]
    listed = ",\n       ".join(f'{each.sql} AS "{each.column.name}"' for each in told)
    about = f"Eén rij per record: formulier {title} ({form_id})."
    source = (
        f"  FROM [_{form_id}] v\n"
        " WHERE v._day BETWEEN :from AND :until AND (:place IS NULL OR v.place = :place)\n"
    )
    order = " ORDER BY v._day, v.place, v._received_at, v._id"
    text = f"-- {about}\nSELECT {listed}\n{source}{order}"
    longest = "".join(f",\n       {each.longest} AS _{at}" for at, each in enumerate(told))
    tally = f"-- {about}\nSELECT count(*) AS many{longest}\n{source}"
    file = f"{workbook.name}/{form_id}.sql"
    return Sheet(
        form_id,
        name,
        Statement(file, text, about),
        tuple(each.column for each in told),
        csv=True,
        key=("KEY",),
        always=_ALWAYS,
        refers={each.column.name: each.refers for each in told if each.refers},
        choices={each.column.name: each.choices for each in told if each.choices},
        as_kept=True,
        tally=Statement(file, tally, about),
    )


def _questions(
    workbook: Workbook, connection: Connection, form_id: str, registers: set[str]
) -> Iterator[_Told]:
    """The columns of a form's questions, in its order; who somebody is has none."""
    shown = connection.execute(f"SELECT * FROM [_{form_id}] LIMIT 0").description  # noqa: S608
    names = {column[0] for column in shown}
    asked = connection.execute(
        "SELECT name, coalesce(label, ''), type, coalesce(list_name, ''), private "
        "FROM questions WHERE form_id = ? ORDER BY position",
        (form_id,),
    ).fetchall()
    for name, label, type_, list_name, private in asked:
        if name not in names:
            continue
        kind, sql, unit = KINDS[type_], f"v.[{name}]", workbook.units.get(name, "")
        own = f"{name}_" if name.casefold() in _OWN else name
        if name == "place":
            yield _Told(_column(own, "text", "Plek", unit), sql, (), _refers(registers))
        elif private:
            counted = _column(own, "integer", label, unit or PEOPLE, _HOW_MANY)
            yield _Told(counted, sql)
        elif kind.picks == "several":
            yield from _several(own, sql, label, _options(connection, form_id, list_name))
        else:
            options = _options(connection, form_id, list_name)
            words = "; ".join(f"{option} = {said}" for option, said in options)
            format_ = kind.shown_as
            yield _Told(
                _column(own, format_, label, unit, words),
                f"local_time({sql})" if format_ == "moment" else sql,
                tuple(option for option, _ in options),
                _refers(registers, list_name) if kind.picks else "",
            )


def _several(
    name: str, sql: str, label: str, options: Sequence[tuple[str, str]]
) -> Iterator[_Told]:
    """A column with the names that were picked, and one of 1 and 0 for each that could be."""
    picked = f"(SELECT value FROM json_each({sql}) ORDER BY key)"  # noqa: S608  (a form's name)
    listed = f"(SELECT group_concat(value, ' ') FROM {picked})"  # noqa: S608
    yield _Told(_column(name, "text", label, "", _NAMES), listed)
    for option, words in options:
        quoted = json.dumps(option, ensure_ascii=False).replace("'", "''")
        column = _column(f"{name}/{option}", "yes_no", f"{label} {words}".strip(), "")
        yield _Told(column, f"instr({sql}, '{quoted}') > 0")


def _column(name: str, format_: str, title: str, unit: str, means: str = "") -> Column:
    width = _WIDTHS.get(format_, _WIDTH)
    return Column(name, name, format_, width, unit=unit, title=title, means=means)


def _refers(registers: set[str], list_name: str = PLACES) -> str:
    return f"{list_name}.name" if list_name in registers else ""


def _options(connection: Connection, form_id: str, list_name: str) -> Sequence[tuple[str, str]]:
    """Name and label of what can be picked, in the order of the form; nothing of a register."""
    found = connection.execute(
        "SELECT name, label FROM choices WHERE form_id = ? AND list_name = ? ORDER BY position",
        (form_id, list_name),
    )
    return [(row[0], row[1]) for row in found]
