"""The tables of the README, made from the code: cog calls these."""

from __future__ import annotations

import ast
import dataclasses
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from fieldapp.ask.forms import load_forms
from fieldapp.ask.kinds import KINDS
from fieldapp.ask.question import Form
from fieldapp.cli import main
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings, shipped

ROOT = Path(__file__).parents[1]
ROOMS = ("", "ask", "keep", "report", "web", "demo")
FIRST = {"errors", "settings"}  # the rest of the top folder stands above all rooms


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def commands() -> str:
    """Every command with what it does."""
    return table(("command", "does"), _commands("fieldapp", main))


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for part, inside in sorted(command.commands.items()):
            yield from _commands(f"{name} {part}", inside)
        return
    words = [name]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            many = "…" if parameter.nargs == -1 else ""
            words.append(f"{(parameter.metavar or parameter.name or '').upper()}{many}")
        elif parameter.name != "data":
            words.append(f"[{parameter.opts[0]}]")
    yield f"`{' '.join(words)}`", (command.help or "").partition("\n")[0]


def settings() -> str:
    """Every setting with its default and help."""
    rows = []
    for setting in dataclasses.fields(Settings):
        default = setting.default
        shown = default.name if isinstance(default, Path) else default
        rows.append((f"`FIELDAPP_{setting.name.upper()}`", f"`{shown}`", setting.metadata["help"]))
    return table(("setting", "default", "what it is for"), rows)


def modules() -> str:
    """Every module in reading order, room by room, with what it is for."""
    package = ROOT / "fieldapp"
    ordered = [
        path
        for room in ROOMS
        for path in _reading_order(sorted((package / room).glob("*.py")), room)
    ]
    ordered.sort(key=lambda path: path.parent == package and path.stem not in FIRST)
    rows = []
    for path in ordered:
        if path.stem not in {"__init__", "__main__"}:
            told = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            name = path.relative_to(package).as_posix()
            rows.append((f"`{name}`", " ".join(told.partition("\n\n")[0].split())))
    return table(("module", "what it is for"), rows)


def _reading_order(paths: Sequence[Path], room: str) -> list[Path]:
    """Modules after those of their room that they import; the rest by name."""
    names = {path.stem: path for path in paths}
    package = f"fieldapp.{room}" if room else "fieldapp"
    needs = {stem: _imports(path, package) & names.keys() for stem, path in names.items()}
    ordered: list[str] = []
    while len(ordered) < len(names):
        ready = sorted(s for s in names if s not in ordered and needs[s] <= set(ordered))
        ordered += ready[:1] or sorted(set(names) - set(ordered))[:1]
    return [names[stem] for stem in ordered]


def _imports(path: Path, package: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == package:
                found |= {name.name for name in node.names}
            elif node.module.startswith(f"{package}."):
                found.add(node.module.removeprefix(f"{package}.").partition(".")[0])
    return found - {path.stem}


def question_types() -> str:
    """Every question type with its column and appearances."""
    return table(
        ("type", "asks", "kept as", "appearances"),
        (
            (
                f"`{kind.name}`",
                kind.doc,
                kind.column or "–",
                " ".join(f"`{name}`" for name in sorted(kind.appearances)) or "–",
            )
            for kind in KINDS.values()
        ),
    )


def forms() -> str:
    """Every form: where it is used, when it is expected, its key and its questions."""
    return table(
        ("form", "title", "at", "expected", "key", "asks"),
        (
            (
                f"[`{form.form_id}`](forms/{Path(form.file).name})",
                form.title["nl"],
                ", ".join(sorted(form.places)),
                form.expected or "–",
                " ".join(form.key) or "–",
                sum(1 for q in form.columns.values() if q.label),
            )
            for form in _forms()
        ),
    )


def _forms() -> Sequence[Form]:
    with tempfile.TemporaryDirectory() as cache:
        return list(load_forms(shipped("forms"), Path(cache)).values())


def sheets() -> str:
    """Every workbook with its sheets and what one row of each means."""
    rows = []
    for name, book in load_workbooks(shipped("exports")).items():
        rows.append((f"**{name}**", f"Voorblad ({book.audience})", book.about))
        for sheet in book.sheets:
            link = f"[`{sheet.sql}.sql`](exports/{name}/{sheet.sql}.sql)"
            rows.append((link, sheet.name, sheet.statement.about))
    return table(("file", "sheet", "one row"), rows)


def faults() -> str:
    """What `make fault` found when it last ran."""
    return (ROOT / "docs" / "faults.md").read_text("utf-8").strip()


def load() -> str:
    """How the server bore many phones when `make fault` last ran."""
    text = (ROOT / "docs" / "load.md").read_text("utf-8").strip()
    return text.replace("# Load on loopback", "### Many phones at once", 1)


def national() -> str:
    """What pages and exports cost as the country joins, when `make bench-national` last ran."""
    return (ROOT / "docs" / "bench-national.md").read_text("utf-8").strip()


def bench() -> str:
    """What things cost when `make bench` last ran, each against a bare limit of the same run."""
    return (ROOT / "docs" / "bench.md").read_text("utf-8").strip()
