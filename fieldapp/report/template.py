"""The workbook to fill in for a form: headings, choices to pick, days and times typed."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fieldapp.ask.filled import OF_PLACE, asked, heading, keyed
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question, Text
from fieldapp.ask.spreadsheet import MOST_ROWS, SHEET
from fieldapp.errors import Message
from fieldapp.report import styles
from fieldapp.report.cells import plain, write

HELP, LISTS = "Uitleg", "Keuzes"
"""The other sheets: nobody reads them back in."""

_NARROWEST, _WIDEST = 12, 34
_SPANS = {"month": "yyyy-mm", "year": "0"}
"""How a cell shows a day of which only the month or the year counts."""

_RULES: Mapping[str, Mapping[str, str]] = {
    "integer": {"type": "whole", "operator": "between", "formula1": "-999999999999999",
                "formula2": "999999999999999"},
    "decimal": {"type": "decimal", "operator": "between", "formula1": "-999999999999999",
                "formula2": "999999999999999"},
    "time": {"type": "time", "operator": "between", "formula1": "0", "formula2": "0.999988426"},
}  # fmt: skip
"""What a cell takes, by what a column of the question shows."""

_ONLY = {
    "integer": Message("Vul een heel getal in."),
    "decimal": Message("Vul een getal in."),
    "time": Message("Vul een tijd in, bijvoorbeeld 9:30."),
}
_HOW: Sequence[Message] = (
    Message("Vul het blad {sheet} in: elke regel wordt één keer bewaard.", {"sheet": SHEET}),
    Message("De koppen op de eerste rij blijven staan. Een kolom die u niet nodig heeft, mag weg."),
    Message("Wat er al staat en in het bestand anders is, wordt veranderd. "
            "Wat niet in het bestand staat, blijft zoals het is."),
    Message("Gebruik geen formules en voeg geen cellen samen."),
    Message("Staat er iets niet goed in? Dan wordt er niets bewaard, en ziet u welke cel het is."),
    Message("Schrijf geen namen van mensen op."),
)  # fmt: skip
_SEVERAL = Message("Meer dan één antwoord? Zet er een ; tussen.")
_TICK = Message("Vul ja in, of laat de cel leeg.")
_DAY = Message("Een dag, bijvoorbeeld 3-11-2026.")
_MONTH = Message("Een maand, bijvoorbeeld 2026-11.")
_YEAR = Message("Een jaar, bijvoorbeeld 2026.")
_NEEDED = Message("Deze kolom is altijd nodig.")

Say = Callable[[Message], str]


def template(
    form: Form,
    options: Mapping[str, Sequence[Choice]],
    pick: Callable[[Text], str],
    say: Say,
) -> bytes:
    """The empty .xlsx of `form`; `options` are the choices of each question that has a list."""
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title = "fieldapp", plain(pick(form.title))
    sheet: Any = book.active
    sheet.title = SHEET
    lists = book.create_sheet(LISTS)
    for column, question in enumerate(asked(form), 1):
        _head(sheet, column, heading(form, question, pick))
        _shape(sheet, column, question)
        shown = _shown(question, options.get(question.name, ()), pick)
        rule = _rule(lists, column, question, shown, say)
        if rule:
            letter = get_column_letter(column)
            rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            sheet.add_data_validation(rule)
        for row, text in enumerate([heading(form, question, pick), *shown] if shown else [], 1):
            write(lists.cell(row, column), text)
            lists.cell(row, column).font = styles.font(bold=row == 1)
            lists.column_dimensions[get_column_letter(column)].width = _WIDEST
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 44
    _explain(book.create_sheet(HELP), form, pick, say)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _head(sheet: Any, column: int, text: str) -> None:
    cell = sheet.cell(1, column)
    write(cell, text)
    cell.font, cell.fill = styles.font(color=styles.WHITE, bold=True), styles.fill(styles.GREEN)
    cell.alignment = styles.align(wrap=True)
    width = max(_NARROWEST, min(len(text) + 2, _WIDEST))
    sheet.column_dimensions[get_column_letter(column)].width = width


def _shape(sheet: Any, column: int, question: Question) -> None:
    """Gives the empty cells of a column their number format: text stays as it is typed."""
    kind = kind_of(question)
    shape = _SPANS.get(kind.widget(question), kind.number_format)
    sheet.column_dimensions[get_column_letter(column)].number_format = shape


def _shown(
    question: Question, choices: Sequence[Choice], pick: Callable[[Text], str]
) -> Sequence[str]:
    """The choices as cells hold them: rows of a register with their code."""
    if question.register or question is OF_PLACE:
        return [f"{choice.name} {pick(choice.label)}" for choice in choices]
    labels = [pick(choice.label) for choice in choices]
    return labels if len(set(labels)) == len(labels) else [choice.name for choice in choices]


def _rule(
    lists: Any, column: int, question: Question, shown: Sequence[str], say: Say
) -> DataValidation | None:
    """What Excel lets somebody type in a column."""
    kind, letter = kind_of(question), get_column_letter(column)
    if kind.ticked:
        return _validation(say(_TICK), type="list", formula1='"ja"')
    if kind.picks == "several":
        return None
    if shown:
        cells = f"'{lists.title}'!${letter}$2:${letter}${len(shown) + 1}"
        return _validation(say(Message("Kies uit de lijst.")), type="list", formula1=cells)
    rule = _RULES.get(kind.shown_as)
    return _validation(say(_ONLY[kind.shown_as]), **rule) if rule else None


def _validation(sentence: str, **rule: str) -> DataValidation:
    given: dict[str, Any] = dict(rule)
    made = DataValidation(allow_blank=True, showErrorMessage=True, **given)
    made.error = sentence
    return made


def _explain(sheet: Any, form: Form, pick: Callable[[Text], str], say: Say) -> None:
    write(sheet.cell(1, 1), pick(form.title))
    sheet.cell(1, 1).font = styles.font(14, bold=True)
    for row, message in enumerate(_HOW, 3):
        write(sheet.cell(row, 1), say(message))
        sheet.cell(row, 1).font = styles.font()
    start = len(_HOW) + 4
    for row, question in enumerate(asked(form), start):
        write(sheet.cell(row, 1), heading(form, question, pick))
        sheet.cell(row, 1).font = styles.font(bold=True)
        sheet.cell(row, 1).alignment = styles.align(vertical="top", wrap=True)
        needed = [_NEEDED] if question.name in keyed(form) else []
        told = [pick(question.hint), *(say(each) for each in (*needed, *_manner(question)))]
        write(sheet.cell(row, 2), " ".join(filter(None, told)))
        sheet.cell(row, 2).font = styles.font()
        sheet.cell(row, 2).alignment = styles.align(vertical="top", wrap=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 46, 70


def _manner(question: Question) -> Sequence[Message]:
    """How a cell of the question is filled in."""
    kind = kind_of(question)
    if kind.ticked:
        return [_TICK]
    if kind.picks:
        return [_SEVERAL] if kind.picks == "several" else []
    if kind.parts:
        return [{"month": _MONTH, "year": _YEAR}.get(kind.widget(question), _DAY)]
    return [_ONLY[kind.shown_as]] if kind.shown_as in _ONLY else []
