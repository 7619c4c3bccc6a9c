"""The fixed tables that came with outboxes: migrations that go on where the first ones end."""

from __future__ import annotations

from sqlite_utils.db import Database

from fieldapp.keep import migrations as first

migrations = first.migrations


@migrations()
def m006_phone(db: Database) -> None:
    """What came from outboxes, what they hold still, how fast phones knock, and their trouble."""
    db.table("arrival").create(
        {
            "id": str,
            "sha256": str,
            "form": str,
            "row": str,
            "place": str,
            "phone": int,
            "status": str,
            "at": str,
            "outbox": str,
            "number": int,
        },
        pk="id",
        not_null={"sha256", "form", "status", "at"},
        strict=True,
    )
    db.table("arrival").create_index(["outbox", "number"])
    db.table("outbox").create(
        {
            "id": str,
            "phone": int,
            "made_at": str,
            "seen_at": str,
            "given": int,
            "unsent": int,
            "lowest": int,
            "highest": int,
            "oldest": str,
            "skew": int,
        },
        pk="id",
        not_null={"phone", "made_at", "seen_at", "given", "unsent"},
        foreign_keys=[("phone", "phone", "id")],
        strict=True,
    )
    db.table("outbox").create_index(["phone"])
    db.table("thrown_away").create(
        {"outbox": str, "number": int, "at": str},
        pk=("outbox", "number"),
        not_null={"at"},
        strict=True,
    )
    db.table("pace").create(
        {"phone": int, "left": float, "at": str}, pk="phone", not_null={"left", "at"}, strict=True
    )
    db.table("trouble").create(
        {
            "day": str,
            "phone": int,
            "kind": str,
            "name": str,
            "spot": str,
            "browser": str,
            "times": int,
        },
        pk=("day", "phone", "kind", "name", "spot", "browser"),
        not_null={"times"},
        strict=True,
    )
