"""Every index of records is there for something: what is asked without it reads a whole table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.keep import columns, double, person
from fieldapp.keep import row as rows
from tests.bench.growth import HERE, Country
from tests.plans import plan, read_whole, tables, without

PEOPLE = 3
"""Cards that are looked up: those of the first people."""


@pytest.fixture(scope="module")
def asked(country: Country) -> Sequence[str]:
    """What keeping a record, a list of a place's, doubles and a person's card ask, each once."""
    found: dict[str, None] = {}
    store = country.store
    with store.read() as connection:
        codes = connection.execute("SELECT code FROM people LIMIT ?", (PEOPLE,)).fetchall()
        connection.set_trace_callback(found.setdefault)
        for form in store.forms.values():
            answers = dict.fromkeys(form.key, "2026-10-01")
            columns.taken(connection, form, HERE, answers, "")
            if day := day_of(form):
                rows.listing(store, connection, form, HERE, day, "2026-10-01", "2026-10-02")
        double.waiting(connection, store.forms.values(), None)
        for (code,) in codes:
            person.about(store, connection, code)
        connection.set_trace_callback(None)
    return [sql for sql in found if sql.lstrip().upper().startswith(("SELECT", "WITH"))]


def _indexes(forms: Mapping[str, Form]) -> Sequence[str]:
    of_keys = [
        "_".join(["at", name, *(c for c in form.key if c != "place")])
        for name, form in forms.items()
    ]
    return [
        *of_keys,
        *(f"waits_{name}" for name, form in forms.items() if form.key),
        "of_person_new_person",
        "of_person_new_card_code",
        "of_step_person",
    ]


def test_every_index_of_records_is_known(country):
    with country.store.read() as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name GLOB 'form_*' AND sql IS NOT NULL"
        )
        assert {row[0] for row in found} == set(_indexes(country.store.forms))


def test_without_an_index_of_records_somebody_reads_a_whole_table(country, asked):
    kept = tables(country)

    def whole(sql: str) -> bool:
        with country.store.read() as connection:
            every = any("(ANY(_place) AND _state=?)" in line for line in plan(connection, sql))
            return every or bool(read_whole(connection, kept, sql))

    idle = set()
    for index in _indexes(country.store.forms):
        with country.store.read() as connection:
            by_it = [
                sql
                for sql in asked
                if any(f"INDEX {index} " in f"{line} " for line in plan(connection, sql))
            ]
        with without(country, index):
            if not any(whole(sql) for sql in by_it):
                idle.add(index)
    assert idle == set()


def test_without_a_key_what_waits_is_sought_by_its_place_and_state(country):
    """An index of its own is nothing to it: that is asked of no form without a key."""
    keyless = [form for form in country.store.forms.values() if not form.key]
    assert {form.form_id for form in keyless} == {"person_new", "step", "closure"}
    found: dict[str, None] = {}
    with country.store.read() as connection:
        connection.set_trace_callback(found.setdefault)
        for place in (None, HERE):
            double.waiting(connection, keyless, place)
            double.undecided(country.store, connection, keyless, place)
        connection.set_trace_callback(None)
        told = [(sql, plan(connection, sql)[0]) for sql in found if "'double'" in sql]
    assert len(told) == 4 * len(keyless)
    for sql, first in told:
        assert re.search(r"INDEX at_\w+ \((ANY\(_place\)|_place=\?) AND _state=\?\)", first), sql
