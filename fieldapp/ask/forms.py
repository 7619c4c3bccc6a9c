"""The forms of a folder: checked and compiled by a child process, kept in a cache."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from fieldapp import __version__
from fieldapp.ask.form_json import form_from_json
from fieldapp.ask.links import Links, from_json, missing, registers, to_json, twice
from fieldapp.ask.question import Form
from fieldapp.errors import Fault, FieldappError, FilesBroken

TIME_LIMIT = 30.0
"""Seconds that the child may take for all files together."""

SUFFIXES = (".md", ".xlsx")
_CHILD = "fieldapp.ask.xlsform"
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Read:
    """What one file came to: a form, or its faults; and where it touches the other files."""

    form: Form | None
    faults: tuple[Fault, ...]
    links: Links = dataclasses.field(default_factory=Links)


def load_forms(folder: Path, cache: Path, over: Path | None = None) -> dict[str, Form]:
    """Every form of `folder` by form_id, in their order; one in `over` stands in its place.

    Raises FilesBroken with all faults of all files.
    """
    under, upper = form_files(folder), form_files(over) if over else []
    if not under:
        sentence = "there is no form in this folder. Put an XLSForm (.md or .xlsx) in it."
        raise FilesBroken([Fault(_shown(folder), 0, sentence)])
    return _together(_laid(_read([*under, *upper], cache), upper))


def try_form(
    content: bytes, name: str, folder: Path, over: Path, cache: Path
) -> tuple[Form, dict[str, Form]]:
    """The form in a file that is not in force, and all forms as they would be with it.

    Raises FilesBroken with what is wrong with it, or with others because of it.
    """
    suffix = next((each for each in SUFFIXES if name.lower().endswith(each)), ".other")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"form{suffix}"
        path.write_bytes(content)
        upper = form_files(over)
        read = _read([*form_files(folder), *upper, path], cache, tidy=False)
    form = read[path].form
    shown = {_shown(path): name}
    try:
        if form is None:
            raise FilesBroken(read[path].faults)
        forms = _together(_laid(_laid(read, upper, last=path), [path]))
    except FilesBroken as broken:
        names = {fault: shown.get(fault.file, Path(fault.file).name) for fault in broken.faults}
        raise FilesBroken([replace(fault, file=names[fault]) for fault in names]) from None
    return form, forms


def load_older(folder: Path, cache: Path, forms: Mapping[str, Form]) -> dict[tuple[str, str], Form]:
    """The earlier versions of `forms` that can be read in `folder`, by form_id and version."""
    now = {f"{form_id}-{form.version}" for form_id, form in forms.items()}
    paths = [path for path in form_files(folder) if path.stem not in now]
    found = [one.form for one in _read(paths, cache).values() if one.form]
    return {(form.form_id, form.version): form for form in found}


def _laid(
    read: Mapping[Path, Read], upper: Sequence[Path], last: Path | None = None
) -> dict[Path, Read]:
    """What was read without the files in whose place one of `upper` stands."""
    instead = {read[path].links.form_id for path in upper} - {""}
    return {
        path: one
        for path, one in read.items()
        if path in upper or path == last or one.links.form_id not in instead
    }


def _together(read: Mapping[Path, Read]) -> dict[str, Form]:
    """The forms of files that belong together; FilesBroken with all their faults."""
    faults = _all_faults(read, (one.links for one in read.values()))
    faults += twice({_shown(path): one.links for path, one in read.items()})
    if faults:
        raise FilesBroken(faults)
    forms = [one.form for one in read.values() if one.form]
    forms.sort(key=lambda form: (form.order, form.form_id))
    return {form.form_id: form for form in forms}


def check_files(paths: Sequence[Path], beside: Path | None = None) -> list[Fault]:
    """What is wrong with the files, whose questions may also pick from registers of `beside`."""
    own = {path.resolve() for path in paths}
    others = [path for path in (form_files(beside) if beside else ()) if path.resolve() not in own]
    read = _read([*paths, *others], None)
    checked = {path: read[path] for path in paths}
    return sorted(_all_faults(checked, (one.links for one in read.values())))


def form_files(folder: Path) -> list[Path]:
    """The form files of a folder, without those that editors leave behind."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in SUFFIXES and not path.name.startswith((".", "~"))
    )


@functools.lru_cache(maxsize=64)  # a child takes a second over it, and a form seldom changes
def twin(text: str) -> bytes:
    """The .xlsx workbook of a form that is written as Markdown."""
    done = _child(["--twin"], TIME_LIMIT, text.encode())
    if done.failure:
        raise FieldappError(f"The workbook of this form cannot be made: {done.failure}")
    return done.output


def _all_faults(read: Mapping[Path, Read], links: Iterable[Links]) -> list[Fault]:
    declared = registers(links)
    faults = []
    for path, one in read.items():
        faults += [*one.faults, *missing(_shown(path), one.links, declared)]
    return faults


def _shown(path: Path) -> str:
    """The path as a message names it: short when it lies below the current folder."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


# --- files through the cache and the child ----------------------------------------------------


def _read(paths: Sequence[Path], cache: Path | None, *, tidy: bool = True) -> dict[Path, Read]:
    """What each file came to; only what the cache does not know goes to the child."""
    found: dict[Path, Read] = {}
    keys: dict[Path, str] = {}
    for path in paths:
        try:
            keys[path] = _key(hashlib.sha256(path.read_bytes()).hexdigest())
        except OSError as error:
            sentence = f"cannot be read ({error.strerror}). Check the name."
            found[path] = Read(None, (Fault(_shown(path), 0, sentence),))
    for path, key in keys.items():
        if cache and (kept := _kept(cache / key)):
            found[path] = _answered(path, kept)
    for path, answer in _examined([path for path in keys if path not in found]).items():
        found[path] = _answered(path, answer)
        if cache and found[path].form:
            keys[path] = _key(answer["sha256"])
            _keep(cache / keys[path], answer)
    if cache and tidy:
        _tidy(cache, set(keys.values()))
    return {path: found[path] for path in paths}


def _answered(path: Path, answer: Mapping[str, Any]) -> Read:
    """The child's answer on one file, with the file's name in it."""
    file = _shown(path)
    form = form_from_json(answer["form"]) if answer["form"] else None
    return Read(
        form=replace(form, file=file) if form else None,
        faults=tuple(Fault(file, *fault) for fault in answer["faults"]),
        links=from_json(answer["links"]),
    )


@functools.cache
def _versions() -> str:
    """Everything but the file that decides what it comes to."""
    code = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        code.update(module.read_bytes())
    libraries = [f"{name} {metadata.version(name)}" for name in ("pyxform", "openpyxl")]
    python = platform.python_version()
    return " ".join([__version__, code.hexdigest(), *libraries, python])


def _key(sha256: str) -> str:
    """The name under which the cache keeps a file."""
    return hashlib.sha256(f"{sha256} {_versions()}".encode()).hexdigest() + ".json"


def _kept(path: Path) -> dict[str, Any] | None:
    """A sound answer out of the cache, or None."""
    try:
        answer: dict[str, Any] = json.loads(path.read_bytes())
        return answer if _answered(path, answer).form else None
    except _DAMAGED:
        return None


def _keep(path: Path, answer: Mapping[str, Any]) -> None:
    """Put an answer in the cache, whole or not at all."""
    with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(answer, file)
        Path(name).replace(path)


def _tidy(cache: Path, used: set[str]) -> None:
    """Take answers to files that are gone out of the cache."""
    with contextlib.suppress(OSError):
        for path in cache.iterdir():
            if re.fullmatch(r"[0-9a-f]{64}\.json", path.name) and path.name not in used:
                path.unlink()


# --- the child --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Done:
    """What a child wrote, and why it stopped when it should not have."""

    output: bytes
    failure: str = ""


def _examined(paths: Sequence[Path]) -> dict[Path, dict[str, Any]]:
    """The child's answer on each file; a file that stops the child is told so, the rest go on."""
    found: dict[Path, dict[str, Any]] = {}
    left = list(paths)
    deadline = time.monotonic() + TIME_LIMIT
    while left:
        done = _child([str(path.absolute()) for path in left], deadline - time.monotonic())
        whole = done.output.split(b"\n")[:-1]  # the last one may have been cut off
        answers = [json.loads(line) for line in whole]
        found.update(zip(left, answers, strict=False))
        left = left[len(answers) :]
        if left:
            found[left.pop(0)] = _failed(
                done.failure or "the check ended before its turn. Try again"
            )
    return found


def _failed(reason: str) -> dict[str, Any]:
    """The answer on a file that the child did not survive."""
    sentence = f"cannot be checked: {reason}."
    return {"form": None, "faults": [[0, sentence, ""]], "links": to_json(Links())}


def _child(arguments: Sequence[str], seconds: float, given: bytes = b"") -> _Done:
    """Run the module that knows pyxform, without this process's environment."""
    if seconds <= 0:
        return _Done(b"", "the time was used up before its turn. Check it by itself")
    home = str(Path(__file__).parents[2])
    search = os.pathsep.join(dict.fromkeys([*filter(None, sys.path), home]))
    with tempfile.TemporaryDirectory() as scratch:  # removed even when the child is killed
        try:
            done = subprocess.run(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-P", "-m", _CHILD, *arguments],
                input=given,
                capture_output=True,
                timeout=seconds,
                env={"PYTHONPATH": search, "TMPDIR": scratch},
                check=False,
            )
        except subprocess.TimeoutExpired as stopped:
            late = f"it takes longer than {TIME_LIMIT:g} seconds. Make it simpler"
            return _Done(stopped.stdout or b"", late)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[-1] if done.returncode > 0 and said else f"signal {-done.returncode}"
        return _Done(done.stdout, f"reading it failed ({reason}). Make it anew from one that works")
    return _Done(done.stdout)
