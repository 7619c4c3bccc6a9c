"""What a sent sheet changes: each cell through the checks of its form, all kept or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldapp.ask.answer import Answer, Raw, check
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.reading import Unreadable
from fieldapp.errors import Message, Refused
from fieldapp.keep import receipt
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.store import Write
from fieldapp.web import drawing, language, week_sheet
from fieldapp.web.desk import Desk
from fieldapp.web.instance import Instance
from fieldapp.web.surroundings import Surroundings
from fieldapp.web.week_sheet import CLOSED, OPEN, Cell, Entry, Sheet, SheetDay, Week

LAST_WEEK = "page.last_week"
"""The field that says that the activities were as last week."""

_BOTH = Message("Vul een getal in, of zet een vinkje bij Niet geteld. Niet allebei.")
_CLOSED = Message(
    "Hier staat Dicht, maar bij deze dag is wel iets ingevuld. Kies Open, of haal dat weg."
)


@dataclass(frozen=True)
class Sent:
    """What a page of a week sent."""

    identity: str
    """The id made when the page was opened; ids of its new records come from it."""
    fields: Mapping[str, str]

    def typed(self, cell: Cell) -> Entry | None:
        """What stands in a cell, spelled as it would be kept; None when it is not on the page."""
        text = self.fields.get(cell.name)
        if text is None:
            return None
        if not cell.daypart:
            return Entry(text)
        return Entry(_spelled(cell, text.strip()), bool(self.fields.get(cell.tick)))

    def wanted(self, cell: Cell) -> Entry | None:
        """What this page makes of a cell; None when it leaves it as it is."""
        typed = self.typed(cell)
        if typed is None or typed == cell.entry:
            return None
        was = Entry.read(self.fields.get(f"was.{cell.name}", ""))
        return None if cell.lock != self._seen(cell) and typed == was else typed

    def overtaken(self, cell: Cell) -> bool:
        """Whether somebody added, changed or withdrew a record since the page was opened."""
        return cell.lock not in {self._seen(cell), f"{self.new_row(cell)}:0"}

    def new_row(self, cell: Cell) -> str:
        """The id of the record that this page adds: sent twice, it is the same one."""
        return str(uuid.uuid5(uuid.UUID(self.identity), cell.name.replace(".", " ")))

    def _seen(self, cell: Cell) -> str:
        return self.fields.get(f"seen.{cell.name}", "")


def _spelled(cell: Cell, text: str) -> str:
    question = cell.form.questions["visitors"]
    try:
        return kind_of(question).text(kind_of(question).read([text], question))
    except Unreadable:
        return text


@dataclass(frozen=True)
class Outcome:
    """What became of a sent sheet: kept, or per cell why not; then nothing was kept."""

    sheet: Sheet
    wanted: Mapping[str, Entry]
    """Per cell that the page changes what it makes of it."""
    mistakes: Mapping[str, str]
    overtaken: frozenset[str]
    """Cells that somebody else changed meanwhile."""
    beyond: frozenset[str]
    """Cells whose mistake is in an answer that only the whole record shows."""


def save(
    app: Instance,
    desk: Desk,
    over: Week,
    sent: Sent,
    *,
    keep: bool = True,
    done: Callable[[Write], None] = lambda write: None,
) -> Outcome:
    """Keeps what a page changes of a week, in one transaction; without `keep` it only looks.

    What is `done` together with it is kept with it.
    """
    assert desk.place is not None  # noqa: S101  (a phone's desk has one)
    with app.store.write(desk.actor, app.now()) as write:
        here = desk.around(app, write.connection)
        sheet = week_sheet.read(app.store, write.connection, here, desk.place, over)
        plan = _Plan(app, write, here, sheet, sent)
        if keep and not plan.mistakes and not plan.overtaken:
            plan.carry_out(desk)
            done(write)
    return Outcome(
        sheet, plan.wanted, plan.mistakes, frozenset(plan.overtaken), frozenset(plan.beyond)
    )


class _Plan:
    """The changes of one sheet, worked out against what is kept now."""

    def __init__(
        self, app: Instance, write: Write, here: Surroundings, sheet: Sheet, sent: Sent
    ) -> None:
        self._app, self._write, self._here = app, write, here
        self._sheet, self._sent = sheet, sent
        self.wanted: dict[str, Entry] = {}
        self.mistakes: dict[str, str] = {}
        self.overtaken: set[str] = set()
        self.beyond: set[str] = set()
        self._steps: list[tuple[Cell, Answer | None]] = []
        for day in sheet.days:
            if not day.ahead:
                self._plan(day)

    def carry_out(self, desk: Desk) -> None:
        """Adds, changes and withdraws; what is kept in a closed month it only asks to change."""
        store, write, origin = self._app.store, self._write, desk.origin
        for cell, answer in self._steps:
            form, row = cell.form, cell.row
            if row is None and answer is not None:
                rows.add(store, write, form, answer, self._sent.new_row(cell), origin)
            elif row is not None and answer is not None:
                requests.change(store, write, form, answer, row.id, row.edits, origin)
            elif row is not None:
                requests.withdraw(store, write, form, row.id, row.edits, origin)

    def _plan(self, day: SheetDay) -> None:
        wanted = {c.name: entry for c in day.cells if (entry := self._sent.wanted(c)) is not None}
        opened = wanted.get(day.opening.name, day.opening.entry)
        counted = [wanted[cell.name] for cell in day.counts if cell.name in wanted]
        if any(entry.filled for entry in counted) and not opened.filled and day.day.blocks:
            opened = wanted[day.opening.name] = Entry(OPEN)  # who counts people is open
            if day.opening.entry == opened:
                del wanted[day.opening.name]
        filled = any(wanted.get(cell.name, cell.entry).filled for cell in day.counts)
        if wanted and filled and opened.text not in ("", OPEN):
            self._complain(day.opening, _CLOSED)
        self.wanted |= wanted
        for cell in day.cells:
            if cell.name in wanted:
                self._change(day, cell, wanted[cell.name])

    def _change(self, day: SheetDay, cell: Cell, entry: Entry) -> None:
        if self._sent.overtaken(cell) or (entry.filled and self._spent(cell)):
            self.overtaken.add(cell.name)
        elif entry.tick and entry.text:
            self._complain(cell, _BOTH)
        elif not entry.filled:
            self._steps.append((cell, None))
        else:
            self._check(day, cell, entry)

    def _spent(self, cell: Cell) -> bool:
        """Whether what this page added here was taken away since."""
        row = self._sent.new_row(cell)
        return cell.row is None and (
            receipt.sent_before(self._write, cell.form, row, "") is not None
        )

    def _check(self, day: SheetDay, cell: Cell, entry: Entry) -> None:
        current = cell.row.values if cell.row else None
        try:
            raw = self._raw(day, cell, entry)
            answer = check(cell.form, raw, self._here.context(cell.form, current))
        except Refused as refused:
            self.mistakes.setdefault(cell.name, self._said(cell, refused))
        else:
            self._steps.append((cell, answer))

    def _raw(self, day: SheetDay, cell: Cell, entry: Entry) -> Raw:
        """The whole answer of a cell: what is kept or a form starts with, and what was typed."""
        raw = dict(
            drawing.kept(cell.form, cell.row.values).raw
            if cell.row
            else week_sheet.start(cell, self._here)
        )
        if cell.daypart:
            if cell.row is None and not self._sent.fields.get(LAST_WEEK):
                raw |= {name: () for name, q in cell.form.columns.items() if q.prefill}
            told = ([], [str(entry)]) if entry.tick else ([entry.text], [])
            return raw | dict(zip(("visitors", "not_counted"), told, strict=True))
        if entry.text != OPEN:
            return raw | {"open": [CLOSED], "closed_reason": [entry.text]}
        raw |= {n: day.ordinary[n] for n, q in cell.form.columns.items() if q.prefill}
        return raw | {"open": [OPEN], "closed_reason": []}

    def _complain(self, cell: Cell, message: Message) -> None:
        self.mistakes[cell.name] = language.say(self._app.catalogues, message)

    def _said(self, cell: Cell, refused: Refused) -> str:
        """The form's message; about a question that the sheet does not show, with its label."""
        shown = ("visitors", "not_counted") if cell.daypart else ("closed_reason", "open")
        for name in shown:
            if name in refused.messages:
                return language.say(self._app.catalogues, refused.messages[name])
        self.beyond.add(cell.name)
        name, message = next(iter(refused.messages.items()))
        label = language.pick(cell.form.questions[name].label)
        return f"{label} {language.say(self._app.catalogues, message)}"
