"""`make bench`: one table, every figure a ratio against a bare limit measured in the same run."""

from __future__ import annotations

import datetime as dt
import gc
import io
import os
import platform
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyotp
from flask import Flask

from fieldapp.ask.answer import check
from fieldapp.ask.forms import load_forms
from fieldapp.demo.fill import fill
from fieldapp.keep import account, phone
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store, open_store
from fieldapp.report import completeness, overview
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.report.period import period
from fieldapp.settings import Settings
from fieldapp.web.access import OFFICE_COOKIE, PHONE_COOKIE
from fieldapp.web.app import create_app
from fieldapp.web.surroundings import Surroundings
from tests.bench.national import national
from tests.bench.phone import ROUNDS as TIMES
from tests.bench.phone import costs
from tests.reference_phone import table

ROUNDS = 7
NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured against what, and how many times as long."""

    what: str
    against: str
    ratios: list[float]

    def __str__(self) -> str:
        middle = statistics.median(self.ratios)
        spread = f"{min(self.ratios):.2f}–{max(self.ratios):.2f}"
        return f"| {self.what} | {self.against} | {middle:.2f} | {spread} |"


def main() -> None:
    """Measures on a small example and prints the table."""
    with tempfile.TemporaryDirectory() as work:
        settings = Settings(data=Path(work) / "data", public_url="http://localhost")
        forms = load_forms(settings.forms, Path(work) / "cache")
        store = open_store(settings.data, forms, lambda: NOW, make=True)
        fill(store, settings, NOW.date(), NOW.date() - dt.timedelta(days=120))
        print(f"{platform.python_implementation()} {platform.python_version()}, ", end="")
        print(f"SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, {ROUNDS} rounds\n")
        print("| measured | against | times as long | spread |\n| --- | --- | --- | --- |")
        for figure in (saving(store, Path(work)), *pages(store, settings), month(store, settings)):
            print(figure)
        print(seen(store, settings))
        store.close()
        whole = Settings(data=Path(work) / "national", public_url="http://localhost")
        store = national(whole.data, forms, NOW)
        print(seen(store, whole))
        store.close()
    print(f"\nA first visit; the time on 400 kbit/s with 400 ms a round trip, {TIMES} rounds\n")
    print(table(list(costs())))


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes, garbage apart."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def against(
    what: str, limit: str, work: Callable[[], object], bare: Callable[[], object]
) -> Figure:
    """`work` against `bare`, turn by turn, after one turn that does not count."""
    work()
    bare()
    return Figure(what, limit, [timed(work) / timed(bare) for _ in range(ROUNDS)])


def saving(store: Store, folder: Path, many: int = 200) -> Figure:
    """Answers checked, journalled and committed one by one, against bare durable inserts."""
    form = store.forms["visitors"]
    plain = sqlite3.connect(folder / "bare.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode=wal")
    plain.execute("PRAGMA synchronous=full")
    plain.execute("CREATE TABLE visits (id TEXT PRIMARY KEY, date TEXT, part TEXT, n INTEGER)")
    raw = {"date": ["2026-03-01"], "daypart": ["evening"], "visitors": ["24"]}

    def save() -> None:
        for _ in range(many):
            with store.read() as connection:
                place = completeness.places(connection, "OP-01")[0]
                here = Surroundings(store, connection, place, NOW)
                answer = check(form, raw, here.context(form))
            with store.write("bench", NOW) as write:
                rows.add(store, write, form, answer, str(uuid.uuid4()), Origin("OP-01"))

    def insert() -> None:
        for _ in range(many):
            plain.execute("BEGIN IMMEDIATE")
            values = (str(uuid.uuid4()), "2026-03-01", "evening", 24)
            plain.execute("INSERT INTO visits VALUES (?, ?, ?, ?)", values)
            plain.execute("COMMIT")

    figure = against("saving an answer", "a bare durable insert", save, insert)
    plain.close()
    return figure


def pages(store: Store, settings: Settings, many: int = 30) -> list[Figure]:
    """The phone's pages against a bare Flask hello."""
    app = create_app(settings, store, load_workbooks(settings.exports), lambda: NOW)
    client = app.test_client()
    with store.write("bench", NOW) as write:
        token, _ = phone.make_pairing(write, "WB-01", phone.ON_LETTER)
        cookie, _ = phone.pair(store, write, token, "Bench", None)
    client.set_cookie(PHONE_COOKIE, str(cookie), secure=True)
    hello = Flask("hello")
    hello.add_url_rule("/", view_func=lambda: "hello")
    bare = hello.test_client()

    def get(path: str) -> Callable[[], None]:
        def got() -> None:
            for _ in range(many):
                assert client.get(path, base_url="https://localhost").status_code == 200

        return got

    def greet() -> None:
        for _ in range(many):
            bare.get("/")

    return [
        against(f"GET {path}", "a bare Flask hello", get(path), greet)
        for path in ("/form/visitors", "/", "/form/attendance")
    ]


def month(store: Store, settings: Settings) -> Figure:
    """The month's workbook against openpyxl writing the same cells bare."""
    books = load_workbooks(settings.exports)

    def told() -> bytes:
        return deliver(store, settings, books, "monthly", "2026-02", NOW).content

    book = openpyxl.load_workbook(io.BytesIO(told()))
    cells = {sheet.title: [list(row) for row in sheet.values] for sheet in book}

    def written() -> None:
        plain = openpyxl.Workbook()
        for title, lines in cells.items():
            sheet = plain.create_sheet(title)
            for line in lines:
                sheet.append(line)
        plain.save(io.BytesIO())

    return against("the month as a workbook", "openpyxl, the same cells bare", told, written)


def seen(store: Store, settings: Settings) -> Figure:
    """The office's overview of a month as a page, against its queries alone."""
    over, asked = period("2026-02", NOW.date()), list[str]()
    with store.write("bench", NOW) as write:
        made = account.add(store, write, "bench", "three words make one")
        code = pyotp.TOTP(made.totp_secret).at(NOW)
        token = account.sign_in(store, write, made.account.id, code)
    app = create_app(settings, store, load_workbooks(settings.exports), lambda: NOW)
    client = app.test_client()
    client.set_cookie(OFFICE_COOKIE, token or "", secure=True)
    with store.read() as connection:
        places = completeness.places(connection)
        connection.set_trace_callback(asked.append)
        overview.overview(connection, store.forms, settings, places, over, NOW)
        connection.set_trace_callback(None)

    def shown() -> None:
        answer = client.get("/office/?month=2026-02", base_url="https://localhost")
        assert answer.status_code == 200

    def queried() -> None:
        with store.read() as connection:
            for query in asked:
                connection.execute(query).fetchall()

    return against(f"the overview, {len(places):,} places", "its queries alone", shown, queried)


if __name__ == "__main__":
    main()
