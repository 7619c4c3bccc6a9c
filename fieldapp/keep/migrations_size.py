"""Indexes of the fixed tables for many places and years: migrations that go on from retention."""

from __future__ import annotations

from sqlite_utils.db import Database

from fieldapp.keep import migrations_retention as retention

migrations = retention.migrations


@migrations()
def m009_size(db: Database) -> None:
    """Every card of one person, and who was said to be here still, without a look at all people.

    Of what waits as double `indexes.py` makes an index that says its state as well.
    """
    db.execute("CREATE INDEX people_root ON people(coalesce(merged_into, id))")
    db.table("still_here").create_index(["place"])
    named = "SELECT name FROM sqlite_master WHERE type = 'index' AND name GLOB 'double_*'"
    for (index,) in db.execute(named).fetchall():
        db.execute(f"DROP INDEX [{index}]")
