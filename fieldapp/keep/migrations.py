"""The fixed tables, as migrations: appended, never edited. Tables of forms are in `store.py`."""

from __future__ import annotations

from sqlite_utils import Migrations
from sqlite_utils.db import Database

migrations = Migrations("fieldapp")


@migrations()
def m001_journal(db: Database) -> None:
    """The append-only journal, receipts and what came under a taken id."""
    db.table("journal").create(
        {
            "id": int,
            "at": str,
            "actor": str,
            "action": str,
            "object": str,
            "row": str,
            "before": str,
            "after": str,
            "mac": str,
        },
        pk="id",
        not_null={"at", "actor", "action", "object", "mac"},
        strict=True,
    )
    for event in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER journal_no_{event.lower()} BEFORE {event} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
        )
    db.execute("CREATE INDEX journal_object ON journal(object, row)")
    db.table("receipt").create(
        {"id": str, "form": str, "place": str, "sha256": str, "at": str}, pk="id", strict=True
    )
    db.table("conflict").create(
        {
            "row": str,
            "sha256": str,
            "form": str,
            "place": str,
            "actor": str,
            "at": str,
            "answers": str,
        },
        pk=("row", "sha256"),
        strict=True,
    )


@migrations()
def m002_people(db: Database) -> None:
    """Persons by card code; their names stand sealed in the form that entered them."""
    db.table("people").create(
        {"id": int, "code": str, "merged_into": int, "at": str},
        pk="id",
        not_null={"code", "at"},
        foreign_keys=[("merged_into", "people", "id")],
        strict=True,
    )
    db.table("people").create_index(["code"], unique=True)


@migrations()
def m003_access(db: Database) -> None:
    """Phones, pairings, posters, office accounts and their sessions."""
    db.table("phone").create(
        {
            "id": int,
            "token": str,
            "name": str,
            "paired_at": str,
            "seen_at": str,
            "revoked_at": str,
        },
        pk="id",
        strict=True,
    )
    db.table("phone").create_index(["token"], unique=True)
    db.table("phone_place").create(
        {"phone": int, "place": str, "at": str, "chosen_at": str, "revoked_at": str},
        pk=("phone", "place"),
        foreign_keys=[("phone", "phone", "id")],
        strict=True,
    )
    db.table("pairing").create(
        {
            "id": int,
            "token": str,
            "place": str,
            "made_by": str,
            "made_at": str,
            "expires_at": str,
            "used_at": str,
            "phone": int,
        },
        pk="id",
        strict=True,
    )
    db.table("pairing").create_index(["token"], unique=True)
    db.table("poster").create(
        {"code": str, "place": str, "form": str, "at": str}, pk="code", strict=True
    )
    db.table("poster").create_index(["place", "form"], unique=True)
    db.table("account").create(
        {
            "id": int,
            "name": str,
            "role": str,
            "password": str,
            "totp": str,
            "totp_step": int,
            "made_at": str,
            "closed_at": str,
        },
        pk="id",
        strict=True,
    )
    db.table("account").create_index(["name"], unique=True)
    db.table("recovery").create(
        {"id": int, "account": int, "code": str, "used_at": str},
        pk="id",
        foreign_keys=[("account", "account", "id")],
        strict=True,
    )
    db.table("session").create(
        {"token": str, "account": int, "at": str, "seen_at": str, "ended_at": str},
        pk="token",
        foreign_keys=[("account", "account", "id")],
        strict=True,
    )
    db.table("attempt").create({"scope": str, "failures": int, "at": str}, pk="scope", strict=True)


@migrations()
def m004_weeks(db: Database) -> None:
    """Who was said to be here still, how doubles were decided, and persons that may be one."""
    db.table("still_here").create(
        {"person": int, "place": str, "at": str},
        pk=("person", "place"),
        not_null={"at"},
        foreign_keys=[("person", "people", "id")],
        strict=True,
    )
    db.table("decision").create(
        {
            "id": int,
            "form": str,
            "place": str,
            "kept": str,
            "other": str,
            "how": str,
            "at": str,
            "actor": str,
            "before": str,
            "undone_at": str,
        },
        pk="id",
        not_null={"form", "other", "how", "at", "actor", "before"},
        strict=True,
    )
    db.table("decision").create_index(["form", "other"])
    db.table("decision").create_index(["place"])
    db.table("merge").create(
        {
            "id": int,
            "person": int,
            "other": int,
            "place": str,
            "at": str,
            "actor": str,
            "outcome": str,
            "decided_at": str,
            "decided_by": str,
        },
        pk="id",
        not_null={"person", "other", "at", "actor"},
        foreign_keys=[("person", "people", "id"), ("other", "people", "id")],
        strict=True,
    )


@migrations()
def m005_office(db: Database) -> None:
    """Months closed with their files, requests, corrections, what was ticked off, and tokens."""
    db.table("closing").create(
        {
            "id": int,
            "month": str,
            "at": str,
            "actor": str,
            "reopened_at": str,
            "reopened_by": str,
            "reason": str,
        },
        pk="id",
        not_null={"month", "at", "actor"},
        strict=True,
    )
    db.execute("CREATE UNIQUE INDEX closing_month ON closing(month) WHERE reopened_at IS NULL")
    db.table("closing_file").create(
        {"closing": int, "name": str, "sha256": str, "content": bytes},
        pk=("closing", "name"),
        not_null={"sha256", "content"},
        foreign_keys=[("closing", "closing", "id")],
        strict=True,
    )
    db.table("request").create(
        {
            "id": int,
            "form": str,
            "row": str,
            "place": str,
            "action": str,
            "edits": int,
            "answers": str,
            "at": str,
            "actor": str,
            "outcome": str,
            "decided_at": str,
            "decided_by": str,
        },
        pk="id",
        not_null={"form", "row", "action", "edits", "at", "actor"},
        strict=True,
    )
    db.table("request").create_index(["form", "row"])
    db.table("correction").create(
        {
            "id": int,
            "form": str,
            "row": str,
            "action": str,
            "at": str,
            "account": int,
            "reason": str,
        },
        pk="id",
        not_null={"form", "row", "action", "at", "account", "reason"},
        strict=True,
    )
    db.table("correction").create_index(["form", "row"])
    db.table("ticked").create(
        {"kind": str, "form": str, "row": str, "edits": int, "at": str, "actor": str},
        pk=("kind", "form", "row", "edits"),
        not_null={"at", "actor"},
        strict=True,
    )
    db.table("upload").create(
        {
            "token": str,
            "account": int,
            "purpose": str,
            "name": str,
            "content": bytes,
            "at": str,
        },
        pk="token",
        not_null={"account", "purpose", "name", "content", "at"},
        strict=True,
    )
    db.table("access_token").create(
        {
            "id": int,
            "name": str,
            "token": str,
            "workbooks": str,
            "made_at": str,
            "made_by": str,
            "seen_at": str,
            "revoked_at": str,
        },
        pk="id",
        not_null={"name", "token", "workbooks", "made_at", "made_by"},
        strict=True,
    )
    db.table("access_token").create_index(["token"], unique=True)
