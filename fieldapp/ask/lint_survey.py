"""The rules for questions, groups and choices."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.ask.kind import Kind
from fieldapp.ask.kinds import GROUP_APPEARANCES, KINDS
from fieldapp.ask.sheets import Book, Row
from fieldapp.ask.survey import list_of, parameters_of
from fieldapp.ask.vocabulary import (
    GROUP_COLUMNS,
    NAME,
    NAME_RULE,
    PARAMETERS,
    PREFILLS,
    RESULT,
    TAKEN,
    did_you_mean,
    picks_from_register,
    split_type,
    wrong_word,
)
from fieldapp.errors import Fault

Sentences = Iterator[tuple[str, str]]
"""Header and what is wrong under it."""


def survey_faults(book: Book) -> list[Fault]:
    """What is wrong in the sheets survey and choices, apart from expressions."""
    faults = [
        book.fault("survey", row.line, header, sentence)
        for row in book.rows("survey")
        for header, sentence in _row(book, row)
    ]
    return [*faults, *_nesting(book), *_names(book), *_choices(book)]


def _row(book: Book, row: Row) -> Sentences:
    """What is wrong with one row of survey, by header."""
    name, source = split_type(row.get("type"))
    kind = KINDS.get(name)
    if not row.get("type"):
        yield "type", "the row has no type. Give one, or remove the row."
    elif name == "end_group":
        yield from _only(row, {"type", "name"}, "the end of a group")
    elif name == "begin_group":
        yield from _only(row, GROUP_COLUMNS, "a group")
        yield from _appearance(row, GROUP_APPEARANCES, "group")
    elif kind is None:
        yield "", f"type '{row.get('type')}' is not supported.{_instead(name)}"
    else:
        yield from _question(book, row, kind, source)


def _instead(name: str) -> str:
    """The remedy for a type that is not supported, with a blank before it."""
    if name.endswith("_repeat"):
        return " Make it a form of its own: one record per time."
    near = did_you_mean(name, [*KINDS, "begin_group", "end_group"])
    return f"{near} Use one of: {', '.join(KINDS)}."


def _question(book: Book, row: Row, kind: Kind, source: str) -> Sentences:
    yield from _source(kind, source)
    yield from _appearance(row, kind.appearances, kind.name)
    labels = [header for header in book.headers("survey") if header.startswith("label::")]
    if kind.filled_by == "person" and labels and not any(row.get(header) for header in labels):
        yield labels[0], "the question has no label. Write what it asks."
    calculated = kind.filled_by == "calculation"
    if calculated and not row.get("calculation"):
        yield "calculation", "the row has no calculation. Write what is to be worked out."
    if row.get("calculation") and not calculated:
        yield "calculation", f"type '{kind.name}' is not calculated. Use the type calculate."
    if row.get("choice_filter") and not kind.picks:
        yield "choice_filter", f"type '{kind.name}' has no choices to filter. Remove it."
    if row.get("private") not in {"", "yes"}:
        yield "private", f"'{row.get('private')}' is not understood. Write yes, or leave it empty."
    if message := wrong_word(row.get("prefill").split(), PREFILLS):
        yield "prefill", message
    elif row.get("prefill") and kind.name not in PREFILLS[row.get("prefill")]:
        fitting = ", ".join(name for name in KINDS if name in PREFILLS[row.get("prefill")])
        yield "prefill", f"'{row.get('prefill')}' does not fit type '{kind.name}', but {fitting}."
    for result in row.get("result").split():
        if not RESULT.fullmatch(result):
            yield (
                "result",
                f"'{result}' is no result. Write ids like 4/1.1.1.a, with blanks between.",
            )
    if message := wrong_word(row.get("result").split(), row.get("result").split()):
        yield "result", message
    yield from _save_to(book, row)
    yield from _parameters(row, kind)


def _only(row: Row, allowed: set[str] | frozenset[str], what: str) -> Sentences:
    for header in row.cells:
        if header.split("::")[0] not in allowed:
            yield header, f"{header} does nothing at {what}. Remove it."


def _source(kind: Kind, source: str) -> Sentences:
    """What is wrong with what the type picks from."""
    if source and not kind.picks:
        yield "type", f"'{source}' after '{kind.name}' is not understood. Remove it."
    elif kind.picks and picks_from_register(kind):
        if not source.endswith(".csv") or not NAME.fullmatch(source.removesuffix(".csv")):
            yield (
                "type",
                f"'{kind.name}' names a register. Write for example {kind.name} people.csv.",
            )
    elif kind.picks and not source:
        yield "type", f"'{kind.name}' names no list. Write for example {kind.name} daypart."
    elif kind.picks and " " in source:
        yield (
            "type",
            f"'{source}' is not one list. Remove what follows the list; add a choice 'other'.",
        )


def _appearance(row: Row, allowed: frozenset[str], what: str) -> Sentences:
    words = row.get("appearance").split()
    if words and not allowed:
        yield "appearance", f"type '{what}' has no appearances. Leave it empty."
    elif message := wrong_word(words, sorted(allowed)):
        yield "appearance", f"for type '{what}', {message}"


def _save_to(book: Book, row: Row) -> Sentences:
    column = row.get("save_to")
    if not column:
        return
    first = next(r for r in book.rows("survey") if r.get("save_to") == column)
    if not book.rows("entities"):
        yield "save_to", "there is no sheet 'entities' to say which register this is saved to."
    elif not NAME.fullmatch(column) or column in {"name", "label"}:
        yield "save_to", f"'{column}' cannot be saved to: {NAME_RULE} name and label are taken."
    elif first is not row:
        yield "save_to", f"'{column}' is already saved to on line {first.line}. Save once."


def _parameters(row: Row, kind: Kind) -> Sentences:
    known = PARAMETERS.get(kind.name, ())
    given = parameters_of(row)
    if given and not known:
        yield "parameters", f"type '{kind.name}' has no parameters. Leave it empty."
        return
    if message := wrong_word(list(given), known):
        yield "parameters", message
        return
    if picks_from_register(kind):
        fixed = {"value": "name", "label": "label"}
        for key, value in given.items():
            if value != fixed[key]:
                yield "parameters", f"write {key}={fixed[key]}: a register has a name and a label."
        return
    wrong = [key for key, value in given.items() if not _is_number(value)]
    for key in wrong:
        yield "parameters", f"'{key}' is no number. Write for example {key}=1."
    if known and not wrong:
        start, end, step = (
            float(given.get(key, usual)) for key, usual in zip(known, ("1", "10", "1"), strict=True)
        )
        if start >= end or step <= 0:
            yield "parameters", "the scale is empty: start must be below end, and step above 0."


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


# --- groups, names and choices ----------------------------------------------------------------


def _nesting(book: Book) -> Iterator[Fault]:
    """Groups that are not closed, not opened or empty."""
    opened: list[Row] = []
    before = ""
    for row in book.rows("survey"):
        name, _ = split_type(row.get("type"))
        if name == "begin_group":
            opened.append(row)
        elif name == "end_group" and not opened:
            sentence = "no group is open here. Remove this row, or add its begin_group."
            yield book.fault("survey", row.line, "type", sentence)
        elif name == "end_group":
            group = opened.pop()
            if before == "begin_group":
                sentence = f"the group '{group.get('name')}' is empty. Remove it."
                yield book.fault("survey", group.line, "type", sentence)
        before = name
    for row in opened:
        sentence = f"the group '{row.get('name')}' is not closed. Add a row end_group."
        yield book.fault("survey", row.line, "type", sentence)


def _names(book: Book) -> Iterator[Fault]:
    """Names that are missing, not allowed or taken."""
    first: dict[str, int] = {}
    for row in book.rows("survey"):
        name = row.get("name")
        if split_type(row.get("type"))[0] == "end_group":
            continue
        if not name:
            sentence = f"the row has no name. Give one: {NAME_RULE}"
        elif name in TAKEN:
            sentence = f"the name '{name}' is taken by the page itself. Give another."
        elif not NAME.fullmatch(name):
            sentence = f"'{name}' is no name: {NAME_RULE}"
        elif name in first:
            sentence = f"the name '{name}' is already on line {first[name]}. Give another."
        else:
            first[name] = row.line
            continue
        yield book.fault("survey", row.line, "name", sentence)


def _choices(book: Book) -> Iterator[Fault]:
    """Lists that are missing or unused, and choices that are not right."""
    lists = {row.get("list_name") for row in book.rows("choices")}
    used = {list_of(row) for row in book.rows("survey")}
    for row in book.rows("survey"):
        name = list_of(row)
        if name and name not in lists and " " not in name:
            sentence = f"there is no list '{name}' in choices.{did_you_mean(name, lists - {''})}"
            yield book.fault("survey", row.line, "type", f"{sentence} Add its choices.")
    seen: dict[tuple[str, str], int] = {}
    for row in book.rows("choices"):
        for header, sentence in _choice(book, row):
            yield book.fault("choices", row.line, header, sentence)
        name, key = row.get("list_name"), (row.get("list_name"), row.get("name"))
        if name and name not in used and (name, "") not in seen:
            seen[name, ""] = row.line
            sentence = f"no question uses the list '{name}'.{did_you_mean(name, used)} Remove it."
            yield book.fault("choices", row.line, "list_name", sentence)
        if key[1] and seen.setdefault(key, row.line) != row.line:
            sentence = f"'{key[1]}' is already in the list '{name}', on line {seen[key]}."
            yield book.fault("choices", row.line, "name", f"{sentence} Give another name.")


def _choice(book: Book, row: Row) -> Sentences:
    """What is wrong with one choice, by header."""
    labels = [header for header in book.headers("choices") if header.startswith("label::")]
    if not row.get("list_name"):
        yield "list_name", "the choice belongs to no list. Give the name of its list."
    elif not NAME.fullmatch(row.get("list_name")):
        yield "list_name", f"'{row.get('list_name')}' is no name: {NAME_RULE}"
    if not row.get("name"):
        yield "name", "the choice has no name. Give one."
    elif len(row.get("name").split()) > 1:
        yield "name", f"'{row.get('name')}' has a blank in it. Write _ in its place."
    if labels and not any(row.get(header) for header in labels):
        yield labels[0], "the choice has no label. Write what people read."
    if row.get("liveability") not in {"", "y", "n"}:
        yield "liveability", f"'{row.get('liveability')}' is not understood. Write y, n or nothing."
