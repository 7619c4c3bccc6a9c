"""What is due to go: names of whom nothing is known for a year, and the day for all the rest."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence

from fieldapp.errors import Message, Refused
from fieldapp.keep import wipe
from fieldapp.keep.people import MEMBERSHIPS, ROOT
from fieldapp.keep.presence import SEEN
from fieldapp.keep.store import Store, Write, stamp

SETTING = "personal_until"
"""The name under which the day is kept on which everything personal goes."""

YEAR = dt.timedelta(days=365)

_SIGNS = f"""
SELECT person, max(day) AS last FROM (
  SELECT person, coalesce(until, since) AS day FROM ({MEMBERSHIPS})
   UNION ALL SELECT person, date FROM ({SEEN})
   UNION ALL SELECT {ROOT.format("q")}, h.at FROM still_here h JOIN people q ON q.id = h.person
   UNION ALL SELECT {ROOT.format("q")}, q.at FROM people q
) GROUP BY person
"""
"""Per person the last day that is known of them: left, seen, entered, or said to be here still."""


def until(connection: sqlite3.Connection) -> dt.date | None:
    """The day from which everything personal goes; None as long as the office set none."""
    found = connection.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    return dt.date.fromisoformat(found["value"]) if found else None


def set_until(write: Write, day: dt.date | None, earliest: dt.date) -> None:
    """Sets that day, or takes it back; Refused when it lies before the day after the deal."""
    if day and day < earliest:
        raise Refused(
            {SETTING: Message("Kies een dag na afloop van de deal, en niet in het verleden.")}
        )
    before = until(write.connection)
    if day == before:
        return
    write.connection.execute("DELETE FROM setting WHERE name = ?", (SETTING,))
    if day:
        write.connection.execute(
            "INSERT INTO setting (name, value, at, actor) VALUES (?, ?, ?, ?)",
            (SETTING, day.isoformat(), stamp(write.now), write.actor),
        )
    told = [{"day": each.isoformat()} if each else None for each in (before, day)]
    write.note("set", SETTING, None, *told)


def named(store: Store, connection: sqlite3.Connection, now: dt.datetime) -> Sequence[wipe.Named]:
    """The records whose name is to go: of whom nothing is known for a year."""
    border = (now - YEAR).date().isoformat()
    last = dict(connection.execute(_SIGNS).fetchall())
    codes = {
        code: last.get(person, "")[:10]
        for code, person in connection.execute(f"SELECT q.code, {ROOT.format('q')} FROM people q")
    }
    return [
        each
        for each in wipe.named(store, connection)
        if max(each.at[:10], *(codes.get(code, "") for code in each.codes), "") < border
    ]
