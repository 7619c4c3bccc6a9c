"""A fingerprint of an answer with a name is keyed: nobody finds the name by trying which fits."""

from __future__ import annotations

import hashlib

from fieldapp.ask.answer import Answer
from fieldapp.keep import receipt
from fieldapp.keep.journal import as_json
from fieldapp.keep.store import open_store

VALUES = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Zeynep",
          "started": "2026-01-05", "informed": "OK"}  # fmt: skip


def bare(form, values):
    """What anybody could work out who guesses every answer."""
    given = {name: values.get(name) for name in form.columns if name not in HIDDEN}
    text = as_json({"form": form.form_id, "place": "OP-01", "answers": given}) or ""
    return hashlib.sha256(text.encode()).hexdigest()


HIDDEN = {"place", "place_kind", "person"}


def test_whoever_guesses_a_name_does_not_know_it(small):
    form = small.forms["person_new"]
    found = receipt.digest(small, form, "OP-01", Answer("person_new", "1", VALUES))
    assert found != bare(form, VALUES)
    assert found == small.journal.keyed(bare(form, VALUES))


def test_without_names_it_stays_as_it_was(small):
    form = small.forms["visitors"]
    values = {"date": "2026-11-19", "daypart": "morning", "visitors": 3}
    answer = Answer("visitors", "1", values)
    found = receipt.digest(small, form, "OP-01", answer)
    assert found != small.journal.keyed(found) and len(found) == 64


def test_older_fingerprints_get_their_key_once(small, welcome, settings, clock, send):
    known = welcome("OP-01", "Zeynep")
    send("OP-01", "visitors", {"date": "2026-11-19", "daypart": "morning", "visitors": "3"})
    form = small.forms["person_new"]
    with small.write("test", clock()) as write:
        before = dict(write.connection.execute("SELECT id, sha256 FROM receipt").fetchall())
        write.connection.execute(
            "UPDATE receipt SET sha256 = ? WHERE id = ?",
            (bare(form, VALUES | {"person": None}), known.row),
        )
        write.connection.execute("DROP TABLE setting")
        write.connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm008_retention'")
    for _ in range(2):
        again = open_store(settings.data, small.forms, clock)
        with again.read() as connection:
            after = dict(connection.execute("SELECT id, sha256 FROM receipt").fetchall())
        again.close()
        assert after == before
    assert send("OP-01", "person_new", {name: str(v) for name, v in VALUES.items()},
                known.row).status == "known"  # fmt: skip
