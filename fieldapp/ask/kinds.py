"""The question types: how each is asked, read, kept and shown. No other module knows types."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fieldapp.ask.evaluate import to_text
from fieldapp.ask.question import Question
from fieldapp.errors import Message

Stored = str | int | float | list[str] | None
"""What an answer is after reading: None is "not answered"."""

Cell = str | int | float | dt.date | dt.datetime | dt.time | None
"""What a workbook cell holds."""

LONGEST_TEXT = 2_000
MOST_PICKED = 500
MOST_DIGITS = 15  # what a workbook keeps exactly, and far below SQLite's 2^63


class Unreadable(ValueError):
    """What was typed is not of the question's type; `message` says what to type instead."""

    def __init__(self, source: str, **values: str) -> None:
        self.message = Message(source, values)
        super().__init__(source)


@dataclass(frozen=True, slots=True)
class Kind:
    """One XLSForm question type."""

    name: str
    doc: str
    read: Callable[[Sequence[str], Question], Stored]
    column: str = "TEXT"  # SQLite type; "" keeps nothing
    widgets: Mapping[str, str] = field(default_factory=lambda: {"": "text"})
    """Macro that asks it, per appearance; "" is the plain one."""
    flags: frozenset[str] = frozenset()
    """Appearances that change details of a widget, not which one."""
    text: Callable[[Stored], str] = lambda value: "" if value is None else str(value)
    """The string that expressions see (XPath's string value)."""
    cell: Callable[[Stored], Cell] = lambda value: value if not isinstance(value, list) else None
    number_format: str = "@"
    picks: str = ""  # "one" or "several" when the answer is picked from choices
    parts: tuple[str, ...] = ()
    """Further fields of the page that carry the answer: `date.other` for part `other`."""
    filled_by: str = "person"  # or "server": never taken from what a phone sends
    at: Callable[[dt.datetime], str] | None = None
    """What the server fills in at a moment, for types that are about the moment itself."""

    @property
    def appearances(self) -> frozenset[str]:
        """Every appearance this type may have."""
        return frozenset(self.widgets) - {""} | self.flags

    @property
    def shown_as(self) -> str:
        """How a column of a workbook shows it: as integer, decimal, date or text."""
        plain = "date" if self.cell is _date_cell else "text"
        return {"INTEGER": "integer", "REAL": "decimal"}.get(self.column, plain)

    def widget(self, question: Question) -> str:
        """The name of the macro that asks this question."""
        return next(
            (self.widgets[a] for a in question.appearance if a in self.widgets), self.widgets[""]
        )


def _one(raw: Sequence[str]) -> str:
    """The single value that was sent, trimmed; surprising characters are refused."""
    value = _clean(raw[0]) if raw else ""
    return value.strip()


def _clean(text: str) -> str:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("Er staat een teken in dat wij niet kunnen bewaren. Typ de tekst opnieuw.")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def latin_digits(text: str) -> str:
    """`text` with the digits of any script written as 0-9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _read_integer(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw))
    if not value:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+", value):
        raise Unreadable("Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24.")
    if len(value.lstrip("+-0")) > MOST_DIGITS:
        raise Unreadable("Dit getal is te groot. Kijk het na.")
    return int(value)


def _read_decimal(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw)).replace("٫", ".")
    if not value:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", value):
        raise Unreadable("Vul een getal in. Bijvoorbeeld 2 of 2,5.")
    if len(value.lstrip("+-0")) > MOST_DIGITS + 1:
        raise Unreadable("Dit getal is te groot. Kijk het na.")
    return float(value.replace(",", "."))


def _read_text(raw: Sequence[str], question: Question) -> Stored:
    value = _one(raw)
    if len(value) > LONGEST_TEXT:
        raise Unreadable(
            "Deze tekst is te lang. Gebruik niet meer dan {most} tekens.", most=str(LONGEST_TEXT)
        )
    if any(_is_bsn(number) for number in re.findall(r"(?<!\d)\d{9}(?!\d)", latin_digits(value))):
        raise Unreadable(
            "Dit lijkt op een burgerservicenummer. Haal het weg: dat bewaren wij niet."
        )
    return value or None


def _is_bsn(number: str) -> bool:
    """Whether nine digits pass the check of a Dutch citizen service number (BSN)."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def _read_date(raw: Sequence[str], question: Question) -> Stored:
    values = [latin_digits(_clean(value).strip()) for value in raw]
    given = [value for value in values if value and value != "other"]
    if not given:
        if "other" in values:
            raise Unreadable("Kies de andere dag. Bijvoorbeeld 3-11-2026.")
        return None
    days = {_date(value) for value in given}
    if len(days) > 1:
        raise Unreadable("U koos twee verschillende dagen. Kies er één.")
    return days.pop()


def _date(value: str) -> str:
    """`value` as an ISO date; a year or month alone is its first day."""
    if found := re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", value):
        year, month, day = (int(part or 1) for part in found.groups())
    elif found := re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", value):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise Unreadable("Vul een datum in als dag-maand-jaar. Bijvoorbeeld 3-11-2026.")
    try:
        if not 1900 <= year <= 2200:
            raise ValueError
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise Unreadable("Deze datum bestaat niet. Bijvoorbeeld goed: 3-11-2026.") from None


def _read_time(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw))
    if not value:
        return None
    found = re.fullmatch(
        r"([0-9]{1,2})[:.]?([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?", value
    )
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unreadable("Vul een tijd in, met uren en minuten. Bijvoorbeeld 9:30.")
    return f"{int(found[1]):02}:{found[2]}"


def _read_datetime(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw))
    if not value:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise Unreadable("Vul een datum en tijd in. Bijvoorbeeld 2026-11-03T09:30.") from None
    return moment.isoformat(timespec="minutes")


def _read_one_choice(raw: Sequence[str], question: Question) -> Stored:
    if len({value for value in raw if value}) > 1:
        raise Unreadable("Kies één antwoord.")
    return _one([value for value in raw if value]) or None


def _read_several(raw: Sequence[str], question: Question) -> Stored:
    picked = list(dict.fromkeys(_clean(value).strip() for value in raw if value.strip()))
    if len(picked) > MOST_PICKED:
        raise Unreadable("U koos er te veel. Kies er hoogstens {most}.", most=str(MOST_PICKED))
    return picked or None


def _read_acknowledge(raw: Sequence[str], question: Question) -> Stored:
    value = _one(raw)
    if value not in {"", "OK"}:
        raise Unreadable("Zet een vinkje, of laat het leeg.")
    return value or None


def _read_range(raw: Sequence[str], question: Question) -> Stored:
    value = _read_decimal(raw, question)
    if value is None:
        return None
    assert isinstance(value, float)  # noqa: S101  (what _read_decimal gives)
    start, end, step = (float(question.parameters.get(p, d)) for p, d in _RANGE.items())
    steps = (value - start) / step
    if not start <= value <= end or abs(steps - round(steps)) > 1e-9:
        raise Unreadable(
            "Kies een getal van {start} tot en met {end}.", start=f"{start:g}", end=f"{end:g}"
        )
    return value


_RANGE = {"start": "1", "end": "10", "step": "1"}


def _number_text(value: Stored) -> str:
    return to_text(float(value)) if isinstance(value, int | float) else ""


def _several_text(value: Stored) -> str:
    return " ".join(value) if isinstance(value, list) else ""


def _date_cell(value: Stored) -> Cell:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _time_cell(value: Stored) -> Cell:
    return dt.time.fromisoformat(value) if isinstance(value, str) and value else None


def _nothing(raw: Sequence[str], question: Question) -> Stored:
    return None


def _moment(now: dt.datetime) -> str:
    return now.isoformat(timespec="seconds")


_UNSEEN = {"": "calculate"}
_ONE = {"": "radios", "minimal": "dropdown", "quick": "radios", "likert": "radios"}

_KINDS = (
    Kind(
        "integer",
        "whole number",
        _read_integer,
        "INTEGER",
        {"": "number", "counter": "counter", "numbers": "number"},
        text=_number_text,
        number_format="#,##0",
    ),
    Kind(
        "decimal",
        "number, comma or point",
        _read_decimal,
        "REAL",
        {"": "number", "numbers": "number"},
        text=_number_text,
        number_format="#,##0.##",
    ),
    Kind(
        "text",
        "words",
        _read_text,
        widgets={"": "text", "multiline": "multiline", "numbers": "text"},
    ),
    Kind(
        "date",
        "day, month or year",
        _read_date,
        "TEXT",
        {"": "date", "month-year": "month", "year": "year"},
        parts=("other",),
        cell=_date_cell,
        number_format="d-m-yyyy",
        flags=frozenset({"quick"}),
    ),
    Kind(
        "time",
        "time of day",
        _read_time,
        widgets={"": "time"},
        cell=_time_cell,
        number_format="hh:mm",
    ),
    Kind("dateTime", "day and time", _read_datetime, widgets={"": "datetime"}),
    Kind(
        "select_one",
        "one choice",
        _read_one_choice,
        widgets=_ONE,
        flags=frozenset({"horizontal"}),
        picks="one",
    ),
    Kind(
        "select_multiple",
        "several choices",
        _read_several,
        widgets={"": "checkboxes"},
        flags=frozenset({"horizontal"}),
        picks="several",
        text=_several_text,
    ),
    Kind(
        "select_one_from_file",
        "one row of a register",
        _read_one_choice,
        widgets={"": "pick_one", "minimal": "dropdown"},
        picks="one",
    ),
    Kind(
        "select_multiple_from_file",
        "several rows of a register",
        _read_several,
        widgets={"": "pick_several"},
        picks="several",
        text=_several_text,
    ),
    Kind("note", "text to read, nothing to answer", _nothing, "", {"": "note"}),
    Kind(
        "calculate",
        "worked out from other answers",
        _nothing,
        widgets=_UNSEEN,
        filled_by="calculation",
    ),
    Kind(
        "hidden",
        "filled in by the server",
        _nothing,
        widgets=_UNSEEN,
        filled_by="server",
    ),
    Kind("acknowledge", "a tick", _read_acknowledge, widgets={"": "acknowledge"}),
    Kind(
        "range",
        "number on a scale",
        _read_range,
        "REAL",
        {"": "range"},
        text=_number_text,
        number_format="#,##0.##",
    ),
    Kind("start", "when it was opened", _nothing, widgets=_UNSEEN, filled_by="server", at=_moment),
    Kind("end", "when it was sent", _nothing, widgets=_UNSEEN, filled_by="server", at=_moment),
    Kind(
        "today",
        "the day of sending",
        _nothing,
        widgets=_UNSEEN,
        filled_by="server",
        at=lambda now: now.date().isoformat(),
        cell=_date_cell,
        number_format="d-m-yyyy",
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every supported question type by its XLSForm name."""

GROUP_APPEARANCES = frozenset({"compact", "field-list"})
"""`compact` folds a group away until it is tapped, as in Enketo."""


def kind_of(question: Question) -> Kind:
    """The type of `question`."""
    return KINDS[question.type]


def to_column(value: Stored) -> str | int | float | None:
    """`value` as SQLite keeps it: several choices are a JSON array."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def from_column(question: Question, value: str | int | float | None) -> Stored:
    """What `to_column` kept, read back."""
    if value is not None and kind_of(question).picks == "several":
        picked: list[str] = json.loads(str(value))
        return picked
    return value
