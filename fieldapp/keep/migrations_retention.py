"""The fixed table of what the office sets by itself: migrations that go on where care ends."""

from __future__ import annotations

from sqlite_utils.db import Database

from fieldapp.keep import migrations_care as care

migrations = care.migrations


@migrations()
def m008_retention(db: Database) -> None:
    """What the office sets, by name: the day on which everything personal goes."""
    db.table("setting").create(
        {"name": str, "value": str, "at": str, "actor": str},
        pk="name",
        not_null={"value", "at", "actor"},
        strict=True,
    )
