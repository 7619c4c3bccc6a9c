"""Form files checked and compiled, in a process of its own: the only module that knows pyxform.

`python -m fieldapp.ask.xlsform FILE…` writes one JSON object per file and line.
`python -m fieldapp.ask.xlsform --twin` makes the .xlsx of the Markdown it is given.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import md_table_to_workbook
from pyxform.xls2xform import convert

from fieldapp.ask.excel import read_workbook
from fieldapp.ask.form_json import form_to_json
from fieldapp.ask.kinds import KINDS
from fieldapp.ask.links import Links, to_json
from fieldapp.ask.lint import languages, links, lint
from fieldapp.ask.lint_expressions import (
    ENTITY_EXPRESSIONS,
    columns_for,
    compile_cell,
    steps,
)
from fieldapp.ask.markdown import read_markdown
from fieldapp.ask.question import Choice, Entity, Form, Group, Question, Tree
from fieldapp.ask.sheets import Book, Row
from fieldapp.ask.survey import list_of, questions, register_of
from fieldapp.ask.vocabulary import CONCEPT, split_type
from fieldapp.errors import Fault

LARGEST_FILE = 2_000_000
MEMORY = 300 << 20
CPU_SECONDS = 8  # all forms that are shipped take less than one
LARGEST_WRITTEN = 20_000_000  # pyxform writes each form to a temporary file

_ROW = re.compile(r"\[row : ([0-9]+)\]")
_LACKS = re.compile(r"Language '[^']*\(([a-z]+)\)' is missing the ")


@dataclass(frozen=True, slots=True)
class Examined:
    """What one file came to: a form, or its faults; and where it touches the other files."""

    form: Form | None
    faults: tuple[Fault, ...]
    links: Links


def examine(data: bytes, file: str) -> Examined:
    """The form in `data`, or everything that is wrong with it; `file` names it."""
    book, faults = _read(data, file)
    if book.sheets:
        faults += lint(book)
    if faults:
        return Examined(None, tuple(sorted(set(faults))), links(book))
    result, faults = _converted(book, data)
    faults = faults or list(_unread(book, result))
    form = None if faults else _Forming(book, result).form()
    return Examined(form, tuple(faults), links(book))


def twin(text: str) -> bytes:
    """The .xlsx workbook of a Markdown form."""
    book, _ = read_markdown(text.encode(), "form.md")
    made = BytesIO()
    md_table_to_workbook(book.text).save(made)
    return made.getvalue()


def _read(data: bytes, file: str) -> tuple[Book, list[Fault]]:
    if len(data) > LARGEST_FILE:
        return Book(file), [Fault(file, 0, "is larger than 2 MB. A form is some kilobytes.")]
    if file.endswith(".md"):
        book, faults = read_markdown(data, file)
    elif file.endswith(".xlsx"):
        book, faults = read_workbook(data, file)
    else:
        return Book(file), [Fault(file, 0, "is no form: its name must end in .md or .xlsx.")]
    if not book.sheets and not faults:
        faults = [Fault(file, 0, "is empty. Begin with a table | survey |.")]
    return book, faults


# --- pyxform ----------------------------------------------------------------------------------


def _converted(book: Book, data: bytes) -> tuple[Mapping[str, Any], list[Fault]]:
    """What pyxform makes of the form, and what it says against it."""
    try:
        if book.text:
            made = convert(book.text, file_type=".md")
        else:
            made = convert(data, file_type=".xlsx")
    except PyXFormError as error:
        return {}, [_said(book, str(error))]
    warnings = [each for each in made.warnings if not _of_concept(each)]
    return made._pyxform, [_said(book, warning) for warning in warnings]


def _of_concept(warning: str) -> bool:
    """Whether all that is wrong is a column that a concept may lack."""
    found = _LACKS.match(warning)
    return bool(found and found[1] in CONCEPT)


def _said(book: Book, sentence: str) -> Fault:
    """A fault in pyxform's own words, on the line of the row that it counts."""
    found = _ROW.search(sentence)
    rows = book.rows("survey")
    position = int(found[1]) - 2 if found else len(rows)
    line = rows[position].line if 0 <= position < len(rows) else 0
    return Fault(book.file, line, "pyxform says: " + " ".join(_ROW.sub("", sentence).split()))


def _unread(book: Book, result: Mapping[str, Any]) -> Iterator[Fault]:
    """The rows that pyxform left out in silence."""
    read = set(_names(result["children"]))
    for row in book.rows("survey"):
        if row.get("name") not in read and split_type(row.get("type"))[0] != "end_group":
            sentence = f"pyxform does not read '{row.get('name')}'. Leave no empty rows before it."
            yield book.fault("survey", row.line, "name", sentence)


def _names(children: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for child in children:
        yield child["name"]
        if child["type"] == "group":
            yield from _names(child["children"])


class _Forming:
    """Turns pyxform's result and the rows it came from into a form."""

    def __init__(self, book: Book, result: Mapping[str, Any]) -> None:
        self.book, self.result = book, result
        self.languages = {name: code for code, name in languages(book).items()}
        self.names = questions(book)
        self.rows = {row.get("name"): row for row in book.rows("survey") if row.get("name")}

    def form(self) -> Form:
        """The whole form."""
        result = self.result
        return Form(
            form_id=result["id_string"],
            version=result["version"],
            file=self.book.file,
            title=self.texts(result["heading"]),
            languages=tuple(self.languages.values()),
            items=self.items(result["children"]),
            places=frozenset(result["places"].split()),
            key=tuple(result.get("key", "").split()),
            expected=result.get("expected", ""),
            order=int(result.get("order", "0")),
            icon=result.get("icon", ""),
            entity=self.entity(),
            steps=steps(self.book),
        )

    def items(self, children: Sequence[Mapping[str, Any]]) -> tuple[Question | Group, ...]:
        """Questions and groups; pyxform's own group `meta` left out."""
        return tuple(
            self.group(child) if child["type"] == "group" else self.question(child)
            for child in children
            if child["name"] in self.rows
        )

    def group(self, element: Mapping[str, Any]) -> Group:
        """A group with what is in it."""
        return Group(
            name=element["name"],
            line=self.rows[element["name"]].line,
            items=self.items(element["children"]),
            label=self.texts(element.get("label")),
            hint=self.texts(element.get("hint")),
            relevant=self.tree("relevant", element.get("bind", {}).get("relevant")),
            appearance=_words(element.get("control", {}).get("appearance")),
        )

    def question(self, element: Mapping[str, Any]) -> Question:
        """One question."""
        row = self.rows[element["name"]]
        bind, control = element.get("bind", {}), element.get("control", {})
        kind = KINDS[split_type(row.get("type"))[0]]
        return Question(
            name=element["name"],
            type=kind.name,
            line=row.line,
            label=self.texts(element.get("label")),
            hint=self.texts(element.get("hint")),
            required=self.tree("required", bind.get("required")),
            required_message=self.texts(bind.get("jr:requiredMsg")),
            relevant=self.tree("relevant", bind.get("relevant")),
            constraint=self.tree("constraint", bind.get("constraint")),
            constraint_message=self.texts(bind.get("jr:constraintMsg")),
            calculation=self.tree("calculation", bind.get("calculate")),
            default=self.tree("default", element.get("default")),
            choices=tuple(self.choice(choice) for choice in element.get("choices", ())),
            list_name=list_of(row),
            register=register_of(row),
            choice_filter=self.tree("choice_filter", element.get("choice_filter"), row),
            appearance=_words(control.get("appearance")),
            parameters=dict(element.get("parameters", {})),
            result=_words(element.get("result")),
            private=element.get("private") == "yes",
            prefill=element.get("prefill", ""),
            save_to=bind.get("entities:saveto", ""),
            kept=bool(kind.column),
        )

    def choice(self, choice: Mapping[str, Any]) -> Choice:
        """One choice; all but name and label is extra."""
        extra = {key: value for key, value in choice.items() if key not in {"name", "label"}}
        return Choice(choice["name"], self.texts(choice["label"]), extra)

    def entity(self) -> Entity | None:
        """The register row that an answer makes."""
        for row in self.book.rows("entities"):
            trees = {
                header: tree
                for header in ENTITY_EXPRESSIONS
                if (tree := self.tree(header, row.get(header))) is not None
            }
            return Entity(row.get("list_name"), **{"label": ["str", ""], **trees})
        return None

    def texts(self, given: Mapping[str, str] | None) -> dict[str, str]:
        """A text per language code."""
        return {self.languages[name]: text for name, text in (given or {}).items()}

    def tree(self, header: str, text: str | None, row: Row | None = None) -> Tree | None:
        """The compiled expression of a cell."""
        columns = columns_for(self.book, row) if row else None
        return compile_cell(header, text or "", self.names, columns)


def _words(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split())


# --- the process ------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> None:
    """Examine files, within limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_WRITTEN, LARGEST_WRITTEN))
    out = sys.stdout.buffer
    with contextlib.redirect_stdout(sys.stderr):  # keeps the answer free of what others print
        if arguments[:1] == ["--twin"]:
            out.write(twin(sys.stdin.buffer.read().decode()))
            return
        for argument in arguments:
            out.write(json.dumps(_answer(Path(argument))).encode() + b"\n")
            out.flush()


def _answer(path: Path) -> dict[str, Any]:
    """What the server is told about one file."""
    data = path.read_bytes()
    try:
        examined = examine(data, path.name)
    except MemoryError:
        examined = Examined(None, (Fault(path.name, 0, "takes too much memory to read."),), Links())
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "form": form_to_json(examined.form) if examined.form else None,
        "faults": [[fault.line, fault.sentence, fault.column] for fault in examined.faults],
        "links": to_json(examined.links),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
