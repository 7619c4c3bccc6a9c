"""Who was seen where: the people in the records of volunteer hours and attendance."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.keep.people import ROOT, is_personal
from fieldapp.keep.store import table_of

FORMS = (("volunteer_hours", "volunteer"), ("attendance", "participant"))
"""The forms that list who was there, and in which role."""

LISTS = (("who", "hours"), ("who_2", "hours_2"))

SEEN = "\n UNION ALL ".join(
    f"""
    SELECT {ROOT.format("q")} AS person, r._place AS place, r.date AS date,
           {"r.daypart" if form == "attendance" else "NULL"} AS daypart, '{role}' AS role,
           '{form}' AS form_id, {"r.task" if form == "attendance" else "NULL"} AS task,
           r.{hours} AS hours
      FROM form_{form} r CROSS JOIN json_each(r.{who}) j CROSS JOIN people q ON q.code = j.value
     WHERE r._state = 'current'"""
    for form, role in FORMS
    for who, hours in LISTS
)
"""One row: one person in one current record."""


_LATEST = "\n UNION ALL ".join(
    f"""
    SELECT j.value AS code, '{role}' AS role, max(r.date) AS date
      FROM form_{form} r, json_each(r.{who}) j
     WHERE r._state = 'current' AND r._place = :place AND r.date >= :since
     GROUP BY j.value"""
    for form, role in FORMS
    for who, _ in LISTS
)
"""The last day per card code at one place; every page that lists people asks, so it is quick."""


def first_day(connection: sqlite3.Connection, forms: Iterable[Form]) -> str:
    """The first day that anything known of a person is about; empty when nothing is known."""
    found = [
        connection.execute(
            f"SELECT min([{name}]) FROM [{table_of(form.form_id)}] WHERE _state = 'current'"
        ).fetchone()[0]
        for form in forms
        if any(is_personal(question) for question in form.columns.values())
        for name, question in form.columns.items()
        if kind_of(question).parts
    ]
    return min((str(day) for day in found if day), default="")


def last_seen(
    connection: sqlite3.Connection, place: str, since: str = ""
) -> Mapping[tuple[int, str], str]:
    """The last day from `since` on which each person was seen at `place`, by person and role."""
    found = connection.execute(
        f"SELECT {ROOT.format('q')} AS person, s.role, max(s.date) "
        f"FROM ({_LATEST}) s JOIN people q ON q.code = s.code GROUP BY person, s.role",
        {"place": place, "since": since},
    )
    return {(person, role): day for person, role, day in found}
