"""Row 64: somebody is erased, and is gone from everywhere; no count is another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.keep import backup, database, erasure, restore, wipe
from fieldapp.keep.database import Database
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import Settings
from tests.conftest import MOMENT, Clock, Send
from tests.fault.invariants import look
from tests.fault.privacy.erased import NAME, World, opened
from tests.fault.table import Record, Trial, told
from tests.page import Client

WHAT = "erasing a person"


@dataclass(frozen=True)
class Off:
    """A protection, and how it is switched off."""

    what: str
    do: Callable[[pytest.MonkeyPatch], None]


OFFS = [
    Off(
        "what is freed is overwritten",
        lambda patch: patch.setitem(database.PRAGMAS, "secure_delete", 0),
    ),
    Off(
        "the log is emptied",
        lambda patch: patch.setattr(Database, "truncate", lambda self: True),
    ),
    Off(
        "what was set aside is looked at",
        lambda patch: patch.setattr(wipe, "wipe_aside", lambda *_: 0),
    ),
    Off(
        "every card of a person who was merged",
        lambda patch: patch.setattr(
            erasure, "_of", lambda store, connection, codes: _of_first(store, connection, codes)
        ),
    ),
    Off(
        "what was erased is not taken in again",
        lambda patch: patch.setattr(wipe, "GONE", "x"),
    ),
    Off(
        "who was erased is erased again after a copy is put back",
        lambda patch: patch.setattr(erasure, "again", lambda *_: 0),
    ),
]

_of = erasure._of


def _of_first(store, connection, codes):  # type: ignore[no-untyped-def]
    return _of(store, connection, list(codes)[:1])


@pytest.fixture(autouse=True)
def off(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Off | None:
    """What is switched off, before anything else is made."""
    found: Off | None = getattr(request, "param", None)
    if found:
        found.do(monkeypatch)
    return found


@pytest.fixture
def world(small: Store, settings: Settings, send: Send, clock: Clock) -> World:
    """The world in which somebody is to be erased."""
    return World(small, settings, send, clock)


def trial(made: World, phone: Client, office: Client, log: str, folder: Path) -> None:
    """Everything that row 64 asks."""
    sought, counts = made.sealed(), made.counts()
    assert len(sought) >= 4 and made.holding(made.data, sought) != []
    before = backup.copy(made.store, made.data, folder / "before.db", MOMENT).path
    made.erase()
    assert made.holding(made.data, sought) == []
    assert made.counts() == counts
    after = folder / "after"
    after.mkdir()
    backup.copy(made.store, made.data, after / "after.db", MOMENT)
    assert made.holding(after, sought) == []
    for place, row in made.entered:  # a phone had no answer, and sends it again
        made.send(place, "person_new", made.raw(NAME) | _pilot(place), row)
    assert [text for _, text in opened(made.store) if NAME in text] == []
    for path in ("/people", "/people/same", "/form/attendance", "/records"):
        page = phone.get(path)
        assert page.status_code == 200 and NAME not in page.text, path
    assert made.codes[0] in phone.get("/form/attendance").text
    assert NAME not in office.fill("/office/people", {"code": made.codes[0]}).text
    rows = [row for _, row in made.entered]
    assert look(made.store, made.data, rows, logs=[log], canaries=[NAME]).nothing
    _put_back(made, before, folder / "back")


def _pilot(place: str) -> dict[str, str]:
    return {"pilot": "PI-01", "pilot_from": "2026-10-05"} if place == "IE-01" else {}


def _put_back(made: World, copy: Path, data: Path) -> None:
    """An older copy in a folder that remembers who was erased."""
    data.mkdir()
    for name in ("secrets.json", erasure.FILE):
        shutil.copy(made.data / name, data / name)
    restore.restore(restore.plan(copy, data), data, None, MOMENT)
    with closing(open_store(data, made.store.forms, made.clock)) as store:
        assert [text for _, text in opened(store) if NAME in text] != []
        erasure.again(store, MOMENT, data)
        assert [text for _, text in opened(store) if NAME in text] == []


@pytest.fixture
def tried(
    world: World,
    pair_to: Callable[..., Client],
    office: Client,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> Callable[[], None]:
    """Tries the row."""

    def run() -> None:
        world.fill()
        trial(world, pair_to("WB-01"), office, caplog.text, tmp_path)

    return run


def test_a_person_who_is_erased_is_gone_from_everywhere(
    tried: Callable[[], None], record_property: Record
) -> None:
    told(record_property, Trial("64", WHAT, of=len(OFFS)))
    tried()


@pytest.mark.long
@pytest.mark.parametrize("off", OFFS, ids=lambda off: off.what, indirect=True)
def test_without_a_protection_the_name_is_found(
    off: Off, tried: Callable[[], None], record_property: Record
) -> None:
    told(record_property, Trial("64", WHAT, off.what, len(OFFS)))
    with pytest.raises(AssertionError):
        tried()
