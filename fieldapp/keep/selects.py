"""What exports may read, as one SELECT per view: the current, public part of what is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.keep import closing, passed, place, public
from fieldapp.keep.people import MEMBERSHIPS, ROOT, is_personal
from fieldapp.keep.presence import SEEN
from fieldapp.keep.public import MOVED
from fieldapp.keep.store import register_table, table_of

_PEOPLE = {
    "memberships": f"""
        SELECT person, place, role, since, until, possibly_double, labour_distance
          FROM ({MEMBERSHIPS})""",
    "seen": SEEN,
    "steps": f"""
        SELECT {ROOT.format("q")} AS person, s._place AS place, s.date AS date, s.step AS step,
               s.left_reason AS left_reason, s.pilot AS pilot
          FROM form_step s JOIN people q ON q.code = s.person
         WHERE s._state = 'current'""",
    "left_reasons": f"""
        SELECT year, reason, count(*) AS persons
          FROM (SELECT year, reason,
                       row_number() OVER (PARTITION BY person, year ORDER BY day DESC, at DESC)
                         AS nth
                  FROM (SELECT {ROOT.format("q")} AS person, substr(s.date, 1, 4) AS year,
                               coalesce(s.left_reason, 'unknown') AS reason, s.date AS day,
                               s._received_at AS at
                          FROM form_step s JOIN people q ON q.code = s.person
                         WHERE s._state = 'current' AND s.step = 'left'
                           AND s.left_reason IS NOT '{MOVED}'))
         WHERE nth = 1
         GROUP BY year, reason""",
    "pilot_participations": f"""
        SELECT t.person AS person, t.pilot AS pilot, t.place AS place, t.since AS since,
               (SELECT min(coalesce(e.pilot_until, e.date))
                  FROM form_step e JOIN people eq ON eq.code = e.person
                 WHERE e._state = 'current' AND {ROOT.format("eq")} = t.person
                   AND coalesce(e.pilot_until, e.date) >= t.since
                   AND ((e.step = 'left' AND e._place = t.place)
                     OR (e.step = 'pilot' AND e.pilot = t.pilot AND e.pilot_until IS NOT NULL))
               ) AS until
          FROM (SELECT {ROOT.format("q")} AS person, n.pilot AS pilot, n._place AS place,
                       n.pilot_from AS since
                  FROM form_person_new n JOIN people q ON q.code = n.person
                 WHERE n._state = 'current' AND n.pilot IS NOT NULL
                 UNION
                SELECT {ROOT.format("q")}, s.pilot, s._place, s.pilot_from
                  FROM form_step s JOIN people q ON q.code = s.person
                 WHERE s._state = 'current' AND s.step = 'pilot'
                   AND s.pilot_from IS NOT NULL) t""",
}
"""Why people left is told by the year alone: each person once, with the last reason.

No view names a subquery: SQLite would give that name, not the view's, to the authorizer."""

_ALLOWANCES = f"""
    SELECT {ROOT.format("q")} AS person, r._place AS place, r.month AS month
      FROM form_volunteer_month r CROSS JOIN json_each(r.allowance) j
     CROSS JOIN people q ON q.code = j.value
     WHERE r._state = 'current'"""
"""One row: one person who got an allowance in one month at one place."""

_TIMES = """
    SELECT {place} AS place, valid_from,
           date(lead(valid_from) OVER (PARTITION BY {place} ORDER BY valid_from), '-1 day')
             AS valid_until,
           {spec} AS spec
      FROM {table} WHERE _state = 'current' AND {spec} IS NOT NULL"""

_HISTORY = {
    "regular": ("schedule", "opening_hours"),
    "baselines": ("place_facts", "baseline_hours"),
}
"""Values in time: each holds until the day before the next that is given."""

_TO_LAST_DAY = {"month": "+1 month", "quarter": "+3 months", "year": "+1 year"}
"""From the first day of what an answer is about to the first day after it."""


def definitions(forms: Mapping[str, Form], day: dt.date | None = None) -> dict[str, str]:
    """The SELECT behind every view, by view name; places as they are on `day`."""
    views = {form.form_id: _records(form) for form in forms.values()}
    views |= {f"_{form.form_id}": _as_kept(form) for form in forms.values()}
    for form in forms.values():
        if form.entity and form.entity.list_name != "people":
            views[form.entity.list_name] = _register(form, place.FORM in forms, day)
    if {"person_new", "step", "volunteer_hours", "attendance"} <= forms.keys():
        views |= _PEOPLE
    if "volunteer_month" in forms:
        views["allowances"] = _ALLOWANCES
    if passed.FORM in forms and passed.written(forms.values()):
        views["passed"] = passed.definition(forms)
    if "judgement" in forms:
        views["confidential"] = public.CONFIDENTIAL
    views["closings"] = closing.VIEW
    for view, (form_id, spec) in _HISTORY.items():
        if form_id in forms:
            views[view] = _TIMES.format(place="_place", spec=spec, table=table_of(form_id))
    return views


def private(forms: Mapping[str, Form]) -> frozenset[tuple[str, str]]:
    """Every (table, column) that an export may not even pass through."""
    return frozenset(
        (table_of(form.form_id), question.name)
        for form in forms.values()
        for question in form.columns.values()
        if question.private
    )


def _records(form: Form) -> str:
    columns = [
        f"[{name}]" for name, q in form.columns.items() if name != "place" and not is_personal(q)
    ]
    listed = ", ".join(["_id", "_place AS place", "_received_at AS received_at", *columns])
    return f"SELECT {listed} FROM [{table_of(form.form_id)}] WHERE _state = 'current'"


def _as_kept(form: Form) -> str:
    """The same records with all that the office may know: of a list of people, how many.

    `_day` is the first day that one asks for, and of a month, quarter or year its last; the day on
    which it came in when it has none. Those stand apart, so that a day is found by an index.
    """
    asked = next((f"[{q.name}]" for q in form.columns.values() if kind_of(q).parts), "")
    day = asked
    if asked and form.expected in _TO_LAST_DAY:
        day = f"date({asked}, '{_TO_LAST_DAY[form.expected]}', '-1 day')"
    columns = ["_id", "_place AS place", "_received_at", "_phone", "_account", "_version", "_edits"]
    for name, q in form.columns.items():
        if name != "place" and not is_personal(q):
            columns.append(f"[{name}]")
        elif q.register == "people" and kind_of(q).picks == "several" and not q.private:
            columns.append(f"json_array_length([{name}]) AS [{name}]")
    listed, table = ", ".join(columns), table_of(form.form_id)
    kept = f"SELECT {listed}, {{}} AS _day FROM [{table}] WHERE _state = 'current'"
    received = kept.format("substr(_received_at, 1, 10)")
    if not asked:
        return received
    return f"{kept.format(day)} AND {asked} IS NOT NULL UNION ALL {received} AND {asked} IS NULL"


def _register(form: Form, changing: bool, day: dt.date | None) -> str:
    assert form.entity is not None  # noqa: S101  (the caller looked)
    saved = [q.save_to for q in form.columns.values() if q.save_to and not q.private]
    table = register_table(form.entity.list_name)
    if table == place.TABLE:
        return place.as_of(["name", "label", *saved], changing, day)
    return f"SELECT {', '.join(f'[{each}]' for each in ['name', 'label', *saved])} FROM [{table}]"
