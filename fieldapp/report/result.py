"""One file of `exports/results`: a result of the covenant, with its header, and what it reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fieldapp.ask.question import Form
from fieldapp.ask.vocabulary import RESULT
from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import statement
from fieldapp.report.period import months_before
from fieldapp.report.statement import Statement, Value

FOLDER, PEOPLE = "results", "people"
"""Results of the covenant, and headcounts that sheets tell beside them."""
HEADLINE = ""
"""The measure that the result itself is; the others stand beside it."""

KINDS = ("persons", "steps", "count", "hours", "euros", "share", "yes_no", "date", "status")
PROTECTED = ("persons", "steps")
"""Those that count people."""
PILLARS = ("A", "B")
OVER = ("month", "year", "deal", "day")
GOOD = ("more", "fewer", "none")
_ONE_OF: Mapping[str, Sequence[str]] = {
    "pillar": PILLARS,
    "kind": KINDS,
    "over": OVER,
    "good": GOOD,
}
_KEYS = ("result", "pillar", "unit", "kind", "over", "good", "questions")
_OF = ("missing", "same")
"""Keys that are said of a measure, or of the headline."""
_HEADCOUNT = re.compile(rf"{PEOPLE}/[a-z]+")
_BY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})|(deal|funding)(?: - ([0-9]{1,2}) months)?")
_LINE = re.compile(r"--\s*([a-z_]+)(?:[ \t]+(\w+))?[ \t]*:[ \t]*(.*)")
_MEASURE = re.compile(r"(.+?)\s*\(([^(),]+),\s*([a-z_]+)\)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a result; the headline has no name."""

    name: str
    label: str
    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Result:
    """A result that the covenant wants, and the SELECT that says how far it is."""

    id: str
    file: str
    title: str
    pillar: str
    unit: str
    kind: str
    over: str
    """What its target speaks of: a month, a year, the deal, or the state on a day."""
    good: str
    """Whether more is better, fewer is, or neither."""
    questions: tuple[str, ...]
    """What it draws on, as form.question."""
    measures: tuple[Measure, ...]
    """The headline first."""
    statement: Statement
    missing: Mapping[str, str] = field(default_factory=dict)
    """By measure: how a sentence goes on about places of which it is 0, "kwam nog niemand"."""
    by: str = "deal"
    """The day on which it must be there: a day, the end of the deal or the funding, or before."""
    same: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """By measure: results with their measure that count the same, of fewer places."""


class Reading(NamedTuple):
    """One figure: of a result's measure, over a period, for a place, a wijk or all."""

    result: str
    measure: str
    period: str
    level: str
    key: str
    """The code of the place, the wijk, or nothing for the total."""
    value: Value
    numerator: Value
    denominator: Value
    doubtful: Value
    """Of a headcount: how many of it may be counted twice."""
    status: str
    """Ok, provisional, not_answered, not_expected, no_baseline; protected: small, confidential."""


def load_results(exports: Path) -> tuple[Result, ...]:
    """The results in the folder `results` of `exports`, in order; FilesBroken with all faults."""
    return tuple(sorted(load(exports, FOLDER), key=_order))


def load(exports: Path, folder: str) -> list[Result]:
    """What the files in a folder of `exports` measure; FilesBroken with all faults."""
    found: list[Result] = []
    faults: list[Fault] = []
    for path in sorted((exports / folder).glob("*.sql")):
        file = f"{exports.name}/{folder}/{path.name}"
        result, wrong = read(file, path.read_text("utf-8"))
        faults += wrong
        found += [result] if result else []
    if faults:
        raise FilesBroken(faults)
    return found


def read(file: str, text: str) -> tuple[Result | None, list[Fault]]:
    """The result in `text` with its mistakes; None when it cannot be made sense of."""
    select, faults = statement.read(file, text)
    given: dict[str, str] = {}
    measures: list[Measure] = []
    missing: dict[str, str] = {}
    same: dict[str, list[tuple[str, str]]] = {}
    for line, key, name, value in _header(text):
        before = {*given, *(f"measure {each.name}" for each in measures)}
        before |= {f"missing {each}".rstrip() for each in missing}
        before |= {f"same {each}".rstrip() for each in same}
        sentence = _mistake(key, name, value, before)
        if key in _OF and not sentence and name not in {"", *(m.name for m in measures)}:
            sentence = f"there is no measure '{name}' above this line. Name one, or none."
        if sentence:
            faults.append(Fault(file, line, sentence))
        elif key == "missing":
            missing[name] = value
        elif key == "same":
            same[name] = [(id, of) for id, _, of in (each.partition("#") for each in value.split())]
        elif key == "measure":
            label, unit, kind = _parts(value)
            measures.append(Measure(name, label, unit.strip(), kind))
        else:
            given[key] = value
    told = {key for _, key, _, _ in _header(text)}
    for key in (key for key in _KEYS if key not in told):
        faults.append(Fault(file, 1, f"the header has no '{key}'. Add a line: -- {_example(key)}"))
    if "result" in given and (name := _named(given["result"])) != select.name:
        sentence = f"result {given['result']} stands in {name}.sql. Rename the file or change it."
        faults.append(Fault(file, line_of(text, "result"), sentence))
    names = statement.names_in(text)
    if {"share"} & {given.get("kind"), *(each.kind for each in measures)}:
        for column in sorted({"numerator", "denominator"} - names):
            sentence = f"a share has a numerator and a denominator. SELECT {column} as well."
            faults.append(Fault(file, line_of(text, "kind"), sentence))
    if faults:
        return None, faults
    return Result(
        id=given["result"],
        file=file,
        title=select.about,
        pillar=given["pillar"],
        unit=given["unit"],
        kind=given["kind"],
        over=given["over"],
        good=given["good"],
        questions=tuple(given["questions"].split()),
        measures=(Measure(HEADLINE, select.about, given["unit"], given["kind"]), *measures),
        statement=select,
        missing=missing,
        by=given.get("by", "deal"),
        same=same,
    ), []


def due(result: Result, deal_until: dt.date, funding_until: dt.date) -> dt.date:
    """The last day on which `result` is in time."""
    found = _BY.fullmatch(result.by)
    if not found or found[1]:
        return dt.date.fromisoformat(result.by)
    last = deal_until if found[2] == "deal" else funding_until
    return months_before(last, int(found[3] or 0))


def unknown_questions(results: Sequence[Result], forms: Mapping[str, Form]) -> list[Fault]:
    """Faults for questions that no form asks, or whose answers never leave their place."""
    found = []
    for result in results:
        line = line_of(result.statement.text, "questions")
        for named in result.questions:
            form_id, _, name = named.partition(".")
            question = forms[form_id].columns.get(name) if form_id in forms else None
            if question is None:
                sentence = f"no form has a question '{named}'. Write form.question as in forms/."
                found.append(Fault(result.file, line, sentence))
            elif question.private:
                sentence = f"'{named}' is private: no result may draw on it. Take it out."
                found.append(Fault(result.file, line, sentence))
    return found


def _named(result: str) -> str:
    """What the file of a result is called."""
    return result.removeprefix(f"{PEOPLE}/").replace("/", "-")


def line_of(text: str, key: str) -> int:
    """The line of the header on which `key` stands; 1 when nowhere."""
    return next((line for line, found, _, _ in _header(text) if found == key), 1)


def _header(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Line, key, name and value of every line of the header below the title."""
    for line, row in enumerate(text.splitlines()[1:], 2):
        if not row.startswith("--"):
            return
        if found := _LINE.fullmatch(row.rstrip()):
            yield line, found[1], found[2] or "", found[3]


def _mistake(key: str, name: str, value: str, before: set[str]) -> str:
    """What is wrong with one line of the header; empty when nothing is."""
    whole = f"{key} {name}".strip()
    if key not in {"measure", *_OF} and whole not in {*_KEYS, "by"}:
        more = "by, missing, same, measure NAME, missing NAME, same NAME"
        return f"unknown key '{whole}'. A header may have: {', '.join(_KEYS)}, {more}."
    if whole in before:
        return f"'{whole}' is there twice. Take one out."
    if key == "measure":
        if not _NAME.fullmatch(name):
            return f"a measure needs a name of small letters. Write: -- {_example(key)}"
        label, _, kind = _parts(value)
        if not label:
            return f"a measure tells its label, unit and kind. Write: -- {_example(key)}"
        return _not_one_of("kind", kind)
    if not value:
        return f"'{key}' is empty. Write for example: -- {_example(key)}"
    if key == "by" and not _is_by(value):
        return f"'{value[:40]}' is no day. Write for example: -- {_example(key)}"
    if key == "result" and not (RESULT.fullmatch(value) or _HEADCOUNT.fullmatch(value)):
        return f"'{value[:40]}' is no result. Write for example: -- {_example(key)}"
    return _not_one_of(key, value)


def _is_by(value: str) -> bool:
    """Whether it reads as a day: one of the calendar, or months before the end."""
    found = _BY.fullmatch(value)
    if found and found[1]:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
    return bool(found)


def _not_one_of(key: str, value: str) -> str:
    if key not in _ONE_OF or value in _ONE_OF[key]:
        return ""
    return f"there is no {key} '{value[:40]}'. Use one of: {', '.join(_ONE_OF[key])}."


def _parts(value: str) -> tuple[str, str, str]:
    """Label, unit and kind of a measure; empty when it does not read."""
    found = _MEASURE.fullmatch(value.strip())
    return (found[1], found[2], found[3]) if found else ("", "", "")


def _example(key: str) -> str:
    examples = {
        "result": "result: 4/1.1.1.g",
        "unit": "unit: personen",
        "questions": "questions: visitors.visitors step.step",
        "by": "by: 2024-03-31, or by: funding - 6 months",
        "missing": "missing: kwam nog niemand",
        "same": "same: 4/1.1.3.b#volunteers",
        "measure": "measure offered: Kreeg coaching aangeboden (personen, persons)",
    }
    return examples.get(key) or f"{key}: {' or '.join(_ONE_OF[key])}"


def _order(result: Result) -> tuple[int, Sequence[tuple[int, str]]]:
    """What was promised (article 4) first, then the efforts (3), then the goals (2)."""
    article, _, rest = result.id.partition("/")
    parts = (re.fullmatch(r"([0-9]*)(.*)", part) for part in rest.split("."))
    return -int(article), [(int(part[1] or 0), part[2]) for part in parts if part]
