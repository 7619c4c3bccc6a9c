"""What is kept too long: one table of rules, with what, how long, why, and how it goes."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.errors import Message
from fieldapp.keep import due, wipe
from fieldapp.keep.store import Store, Write, stamp

ACTION = "retention"
"""What the journal calls it."""


class _Undone(Exception):
    """Ends a transaction in which all was only counted."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing that is kept."""

    name: str
    """What a terminal and the journal call it."""
    what: Message
    long: Message
    why: Message
    how: Message
    do: Callable[[Store, Write], int] | None = None
    """Lets go of what was kept long enough and says how many; None where it goes otherwise."""


_SILENT = "coalesce(revoked_at, seen_at) < :before"


def run(store: Store, now: dt.datetime, *, dry: bool = False) -> Mapping[str, int]:
    """Lets go of everything that was kept long enough; how many there were, rule by rule.

    When `dry` nothing changes. The log of the database has it until `Database.truncate`.
    """
    counts: dict[str, int] = {}
    try:
        with store.write("command", now) as write:
            for rule in RULES:
                if rule.do:
                    counts[rule.name] = rule.do(store, write)
            if dry:
                raise _Undone
            if gone := {name: count for name, count in counts.items() if count}:
                write.note(ACTION, "database", None, None, gone)
    except _Undone:
        pass
    return counts


def last_run(connection: sqlite3.Connection) -> str:
    """When something was last let go of; empty when never."""
    found = connection.execute(
        "SELECT max(at) AS at FROM journal WHERE action = ? AND object = 'database'", (ACTION,)
    ).fetchone()
    return found["at"] or ""


def _names(store: Store, write: Write) -> int:
    return wipe.wipe(write, due.named(store, write.connection, write.now))


def _aside(store: Store, write: Write) -> int:
    border = stamp(write.now - due.YEAR)
    return wipe.wipe_aside(store, write, lambda each, held: each.at < border)


def _phones(store: Store, write: Write) -> int:
    count = 0
    for row in write.connection.execute(
        f"SELECT id, name FROM phone WHERE {_SILENT}", {"before": stamp(write.now - due.YEAR)}
    ).fetchall():
        number = str(row["id"])
        if store.seal.open(row["name"], "phone", number, "name"):
            nameless = store.seal.close("", "phone", number, "name")
            write.connection.execute(
                "UPDATE phone SET name = ? WHERE id = ?", (nameless, row["id"])
            )
            count += 1
    return count


def _accounts(store: Store, write: Write) -> int:
    given = {"before": stamp(write.now - due.YEAR)}
    write.connection.execute(
        "DELETE FROM recovery WHERE account IN (SELECT id FROM account WHERE closed_at < :before)",
        given,
    )
    return write.connection.execute(
        "UPDATE account SET name = 'account ' || id, password = '', totp = NULL "
        "WHERE closed_at < :before AND name <> 'account ' || id",
        given,
    ).rowcount


def _everything(store: Store, write: Write) -> int:
    day = due.until(write.connection)
    return wipe.everything(store, write) if day and day <= write.now.date() else 0


def _older(statement: str, span: dt.timedelta) -> Callable[[Store, Write], int]:
    """Runs a statement with the moment `:before`, that long ago; how many rows it let go of."""

    def do(store: Store, write: Write) -> int:
        return write.connection.execute(statement, {"before": stamp(write.now - span)}).rowcount

    return do


def _waiting(store: Store, write: Write) -> int:
    """Outboxes of phones that are gone, with what came out of them."""
    given = {"before": stamp(write.now - due.YEAR)}
    gone = f"(SELECT id FROM outbox WHERE phone IN (SELECT id FROM phone WHERE {_SILENT}))"
    run = write.connection.execute
    count = run(f"DELETE FROM thrown_away WHERE outbox IN {gone}", given).rowcount
    count += run(f"DELETE FROM arrival WHERE outbox IN {gone}", given).rowcount
    return count + run(f"DELETE FROM outbox WHERE id IN {gone}", given).rowcount


_MONTHS = Message("12 maanden nadat iemand stopte, of voor het laatst werd gezien")
_WIPED = Message("wordt leeg gemaakt, het aantal blijft")
_DELETED = Message("wordt verwijderd")
_DAY = dt.timedelta(days=1)

RULES: Sequence[Rule] = (
    Rule(
        "call names",
        Message("Roepnaam van een vrijwilliger of deelnemer"),
        _MONTHS,
        Message("De plek moet weten wie er meedoet. Daarna is de naam nergens meer voor nodig."),
        _WIPED,
        _names,
    ),
    Rule(
        "names set aside",
        Message("Roepnaam in een antwoord dat opzij ligt of waar om gevraagd is"),
        Message("12 maanden"),
        Message("Zo lang kan iemand nog kiezen welk antwoord goed is."),
        _WIPED,
        _aside,
    ),
    Rule(
        "names of phones",
        Message("Roepnaam bij een telefoon"),
        Message("12 maanden na het laatste contact, of nadat de telefoon is afgesloten"),
        Message("Het bureau moet weten wie te bellen als een telefoon niets stuurt."),
        _WIPED,
        _phones,
    ),
    Rule(
        "names of accounts",
        Message("Naam, wachtwoord en sleutel van een account van het bureau"),
        Message("12 maanden nadat het account is gesloten"),
        Message("Bij een verbetering moet te zien zijn wie haar deed."),
        Message("naam wordt een nummer, de rest wordt leeg gemaakt"),
        _accounts,
    ),
    Rule(
        "everything personal",
        Message("Alles wat over personen gaat: kaarten, rollen, stappen, wie er wanneer was"),
        Message("tot de dag die het bureau kiest, na afloop van de deal"),
        Message("De resultaten van de deal worden hieruit geteld."),
        Message("wordt leeg gemaakt; aantallen en gesloten maanden blijven"),
        _everything,
    ),
    Rule(
        "outboxes of old phones",
        Message("Wat een telefoon over zijn wachtrij vertelde"),
        Message("12 maanden na het laatste contact"),
        Message("Zo ziet het bureau of er iets kwijt is."),
        _DELETED,
        _waiting,
    ),
    Rule(
        "pairings",
        Message("Koppelcode van een telefoon, als vingerafdruk"),
        Message("90 dagen na gebruik of verlopen"),
        Message("Om na te gaan hoe een telefoon erbij kwam."),
        _DELETED,
        _older("DELETE FROM pairing WHERE expires_at < :before", dt.timedelta(days=90)),
    ),
    Rule(
        "sessions",
        Message("Wanneer een account inlogde en voor het laatst iets deed"),
        Message("30 dagen; van elk account blijft de laatste keer"),
        Message("Om misbruik van een account te zien."),
        _DELETED,
        _older(
            "DELETE FROM session WHERE at < :before AND at < "
            "(SELECT max(s.at) FROM session s WHERE s.account = session.account)",
            dt.timedelta(days=30),
        ),
    ),
    Rule(
        "wrong tries",
        Message("Verkeerde pogingen om in te loggen of te koppelen, met netwerk"),
        Message("1 dag"),
        Message("Wie het vaak probeert, moet steeds langer wachten."),
        _DELETED,
        _older("DELETE FROM attempt WHERE at < :before", _DAY),
    ),
    Rule(
        "uploads",
        Message("Excel-bestand dat nog niet is ingevoerd"),
        Message("1 dag"),
        Message("Zo kan het bureau eerst kijken en dan invoeren."),
        _DELETED,
        _older("DELETE FROM upload WHERE at < :before", _DAY),
    ),
    Rule(
        "trouble",
        Message("Storingen op telefoons, zonder wat er werd ingevuld"),
        Message("90 dagen"),
        Message("Om fouten te vinden en te herstellen."),
        _DELETED,
        _older("DELETE FROM trouble WHERE day < substr(:before, 1, 10)", dt.timedelta(days=90)),
    ),
    Rule(
        "pace",
        Message("Hoe snel een telefoon stuurt"),
        Message("1 dag"),
        Message("Zo houdt één telefoon de rest niet op."),
        _DELETED,
        _older("DELETE FROM pace WHERE at < :before", _DAY),
    ),
    Rule(
        "journal",
        Message("Journaal: wat er wanneer gebeurde, zonder naam of code"),
        Message("zolang dit systeem er is"),
        Message("Om te bewijzen dat er niets is weggehaald of veranderd."),
        Message("gaat weg met het hele systeem"),
    ),
    Rule(
        "copies",
        Message("Kopieën van het systeem, namen versleuteld"),
        Message("35 dagen elke dag, 13 maanden elke maand"),
        Message("Om na een ramp verder te kunnen."),
        Message("worden vervangen; na terugzetten wordt opnieuw gewist"),
    ),
    Rule(
        "workbooks",
        Message("Werkboeken van gesloten maanden: aantallen, geen personen"),
        Message("zolang dit systeem er is"),
        Message("Verantwoording aan het Rijk en de gemeente."),
        Message("gaan weg met het hele systeem"),
    ),
)
"""Everything that is kept, in the order in which it is looked at."""
