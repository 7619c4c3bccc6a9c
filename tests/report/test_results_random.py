"""Counted results over random logs, beside a plain count that shares no code with them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report.functions import add_functions
from fieldapp.report.result import load_results
from fieldapp.report.shared import load_shared, needed
from fieldapp.settings import Settings
from tests.report.conftest import SCHEMA, share

RESULTS = {each.id: each for each in load_results(Settings().exports)}
COUNTED = ("4/1.1.1.g", "4/1.1.2.a", "4/1.1.3.b", "4/2.5.b", "4/2.5.c")
SHARED = needed(load_shared(Settings().exports), [RESULTS[each].statement.text for each in COUNTED])
MORE = """
CREATE TABLE volunteer_hours (_id, place, date);
CREATE TABLE attendance (_id, place, date);
CREATE TABLE month_report (_id, place, month);
CREATE TABLE year_report (_id, place, year, own_income_eur, total_income_eur);
CREATE TABLE milestone (result_id, as_of, status, value);
"""
PERIODS = {"2025-02": ("2025-02-01", "2025-02-28"), "2025": ("2025-01-01", "2025-12-31"),
           "deal": ("2024-01-01", "2025-12-31")}  # fmt: skip
PLACES = {"OP-01": ("meeting_place", "bouwlust", "OK"),
          "OP-02": ("meeting_place", "moerwijk", "OK"),
          "OP-03": ("meeting_place", "moerwijk", None), "WB-01": ("wijkbedrijf", "moerwijk", None),
          "WB-02": ("wijkbedrijf", "bouwlust", None)}  # fmt: skip
TASKS = ("green", "learning")
DAYS = [f"{year}-{month:02}-{day:02}" for year in (2024, 2025) for month in (1, 2, 3, 12)
        for day in (1, 15, 28)]  # fmt: skip


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(0, 60))
def test_headcounts_are_those_of_a_plain_count(seed: int, size: int) -> None:
    chance = Random(seed)  # noqa: S311
    pick = chance.choice
    people, shops = range(1, 7), ("WB-01", "WB-02")
    allowances = [(pick(people), pick(list(PLACES)[:3]), pick(DAYS)[:7] + "-01")
                  for _ in range(size)]  # fmt: skip
    offers = [(pick(people), pick(list(PLACES)), pick(DAYS)) for _ in range(size // 4)]
    seen = [(pick(people), pick(shops), pick(DAYS), pick(TASKS), pick((1, 2.5)))
            for _ in range(size)]  # fmt: skip
    helped = [(pick(people), pick(list(PLACES)[:3]), pick(DAYS)) for _ in range(size)]
    pilots = [(pick(people), pick(("p1", "p2")), *sorted((pick(DAYS), pick(DAYS))))
              for _ in range(size // 6)]  # fmt: skip
    doubtful = {each for each in people if chance.random() < 0.3}
    distant = {each for each in people if chance.random() < 0.5}
    with closing(sqlite3.connect(":memory:")) as connection:
        add_functions(connection)
        connection.executescript(SCHEMA + MORE)
        fill = connection.executemany
        fill("INSERT INTO periods (period, kind, since, until) VALUES (?, 'x', ?, ?)",
             [(name, *ends) for name, ends in PERIODS.items()])  # fmt: skip
        fill("INSERT INTO places (name, kind, wijk, cohort_14) VALUES (?, ?, ?, ?)",
             [(name, *told) for name, told in PLACES.items()])  # fmt: skip
        fill("INSERT INTO choices VALUES ('attendance', 'task', 1, ?, ?, ?)",
             [("green", "Groen", None), ("learning", "Cursus", "n")])  # fmt: skip
        fill("INSERT INTO memberships VALUES (?, 'WB-01', 'participant', '', NULL, ?, ?)",
             [(p, p in doubtful, "yes" if p in distant else "no") for p in people])  # fmt: skip
        fill("INSERT INTO allowances VALUES (?, ?, ?)", allowances)
        fill("INSERT INTO steps VALUES (?, ?, ?, 'coaching_offered', NULL, NULL)", offers)
        fill("INSERT INTO seen VALUES (?, ?, ?, NULL, 'participant', 'attendance', ?, ?)", seen)
        fill("INSERT INTO seen VALUES (?, ?, ?, NULL, 'volunteer', 'x', NULL, 1)", helped)
        fill(
            "INSERT INTO pilots (name, wijk) VALUES (?, ?)",
            [("p1", "moerwijk"), ("p2", "bouwlust")],
        )
        fill("INSERT INTO pilot_participations VALUES (?, ?, 'WB-01', ?, ?)", pilots)
        share(connection, SHARED, {"from": "", "until": "", "year_from": "", "place": None})
        told = {}
        for each in COUNTED:
            cursor = connection.execute(RESULTS[each].statement.text)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                one = dict(zip(names, row, strict=True))
                told[each, one["measure"], one["period"], one["key"]] = (
                    one["value"],
                    one["doubtful"],
                )

    areas = {"": set(PLACES), **{name: {name} for name in PLACES}} | {
        wijk: {name for name in PLACES if PLACES[name][1] == wijk}
        for wijk in ("bouwlust", "moerwijk")
    }  # fmt: skip
    checked = 0
    for period, (since, until) in PERIODS.items():
        for key, area in areas.items():

            def inside(day: str, first: str = since, last: str = until) -> bool:
                return first <= day <= last

            useful = {(p, d) for p, place, d, task, _ in seen if place in area and task == "green"}
            in_time = {(p, m) for p, place, m in allowances
                       if place in area & {"OP-01", "OP-02"} and inside(m)
                       and any(p == q and d <= until and d[:4] <= m[:4]
                               for q, _, d in offers)}  # fmt: skip
            now = {p for p, d in useful if inside(d)}
            persons = {
                ("4/1.1.1.g", ""): {p for p, _ in in_time},
                ("4/1.1.1.g", "allowance"): {p for p, place, m in allowances
                                             if place in area & {"OP-01", "OP-02"} and inside(m)},
                ("4/1.1.2.a", ""): now,
                ("4/1.1.2.a", "ever"): {p for p, d in useful if d <= until},
                ("4/1.1.2.a", "in_pilot"): {p for p, _, a, b in pilots
                                            if p in now and a <= until and b >= since},
                ("4/1.1.3.b", "volunteers"): {p for p, place, d in helped
                                              if place in area and inside(d)},
                ("4/2.5.c", "persons"): now & distant,
            }  # fmt: skip
            if key not in PLACES:
                there = [(p, b) for p, pilot, a, b in pilots if a <= until
                         and key in ("", "moerwijk" if pilot == "p1" else "bouwlust")]  # fmt: skip
                if key == "":  # the wijken of pilots are those of the choices, which are not here
                    persons["4/2.5.b", ""] = {p for p, _ in there}
                    persons["4/2.5.b", "present"] = {p for p, b in there if b > until}
            for (result, measure), those in persons.items():
                value, double = told.get((result, measure, period, key), (None, None))
                assert (value or 0, double or 0) == (len(those), len(those & doubtful)), (
                    result, measure, period, key, sorted(those),
                )  # fmt: skip
                checked += 1
    assert checked > 100
