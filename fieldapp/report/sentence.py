"""Figures in Dutch words: a value with its unit, a sentence about it, and why it is judged so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from babel.numbers import format_decimal

from fieldapp.report import judgement
from fieldapp.report.period import long_date
from fieldapp.report.statement import Value
from fieldapp.report.table import NO_BASELINE, NOT_EXPECTED

_ONE: Mapping[str, str] = MappingProxyType(
    {
        "bedrijven": "bedrijf",
        "bezoeken": "bezoek",
        "bijeenkomsten": "bijeenkomst",
        "coördinatoren": "coördinator",
        "dagdelen": "dagdeel",
        "dagen": "dag",
        "jongeren": "jongere",
        "klassen": "klas",
        "loopbaanpaden": "loopbaanpad",
        "maanden": "maand",
        "personen": "persoon",
        "pilots": "pilot",
        "plekken": "plek",
        "plinten": "plint",
        "wijken": "wijk",
    }
)
"""Units that read otherwise after 1."""

_MANY: Mapping[str, str] = MappingProxyType(
    {"aantal": "", "uren": "uur", "uren per week": "uur per week"}
)
"""Units that read otherwise after any number."""

_INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "small": "afgeschermd",
        "confidential": "vertrouwelijk",
        "no_baseline": NO_BASELINE,
        "not_expected": NOT_EXPECTED,
    }
)
"""What stands where a value is not told, by its status."""

_UNTOLD: Mapping[str, str] = MappingProxyType(
    {
        "small": "dit cijfer staat hier niet, omdat het over weinig mensen gaat of dat verraadt.",
        "confidential": "dit cijfer staat hier niet, omdat het vertrouwelijk is.",
        "no_baseline": "dit is niet te zeggen, omdat er geen nulmeting is.",
        "not_answered": "dit is niet ingevuld.",
    }
)
"""How a sentence goes on whose value is not told; what was not expected has no sentence."""


def number(value: float) -> str:
    """A number as Dutch writes it: "1.234,5", with one decimal at most."""
    return format_decimal(value, "#,##0.#", locale="nl")


def figure(value: Value, kind: str, unit: str | None, status: str | None) -> str | None:
    """A value with its unit: "38 uur", "1 persoon", "85%", "ja"; None when not answered."""
    if instead := _INSTEAD.get(status or ""):
        return instead
    if value is None or status == "not_answered":
        return None
    if kind == "yes_no":
        return "ja" if value else "nee"
    if isinstance(value, str):
        return long_date(dt.date.fromisoformat(value)) if kind == "date" else value
    assert isinstance(value, int | float)  # noqa: S101  (SQLite gives no other here)
    if kind == "share":
        return f"{number(100 * value)}%"
    if kind == "euros":
        return f"€ {number(value)}"
    if kind == "date":
        return number(value)
    return f"{number(value)} {_unit(value, unit or '')}".rstrip()


def in_words(
    phrase: str,
    subject: str,
    value: Value,
    kind: str,
    unit: str | None,
    status: str | None,
    when: str,
    baseline: Value,
) -> str | None:
    """A sentence about one figure; None when none was expected.

    `phrase` has {n} for the figure and {when} for the days: "was {n} open"; with a colon in front
    it follows the subject at once. `baseline` is a number to compare with, "geen nulmeting", or
    NULL where none belongs.
    """
    if status == "not_expected":
        return None
    told = figure(value, kind, unit, status)
    if told is None or status in _UNTOLD:
        return f"{subject}: {_UNTOLD.get(status or '', _UNTOLD['not_answered'])}"
    said = phrase.replace("{n}", told).replace("{when}", when)
    space = "" if said.startswith(":") else " "
    return f"{subject}{space}{said}{_compared(value, kind, baseline)}."


def because(
    standing: str,
    value: Value,
    wanted: float | None,
    kind: str,
    unit: str | None,
    status: str | None,
    when: str,
    target: float | None,
) -> str:
    """Why a result is judged so: the figure, the day, and what the path asks on it."""
    told = figure(value, kind, unit, status)
    found = f"{_upper(when)}: {told or 'niet ingevuld'}".removesuffix(".") + "."
    if standing == judgement.NO_PATH:
        aim = "" if target is None else f" Het doel is {figure(target, kind, unit, None)}."
        return f"{found} Er is geen pad afgesproken voor deze dag.{aim}"
    asks = f"{found} Het pad vraagt {figure(wanted, kind, unit, None)}"
    if not isinstance(value, int | float) or wanted is None or kind == "yes_no":
        return f"{asks}."
    off = _difference(value - wanted, kind)
    return f"{asks}, dus {off} dan gevraagd." if off else f"{asks}, precies gehaald."


def lacking(count: int, level: str, phrase: str) -> str:
    """A sentence about places or wijken that do not count yet: "Bij 4 plekken kwam niemand."."""
    if level == "wijk":
        return f"In {count} {_unit(count, 'wijken')} {phrase}."
    return f"Bij {count} {_unit(count, 'plekken')} {phrase}."


def _compared(value: Value, kind: str, baseline: Value) -> str:
    """How a figure differs from its baseline, as the tail of a sentence."""
    if baseline == NO_BASELINE:
        return "; er is geen nulmeting"
    if not isinstance(baseline, int | float) or not isinstance(value, int | float):
        return ""
    off = _difference(value - baseline, kind)
    return f", {off} dan bij de nulmeting" if off else ", evenveel als bij de nulmeting"


def _difference(off: float, kind: str) -> str:
    """ "6 meer", "2,5 minder", "5 procentpunt meer"; empty when there is none to speak of."""
    size = number(abs(100 * off if kind == "share" else off))
    if size == "0":
        return ""
    points = " procentpunt" if kind == "share" else ""
    return f"{size}{points} {'meer' if off > 0 else 'minder'}"


def _unit(value: float, unit: str) -> str:
    return _ONE.get(unit, _MANY.get(unit, unit)) if value == 1 else _MANY.get(unit, unit)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
