"""Whether the instance is well: for a monitor, and in words for the office."""

from __future__ import annotations

import datetime as dt
import json
import logging
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fieldapp.keep import anchor, backup, contact, whole
from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from fieldapp.web import language
from tests.conftest import Clerk, Clock, Send
from tests.page import Client, parse, words

CARE = "/office/care"
VISIT = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}


class Disk(NamedTuple):
    """How much is on a disk."""

    total: int
    used: int
    free: int


@pytest.fixture
def copied(small: Store, settings: Settings, clock: Clock, tmp_path: Path) -> backup.Copy:
    """A copy that was just made."""
    return backup.copy(small, settings.data, tmp_path / "copies", clock())


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Leaves as much room on the disk as is said; 5.4 GB to begin with."""

    def left(free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(10**11, 0, free))

    left(5_400_000_000)
    return left


def waits(store: Store, clock: Clock, since: dt.timedelta) -> None:
    """The first phone tells that something waits on it since then."""
    oldest = clock() - since
    with store.write("test", clock()) as write:
        contact.note(write, 1, contact.Told("box", 3, 1, 3, 3, oldest))


def said(client: Client) -> str:
    return words(next(parse(client.get(CARE).text).all("main")))


def test_a_monitor_hears_how_it_is(
    phone: Client, small: Store, clock: Clock, copied: backup.Copy, roomy: Any
) -> None:
    waits(small, clock, dt.timedelta(hours=2))
    answer = phone.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {
        "database": "writable",
        "disk_free": 5_400_000_000,
        "last_backup": "2026-11-20T09:12:00Z",
        "oldest_unsent": "2026-11-20T07:12:00Z",
        "worries": [],
    }


def test_each_worry_has_its_name(
    phone: Client, small: Store, clock: Clock, copied: backup.Copy, roomy: Callable[[int], None]
) -> None:
    def worries() -> Any:
        answer = phone.get("/healthz")
        assert answer.status_code == 200
        return (answer.json or {})["worries"]

    assert worries() == []
    roomy(499_999_999)
    assert worries() == ["disk"]
    roomy(500_000_000)
    clock.forward(hours=36)
    assert worries() == []
    clock.forward(seconds=1)
    assert worries() == ["backup"]
    waits(small, clock, dt.timedelta(days=3))
    assert worries() == ["backup"]
    waits(small, clock, dt.timedelta(days=3, seconds=1))
    assert worries() == ["backup", "unsent"]


def test_a_phone_that_was_revoked_is_no_worry(
    phone: Client, small: Store, clock: Clock, copied: backup.Copy, roomy: Any
) -> None:
    waits(small, clock, dt.timedelta(days=9))
    with small.write("test", clock()) as write:
        write.connection.execute("UPDATE phone SET revoked_at = ''")
    assert phone.get("/healthz").json["oldest_unsent"] is None


def test_without_a_copy_there_is_a_worry(client: Client, roomy: Any) -> None:
    found = client.get("/healthz").json
    assert (found["last_backup"], found["worries"]) == (None, ["backup"])


@contextmanager
def full() -> Iterator[None]:
    """No file grows, as on a full disk: to begin a transaction goes on, to write does not."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, most[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)


def test_what_cannot_be_written_is_503_and_recovers(
    client: Client, copied: backup.Copy, roomy: Any
) -> None:
    with full():
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {
        "database": "not writable",
        "disk_free": 5_400_000_000,
        "last_backup": "2026-11-20T09:12:00Z",
        "oldest_unsent": None,
        "worries": ["database"],
    }
    assert client.get("/healthz").status_code == 200


def test_mutation_to_begin_alone_finds_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(store: Store, now: dt.datetime, patience: float) -> bool:
        with store.write("system", now, patience):
            return True

    monkeypatch.setattr(whole, "writable", begun)
    with full():
        assert client.get("/healthz").status_code == 200


def test_to_ask_changes_nothing(client: Client, changes: Callable[[], int], small: Store) -> None:
    before = changes(), anchor.kept(small.database.path.parent)
    for _ in range(3):
        client.get("/healthz")
    assert (changes(), anchor.kept(small.database.path.parent)) == before
    assert small.database.unsound() == []


def test_health_tells_no_place_and_no_name(phone: Client, send: Send, copied: backup.Copy) -> None:
    text = phone.get("/healthz").text
    for private in ("OP-01", "Ontmoetingsplek", "Ria", copied.path.name):
        assert private not in text


def test_the_office_reads_it_in_words(
    office: Client, small: Store, copied: backup.Copy, roomy: Any
) -> None:
    page = said(office)
    assert "Laatste goede kopie 20 november 2026, 10:12" in page
    assert "Bewaren werkt" in page
    assert "Vrije ruimte op de schijf 5,4 GB" in page
    assert "er wacht niets, voor zover wij weten" in page
    assert copied.path.name in page
    with small.read() as connection:
        assert str(anchor.last_change(connection)) in page
    for worry in ("Er hoort elke nacht", "De schijf raakt vol", "Bel de plek", "niets bewaren"):
        assert worry not in page


def test_every_worry_says_what_to_do(
    office: Client,
    pair_to: Callable[..., Client],
    small: Store,
    clock: Clock,
    roomy: Callable[[int], None],
) -> None:
    pair_to("OP-01")
    waits(small, clock, dt.timedelta(days=4))
    roomy(100_000_000)
    said(office)  # its template is compiled
    with full():
        page = said(office)
    for sentence in (
        "Laatste goede kopie nog nooit",
        "Er hoort elke nacht een kopie te zijn.",
        "Wij kunnen nu niets bewaren. Bel wie de server beheert.",
        "0,1 GB",
        "De schijf raakt vol. Vraag wie de server beheert om ruimte te maken.",
        "Bel de plek: die telefoon heeft al dagen geen bereik gehad. Kijk welke telefoon het is",
        "Er is nog geen kopie gemaakt.",
    ):
        assert sentence in page


def test_it_is_there_in_english(office: Client, copied: backup.Copy, roomy: Any) -> None:
    office.set_cookie(language.COOKIE, "en")
    page = said(office)
    for sentence in ("Last good copy", "Saving works", "5.4 GB", "Copies", "Health"):
        assert sentence in page


def test_who_may_see_it(
    phone: Client,
    client: Client,
    hire: Callable[..., Clerk],
    sign_in: Callable[[Clerk], Client],
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert "Journaal" in said(reader)
    for nobody in (phone, client):
        assert nobody.get(CARE).status_code in {302, 303, 401}


def test_who_downloads_a_workbook_leaves_an_anchor_in_the_log(
    office: Client, small: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "fieldapp")
    assert office.get("/office/export/records/2026-10.xlsx").status_code == 200
    with small.read() as connection:
        head = anchor.Anchor.of(*small.journal.head(connection))
    lines = [json.loads(record.message) for record in caplog.records]
    (told,) = [line for line in lines if line["action"] == anchor.TOLD]
    assert told["object"] == f"journal {head}"
    assert head in anchor.kept(settings.data)


def test_a_database_that_is_not_sound_is_no_good_health(
    phone: Client, small: Store, settings: Settings, app: Any
) -> None:
    with closing(sqlite3.connect(settings.database)) as outside, outside:
        outside.execute("DROP TABLE backup")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert phone.get("/healthz").status_code == 500
