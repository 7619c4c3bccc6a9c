"""The fixed tables of care for what is kept: migrations that go on where those of phones end."""

from __future__ import annotations

from sqlite_utils.db import Database

from fieldapp.keep import migrations_phone as phones

migrations = phones.migrations


def newer(db: Database) -> list[str]:
    """The steps that a newer fieldapp took with this database, by name; empty when none did."""
    known = {each.name for each in migrations.pending(Database(memory=True))}
    return [each.name for each in migrations.applied(db) if each.name not in known]


@migrations()
def m007_care(db: Database) -> None:
    """Every copy that was made and found whole."""
    db.table("backup").create(
        {
            "id": int,
            "at": str,
            "file": str,
            "bytes": int,
            "sha256": str,
            "line": int,
            "seal": str,
        },
        pk="id",
        not_null={"at", "file", "bytes", "sha256", "line", "seal"},
        strict=True,
    )
