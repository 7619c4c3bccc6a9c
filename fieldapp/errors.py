"""What can go wrong, as sentences that name the place and the remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from tomllib import TOMLDecodeError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in a form or export file: where it stands and what to do about it."""

    file: str
    line: int
    sentence: str
    column: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.sentence}"


def no_toml(file: str, text: str, error: TOMLDecodeError) -> Fault:
    """The mistake for which `text` of a file cannot be read as TOML, with its line."""
    found = re.search(r"line ([0-9]+)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    return Fault(file, line, f"this is not TOML: {error}.")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the screen: a Dutch source text and the values to put in its braces.

    A `texts` mapping (language code → text) comes from a form and goes before the source text.
    """

    source: str
    values: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.texts.get("nl") or self.source.format(**self.values)


class FieldappError(Exception):
    """Anything fieldapp says no to; `status` is the HTTP answer it becomes."""

    status = 500


class FilesBroken(FieldappError):
    """Form or export files have mistakes; `faults` lists every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Refused(FieldappError):
    """An answer does not pass its checks; `messages` holds one message per question name."""

    status = 422

    def __init__(self, messages: Mapping[str, Message]) -> None:
        self.messages = dict(messages)
        super().__init__("; ".join(f"{name}: {text}" for name, text in self.messages.items()))


class Conflict(FieldappError):
    """Somebody changed the record meanwhile, or another answer came under its id."""

    status = 409


class Closed(Conflict):
    """The month that a record is about is closed: a place can only ask for a change."""


class NotFound(FieldappError):
    """There is no such thing here, or it belongs to another place."""

    status = 404


class Busy(FieldappError):
    """The database cannot be written just now; nothing was stored, try again."""

    status = 503


class Damaged(FieldappError):
    """The data folder is not what it should be; the sentence names the remedy."""


class BadRequest(FieldappError):
    """A command or address was given something it cannot use; the sentence has an example."""

    status = 400
