"""Who is erased loses every name and keeps every number; every table that can hold one is known."""

from __future__ import annotations

import pytest

from fieldapp.ask.answer import check
from fieldapp.errors import Conflict
from fieldapp.keep import correction, erasure, people, person, wipe
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import OWN_COLUMNS, table_of

# What a table can hold of a person. A new table or column needs a line here, and a look at
# `wipe`, `erasure` and `retention`.
NOTHING = "nothing personal"
WHOLE = "answers sealed whole: wipe.wipe_aside"
STAYS = "a number that stays"
OFFICE = "what the office wrote: erasure, where it is about one person"
NAMES = {
    "account.name": "retention",
    "account.password": "retention",
    "account.totp": "retention",
    "attempt.scope": "retention",
    "conflict.answers": WHOLE,
    "correction.reason": OFFICE,
    "decision.before": WHOLE,
    "phone.name": "retention",
    "people.code": STAYS,
    "receipt.sha256": "keyed, and emptied: wipe.wipe",
    "conflict.sha256": "keyed",
    "arrival.sha256": "keyed",
    "request.answers": WHOLE,
    "trouble.name": "what a browser calls a fault; retention",
    "upload.name": "all uploads go: erasure",
    "upload.content": "all uploads go: erasure",
}
KNOWN = {
    "access_token": {"id", "name", "token", "workbooks", "made_at", "made_by", "seen_at",
                     "revoked_at"},
    "account": {"id", "role", "totp_step", "made_at", "closed_at"},
    "arrival": {"id", "form", "row", "place", "phone", "status", "at", "outbox", "number"},
    "attempt": {"failures", "at"},
    "backup": {"id", "at", "file", "bytes", "sha256", "line", "seal"},
    "closing": {"id", "month", "at", "actor", "reopened_at", "reopened_by", "reason"},
    "closing_file": {"closing", "name", "sha256", "content"},
    "conflict": {"row", "form", "place", "actor", "at"},
    "correction": {"id", "form", "row", "action", "at", "account"},
    "decision": {"id", "form", "place", "kept", "other", "how", "at", "actor", "undone_at"},
    "journal": {"id", "at", "actor", "action", "object", "row", "before", "after", "mac"},
    "merge": {"id", "person", "other", "place", "at", "actor", "outcome", "decided_at",
              "decided_by"},
    "outbox": {"id", "phone", "made_at", "seen_at", "given", "unsent", "lowest", "highest",
               "oldest", "skew"},
    "pace": {"phone", "left", "at"},
    "pairing": {"id", "token", "place", "made_by", "made_at", "expires_at", "used_at", "phone"},
    "people": {"id", "merged_into", "at"},
    "phone": {"id", "token", "paired_at", "seen_at", "revoked_at"},
    "phone_place": {"phone", "place", "at", "chosen_at", "revoked_at"},
    "poster": {"code", "place", "form", "at"},
    "receipt": {"id", "form", "place", "at"},
    "recovery": {"id", "account", "code", "used_at"},
    "request": {"id", "form", "row", "place", "action", "edits", "at", "actor", "outcome",
                "decided_at", "decided_by"},
    "session": {"token", "account", "at", "seen_at", "ended_at"},
    "setting": {"name", "value", "at", "actor"},
    "still_here": {"person", "place", "at"},
    "thrown_away": {"outbox", "number", "at"},
    "ticked": {"kind", "form", "row", "edits", "at", "actor"},
    "trouble": {"day", "phone", "kind", "spot", "browser", "times"},
    "upload": {"token", "account", "purpose", "at"},
}  # fmt: skip
"""What holds nothing that tells of a person by name."""


def columns(store):
    """Every column of every table of our own, but for those of forms and registers."""
    with store.read() as connection:
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            if not table.startswith(("form_", "list_", "sqlite_", "_sqlite")):
                for column in connection.execute(f"SELECT * FROM [{table}] LIMIT 0").description:
                    yield table, column[0]


@pytest.fixture
def erase(small, clock, settings):
    """Erases whoever has this card."""

    def erased(code):
        with small.read() as connection:
            found = person.about(small, connection, code)
        return erasure.erase_for_good(small, "account:1", clock(), settings.data, found)

    return erased


def test_every_column_is_known_to_hold_a_name_or_none(small):
    unknown = [
        f"{table}.{column}"
        for table, column in columns(small)
        if f"{table}.{column}" not in NAMES and column not in KNOWN.get(table, ())
    ]
    assert unknown == []


def test_every_sealed_column_of_a_form_is_emptied(small):
    for form in small.forms.values():
        table, private = (
            table_of(form.form_id),
            [q.name for q in form.columns.values() if q.private],
        )
        found = wipe._hidden([*OWN_COLUMNS, *form.columns], form)
        assert sorted(found) == sorted(private), table
    assert wipe._hidden(["_id", "asked_no_more"], form) != {}


def test_names_go_at_every_place_and_numbers_stay(small, welcome, propose, answer, erase, told):
    one, two = welcome("OP-01", "Zeynep"), welcome("WB-01", "Zeynep", "participant")
    other = welcome("OP-01", "Kees")
    answer(propose(one, two))
    before = told("SELECT * FROM memberships")
    assert erase(two.code)
    assert told("SELECT * FROM memberships") == before
    with small.read() as connection:
        listed = people.members(connection, small.seal, "OP-01", "2026-11-20")
        left = list(wipe.named(small, connection))
    assert [each.label for each in listed] == [one.code, f"Kees · {other.code}"]
    assert [each.row for each in left] == [other.row]


def test_the_journal_has_neither_name_nor_code(small, welcome, erase):
    known = welcome("OP-01", "Zeynep")
    erase(known.code)
    with small.read() as connection:
        line = connection.execute("SELECT * FROM journal ORDER BY id DESC LIMIT 1").fetchone()
        assert erasure.done(connection) == [(line["at"], "account:1")]
    assert (line["action"], line["object"], line["row"]) == ("erase", "people", "1")
    assert line["after"] == '{"aside":0,"names":1}' and line["before"] is None


def test_who_is_erased_twice_has_nothing_left_the_second_time(small, welcome, erase):
    known = welcome("OP-01")
    erase(known.code)
    with small.read() as connection:
        found = person.about(small, connection, known.code)
        assert erasure.extent(small, connection, found).nothing


def test_a_page_that_was_open_does_not_bring_the_name_back(small, welcome, erase, around, clock):
    known = welcome("OP-01", "Zeynep")
    form = small.forms["person_new"]
    erase(known.code)
    with small.write("phone:1", clock()) as write:
        raw = {"role": ["volunteer"], "known_elsewhere": ["no"], "call_name": ["Zeynep"],
               "started": ["2026-01-05"], "informed": ["OK"]}  # fmt: skip
        typed = check(form, raw, around(write.connection, "OP-01")(form))
        with pytest.raises(Conflict):
            rows.change(small, write, form, typed, known.row, 0, Origin("OP-01"))


def test_why_the_office_mended_a_record_of_one_person_goes(small, welcome, erase, clock):
    known, form = welcome("OP-01", "Zeynep"), small.forms["person_new"]
    with small.write("account:1", clock()) as write:
        office = Origin(None, account=1)
        correction.withdraw(small, write, form, known.row, 0, office, "Zeynep belde zelf.")
    erase(known.code)
    with small.read() as connection:
        assert [each.reason for each in correction.corrections(connection, form, known.row)] == [
            wipe.NOBODY
        ]


def test_words_of_a_place_with_the_name_are_found_for_somebody_to_read(small, welcome, send):
    known = welcome("OP-01", "Roos")
    for place, words in (("OP-01", "Dank aan Roos."), ("OP-01", "Rooster"), ("OP-02", "Roos!")):
        month = {"month": "2026-10" if words != "Rooster" else "2026-09"}
        send(place, "month_report", month | {"worked": words})
    with small.read() as connection:
        found = person.about(small, connection, known.code)
        there = erasure.extent(small, connection, found)
        (told,) = there.texts
        form, row = told
        assert rows.find(small, connection, small.forms[form], row, None).values["worked"] == (
            "Dank aan Roos."
        )


def test_answers_to_a_question_that_is_asked_no_more_go_too(small, welcome, clock, erase):
    known = welcome("OP-01")
    with small.write("test", clock()) as write:
        write.connection.execute("ALTER TABLE form_person_new ADD COLUMN nickname TEXT")
        sealed = small.seal.close("Zeyno", "form_person_new", known.row, "nickname")
        write.connection.execute("UPDATE form_person_new SET nickname = ?", (sealed,))
    erase(known.code)
    with small.read() as connection:
        assert connection.execute("SELECT nickname FROM form_person_new").fetchone()[0] is None
