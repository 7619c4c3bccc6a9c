"""What people are called: which name stands in which record, opened when a page is shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Mapping, Sequence

from fieldapp.ask.question import Choice
from fieldapp.keep.people import CALLED_IN
from fieldapp.keep.secret import Seal


def names(
    connection: sqlite3.Connection, seal: Seal, place: str, wanted: Container[str]
) -> Mapping[str, str]:
    """The call names in the `wanted` records of `place`, by record."""
    found = connection.execute(
        "SELECT _id, call_name FROM form_person_new "
        "WHERE _place = ? AND _state = 'current' AND call_name IS NOT NULL",
        (place,),
    )
    return {
        row: seal.open(sealed, "form_person_new", row, "call_name")
        for row, sealed in found
        if row in wanted
    }


def labels(listed: Sequence[Choice]) -> Mapping[str, tuple[str, str]]:
    """How people are shown in lists → the record that holds their call name, and that name."""
    found = {}
    for choice in listed:
        label = choice.label["nl"]
        name = label.removesuffix(f" · {choice.name}")
        if name != label:
            found[label] = choice.extra[CALLED_IN], name
    return found
