"""Results measured once for all periods: what a SELECT gives is checked, and what it does not."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.errors import FilesBroken
from fieldapp.keep.store import Store
from fieldapp.report import deliver, protect
from fieldapp.report.load import load_workbook, load_workbooks
from fieldapp.report.measure import measure
from fieldapp.report.period import period
from fieldapp.report.result import Reading, Result, read
from fieldapp.report.shared import load_shared, needed
from fieldapp.report.span import fill, spans
from fieldapp.report.statement import Statement
from fieldapp.settings import Settings, shipped

TODAY = dt.date(2026, 11, 20)
OVER = period("2026-11", TODAY)
FILE = "exports/results/4-1.1.3.b.sql"
HEADER = """\
-- Bezoeken
-- result: 4/1.1.3.b
-- pillar: A
-- unit: bezoeken
-- kind: count
-- over: month
-- good: more
-- questions: visitors.visitors
-- measure on: Dag (dag, date)
-- measure state: Stand (stand, status)
"""
TOTAL = "SELECT period, 'total' AS level, '' AS key, '' AS measure, 3 AS value"
BOTH = f"""\
{TOTAL} FROM periods
 UNION ALL
SELECT period, 'place', 'OP-01', '', 2 FROM periods"""


def result(select: str) -> Result:
    found, faults = read(FILE, HEADER + select)
    assert not faults
    assert found is not None
    return found


@pytest.fixture
def timed() -> sqlite3.Connection:
    """A connection that knows the periods of November 2026 and nothing else."""
    connection = sqlite3.connect(":memory:")
    fill(connection, spans(OVER, Settings()), Settings())
    return connection


def measured(connection: sqlite3.Connection, select: str) -> list[Reading]:
    return measure(connection, [result(select)], spans(OVER, Settings()), TODAY)


def test_each_row_is_a_reading_with_its_status(timed: sqlite3.Connection) -> None:
    found = measured(timed, f"{BOTH}")
    own = {(r.period, r.level, r.key): (r.value, r.status) for r in found if r.measure == ""}
    assert own["2026-10", "total", ""] == (3, "ok")
    assert own["2026-10", "place", "OP-01"] == (2, "ok")
    assert own["2025", "total", ""] == (3, "ok")
    assert {own[text, "total", ""][1] for text in ("2026-11", "2026", "deal")} == {"provisional"}
    assert len(own) == 2 * (13 + 2 + 1)


def test_a_measure_that_gives_nothing_is_not_answered(timed: sqlite3.Connection) -> None:
    found = measured(timed, f"{TOTAL} FROM periods WHERE period <> '2026-10'")
    missing = {(r.measure, r.period) for r in found if r.status == "not_answered"}
    assert ("", "2026-10") in missing and ("", "2026-09") not in missing
    assert {period for name, period in missing if name == "on"} >= {"2026-10", "2025", "deal"}
    assert all(r.value is None and r.level == "total" for r in found if r.measure == "on")


def test_null_is_not_answered_and_a_status_is_kept(timed: sqlite3.Connection) -> None:
    select = (
        f"{TOTAL.replace('3 AS', 'NULL AS')}, iif(kind = 'year', 'no_baseline', NULL) AS status"
    )
    found = {r.period: r.status for r in measured(timed, f"{select} FROM periods") if not r.measure}
    assert (found["2026-10"], found["2025"]) == ("not_answered", "no_baseline")


def test_the_kind_says_what_a_value_holds(timed: sqlite3.Connection) -> None:
    select = f"{TOTAL} FROM periods"
    for measure_, value in (("on", "'2024-03-29'"), ("state", "'reached'")):
        more = f" UNION ALL SELECT period, 'total', '', '{measure_}', {value} FROM periods"
        found = [r.value for r in measured(timed, select + more) if r.measure == measure_]
        assert set(found) == {value.strip("'")}


WRONG = [
    (TOTAL.replace("AS level", "AS lvel"), 0, "the SELECT gives no column level. Add it."),
    (f"{TOTAL},\n 4 AS more", 12, "unknown column 'more'. A result gives period, level, key"),
    (TOTAL.replace("'' AS measure", "'more' AS measure"), 11, "the header has no measure 'more'."),
    (TOTAL.replace("'' AS measure", "NULL AS measure"), 11, "the header has no measure None."),
    (TOTAL.replace("period,", "'2019' AS period,"), 11, "period '2019' was not asked for."),
    (TOTAL.replace("'total'", "'city'"), 11, "level is 'city'. Use one of: place, wijk, total."),
    (TOTAL.replace("'' AS key", "'OP-01' AS key"), 11, "key is 'OP-01' at level 'total'."),
    (TOTAL.replace("'total'", "'place'"), 11, "key is '' at level 'place'."),
    (TOTAL.replace("3 AS", "'three' AS"), 11, "value gives 'three', which is no number."),
    (TOTAL.replace("3 AS", "9e999 AS"), 11, "value gives 'inf', which is no number."),
    (TOTAL.replace("3 AS", "x'00' AS"), 11, "which is no number."),
    (f"{TOTAL}, 'one' AS numerator", 11, "numerator gives 'one', which is no number."),
    (f"{TOTAL}, 'ok' AS status", 11, "status is 'ok'. Use NULL or one of: no_baseline"),
    (f"{TOTAL}, 'not_expected' AS status", 11, "a value that is not_expected must be NULL."),
    (TOTAL.replace("'' AS measure, 3", "'on' AS measure, '29-3-2024'"), 11, "which is no date."),
    (TOTAL.replace("'' AS measure, 3", "'state' AS measure, 4"), 11, "which is no text."),
    (TOTAL.replace("3 AS", ":from AS"), 11, "It takes none: join periods instead."),
    (TOTAL.replace("3 AS", "three AS"), 11, "no such column: three"),
]


@pytest.mark.parametrize(("select", "line", "sentence"), WRONG)
def test_mistakes_are_told(
    timed: sqlite3.Connection, select: str, line: int, sentence: str
) -> None:
    with pytest.raises(FilesBroken) as broken:
        measured(timed, f"{select}\n FROM periods")
    (told,) = map(str, broken.value.faults)
    assert told.startswith(FILE + (f", line {line}: " if line else ": ")) and sentence in told, told


def test_a_row_that_is_there_twice_is_told(timed: sqlite3.Connection) -> None:
    with pytest.raises(FilesBroken, match=r"2025, total '' is there twice. GROUP BY them all"):
        measured(timed, f"{TOTAL} FROM periods UNION ALL {TOTAL} FROM periods")


def test_a_select_without_total_is_told(timed: sqlite3.Connection) -> None:
    select = BOTH.replace("FROM periods\n", "FROM periods WHERE period <> '2026'\n")
    with pytest.raises(FilesBroken, match=r"2026 has no total. Add a row with level 'total'"):
        measured(timed, select)


def test_every_wrong_file_is_told_at_once(timed: sqlite3.Connection) -> None:
    wrong = result(TOTAL.replace("3", "'three'") + " FROM periods")
    other = replace(wrong, file="other.sql", statement=replace(wrong.statement, file="other.sql"))
    with pytest.raises(FilesBroken) as broken:
        measure(timed, [wrong, other], spans(OVER, Settings()), TODAY)
    assert [fault.file for fault in broken.value.faults] == [FILE, "other.sql"]


def told(
    store: Store, settings: Settings, results: Sequence[Result], sql: str, *, public: bool = False
) -> list[tuple[object, ...]]:
    shared = load_shared(settings.exports)
    with deliver.telling(store, settings, OVER, TODAY, shared, results, public=public) as opened:
        return [tuple(row) for row in opened.execute(sql)]


def test_exports_read_results_and_readings(small: Store, settings: Settings) -> None:
    found = told(
        small,
        settings,
        [result(f"{TOTAL} FROM periods")],
        "SELECT r.position, r.measure, r.label, r.kind, n.value FROM results r JOIN readings n "
        "USING (result, measure) WHERE n.period = '2026-10' ORDER BY position",
    )
    assert found == [
        (1, "", "Bezoeken", "count", 3),
        (2, "on", "Dag", "date", None),
        (3, "state", "Stand", "status", None),
    ]


@pytest.mark.parametrize("select", ["SELECT code FROM people", "SELECT name FROM account"])
def test_a_result_reads_no_more_than_a_sheet_may(
    small: Store, settings: Settings, select: str
) -> None:
    with pytest.raises(FilesBroken, match=r"4-1\.1\.3\.b\.sql.*SQLite says: "):
        told(small, settings, [result(select)], "SELECT 1")


def test_what_is_public_is_protected_and_the_office_sees_all(
    small: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> list[Reading]:
        return []

    monkeypatch.setattr(protect, "public", none)
    results, count = [result(f"{TOTAL} FROM periods")], "SELECT count(*) FROM readings"
    assert told(small, settings, results, count, public=True) == [(0,)]
    assert told(small, settings, results, count) == [(3 * 16,)]


def test_expected_reaches_back_as_far_as_results_do(small: Store, settings: Settings) -> None:
    first = "SELECT min(due), (SELECT min(date) FROM days) FROM expected"
    assert told(small, settings, [], first)[0][0] >= "2026-11-01"
    earliest = told(small, settings, [result(f"{TOTAL} FROM periods")], first)[0]
    assert earliest[0] < "2025-02" and earliest[1] == "2024-01-01"


def put(exports: Path, **files: str) -> None:
    for name, text in files.items():
        path = exports / f"{name.replace('__', '/')}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


TOML = """\
title = "Proef"
about = "Een proef."
file = "proef-{period}.xlsx"
audience = "office"

[[sheet]]
sql = "one"
name = "Eén"

[sheet.columns]
n = { heading = "Getal", format = "integer" }
"""


def exports(folder: Path, sheet: str, shared: str = "SELECT 1 AS n") -> Path:
    """Exports with one sheet, one result and two shared files."""
    put(folder / "exports" / "proef", **{"workbook.toml": TOML, "one.sql": f"-- Rij.\n{sheet}"})
    put(folder / "exports" / "results", **{"4-1.1.3.b.sql": HEADER + f"{TOTAL} FROM base, periods"})
    put(folder / "exports" / "shared", **{"base.sql": "-- Rij.\nSELECT 1 AS one"})
    put(folder / "exports" / "shared", **{"later.sql": f"-- Rij.\n{shared}"})
    return folder / "exports"


@pytest.mark.parametrize(
    ("sheet", "shared", "read"),
    [
        ("SELECT 1 AS n", "SELECT 1 AS n", []),
        ("SELECT value AS n FROM readings", "SELECT 1 AS n", ["base"]),
        ("SELECT position AS n FROM results", "SELECT 1 AS n", ["base"]),
        ("SELECT n FROM later", "SELECT max(value) AS n FROM readings", ["base", "later"]),
        ("SELECT n FROM later -- readings", "SELECT 1 AS n", ["later"]),
    ],
)
def test_results_are_measured_when_a_sheet_reads_them(
    tmp_path: Path, small: Store, settings: Settings, sheet: str, shared: str, read: list[str]
) -> None:
    folder = exports(tmp_path, sheet, shared)
    workbook = load_workbooks(folder)["proef"]
    assert load_workbook(folder / "proef") == workbook
    assert [each.name for each in workbook.shared] == read
    assert bool(workbook.results) == ("base" in read)
    with deliver.telling(small, settings, OVER, TODAY, workbook.shared, workbook.results) as opened:
        assert opened.execute(workbook.sheets[0].statement.text).fetchone()[0] in {1, 3}


def test_faults_in_result_files_are_told_by_check_and_serve(
    tmp_path: Path, small: Store, settings: Settings
) -> None:
    folder = exports(tmp_path, "SELECT value AS n FROM readings")
    here = replace(settings, exports=folder)
    assert deliver.check(small, here, TODAY) == []
    path = folder / "results" / "4-1.1.3.b.sql"
    sound = path.read_text("utf-8")
    for before, after, sentence in (
        ("pillar: A", "pillar: Z", "4-1.1.3.b.sql, line 3: there is no pillar 'Z'."),
        ("visitors.visitors", "visitors.visiters", "line 8: no form has a question 'visitors.vis"),
        ("3 AS value", "'x' AS value", "line 11: value gives 'x', which is no number."),
        ("FROM base", "FROM bass", "line 11: SQLite says: no such table: bass."),
    ):
        path.write_text(sound.replace(before, after), "utf-8")
        (fault,) = deliver.check(small, here, TODAY)
        assert sentence in str(fault)


def test_the_shipped_results_can_be_measured(
    small: Store, settings: Settings, tmp_path: Path
) -> None:
    kept = tmp_path / "exports"
    for name in ("results", "shared"):
        shutil.copytree(shipped("exports") / name, kept / name)
    assert deliver.check(small, replace(settings, exports=kept), TODAY) == []


def test_only_what_is_read_is_needed() -> None:
    shared = [
        Statement("shared/a.sql", "SELECT 1 AS n", ""),
        Statement("shared/b.sql", "SELECT n FROM a", ""),
        Statement("shared/c.sql", "SELECT 2 AS n", ""),
    ]
    assert [each.name for each in needed(shared, ["SELECT n FROM b"])] == ["a", "b"]
    assert needed(shared, []) == ()


@pytest.mark.parametrize(
    ("day", "row"),
    [
        ("2024-06-30", (100, None, None)),
        ("2024-12-31", (100, None, 20)),
        ("2025-07-02", (100, None, 60)),
        ("2025-12-31", (100, None, 100)),
        ("2026-10-31", (200, 300, 100)),
    ],
)
def test_aims_are_those_of_the_last_day(
    filled: sqlite3.Connection, day: str, row: tuple[float | None, ...]
) -> None:
    filled.executescript(f"""
        INSERT INTO periods VALUES ('p', 'month', '2024-01-01', '{day}', 1, '');
        INSERT INTO target (result_id, value, value_most, valid_from, valid_until, source) VALUES
          ('4/x', 100, NULL, '2024-01-01', NULL, 'convenant'),
          ('4/x', 150, NULL, '2025-02-01', '2025-03-01', 'verlopen'),
          ('4/x', 200, 300, '2026-01-01', NULL, 'addendum');
        INSERT INTO path (result_id, date, value, source) VALUES
          ('4/x', '2024-12-31', 20, 'brief'), ('4/x', '2025-12-31', 100, 'brief');
        INSERT INTO baseline (result_id, place_code, value, as_of, source) VALUES
          ('4/x', 'OP-01', 3, '2024-04-01', 'plek'), ('4/x', NULL, 7, '2024-04-01', 'gemeente');
    """)
    (aims,) = (each for each in load_shared(shipped("exports")) if each.name == "aims")
    sql = f"SELECT target, target_most, path, baseline FROM ({aims.text})"
    ((target, most, path, baseline),) = filled.execute(sql).fetchall()
    assert (target, most, path if path is None else round(path)) == row
    assert baseline == 7
