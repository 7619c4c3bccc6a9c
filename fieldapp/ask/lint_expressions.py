"""The rules for expressions and defaults, and the order in which answers can be worked out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from fieldapp.ask.expression import ExpressionFault, compile_expression, references
from fieldapp.ask.kind import Kind
from fieldapp.ask.kinds import KINDS
from fieldapp.ask.links import Want
from fieldapp.ask.question import Question, Tree
from fieldapp.ask.reading import Unreadable
from fieldapp.ask.sheets import Book, Row
from fieldapp.ask.survey import list_of, parameters_of, questions, register_of
from fieldapp.ask.vocabulary import COLUMNS, split_type
from fieldapp.errors import Fault

SURVEY_EXPRESSIONS = (
    "required",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "choice_filter",
)
ENTITY_EXPRESSIONS = ("label", "entity_id", "create_if", "update_if")
WAITS_FOR = ("relevant", "calculation", "choice_filter")
"""The columns whose answers must be known before the question's own."""

COMPARED_AS_TIME = frozenset({"time"})
"""Types whose text does not order by itself: 9:05 and 10:00."""

_ALWAYS = frozenset({"yes", "true", "true()"})
_NEVER = frozenset({"", "no", "false", "false()"})
_LOOKS_WORKED_OUT = re.compile(r"[(]|\$\{|^'|^\"|\s([-+*=<>]|!=|<=|>=|div|mod|and|or)\s")
_WORD = re.compile(r"[A-Za-z_][\w.-]*")


def compile_cell(
    column: str, text: str, names: Collection[str], columns: Collection[str] | None = None
) -> Tree | None:
    """The tree of one cell, None when the cell asks nothing; raises ExpressionFault."""
    if column == "required" and text.lower() in _NEVER | _ALWAYS:
        return compile_expression("true()", names) if text.lower() in _ALWAYS else None
    if not text:
        return None
    if column == "default" and not is_worked_out(text):
        return ["str", text]
    return compile_expression(text, names, columns)


def is_worked_out(default: str) -> bool:
    """Whether a default is an expression and not a plain value."""
    return bool(_LOOKS_WORKED_OUT.search(default))


def columns_for(book: Book, row: Row) -> Collection[str] | None:
    """The bare names that the row's choice_filter may use.

    For a register every word may be one: whether it is, other files say (see `wanted_columns`).
    """
    if register_of(row):
        return frozenset(_WORD.findall(row.get("choice_filter")))
    if not list_of(row):
        return None
    own = {header for header in book.headers("choices") if header and "::" not in header}
    return frozenset(own - {"list_name"})


def filter_columns(book: Book) -> set[str]:
    """The columns of choices that some choice_filter reads."""
    texts = [row.get("choice_filter") for row in book.rows("survey") if list_of(row)]
    words = {word for text in texts for word in _WORD.findall(text)}
    known = {*COLUMNS["choices"], "label"}
    return {header for header in book.headers("choices") if header in words - known}


def wanted_columns(book: Book) -> list[Want]:
    """The columns of registers that choice filters read."""
    found = []
    known = questions(book)
    for row in book.rows("survey"):
        tree = _tree(book, row, "choice_filter", known) if register_of(row) else None
        column = book.fault("survey", row.line, "choice_filter", "").column
        for name in sorted(_columns_in(tree) if tree else ()):
            found.append(Want(row.line, column, register_of(row), name))
    return found


def expression_faults(book: Book) -> list[Fault]:
    """What is wrong with expressions and defaults, and questions that wait for each other."""
    known = questions(book)
    faults: list[Fault] = []
    for row in book.rows("survey"):
        for header in SURVEY_EXPRESSIONS:
            faults += _compiled(book, "survey", row, header, known)
    for row in book.rows("entities"):
        for header in ENTITY_EXPRESSIONS:
            faults += _compiled(book, "entities", row, header, known)
    for row, kind in known.values():
        faults += _default(book, row, kind)
    return [*faults, *_circles(book)]


def steps(book: Book) -> tuple[str, ...]:
    """The questions in an order in which each comes after all that it waits for."""
    waits = _waits(book)
    done: dict[str, None] = {}
    before = -1
    while before < len(done):
        before = len(done)
        for name in waits:
            if name not in done and waits[name] <= done.keys():
                done[name] = None
    return tuple(done)


# --- the rules --------------------------------------------------------------------------------


def _tree(book: Book, row: Row, header: str, known: Collection[str]) -> Tree | None:
    """The tree of a survey cell, or None when it has none or does not compile."""
    columns = columns_for(book, row) if header == "choice_filter" else None
    try:
        return compile_cell(header, row.get(header), known, columns)
    except ExpressionFault:
        return None


def _compiled(
    book: Book, sheet: str, row: Row, header: str, known: Mapping[str, tuple[Row, Kind]]
) -> Iterator[Fault]:
    columns = columns_for(book, row) if header == "choice_filter" else None
    try:
        tree = compile_cell(header, row.get(header), known, columns)
    except ExpressionFault as fault:
        yield book.fault(sheet, row.line, header, f"{fault.sentence}.")
        return
    if tree is None:
        return
    times = {name for name, (_, kind) in known.items() if kind.name in COMPARED_AS_TIME}
    here = split_type(row.get("type"))[0] in COMPARED_AS_TIME
    for name in sorted(_bare_times(tree, times, row.get("name") if here else "")):
        yield book.fault(
            sheet,
            row.line,
            header,
            f"'{name}' is a time, and < and > do not order times. "
            "Compare times through decimal-time(), on both sides.",
        )


def _bare_times(tree: Tree, times: Collection[str], here: str) -> set[str]:
    """The time questions that stand bare beside `<` or `>`."""
    found: set[str] = set()
    for node in _nodes(tree):
        if node[0] == "op" and node[1][0] in "<>":
            for side in node[2:]:
                if side[0] in {"ref", "last"} and side[1] in times:
                    found.add(side[1])
                elif side[0] == "self" and here:
                    found.add(here)
    return found


def _nodes(tree: Tree) -> Iterator[Tree]:
    """Every node of a tree."""
    yield tree
    below = tree[2] if tree[0] == "fn" else tree[1:]
    for part in below:
        if isinstance(part, list):
            yield from _nodes(part)


def _columns_in(tree: Tree) -> set[str]:
    return {node[1] for node in _nodes(tree) if node[0] == "col"}


def _default(book: Book, row: Row, kind: Kind) -> Iterator[Fault]:
    """A plain default that cannot be an answer."""
    text = row.get("default")
    if not text or is_worked_out(text) or kind.filled_by != "person":
        return
    if list_of(row):
        names = [r.get("name") for r in book.rows("choices") if r.get("list_name") == list_of(row)]
        words = text.split() if kind.picks == "several" else [text]
        for word in words:
            if names and word not in names:
                sentence = f"'{word}' is no choice of the list '{list_of(row)}'. Write its name."
                yield book.fault("survey", row.line, "default", sentence)
        return
    try:
        kind.read([text], Question(row.get("name"), kind.name, 0, parameters=_scale(row)))
    except Unreadable:
        sentence = f"'{text}' cannot be the answer of type '{kind.name}' ({kind.doc})."
        yield book.fault("survey", row.line, "default", f"{sentence} Write one that can.")


def _scale(row: Row) -> dict[str, str]:
    """The parameters that are numbers, so that a wrong one is told once."""
    given = parameters_of(row)
    return {key: value for key, value in given.items() if re.fullmatch(r"-?[0-9.]+", value)}


def _waits(book: Book) -> dict[str, set[str]]:
    """Per question the questions that must be known first, also those its groups wait for."""
    found: dict[str, set[str]] = {}
    groups: list[set[str]] = []
    known = questions(book)
    for row in book.rows("survey"):
        name = split_type(row.get("type"))[0]
        own = {
            ref
            for header in WAITS_FOR
            if (tree := _tree(book, row, header, known)) is not None
            for ref in references(tree)
        }
        if name == "begin_group":
            groups.append(own)
        elif name == "end_group":
            del groups[-1:]
        elif name in KINDS and known.get(row.get("name"), (None,))[0] is row:
            found[row.get("name")] = own.union(*groups)
    return found


def _circles(book: Book) -> Iterator[Fault]:
    """Questions that wait for themselves, straight or through others."""
    waits = _waits(book)
    done = set(steps(book))
    left = {name: refs - done for name, refs in waits.items() if name not in done}
    while more := {n for n in left if not any(n in refs for refs in left.values())}:
        left = {name: refs for name, refs in left.items() if name not in more}
    if left:
        row, _ = questions(book)[next(iter(left))]
        header = next(h for h in (*WAITS_FOR, "name") if row.get(h))
        sentence = (
            f"{' and '.join(left)} wait for each other. Take one reference out of the circle."
            if len(left) > 1
            else f"'{row.get('name')}' waits for itself. Take the reference out."
        )
        yield book.fault("survey", row.line, header, sentence)
