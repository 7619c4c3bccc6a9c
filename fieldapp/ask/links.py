"""What one form file gives to and wants from the others: registers, their columns, its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fieldapp.errors import Fault

ALWAYS = frozenset({"name", "label"})
"""Columns that every register has."""

KNOWN = {"people": frozenset({"role", "since", "until"})}
"""Columns that the code itself adds to a register."""


@dataclass(frozen=True, slots=True)
class Want:
    """A register that a question picks from; with `name`, a column of it that a filter reads."""

    line: int
    column: str
    register: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a file touches the others."""

    form_id: str = ""
    gives: Mapping[str, tuple[str, ...]] | None = None
    """Register → columns that answers are saved to."""
    wants: tuple[Want, ...] = ()


def to_json(links: Links) -> dict[str, Any]:
    """`links` as JSON can hold it."""
    return {
        "form_id": links.form_id,
        "gives": {register: list(columns) for register, columns in (links.gives or {}).items()},
        "wants": [asdict(want) for want in links.wants],
    }


def from_json(data: Mapping[str, Any]) -> Links:
    """What `to_json` wrote."""
    return Links(
        form_id=data["form_id"],
        gives={register: tuple(columns) for register, columns in data["gives"].items()},
        wants=tuple(Want(**want) for want in data["wants"]),
    )


def registers(links: Iterable[Links]) -> dict[str, frozenset[str]]:
    """Every register that is declared, with its columns."""
    found: dict[str, frozenset[str]] = {}
    for one in links:
        for register, columns in (one.gives or {}).items():
            known = found.get(register, ALWAYS | KNOWN.get(register, frozenset()))
            found[register] = known | frozenset(columns)
    return found


def missing(file: str, links: Links, declared: Mapping[str, frozenset[str]]) -> list[Fault]:
    """What `file` wants that no form gives."""
    faults = []
    for want in links.wants:
        if want.register not in declared:
            if not want.name:
                sentence = (
                    f"there is no register '{want.register}'. "
                    + (f"There is: {', '.join(sorted(declared))}." if declared else "")
                    + " A form makes one with a sheet 'entities'."
                ).replace("  ", " ")
                faults.append(Fault(file, want.line, sentence, want.column))
        elif want.name and want.name not in declared[want.register]:
            sentence = (
                f"the register '{want.register}' has no column '{want.name}'. "
                f"It has: {', '.join(sorted(declared[want.register]))}."
            )
            faults.append(Fault(file, want.line, sentence, want.column))
    return faults


def twice(files: Mapping[str, Links]) -> list[Fault]:
    """A fault for every form_id that more than one file has."""
    first: dict[str, str] = {}
    faults = []
    for file, links in sorted(files.items()):
        other = first.setdefault(links.form_id, file)
        if links.form_id and other != file:
            sentence = f"the form_id '{links.form_id}' is taken by {other}. Give another."
            faults.append(Fault(file, 0, sentence, "form_id"))
    return faults
