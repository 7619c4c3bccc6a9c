"""No page about one person reads every person that was ever entered: each card has an index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

import pytest
from werkzeug.test import Client, TestResponse

from tests.bench.growth import HERE, Country
from tests.plans import FEW, plan, read_whole, tables, without

LISTS = {"form_attendance", "form_volunteer_hours", "form_volunteer_month"}
"""What names many persons in each record: sought through for what is kept about one of them."""
OFFICE = ("/office/people", "/office/people/access", "/office/people/proof")
INDEXES = ("of_person_new_person", "of_person_new_card_code", "of_step_person", "people_root")
"""Without any of these a page about one person would read a whole table."""

_URL = "https://localhost"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def posted(client: Client, page: str, to: str, **given: str) -> TestResponse:
    """What is answered to a form as it is sent from a page."""
    token = _TOKEN.findall(client.get(page, base_url=_URL).text)[0]
    return client.post(to, data={"csrf_token": token, **given}, base_url=_URL)


@pytest.fixture(scope="module")
def asked(country: Country) -> Sequence[str]:
    """Every statement that pages about one person ask of the database, each once."""
    found: dict[str, None] = {}
    with country.store.read() as connection:  # a read inside a read is on the same connection
        row, code = connection.execute(
            "SELECT _id, person FROM form_person_new WHERE _place = ? LIMIT 1", (HERE,)
        ).fetchone()
        connection.set_trace_callback(found.setdefault)
        for path in (f"/P/{code}", f"/cards/{row}", "/people/same", "/people/still"):
            assert country.phone.get(path, base_url=_URL).status_code in (200, 303), path
        for path in OFFICE:
            assert posted(country.office, OFFICE[0], path, code=code).status_code == 200, path
        connection.set_trace_callback(None)
    return [sql for sql in found if sql.lstrip().upper().startswith(("SELECT", "WITH"))]


def read_to_the_end(country: Country, asked: Sequence[str]) -> Mapping[str, Set[str]]:
    """The tables that are read whole for one person, by the statement that does."""
    kept = tables(country)
    with country.store.read() as connection:
        found = {sql: read_whole(connection, kept, sql) - FEW - LISTS for sql in asked}
    return {sql: whole for sql, whole in found.items() if whole}


def test_no_page_about_one_person_reads_everybody(country: Country, asked: Sequence[str]) -> None:
    assert read_to_the_end(country, asked) == {}


@pytest.mark.parametrize("index", INDEXES)
def test_without_an_index_of_cards_a_page_would(
    country: Country, asked: Sequence[str], index: str
) -> None:
    with without(country, index):
        assert read_to_the_end(country, asked), index


def test_both_cards_of_a_record_are_sought_by_their_index(
    country: Country, asked: Sequence[str]
) -> None:
    """The one that it gave out, and the one that was shown."""
    (sql,) = [each for each in asked if "[card_code] IN" in each]
    with country.store.read() as connection:
        found = "\n".join(plan(connection, sql))
    assert "INDEX of_person_new_person (person=?)" in found
    assert "INDEX of_person_new_card_code (card_code=?)" in found
