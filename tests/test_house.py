"""The rules of the house, read from the sources: arrows one way, short files, one place each."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 400

# From the ground up: a room imports only from rooms below it, and from its own.
ROOMS: Mapping[str, int] = {
    "errors": 0,
    "settings": 0,
    "ask": 1,
    "keep": 2,
    "report": 3,
    "web": 4,
    "demo": 5,
    "terminal": 5,
    "cli_care": 5,
    "cli_import": 5,
    "cli": 5,
    "__main__": 5,
}
ONLY = {"pyxform": "fieldapp.ask.xlsform"}  # library → the one module that knows it
KNOWS_TYPES = "fieldapp.ask.kinds"

Sources = Mapping[str, str]
"""Module name → its source."""


def sources(root: Path = ROOT) -> Sources:
    """Every module of the package."""
    found = {}
    for path in sorted((root / "fieldapp").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path.read_text("utf-8")
    return found


@functools.cache
def _importing(text: str) -> Sequence[ast.Import | ast.ImportFrom]:
    """The statements in a source that import; nearly all tests look at the same sources."""
    nodes = ast.walk(ast.parse(text))
    return [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def imports(module: str, sources: Sources) -> Iterator[tuple[str, int]]:
    """Every module that `module` imports, with the line."""
    for node in _importing(sources[module]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        else:
            assert not node.level, f"{module}, line {node.lineno}: write the whole name"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in sources else str(node.module)), node.lineno


def room(module: str) -> str:
    """The room that a module stands in."""
    return f"{module}.".split(".")[1]


def wrong_arrows(sources: Sources) -> list[str]:
    """Imports that run up, or to a room that has no place in the order."""
    found = []
    for module in sources:
        if module == "fieldapp":
            continue
        for other, line in imports(module, sources):
            if other.split(".")[0] != "fieldapp" or other == "fieldapp":
                continue
            here, there = room(module), room(other)
            if here != there and ROOMS.get(there, 99) > ROOMS.get(here, -1):
                found.append(f"{module}, line {line}: {here} may not import {there}")
            elif {here, there} == {"errors", "settings"} and here == "errors":
                found.append(f"{module}, line {line}: errors imports nothing of the house")
    return found


def cycles(sources: Sources) -> list[str]:
    """Modules that import each other, straight or in a round."""
    arrows = {m: {o for o, _ in imports(m, sources) if o in sources} for m in sources}
    found: list[str] = []
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            found.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for other in sorted(arrows[module]):
                walk(other, (*path, module))
            done.add(module)

    for module in sorted(arrows):
        walk(module, ())
    return found


def inner_imports(sources: Sources) -> list[str]:
    """Imports inside a function or a class."""
    return [
        f"{module}, line {inner.lineno}: import it at the top"
        for module, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def shared_objects(root: Path = ROOT) -> list[str]:
    """What an `__init__.py` holds beside its docstring and the version."""
    found = []
    for path in sorted((root / "fieldapp").rglob("__init__.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            version = isinstance(node, ast.Assign) and [
                target.id for target in node.targets if isinstance(target, ast.Name)
            ] == ["__version__"]
            if not (docstring or version):
                found.append(f"{path.relative_to(root)}, line {node.lineno}: put it in a module")
    return found


def long_files(root: Path = ROOT) -> list[str]:
    """Files that one has to scroll through."""
    paths = [
        *(root / "fieldapp").rglob("*.py"),
        *(root / "tests").rglob("*.py"),
        *(root / "static").rglob("*.js"),
    ]
    return [
        f"{path.relative_to(root)} has {lines} lines, {MOST_LINES} is the most: make it two"
        for path in sorted(paths)
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    ]


def strangers(sources: Sources) -> list[str]:
    """Imports of a library by a module that should not know it."""
    return [
        f"{module}, line {line}: only {ONLY[library]} knows {library}"
        for module in sources
        for other, line in imports(module, sources)
        if (library := other.split(".")[0]) in ONLY and module != ONLY[library]
    ]


def type_questions(sources: Sources) -> list[str]:
    """Comparisons with the type of a question outside the module that knows types."""
    found = []
    for module, text in sources.items():
        if module == KNOWS_TYPES:
            continue
        for node in ast.walk(ast.parse(text)):
            asked: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                asked = [node.left, *node.comparators]
            elif isinstance(node, ast.Match):
                asked = [node.subject]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in {"startswith", "endswith"}:
                    asked = [node.func.value]
                elif node.func.attr == "get":
                    asked = node.args[:1]
            elif isinstance(node, ast.Subscript):
                asked = [node.slice]
            for each in asked:
                if isinstance(each, ast.Attribute) and each.attr == "type":
                    found.append(f"{module}, line {each.lineno}: ask kind_of(question) instead")
    return found


def undescribed(sources: Sources) -> list[str]:
    """Modules without a first line that says what they are for."""
    return [
        f"{module}: write as its first line what it is for"
        for module, text in sources.items()
        if not (ast.get_docstring(ast.parse(text)) or "").strip()
    ]


def test_imports_run_one_way() -> None:
    assert wrong_arrows(sources()) == []


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room(module) for module in sources()} - {""} == set(ROOMS)


def test_no_module_imports_itself_in_a_round() -> None:
    assert cycles(sources()) == []


def test_imports_stand_at_the_top() -> None:
    assert inner_imports(sources()) == []


def test_no_init_shares_an_object() -> None:
    assert shared_objects() == []


def test_no_file_is_too_long() -> None:
    assert long_files() == []


def test_libraries_stay_in_their_module() -> None:
    assert strangers(sources()) == []


def test_question_types_stay_in_their_module() -> None:
    assert type_questions(sources()) == []


def test_every_module_says_what_it_is_for() -> None:
    assert undescribed(sources()) == []


# --- each rule can be broken --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("fieldapp.ask.kinds", "from fieldapp.keep import row"),
        ("fieldapp.keep.row", "from fieldapp.report import period"),
        ("fieldapp.report.period", "import fieldapp.web.app"),
        ("fieldapp.web.app", "from fieldapp.cli import main"),
        ("fieldapp.web.app", "from fieldapp import demo"),
        ("fieldapp.web.app", "def f():\n    from fieldapp import demo"),
        ("fieldapp.settings", "from fieldapp.ask.question import Form"),
        ("fieldapp.errors", "from fieldapp.settings import load"),
        ("fieldapp.web.app", "from fieldapp.attic import thing"),
    ],
)
def test_an_arrow_up_is_seen(module: str, line: str) -> None:
    real = sources()
    assert len(wrong_arrows({**real, "fieldapp.attic": "", module: line})) == 1


def test_an_arrow_down_is_fine() -> None:
    below = "from fieldapp.errors import Busy\nfrom fieldapp.keep import row\nimport json"
    assert wrong_arrows({**sources(), "fieldapp.web.new": below}) == []


def test_a_round_is_seen() -> None:
    fake = {
        "fieldapp.web.a": "from fieldapp.web import b",
        "fieldapp.web.b": "from fieldapp.web.c import thing",
        "fieldapp.web.c": "from fieldapp.web.a import other",
    }
    assert cycles(fake) == ["fieldapp.web.a → fieldapp.web.b → fieldapp.web.c → fieldapp.web.a"]
    assert cycles(fake | {"fieldapp.web.c": ""}) == []


@pytest.mark.parametrize(
    "text",
    ["def f():\n    import json", "class A:\n    async def f(self):\n        from os import path"],
)
def test_an_import_inside_is_seen(text: str) -> None:
    assert inner_imports({"fieldapp.web.a": text})
    assert not inner_imports({"fieldapp.web.a": "import json\n\ndef f():\n    pass"})


@pytest.mark.parametrize("line", ["app = 1", "from fieldapp import errors", "def f(): ..."])
def test_an_object_in_an_init_is_seen(tmp_path: Path, line: str) -> None:
    init = tmp_path / "fieldapp" / "web" / "__init__.py"
    init.parent.mkdir(parents=True)
    init.write_text('"""Pages."""\n\n__version__ = "1"\n')
    assert shared_objects(tmp_path) == []
    init.write_text(f'"""Pages."""\n{line}\n')
    assert len(shared_objects(tmp_path)) == 1


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    for name in ("fieldapp/web/a.py", "tests/web/test_a.py", "static/a.js"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n" * MOST_LINES)
    assert long_files(tmp_path) == []
    file.write_text("\n" * (MOST_LINES + 1))
    assert long_files(tmp_path) == ["static/a.js has 401 lines, 400 is the most: make it two"]


def test_a_stranger_is_seen() -> None:
    fake = {"fieldapp.web.a": "from pyxform.xls2xform import convert", ONLY["pyxform"]: ""}
    assert len(strangers(fake)) == 1
    assert strangers({ONLY["pyxform"]: "import pyxform"}) == []


@pytest.mark.parametrize(
    "text",
    [
        'if question.type == "date": pass',
        'done = "date" != question.type',
        'if question.type in {"date"}: pass',
        'match question.type:\n    case "date": pass',
        'if question.type.startswith("select"): pass',
        "WIDTHS[question.type]",
        "WIDTHS.get(question.type, 4)",
    ],
)
def test_a_question_about_a_type_is_seen(text: str) -> None:
    assert type_questions({"fieldapp.report.a": text})
    assert not type_questions({KNOWS_TYPES: text})


def test_a_module_without_a_docstring_is_seen() -> None:
    assert undescribed({"fieldapp.web.a": "import json"})
    assert undescribed({"fieldapp.web.a": '"""  """'})
