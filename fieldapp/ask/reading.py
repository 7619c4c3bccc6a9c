"""What was typed, read: one function per way of answering, or a sentence that says what to type."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

from fieldapp.ask.question import Question
from fieldapp.errors import Message

Stored = str | int | float | list[str] | None
"""What an answer is after reading: None is "not answered"."""

LONGEST_TEXT = 2_000
MOST_PICKED = 500
MOST_DIGITS = 15  # what a workbook keeps exactly, and far below SQLite's 2^63

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")

# Controls, lone surrogates and the last two of every plane.
_UNHOLDABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (65534, 65535))
    + "]"
)

_RECORD = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
"""The id of a record: nine of its digits may stand together, and be nobody's number."""


class Unreadable(ValueError):
    """What was typed is not of the question's type; `message` says what to type instead."""

    def __init__(self, source: str, **values: str) -> None:
        self.message = Message(source, values)
        super().__init__(source)


def _one(raw: Sequence[str]) -> str:
    """The single value that was sent, trimmed; surprising characters are refused."""
    value = _clean(raw[0]) if raw else ""
    return value.strip()


def _clean(text: str) -> str:
    if _UNKEEPABLE.search(text):
        raise Unreadable("Er staat een teken in dat wij niet kunnen bewaren. Typ de tekst opnieuw.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", holdable(lines))


def holdable(text: str) -> str:
    """`text` without the characters that no page and no workbook can hold, and nobody sees."""
    return _UNHOLDABLE.sub("", text)


def latin_digits(text: str) -> str:
    """`text` with the digits of any script written as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def read_integer(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw))
    if not value:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+", value):
        raise Unreadable("Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24.")
    digits = value.lstrip("+-0") or "0"  # Python reads no thousands of zeros
    if len(digits) > MOST_DIGITS:
        raise Unreadable("Dit getal is te groot. Kijk het na.")
    return -int(digits) if value.startswith("-") else int(digits)


def read_decimal(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw)).replace("٫", ".")
    if not value:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", value):
        raise Unreadable("Vul een getal in. Bijvoorbeeld 2 of 2,5.")
    if len(value.lstrip("+-0")) > MOST_DIGITS + 1:
        raise Unreadable("Dit getal is te groot. Kijk het na.")
    return float(value.replace(",", "."))


def read_text(raw: Sequence[str], question: Question) -> Stored:
    value = _one(raw)
    if len(value) > LONGEST_TEXT:
        raise Unreadable(
            "Deze tekst is te lang. Gebruik niet meer dan {most} tekens.", most=str(LONGEST_TEXT)
        )
    plain = _RECORD.sub(" ", latin_digits(value))
    if any(_is_bsn(number) for number in re.findall(r"(?<!\d)\d{9}(?!\d)", plain)):
        raise Unreadable(
            "Dit lijkt op een burgerservicenummer. Haal het weg: dat bewaren wij niet."
        )
    return value or None


def _is_bsn(number: str) -> bool:
    """Whether nine digits pass the check of a Dutch citizen service number (BSN)."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def read_date(raw: Sequence[str], question: Question) -> Stored:
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


def read_time(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw))
    if not value:
        return None
    found = re.fullmatch(
        r"([0-9]{1,2})[:.]?([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?", value
    )
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unreadable("Vul een tijd in, met uren en minuten. Bijvoorbeeld 9:30.")
    return f"{int(found[1]):02}:{found[2]}"


def read_datetime(raw: Sequence[str], question: Question) -> Stored:
    value = latin_digits(_one(raw))
    if not value:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise Unreadable("Vul een datum en tijd in. Bijvoorbeeld 2026-11-03T09:30.") from None
    return moment.isoformat(timespec="minutes")


def read_one_choice(raw: Sequence[str], question: Question) -> Stored:
    if len({value for value in raw if value}) > 1:
        raise Unreadable("Kies één antwoord.")
    return _one([value for value in raw if value]) or None


def read_several(raw: Sequence[str], question: Question) -> Stored:
    picked = list(dict.fromkeys(_clean(value).strip() for value in raw if value.strip()))
    if len(picked) > MOST_PICKED:
        raise Unreadable("U koos er te veel. Kies er hoogstens {most}.", most=str(MOST_PICKED))
    return picked or None


def read_acknowledge(raw: Sequence[str], question: Question) -> Stored:
    value = _one(raw)
    if value not in {"", "OK"}:
        raise Unreadable("Zet een vinkje, of laat het leeg.")
    return value or None


def read_range(raw: Sequence[str], question: Question) -> Stored:
    value = read_decimal(raw, question)
    if value is None:
        return None
    assert isinstance(value, float)  # noqa: S101  (what read_decimal gives)
    start, end, step = (float(question.parameters.get(p, d)) for p, d in _RANGE.items())
    steps = (value - start) / step
    if not start <= value <= end or abs(steps - round(steps)) > 1e-9:
        raise Unreadable(
            "Kies een getal van {start} tot en met {end}.", start=f"{start:g}", end=f"{end:g}"
        )
    return value


_RANGE = {"start": "1", "end": "10", "step": "1"}


def read_nothing(raw: Sequence[str], question: Question) -> Stored:
    return None
