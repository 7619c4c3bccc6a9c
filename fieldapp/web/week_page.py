"""What the template of "Mijn week" is given: days, fields and messages in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import holdable
from fieldapp.report import completeness
from fieldapp.report.completeness import Expected
from fieldapp.settings import Settings
from fieldapp.web import language
from fieldapp.web.week_change import Outcome
from fieldapp.web.week_sheet import OPEN, Cell, Sheet, SheetDay

Say = Callable[..., str]


@dataclass(frozen=True)
class Box:
    """One cell on the page."""

    name: str
    label: str
    """The cell without its day: "Ochtend"."""
    whole: str
    """The cell with its day, as a screen reader says it."""
    text: str
    ticked: bool
    tick: str
    seen: str
    was: str
    extra: bool
    """Whether nothing is expected here."""
    double: bool
    error: str = ""
    record: str = ""
    """Where the whole record can be changed, when that is what must be mended."""


@dataclass(frozen=True)
class DayView:
    """One day on the page."""

    date: str
    name: str
    short: str
    hours: Sequence[str]
    shut: str
    ahead: bool
    opening: Box
    nothing: str
    """How the choice is called that says nothing about the day."""
    open: str
    """How the day is called when it was open; empty when the schedule has no hours."""
    closed: Sequence[tuple[str, str]]
    counts: Sequence[Box]

    @property
    def boxes(self) -> Sequence[Box]:
        """The day's own cell and those of its dayparts."""
        return (self.opening, *self.counts)

    @property
    def uncounted(self) -> bool:
        """Whether a tick is set, so that the ticks are to be seen."""
        return any(box.ticked for box in self.counts)


class Words:
    """The words of a sheet in the language of the request."""

    def __init__(self, sheet: Sheet, settings: Settings, say: Say) -> None:
        self._sheet, self._settings, self._say = sheet, settings, say
        self.dayparts = _labels(sheet.visitors.questions["daypart"]) if sheet.visitors else {}
        self._reasons = _labels(sheet.opening.questions["closed_reason"])

    def told(self, cell: Cell, day: SheetDay) -> str:
        """What is kept in a cell: "24", "niet geteld", "Open, 9:00–17:00"; empty for nothing."""
        if cell.row is None:
            return ""
        if cell.daypart:
            return self._say("niet geteld") if cell.entry.tick else cell.entry.text
        return self.open(day) if cell.entry.text == OPEN else self.closed(cell.entry.text)

    def open(self, day: SheetDay) -> str:
        """ "Open, 9:00–17:00": the hours that are kept, else those of the schedule."""
        cell = day.opening
        if cell.row and cell.entry.text == OPEN:
            times = {
                name: kind_of(question).text(cell.row.values.get(name))
                for name, question in cell.form.columns.items()
            }
            ends = [(times[f"open_from{n}"], times[f"open_until{n}"]) for n in ("", "_2")]
        else:
            ends = list(day.day.blocks)
        hours = self._say(" en ").join(span(*each) for each in ends if all(each))
        return self._say("Open, {hours}", hours=hours) if hours else ""

    def closed(self, reason: str) -> str:
        """ "Dicht: weer"."""
        label = self._reasons.get(reason, "")
        return self._say("Dicht: {reason}", reason=label[:1].lower() + label[1:] or "?")

    def day(self, day: SheetDay) -> str:
        """ "Open, 9:00–17:00; ochtend 24": everything that is kept of a day."""
        told = [self.told(day.opening, day)]
        told += [
            f"{self.dayparts[cell.daypart].lower()} {self.told(cell, day)}"
            for cell in day.counts
            if cell.row
        ]
        return "; ".join(text for text in told if text)

    def title(self, form: Form, about: Expected) -> str:
        """ "Bezoekers, ochtend"."""
        title = language.pick(form.title)
        if not about.daypart:
            return title
        part = self.dayparts.get(about.daypart, about.daypart).lower()
        return language.listed([title, part])

    def whole(self, cell: Cell) -> str:
        """ "Ochtend, maandag 16 november"."""
        label = self.dayparts.get(cell.daypart) or self._say("Open of dicht")
        return language.listed([label, language.day(cell.date)])

    def days(self, back: Outcome | None) -> list[DayView]:
        """Every day of the sheet, with what a page typed that comes back over what is kept."""
        return [self._day(day, back) for day in self._sheet.days]

    def last_week(self) -> list[tuple[str, str]]:
        """Per empty cell what was done there last week."""
        found = []
        for day in self._sheet.days:
            for cell in day.counts:
                for name, raw in self._sheet.last_week.get(cell.name, {}).items():
                    labels = _labels(cell.form.questions[name])
                    found.append((self.whole(cell), language.listed(labels.get(r, r) for r in raw)))
        return found

    def _day(self, day: SheetDay, back: Outcome | None) -> DayView:
        opened = self.open(day)
        expected = completeness.dayparts(day.day.blocks, self._settings) if day.day.is_open else []
        offered = [(reason, self.closed(reason)) for reason in self._reasons]
        kept = day.opening.entry.text
        if kept and kept != OPEN and kept not in self._reasons:
            offered.append((kept, self.closed(kept)))
        nothing = self._say("Nog niet ingevuld") if day.day.is_open else self._say("Niet nodig")
        return DayView(
            date=day.date,
            name=language.weekday(day.date),
            short=language.short_date(day.date),
            hours=[span(*block) for block in day.day.blocks],
            shut=self.closed(day.shut) if day.shut else "",
            ahead=day.ahead,
            opening=self._box(day, day.opening, back, extra=not day.day.is_open),
            nothing=nothing,
            open=opened,
            closed=offered,
            counts=[
                self._box(day, cell, back, extra=cell.daypart not in expected)
                for cell in day.counts
            ],
        )

    def _box(self, day: SheetDay, cell: Cell, back: Outcome | None, *, extra: bool) -> Box:
        entry = back.wanted.get(cell.name, cell.entry) if back else cell.entry
        error = back.mistakes.get(cell.name, "") if back else ""
        if back and cell.name in back.overtaken:
            error = self._say(
                "Iemand anders heeft dit intussen veranderd. Nu staat er: {there}.",
                there=self.told(cell, day) or self._say("niets"),
            )
        record = ""
        if back and cell.row and cell.name in back.beyond:
            record = f"/form/{cell.form.form_id}/{cell.row.id}"
        return Box(
            name=cell.name,
            label=self.dayparts.get(cell.daypart, ""),
            whole=self.whole(cell),
            text=holdable(entry.text),
            ticked=entry.tick,
            tick=cell.tick,
            seen=cell.lock,
            was=str(cell.entry),
            extra=extra,
            double=cell.undecided,
            error=error,
            record=record,
        )


@dataclass(frozen=True)
class WeekPage:
    """Everything the template of a week needs."""

    number: int
    first: str
    last: str
    action: str
    before: str
    after: str
    instance_id: str
    days: Sequence[DayView]
    dayparts: Sequence[str]
    last_week: Sequence[tuple[str, str]]
    as_last_week: bool
    fresh: bool
    """Whether it was just opened."""
    flash: str = ""
    errors: Sequence[tuple[str, str]] = field(default_factory=list)


def errors(days: Sequence[DayView]) -> list[tuple[str, str]]:
    """Every message with the cell it is about."""
    return [(box.name, f"{box.whole}: {box.error}") for d in days for box in d.boxes if box.error]


def total(sheet: Sheet) -> int:
    """How many came in a week, as it is kept."""
    texts = [cell.entry.text for day in sheet.days for cell in day.counts]
    return sum(int(text) for text in texts if text.isdecimal())


def span(start: str, until: str) -> str:
    """ "9:00–17:00"."""
    return f"{start.removeprefix('0')}–{until.removeprefix('0')}"


def _labels(question: Question) -> Mapping[str, str]:
    choices: Sequence[Choice] = question.choices
    return {choice.name: language.pick(choice.label) for choice in choices}
