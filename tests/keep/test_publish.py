"""Another version of a form comes in force: columns, journal line and files, or nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.ask.forms import load_forms, load_older, try_form
from fieldapp.ask.question import Form
from fieldapp.errors import Busy, Damaged
from fieldapp.keep.publish import publish, remember
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import Settings
from tests.conftest import Clock


@pytest.fixture
def closure(settings: Settings) -> str:
    """The text of a shipped form."""
    return (settings.forms / "closure.md").read_text()


def newer(text: str, version: str = "2026112399") -> bytes:
    """The form with one more question."""
    lines = text.splitlines(keepends=True)
    head = next(i for i, line in enumerate(lines) if "closed_reason" in line and "select" in line)
    names = next([cell.strip() for cell in line.split("|")] for line in lines if "| type" in line)
    row = dict.fromkeys(names, "")
    row |= {"type": "text", "name": "mood"}
    row |= {"label::Nederlands (nl)": "Hoe was de sfeer?", "label::English (en)": "The mood?"}
    cells = [row[name] for name in names[1:-1]]
    lines.insert(head + 1, "|" + "|".join(f" {cell} " for cell in cells) + "|\n")
    was = "".join(lines)
    found = next(word for word in was.split() if word.isdigit() and word.startswith("2026"))
    return was.replace(found, version).encode()


@pytest.fixture
def read(settings: Settings) -> Any:
    """Reads a file as it comes in."""

    def found(content: bytes) -> Form:
        cache = settings.data / "cache"
        return try_form(content, "x.md", settings.forms, settings.published, cache)[0]

    return found


def columns(store: Store) -> list[str]:
    with store.read() as connection:
        found = connection.execute("SELECT * FROM form_closure LIMIT 0")
        return [column[0] for column in found.description]


def test_it_comes_in_force_with_column_line_and_file(
    store: Store, settings: Settings, clock: Clock, closure: str, read: Any, forms: Any
) -> None:
    content = newer(closure)
    made = publish(store, "account:1", clock(), read(content), content, settings.published)
    assert "mood" in columns(store)
    assert "mood" in made.forms["closure"].questions
    assert list(made.forms) == list(store.forms)
    assert "mood" not in store.forms["closure"].questions  # who holds the old one goes on with it
    with store.read() as connection:
        line = connection.execute("SELECT * FROM journal WHERE action = 'publish'").fetchone()
        assert store.journal.broken(connection) is None
    assert (line["actor"], line["object"]) == ("account:1", "closure")
    assert json.loads(line["before"]) == {"version": forms["closure"].version}
    sha256 = hashlib.sha256(content).hexdigest()
    assert json.loads(line["after"]) == {"version": "2026112399", "sha256": sha256}
    assert (settings.published / "closure.md").read_bytes() == content
    kept = settings.published / "old" / f"closure-{forms['closure'].version}.md"
    assert kept.read_text() == closure


def test_the_next_start_asks_it_and_knows_the_one_before(
    store: Store, settings: Settings, clock: Clock, closure: str, read: Any, forms: Any
) -> None:
    content = newer(closure)
    publish(store, "account:1", clock(), read(content), content, settings.published)
    again = load_forms(settings.forms, settings.data / "cache", settings.published)
    assert again["closure"].version == "2026112399"
    older = load_older(settings.published / "old", settings.data / "old", again)
    assert list(older) == [("closure", forms["closure"].version)]
    opened = open_store(settings.data, again, clock)
    opened.close()


def test_a_second_one_takes_the_place_of_the_first(
    store: Store, settings: Settings, clock: Clock, closure: str, read: Any
) -> None:
    first, second = newer(closure), newer(closure, "2026112400")
    made = publish(store, "account:1", clock(), read(first), first, settings.published)
    form = read(second)
    publish(made, "account:1", clock(), form, second, settings.published)
    files = sorted(path.name for path in settings.published.iterdir() if path.is_file())
    assert files == ["closure.md"]
    assert len(list((settings.published / "old").iterdir())) == 2


def test_a_file_of_another_kind_takes_its_place(
    store: Store, settings: Settings, clock: Clock, closure: str, read: Any
) -> None:
    content = newer(closure)
    made = publish(store, "account:1", clock(), read(content), content, settings.published)
    form = replace(read(newer(closure, "2026112400")), file="form.xlsx")
    publish(made, "account:1", clock(), form, b"PK", settings.published)
    files = sorted(path.name for path in settings.published.iterdir() if path.is_file())
    assert files == ["closure.xlsx"]


@pytest.mark.parametrize("mistake", [Busy("no"), Damaged("no")])
def test_what_cannot_be_kept_leaves_no_trace(
    store: Store, settings: Settings, clock: Clock, closure: str, read: Any, mistake: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    content = newer(closure)
    form = read(content)

    def broken(*_: Any) -> None:
        raise mistake

    monkeypatch.setattr("fieldapp.keep.store._prepare_register", broken)
    monkeypatch.setattr("fieldapp.keep.store.Write.note", broken)
    with pytest.raises(type(mistake)):
        publish(store, "account:1", clock(), form, content, settings.published)
    assert "mood" not in columns(store)
    assert [path.name for path in settings.published.iterdir()] == ["old"]


def test_a_version_is_remembered_once(settings: Settings, forms: Any) -> None:
    remember(forms["closure"], settings.published)
    kept = settings.published / "old" / f"closure-{forms['closure'].version}.md"
    kept.write_text("as it was")
    remember(forms["closure"], settings.published)
    assert kept.read_text() == "as it was"
