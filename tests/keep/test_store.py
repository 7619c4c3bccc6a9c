"""A data folder opens with the tables its forms need, or says what to do about it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from sqlite_utils import Migrations

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Question
from fieldapp.errors import Damaged
from fieldapp.keep import migrations, migrations_care, secret
from fieldapp.keep import store as store_module
from fieldapp.keep.store import OWN_COLUMNS, open_store, stamp

EXTRA = Question("extra", "integer", 99)


@pytest.fixture
def folder(tmp_path, forms, clock):
    """The data folder of an instance that was made and closed."""
    open_store(tmp_path / "made", forms, clock, make=True).close()
    return tmp_path / "made"


@pytest.fixture
def reopened(folder, clock):
    """Opens the folder with other forms and closes it again; gives what `look` finds."""

    def opened(forms, look=lambda store: None):
        again = open_store(folder, forms, clock)
        try:
            return look(again)
        finally:
            again.close()

    return opened


def with_items(forms, form_id, change):
    form = forms[form_id]
    return dict(forms) | {form_id: replace(form, items=tuple(change(form.items)))}


def columns_of(table):
    def look(store):
        with store.database.write() as connection:  # the other doors refuse every PRAGMA
            sql = "SELECT name, type FROM pragma_table_info(?)"
            return {row["name"]: row["type"] for row in connection.execute(sql, (table,))}

    return look


# --- tables -----------------------------------------------------------------------------------


def test_every_form_has_a_table_with_a_column_per_question(store, forms):
    for form in forms.values():
        wanted = {name: kind_of(q).column for name, q in form.columns.items()}
        found = columns_of(f"form_{form.form_id}")(store)
        assert {n: t for n, t in found.items() if not n.startswith("_")} == wanted
        assert {n for n in found if n.startswith("_")} == set(OWN_COLUMNS)


def test_every_register_but_people_has_a_table(store):
    assert set(columns_of("list_places")(store)) >= {"name", "label", "kind", "wijk", "_row"}
    assert set(columns_of("list_pilots")(store)) >= {"name", "label", "run_by", "_row"}
    assert columns_of("list_people")(store) == {}


def test_every_table_is_strict(store, ask):
    loose = ask(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT%' "
        "AND name NOT LIKE '%sqlite_%'"
    )
    assert loose == []


@pytest.mark.parametrize("value", ["veel", 2.5, b"x"])
def test_a_number_column_takes_numbers_only(store, value):
    with pytest.raises(sqlite3.IntegrityError), store.database.write() as connection:
        connection.execute(
            "INSERT INTO form_visitors (_id, _version, _submitted_at, _received_at, _edits, "
            "_state, visitors) VALUES ('a', '', '', '', 0, 'current', ?)",
            (value,),
        )


def test_mutation_a_table_that_is_not_strict_takes_words_for_a_number():
    with closing(sqlite3.connect(":memory:")) as loose:
        loose.execute("CREATE TABLE t (visitors INTEGER)")
        loose.execute("INSERT INTO t VALUES ('veel')")
        assert loose.execute("SELECT visitors FROM t").fetchone() == ("veel",)


# --- forms that change ------------------------------------------------------------------------


def test_opening_again_changes_nothing(reopened, forms):
    def look(again):
        with again.read() as connection:
            return connection.execute("SELECT count(*) FROM journal").fetchone()[0]

    first = reopened(forms, look)
    assert reopened(forms, look) == first


def test_a_new_question_adds_its_column(reopened, forms):
    more = with_items(forms, "visitors", lambda items: [*items, EXTRA])
    assert reopened(more, columns_of("form_visitors"))["extra"] == "INTEGER"

    def line(again):
        with again.read() as connection:
            assert again.journal.broken(connection) is None
            sql = "SELECT action, object, after FROM journal ORDER BY id DESC LIMIT 1"
            return tuple(connection.execute(sql).fetchone())

    assert reopened(more, line) == ("add column", "form_visitors", '{"extra":"INTEGER"}')


def test_a_new_column_of_a_register_is_added(reopened, forms):
    saved = replace(EXTRA, name="door_code", type="text", save_to="door_code")
    more = with_items(forms, "place", lambda items: [*items, saved])
    assert reopened(more, columns_of("list_places"))["door_code"] == "TEXT"


def test_a_question_that_is_gone_keeps_its_column_and_answers(reopened, forms):
    def add(again):
        with again.database.write() as connection:
            connection.execute(
                "INSERT INTO form_visitors (_id, _version, _submitted_at, _received_at, _edits, "
                "_state, visitors) VALUES ('a', '', '', '', 0, 'current', 12)"
            )

    def kept(again):
        with again.read() as connection:
            return connection.execute("SELECT visitors FROM form_visitors").fetchone()[0]

    reopened(forms, add)
    fewer = with_items(
        forms, "visitors", lambda items: [i for i in items if i.name not in {"visitors", "more"}]
    )
    assert "visitors" not in fewer["visitors"].columns
    assert reopened(fewer, kept) == 12


def test_a_question_of_another_type_is_refused_and_nothing_is_changed(reopened, forms):
    def change(items):
        yield EXTRA
        for item in items:
            yield replace(item, type="text") if item.name == "visitors" else item

    other = with_items(forms, "visitors", change)
    line = forms["visitors"].questions["visitors"].line
    with pytest.raises(Damaged) as refused:
        reopened(other)
    assert str(refused.value) == (
        f"{forms['visitors'].file}, line {line}: 'visitors' is kept as INTEGER and would become "
        "TEXT; give the question a new name"
    )
    assert "extra" not in reopened(forms, columns_of("form_visitors")), "nothing half done"


def test_a_new_form_gets_its_table(reopened, forms):
    form = replace(forms["visitors"], form_id="passers_by")
    assert "visitors" in reopened(dict(forms) | {"passers_by": form}, columns_of("form_passers_by"))


def indexes(again):
    with again.read() as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        return {row["name"] for row in found}


def test_an_older_database_loses_the_indexes_that_nobody_asks(reopened, forms):
    """Of what waits as double of a form without a key; a form that has one keeps its own."""
    old = {"waits_person_new", "waits_step", "waits_closure"}

    def add(again):
        with again.database.write() as connection:
            for name in old:
                table = name.replace("waits", "form")
                connection.execute(f"CREATE INDEX [{name}] ON [{table}] (_place, _state)")
        return indexes(again)

    before = reopened(forms, add)
    assert old <= before
    assert reopened(forms, indexes) == before - old
    keyless = dict(forms) | {"visitors": replace(forms["visitors"], key=())}
    assert before - reopened(keyless, indexes) == old | {"waits_visitors"}


# --- migrations -------------------------------------------------------------------------------


def test_a_migration_runs_once_and_a_failing_one_leaves_no_trace(reopened, forms, monkeypatch):
    runs = []
    more = Migrations("fieldapp")
    for known in migrations.migrations.pending(_empty()):
        more(name=known.name)(known.fn)

    @more()
    def m900_once(db):
        runs.append(1)
        db.execute("CREATE TABLE once (a TEXT) STRICT")

    monkeypatch.setattr(store_module, "migrations", more)
    monkeypatch.setattr(migrations_care, "migrations", more)
    reopened(forms)
    reopened(forms)
    assert runs == [1]

    @more()
    def m901_fails(db):
        db.execute("CREATE TABLE never (a TEXT) STRICT")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reopened(forms)
    monkeypatch.setattr(store_module, "migrations", migrations.migrations)
    assert reopened(forms, columns_of("never")) == {}
    assert reopened(forms, columns_of("once")) == {"a": "TEXT"}


def _empty():
    return store_module.Tables(memory=True)


def test_migrations_are_named_in_their_order():
    names = [migration.name for migration in migrations.migrations.pending(_empty())]
    assert names == sorted(names)
    assert all(re.fullmatch(rf"m{number:03}_[a-z_]+", name) for number, name in enumerate(names, 1))


# --- a folder that is not as it should be -----------------------------------------------------


def test_a_folder_without_a_database_is_refused_with_the_remedy(tmp_path, forms, clock):
    with pytest.raises(Damaged, match="holds no fieldapp database: run `fieldapp init --data"):
        open_store(tmp_path / "data", forms, clock)
    assert not (tmp_path / "data").exists(), "and nothing was made"


def test_an_empty_database_file_is_refused(folder, reopened, forms):
    (folder / "fieldapp.db").write_bytes(b"")
    with pytest.raises(Damaged, match="holds no fieldapp database"):
        reopened(forms)
    assert (folder / "fieldapp.db").stat().st_size == 0


def test_missing_secrets_are_refused_and_never_made_anew(folder, reopened, forms):
    path = secret.path_of(folder)
    path.unlink()
    with pytest.raises(Damaged, match=r"secrets\.json is missing: run `fieldapp init`, or put"):
        reopened(forms)
    assert not path.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"session": "ab", "journal": "ab", "seal": "ab"}', "holds a key of less than 32 bytes"),
        ('{"session": "ab"}', "does not read: put back your copy"),
        ("[]", "does not read: put back your copy"),
        ("no JSON", "does not read: put back your copy"),
    ],
)
def test_secrets_that_are_short_or_broken_are_refused(tmp_path, text, said):
    secret.path_of(tmp_path).write_text(text)
    secret.path_of(tmp_path).chmod(0o600)
    with pytest.raises(Damaged, match=said):
        secret.load(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_secrets_that_others_can_read_are_refused(tmp_path, mode):
    made = secret.make(tmp_path)
    secret.path_of(tmp_path).chmod(mode)
    with pytest.raises(Damaged, match="can be read by others: run `chmod 600"):
        secret.load(tmp_path)
    secret.path_of(tmp_path).chmod(0o600)
    assert secret.load(tmp_path) == made == secret.make(tmp_path)


def test_secrets_are_long_different_and_readable_by_their_owner_only(tmp_path):
    secret.make(tmp_path)
    found = json.loads(secret.path_of(tmp_path).read_text())
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in found.values())
    assert len(set(found.values())) == 3
    assert secret.path_of(tmp_path).stat().st_mode & 0o777 == 0o600


def test_a_moment_is_kept_in_utc(clock):
    assert stamp(clock()) == "2026-11-20T09:12:00Z"
