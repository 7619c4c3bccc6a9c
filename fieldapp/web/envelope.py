"""What an outbox sends of one record, read to the letter: nothing unknown, nothing amiss."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.answer import Raw
from fieldapp.errors import Message, Refused
from fieldapp.keep.contact import Told
from fieldapp.web.taking import Changes

_WRONG = Message("Dit hoort hier niet, of is niet goed geschreven.")
_MISSING = Message("Dit ontbreekt.")
_LARGEST = 2**31
_MOST = 1_000
_YEARS = range(1969, 2200)
"""A phone whose battery was empty begins at 1970, here an hour before."""

_LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class Envelope:
    """One record on its way from an outbox to the place that it was made for."""

    form: str
    version: str
    place: str
    identity: str
    answers: Raw
    changes: Changes | None
    sure: Sequence[str]
    outbox: str
    number: int
    made_at: dt.datetime | None
    sent_at: dt.datetime | None

    @property
    def content(self) -> Mapping[str, object]:
        """What stays the same however often it is sent."""
        changes = self.changes
        return {
            "form": self.form,
            "place": self.place,
            "answers": {name: list(values) for name, values in self.answers.items()},
            "changes": [changes.row, changes.edits] if changes else None,
        }

    def told(self, now: dt.datetime) -> Told | None:
        """What it tells of its outbox; None when it names none."""
        if not self.outbox:
            return None
        return Told(self.outbox, self.number, skew=skew(self.sent_at, now))

    def submitted_at(self, now: dt.datetime) -> dt.datetime | None:
        """When it was made, by our clock; None when the phone's clock does not tell."""
        if self.made_at is None or self.sent_at is None:
            return None
        waited = self.sent_at - self.made_at
        return now - waited if dt.timedelta(0) <= waited <= _LONGEST else None


def read(told: Mapping[str, Any]) -> Envelope:
    """The envelope that `told` is; Refused with a message per name that is not right."""
    found = fields(told, _READERS, _NEEDED)
    return Envelope(
        found["form"],
        found["version"],
        found["place"],
        found["instanceID"],
        found["answers"],
        found.get("changes"),
        found.get("sure", ()),
        found.get("outbox", ""),
        found.get("number", 0),
        found.get("made_at"),
        found.get("sent_at"),
    )


def fields(
    told: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]], needed: frozenset[str]
) -> dict[str, Any]:
    """What stands under each name, read; Refused when a name is unknown, missing or wrong."""
    found, wrong = {}, dict.fromkeys(needed - told.keys(), _MISSING)
    for name, value in told.items():
        try:
            found[name] = readers[name](value)
        except (KeyError, TypeError, ValueError, OverflowError):
            wrong[name if name in readers else "?"] = _WRONG
    if wrong:
        raise Refused(wrong)
    return found


def skew(sent_at: dt.datetime | None, now: dt.datetime) -> int | None:
    """Seconds that the clock of who sent something is ahead of ours."""
    return round((sent_at - now).total_seconds()) if sent_at else None


def text(value: Any) -> str:
    """A short text."""
    if not isinstance(value, str) or len(value) > 80:
        raise ValueError
    return value


def identity(value: Any) -> str:
    """An id as we write it."""
    return str(uuid.UUID(text(value)))


def number(value: Any) -> int:
    """A whole number that is not negative; a tick is none."""
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise ValueError
    return value


def moment(value: Any) -> dt.datetime:
    """A moment with its time zone."""
    found = dt.datetime.fromisoformat(text(value))
    if found.tzinfo is None or found.year not in _YEARS:
        raise ValueError
    return found


def listed(value: Any, reader: Callable[[Any], Any], most: int = _MOST) -> list[Any]:
    """A list of things of one kind."""
    if not isinstance(value, list) or len(value) > most:
        raise ValueError
    return [reader(each) for each in value]


def _answers(value: Any) -> Raw:
    if not isinstance(value, dict):
        raise TypeError
    found: dict[str, list[str]] = {}
    for name, given in value.items():
        several = given if isinstance(given, list) else [given]
        if not all(isinstance(each, str) for each in several):
            raise TypeError
        found[name] = several
    return found


def _changes(value: Any) -> Changes:
    if not isinstance(value, dict) or value.keys() != {"id", "edits"}:
        raise ValueError
    return Changes(identity(value["id"]), number(value["edits"]))


def _version(value: Any) -> str:
    if not re.fullmatch(r"[^\s\x00-\x1f\ud800-\udfff]{0,20}", text(value)):
        raise ValueError
    return str(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "form": text,
    "version": _version,
    "place": text,
    "instanceID": identity,
    "answers": _answers,
    "changes": _changes,
    "sure": lambda value: listed(value, text, 20),
    "outbox": identity,
    "number": number,
    "made_at": moment,
    "sent_at": moment,
}
_NEEDED = frozenset({"form", "version", "place", "instanceID", "answers"})
