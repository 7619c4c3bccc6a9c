"""No page of one place can be reached from a phone of another: every address is tried."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from fieldapp.ask.question import Form
from fieldapp.keep import phone as phones
from fieldapp.keep import row as rows
from fieldapp.keep.store import Store
from tests.conftest import MOMENT
from tests.page import Client

TODAY = MOMENT.date().isoformat()
CANARY = "Kanarie-zo-geel"

PUBLIC = {  # anybody may open these; they say nothing of a place
    "pages.help_page", "pages.privacy", "pages.accessibility", "care.told", "static.file",
    "pairing.start", "pairing.pair", "signin.signin", "signin.signout", "phone.home",
    "phone.language", "poster.lower", "poster.scanned", "phone.switch", "person_card.lower",
    "person_card.scan",
    "hours.calendar",  # opening hours stand on the door
    "offline.script", "offline.manifest", "offline.nothing", "unsent.shown",
    "pages.dates",  # the covenant is public
}  # fmt: skip


@dataclass(frozen=True)
class Other:
    """Everything of OP-01 that a phone of OP-02 should not get at."""

    rows: Mapping[str, str]
    """Form → a record of OP-01, or of the office."""
    posters: Sequence[str]
    code: str
    phone: int


# What can stand in the braces of an address, by the name in it. A new name needs a line here.
FILLERS: Mapping[str, Callable[[Other, Mapping[str, Form]], Sequence[str]]] = {
    "form_id": lambda other, forms: [*other.rows, *unkept(other, forms), "people", "journal", "x"],
    "row": lambda other, forms: [*other.rows.values(), str(uuid.UUID(int=1))],
    "code": lambda other, forms: [*other.posters, other.code, "ZZZZZZZZ"],
    "place_code": lambda other, forms: ["OP-01", "ZZ-99"],
    "week": lambda other, forms: ["2026-W47", "x"],
    "year": lambda other, forms: ["2026", "x"],
    "name": lambda other, forms: ["initiatives", "form.js", "../fieldapp.db", "x"],
    "workbook": lambda other, forms: ["monthly", "records", "x"],
    "month": lambda other, forms: ["2026-10", "x"],
    "over": lambda other, forms: ["2026-11", "2026-10"],
    "number": lambda other, forms: [str(other.phone), "99"],
    "upload": lambda other, forms: [str(uuid.UUID(int=2))],
    "result": lambda other, forms: ["4-1.1.1.g", "x"],
}


def unkept(other: Other, forms: Mapping[str, Form]) -> list[str]:
    """A form of phones and one of the office without a record: what is asked, not what is kept."""
    without = [form for form_id, form in forms.items() if form_id not in other.rows]
    phones = next(form.form_id for form in without if "office" not in form.places)
    office = next(form.form_id for form in without if "office" in form.places)
    return [phones, office]


def addresses(rule: Rule, other: Other, forms: Mapping[str, Form]) -> Iterator[str]:
    """Every address of a rule, with ids of the other place in it."""
    unknown = rule.arguments - set(FILLERS)
    assert not unknown, f"{rule.rule}: give a filler for {sorted(unknown)} in FILLERS"
    found: list[dict[str, str]] = [{}]
    for name in sorted(rule.arguments):
        found = [{**so_far, name: each} for so_far in found for each in FILLERS[name](other, forms)]
    for values in found:
        if "form_id" not in values or _worth_trying(values, other):
            yield filled(rule.rule, values)


def _worth_trying(values: Mapping[str, str], other: Other) -> bool:
    """Whether a row and a form go together; every row is tried under one wrong form as well."""
    row = values.get("row")
    return row not in other.rows.values() or values["form_id"] in {
        "closure",
        *(form for form, its in other.rows.items() if its == row),
    }


def filled(rule: str, values: Mapping[str, str]) -> str:
    """`/form/<form_id>/<uuid:row>` with its names filled in."""
    for name, value in values.items():
        rule = re.sub(rf"<(?:[a-z]+(?:\([^()]*\))?:)?{name}>", lambda _, to=value: to, rule)
    assert "<" not in rule, f"{rule}: this test does not know that converter"
    return rule


@pytest.fixture
def other(
    small: Store,
    send: Any,
    enter: Callable[..., str],
    kept: Any,
    clock: Any,
    pair_to: Callable[..., Client],
    forms: Mapping[str, Form],
) -> Other:
    """OP-01 with a person, a record of every form, posters and a phone."""
    code = enter("OP-01", CANARY)
    day = {"date": TODAY}
    send("OP-01", "opening", day | {"open": "yes", "open_from": "09:00", "open_until": "17:00"})
    send("OP-01", "visitors", day | {"daypart": "morning", "visitors": "7613"})
    send("OP-01", "volunteer_hours", day | {"who": code, "hours": "3"})
    send("OP-01", "step", day | {"person": code, "step": "coaching_offered"})
    send(None, "place_facts", {"place": "OP-01", "valid_from": TODAY, "coordinators": "2"})
    with small.write("test", clock()) as write:
        posters = [phones.poster_code(write, "OP-01", form) for form in ("opening", "visitors")]
    pair_to("OP-01", name=CANARY)
    rows = {form: found[-1]["_id"] for form in forms if (found := kept(f"form_{form}"))}
    return Other(rows, posters, code, kept("phone")[-1]["id"])


def tried(app: Flask, other: Other, forms: Mapping[str, Form]) -> Iterator[tuple[Rule, str, str]]:
    """Every address with every way of asking."""
    for rule in app.url_map.iter_rules():
        for address in addresses(rule, other, forms):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, address


def ask(client: Client, method: str, address: str, token: str, other: Other) -> Any:
    """Asks with a good token and everything that a page of OP-01 would send."""
    if method == "GET":
        return client.get(address)
    data = {
        "csrf_token": token, "instanceID": str(uuid.uuid4()), "edits": "0", "place": "OP-01",
        "confirm": "yes", "name": "Bo", "token": "x", "person": other.code,
    }  # fmt: skip
    return client.open(address, method=method, data=data)


def private(answer: Any, other: Other) -> list[str]:
    """What an answer says of OP-01 that it should not."""
    secrets = [CANARY, other.code, other.rows["visitors"], other.rows["person_new"]]
    told = answer.text + str(answer.headers)
    for echoed in answer.request.path.split("/"):
        told = told.replace(echoed, "") if len(echoed) > 3 else told
    number = re.findall("(?<![0-9a-f])7613(?![0-9a-f])", told)  # in an id it is chance
    return [secret for secret in secrets if secret in told] + number[:1]


def test_no_page_of_one_place_can_be_reached_from_a_phone_of_another(
    app: Flask, other: Other, forms: Mapping[str, Form], pair_to: Callable[..., Client], kept: Any
) -> None:
    phone = pair_to("OP-02", name="Bo")
    token = phone.token()
    before = {table: kept(table, _place="OP-01") for table in map("form_{}".format, forms)}
    mine = {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments}
    for rule, method, address in tried(app, other, forms):
        if rule.endpoint == "signin.signout":
            continue  # nobody is signed in here
        answer = ask(phone, method, address, token, other)
        assert private(answer, other) == [], f"{method} {address}"
        assert answer.status_code < 500, f"{method} {address}"
        if "row" in rule.arguments or "number" in rule.arguments:
            assert answer.status_code in {401, 403, 404, 303}, f"{method} {address}"
            if answer.status_code == 303:
                assert answer.location.startswith("/office/signin"), f"{method} {address}"
        if rule.rule.startswith("/office") and rule.endpoint not in PUBLIC:
            assert answer.status_code in {401, 303, 404}, f"{method} {address}"
    assert mine
    assert {table: kept(table, _place="OP-01") for table in before} == before
    assert [row["revoked_at"] for row in kept("phone")] == [None, None]


def test_who_is_not_paired_gets_nothing(
    app: Flask,
    other: Other,
    forms: Mapping[str, Form],
    client: Client,
    changes: Callable[[], int],
) -> None:
    token = client.token("/pair")
    before = changes()
    for rule, method, address in tried(app, other, forms):
        answer = ask(client, method, address, token, other)
        assert private(answer, other) == [], f"{method} {address}"
        if rule.endpoint not in PUBLIC:
            assert answer.status_code in {401, 404, 303}, f"{method} {address}"
            if answer.status_code == 303:
                assert answer.location.startswith("/office/signin?next="), f"{method} {address}"
        assert client.get_cookie("__Host-phone") is None
    assert changes() == before


def test_a_reader_looks_and_changes_nothing(
    app: Flask,
    other: Other,
    forms: Mapping[str, Form],
    hire: Callable[..., Any],
    sign_in: Callable[[Any], Client],
    changes: Callable[[], int],
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    for path in ("/office/", "/office/places", "/office/pilots", "/office/facts", "/office/phones"):
        shown = reader.get(path)
        assert shown.status_code == 200
        assert "/office/form/" not in shown.text
        assert "/revoke" not in shown.text
    assert reader.get("/office/export/monthly/2026-10.xlsx").status_code == 200
    token = reader.token("/office/")
    before = changes()
    for rule, method, address in tried(app, other, forms):
        if rule.endpoint in PUBLIC or not rule.rule.startswith("/office"):
            continue
        answer = ask(reader, method, address, token, other)
        if method != "GET":
            own = rule.endpoint == "accounts.password"  # refused: it wants the password of now
            assert answer.status_code == (422 if own else 403), f"{method} {address}"
        else:
            assert answer.status_code in {200, 303, 400, 403, 404}, f"{method} {address}"
        assert other.code.encode() not in answer.data, f"{method} {address}"
    exports = 4  # each download is written in the journal
    assert changes() - before <= exports


def test_the_office_sees_no_call_names_of_people(
    app: Flask, other: Other, forms: Mapping[str, Form], office: Client
) -> None:
    for rule, method, address in tried(app, other, forms):
        if method == "GET" and rule.endpoint != "office.phones":
            assert CANARY.encode() not in office.get(address).data, address


def test_no_post_without_a_token_changes_anything(
    app: Flask,
    other: Other,
    forms: Mapping[str, Form],
    pair_to: Callable[..., Client],
    office: Client,
    changes: Callable[[], int],
    kept: Any,
) -> None:
    phone = pair_to("OP-01")
    tables = [*(f"form_{form}" for form in forms), "phone", "phone_place", "pairing", "session"]
    before = changes(), {table: kept(table) for table in [*tables, "attempt"]}
    for _, method, address in tried(app, other, forms):
        for client in (phone, office):
            if method == "GET":
                continue
            answer = ask(client, method, address, "", other)
            assert answer.status_code < 500
            assert not {c.split("=")[0] for c in answer.headers.getlist("Set-Cookie")} & {
                "__Host-phone", "__Host-office", "language"
            }, address  # fmt: skip
    assert (changes(), {table: kept(table) for table in [*tables, "attempt"]}) == before


def test_an_address_that_nobody_thought_of_fails(
    app: Flask, other: Other, forms: Mapping[str, Form]
) -> None:
    rule = Rule("/people/<person>", endpoint="phone.person")
    app.url_map.add(rule)
    with pytest.raises(AssertionError, match="give a filler for"):
        list(addresses(rule, other, forms))


def test_without_the_scope_of_a_lookup_the_test_turns_red(
    other: Other, pair_to: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, scoped = pair_to("OP-02"), rows.find
    address = f"/form/visitors/{other.rows['visitors']}"
    assert phone.get(address).status_code == 404

    def unscoped(store: Any, connection: Any, form: Any, row: Any, place: Any) -> Any:
        return scoped(store, connection, form, row, None)

    monkeypatch.setattr(rows, "find", unscoped)
    assert private(phone.get(address), other) == ["7613"]


def test_the_canary_can_be_seen(other: Other, phone: Client) -> None:
    assert private(phone.get("/people"), other)
    assert private(phone.get(f"/form/visitors/{other.rows['visitors']}"), other)
