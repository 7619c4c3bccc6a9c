"""Rows 41 to 59 of the faults and abuse to survive, and the protections that each needs."""

from __future__ import annotations

import secrets

from flask import request
from itsdangerous import URLSafeSerializer

from fieldapp.keep import secret
from tests.fault.access import offs
from tests.fault.access import rows_keys as keys
from tests.fault.access import rows_pages as pages
from tests.fault.access import rows_pairing as pairing
from tests.fault.access import rows_records as records
from tests.fault.access import rows_signin as signin
from tests.fault.access.house import Off, Row, configured, new_id, switched

ROWS = (
    Row(
        "41",
        "orphan, wrong type, 2^63, NUL, half a surrogate, megabytes, in every field and address",
        records.nothing_strange,
        [
            Off("no limit to what is read",
                configured(MAX_CONTENT_LENGTH=None, MAX_FORM_MEMORY_SIZE=None)),
            Off("a number in an envelope of any length",
                switched("fieldapp.web.envelope._LARGEST", 10**500)),
        ],
        quick=False,
    ),
    Row(
        "42",
        "the same id with other answers",
        records.other_payload,
        [
            Off("no fingerprint of what an outbox sent",
                switched("fieldapp.keep.arrival.fingerprint", lambda store, told: "same")),
            Off("no fingerprint of an answer",
                switched("fieldapp.keep.receipt.digest", lambda *given: "same")),
        ],
    ),
    Row(
        "43",
        "the id of another place's record",
        records.other_place,
        [Off("a lookup over all places", offs.one_scope)],
    ),
    Row(
        "44",
        "another place's ids on every route",
        records.every_route,
        [Off("a lookup over all places", offs.one_scope)],
        quick=False,
    ),
    Row(
        "45",
        "place, role and status smuggled in",
        records.smuggled,
        [
            Off("names that nobody knows are let by",
                offs.any_name),
        ],
    ),
    Row(
        "46",
        "twenty pairings with one token at once",
        pairing.at_once,
        [Off("a token is not marked used", offs.never_used)],
    ),
    Row("47", "prefetch of a pairing page", pairing.prefetch,
        [Off("looking is enough", offs.looking_uses)]),
    Row(
        "48",
        "expired, revoked, used and guessed tokens",
        pairing.guessed,
        [
            Off("no waiting",
                switched("fieldapp.keep.attempt.wait", lambda connection, scope, now: 0)),
            Off("each address counts alone",
                switched("fieldapp.web.pairing.network", lambda: request.remote_addr)),
        ],
    ),
    Row(
        "49",
        "a poster of another place",
        pairing.of_another,
        [Off("a page's place is not looked for among the phone's",
             switched("fieldapp.web.access._keep_to", lambda code: None))],
    ),
    Row(
        "50",
        "a poster scanned by who is not paired",
        pairing.unpaired,
        [Off("a poster leads on", switched("fieldapp.web.poster.current_place", lambda: True))],
    ),
    Row(
        "51",
        "500 guesses at sign-in, from one and from many networks",
        signin.guesses,
        [
            Off("no waiting",
                switched("fieldapp.keep.attempt.wait", lambda connection, scope, now: 0)),
            Off("only networks count",
                switched("fieldapp.web.signin._scopes",
                         lambda name: [f"signin:{request.remote_addr}"])),
            Off("who is known waits with the rest",
                switched("fieldapp.web.signin._signed",
                         lambda: URLSafeSerializer(secrets.token_hex(), salt="known"))),
            Off("a try counts once it is judged",
                switched("fieldapp.keep.attempt.begun", lambda write, scopes: 0)),
        ],
        quick=False,
    ),
    Row(
        "52",
        "enumeration of accounts by text or time",
        signin.alike,
        [
            Off("nobody's password is not judged",
                switched("fieldapp.keep.account.password_holds", offs.as_written)),
            Off("only who is there has to wait",
                switched("fieldapp.web.signin._scopes",
                         lambda name: [name if name == "kantoor" else new_id()])),
        ],
    ),
    Row(
        "53",
        "fixation, replay after signing out, a page kept by the browser",
        signin.fixed,
        [
            Off("signing out forgets the cookie alone", offs.any_session),
            Off("a token as it was sent",
                switched("fieldapp.keep.account.secrets.token_urlsafe",
                         lambda size: "chosen-by-a-thief")),
        ],
    ),
    Row(
        "54",
        "one-time and recovery codes a second time",
        signin.once,
        [Off("the last step is not kept", offs.code_again),
         Off("a recovery code is not marked used", offs.recovery_again)],
    ),
    Row(
        "ends",
        "sessions that last: idle, all day, a phone after a silent year",
        signin.ends,
        [
            Off("idle for ever", switched("fieldapp.keep.account.IDLE", signin.EVER)),
            Off("signed in for ever", switched("fieldapp.keep.account.LONGEST", signin.EVER)),
            Off("silent for ever", switched("fieldapp.keep.phone.SILENT", signin.EVER)),
        ],
    ),
    Row(
        "roles",
        "every route of the office for a reader, a phone and nobody",
        signin.roles,
        [Off("every account has every role", signin.every_role)],
        quick=False,
    ),
    Row(
        "55",
        "cross-site form, fetch and JSON as text",
        pages.across,
        [Off("no tokens", offs.OPEN),
         Off("no look at header and origin", switched("fieldapp.web.door.knock", pages.let_in))],
        quick=False,
    ),
    Row(
        "56",
        "framing and inline script, on every answer of every route",
        pages.framed,
        [
            Off(f"no {name}", switched(offs.HEADERS, offs.without(name)))
            for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
        ]
        + [Off("pages may be kept", switched(offs.HEADERS, offs.KEPT))],
        quick=False,
    ),
    Row(
        "57",
        "script, </script> and marks of direction in names, notes and names of places",
        pages.shown_as_text,
        [Off("templates that escape nothing", offs.raw)],
    ),
    Row(
        "58",
        "Host and X-Forwarded spoofed, on every route",
        pages.spoofed,
        [Off("any host is ours", configured(TRUSTED_HOSTS=None))],
        quick=False,
    ),
    Row(
        "59",
        "open redirect by next, Referer, query or path",
        pages.led_away,
        [
            Off(f"{module} takes any target",
                switched(f"fieldapp.web.{module}.own_path", lambda target, default: target))
            for module in ("signin", "phone")
        ],
        quick=False,
    ),
    Row(
        "keys",
        "a new secret, twice",
        keys.rotated,
        [
            Off("the older key is not taken", offs.no_older),
            Off("every older key is taken", offs.all_older),
        ],
    ),
    Row(
        "shut",
        "secrets that are short, broken, missing or open to others",
        keys.refused,
        [Off("keys of any kind", lambda house: house.patch.setattr(secret, "read", keys.careless))],
    ),
)  # fmt: skip
