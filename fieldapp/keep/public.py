"""What anybody may read of the records: views in which the other answers are left empty.

Words only once the office has read them, no income of one wijkbedrijf, nothing of a result that is
confidential, no reason for leaving beside a place or a day. Counting goes before: results and
shared rows are made of what is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fieldapp.ask.question import Form
from fieldapp.keep import passed
from fieldapp.keep.people import is_personal
from fieldapp.keep.row import Row

COMPETING: Mapping[str, tuple[str, ...]] = {
    "year_report": ("own_income_eur", "total_income_eur"),
}
"""By form the answers that a competitor could use; told of all wijkbedrijven together only."""

_OF_RESULTS: Mapping[str, tuple[str, ...]] = {
    "judgement": ("judgement", "words", "confidential_reason"),
    "milestone": ("value", "status", "explanation", "outlook", "source", "owner"),
}
"""By form what it says of a result."""

MOVED = "other_place"
"""The reason of who goes on at another place of ours: no leaving, so it may be told."""

_REASON = {"left_reason": f"left_reason = '{MOVED}'"}
_STEPS = f"""
    SELECT person, place, date, step,
           CASE WHEN {_REASON["left_reason"]} THEN left_reason END AS left_reason, pilot
      FROM {{0}}"""
"""Other reasons are told by `left_reasons`, per year over all places."""

CONFIDENTIAL = """
    SELECT j.result_id AS result_id FROM form_judgement j
     WHERE j._state = 'current' AND j.confidential = 'OK'
       AND j.as_of = (SELECT max(k.as_of) FROM form_judgement k
                       WHERE k._state = 'current' AND k.result_id = j.result_id)"""
"""The results of which the office's last word is that they are confidential, for every period."""


def without(connection: sqlite3.Connection, found: Sequence[Row]) -> list[Row]:
    """Records of the office as anybody may read them: nothing of a result that is confidential."""
    secret = {result for (result,) in connection.execute(CONFIDENTIAL)}
    return [
        replace(row, values={**row.values, **dict.fromkeys(_OF_RESULTS[row.form.form_id])})
        if row.form.form_id in _OF_RESULTS and row.values["result_id"] in secret
        else row
        for row in found
    ]


def definitions(forms: Mapping[str, Form]) -> dict[str, str]:
    """Per view the SELECT that takes its place; `{0}` is the view as it was."""
    told = {}
    for form in forms.values():
        left_out = {
            **dict.fromkeys(passed.words(form), "_id IN (SELECT row FROM passed)"),
            **(_REASON if form.form_id == "step" else {}),
            **dict.fromkeys(COMPETING.get(form.form_id, ()), "0"),
            **dict.fromkeys(
                _OF_RESULTS.get(form.form_id, ()),
                "result_id NOT IN (SELECT result_id FROM confidential)",
            ),
        }
        if left_out.keys() & form.columns.keys():
            told[form.form_id] = _emptied(form, left_out)
    if "step" in told:
        told["steps"] = _STEPS
    return told


def _emptied(form: Form, left_out: Mapping[str, str]) -> str:
    """The SELECT of a form's view in which an answer shows only where its condition holds."""
    columns = ["_id", "place", "received_at"]
    for name, question in form.columns.items():
        if name in left_out:
            columns.append(f"CASE WHEN {left_out[name]} THEN [{name}] END AS [{name}]")
        elif name != "place" and not is_personal(question):
            columns.append(f"[{name}]")
    return f"SELECT {', '.join(columns)} FROM {{0}}"
