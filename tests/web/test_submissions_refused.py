"""What the outbox's door does not take, from whom, and how fast; nothing is kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.errors import Busy
from fieldapp.keep import pace
from fieldapp.keep import phone as phones
from fieldapp.keep.store import Store
from fieldapp.web import door, receiving, submissions
from tests.conftest import MOMENT, Clock
from tests.page import Client
from tests.web.outboxes import MORNING, OURS, OUTBOX, TODAY, identity, knock, record, send

OCTOBER = {"date": "2026-10-15", "daypart": "morning", "visitors": "24"}


def visitors(kept: Any) -> Sequence[int]:
    """The visitors that are kept, in the order in which they came."""
    return [row["visitors"] for row in kept("form_visitors")]


# --- what is not right --------------------------------------------------------------------------


def test_messages_stand_by_their_question_in_the_language_of_the_phone(
    phone: Client, kept: Any
) -> None:
    wrong = send(phone, answers=MORNING | {"visitors": "veel"})
    assert (wrong.status_code, list(wrong.json["messages"])) == (422, ["visitors"])
    assert wrong.json["messages"]["visitors"].startswith("Vul een heel getal in")
    phone.set_cookie("language", "en")
    english = send(phone, answers=MORNING | {"visitors": "many"})
    assert "whole number" in english.json["messages"]["visitors"]
    assert visitors(kept) == []


def test_what_a_page_asks_back_the_outbox_asks_back_too(phone: Client, kept: Any) -> None:
    send(phone)
    shut = {"form": "closure", "instanceID": identity(2)}
    shut["answers"] = {"from": TODAY, "until": TODAY, "closed_reason": "holiday"}  # type: ignore[assignment]
    asked = send(phone, **shut)
    (doubt,) = asked.json["doubts"]
    assert (asked.status_code, kept("form_closure")) == (422, [])
    assert send(phone, **shut, sure=[doubt["sure"]]).status_code == 201


WRONG: Sequence[tuple[Mapping[str, Any], str]] = [
    ({"extra": "x"}, "?"),
    ({"role": "office"}, "?"),
    ({"status": "current"}, "?"),
    ({"form": None}, "form"),
    ({"version": None}, "version"),
    ({"place": None}, "place"),
    ({"instanceID": None}, "instanceID"),
    ({"answers": None}, "answers"),
    ({"form": 7}, "form"),
    ({"version": "x" * 21}, "version"),
    ({"instanceID": "x"}, "instanceID"),
    ({"answers": ["visitors"]}, "answers"),
    ({"answers": MORNING | {"visitors": 24}}, "answers"),
    ({"answers": MORNING | {"visitors": {"n": "24"}}}, "answers"),
    ({"answers": MORNING | {"visitors": [["24"]]}}, "answers"),
    ({"answers": MORNING | {"place": "OP-02"}}, "place"),
    ({"answers": MORNING | {"_state": "current"}}, "_state"),
    ({"answers": MORNING | {"visitors": "9" * 30}}, "visitors"),
    ({"answers": MORNING | {"visitors": "24\x00"}}, "visitors"),
    ({"answers": MORNING | {"visitors": "\ud800"}}, "visitors"),
    ({"changes": {"id": identity()}}, "changes"),
    ({"changes": {"id": identity(), "edits": True}}, "changes"),
    ({"changes": {"id": identity(), "edits": -1}}, "changes"),
    ({"changes": {"id": identity(), "edits": 0, "place": "OP-02"}}, "changes"),
    ({"sure": "x"}, "sure"),
    ({"number": "1"}, "number"),
    ({"number": 2**40}, "number"),
    ({"outbox": "mine"}, "outbox"),
    ({"made_at": "2026-11-20"}, "made_at"),
    ({"sent_at": "0001-01-01T00:00:00+14:00"}, "sent_at"),
]  # fmt: skip


@pytest.mark.parametrize(("other", "name"), WRONG)
def test_what_is_not_as_agreed_is_refused(
    other: Mapping[str, Any], name: str, phone: Client, changes: Any
) -> None:
    before = changes()
    refused = send(phone, **other)
    assert (refused.status_code, list(refused.json["messages"])) == (422, [name])
    assert changes() == before


CUT = [
    b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe{}", b'{"form": NaN}', b'{"form":"a","form":"b"}',
    b'{"answers":' * 20_000, b'{"edits": ' + b"9" * 5_000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", CUT, ids=range(len(CUT)))
def test_what_is_no_whole_object_is_asked_for_again(body: bytes, phone: Client) -> None:
    assert knock(phone, body).status_code == 400


def test_a_body_that_is_too_large_is_refused(phone: Client, changes: Any) -> None:
    before = changes()
    assert send(phone, answers=MORNING | {"visitors": "9" * 400_000}).status_code == 413
    assert changes() == before


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(kind: str, phone: Client, kept: Any) -> None:
    body = json.dumps(record()).encode()
    assert knock(phone, body, mimetype=kind).status_code == 415
    assert visitors(kept) == []


@pytest.mark.parametrize("form", ["nothing", "place", "person_new/..", "week/"])
def test_a_form_that_is_not_asked_there_is_not_found(form: str, phone: Client) -> None:
    assert send(phone, form=form).status_code == 404


def test_other_ways_of_asking_get_json_too(phone: Client) -> None:
    answer = phone.get("/api/submissions")
    assert (answer.status_code, answer.mimetype) == (405, "application/json")


# --- who may knock ------------------------------------------------------------------------------


def test_who_is_not_paired_is_told_so(client: Client, kept: Any) -> None:
    assert send(client).status_code == 401
    assert visitors(kept) == []


def test_a_revoked_phone_pauses(phone: Client, small: Store, clock: Clock, kept: Any) -> None:
    with small.write("test", clock()) as write:
        phones.revoke(write, 1)
    assert (send(phone).status_code, visitors(kept)) == (401, [])


@pytest.mark.parametrize("place", ["OP-02", "ZZ-99", "", "\ud800"])
def test_a_place_that_is_not_the_phones_is_refused(place: str, phone: Client, kept: Any) -> None:
    refused = send(phone, place=place)
    assert (refused.status_code, visitors(kept)) == (403, [])
    assert refused.json == send(phone, place="WB-01").json


def test_mutation_without_the_look_at_its_places_a_phone_writes_anywhere(
    phone: Client, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own,) = [replace_code(place) for place in _places(phone, monkeypatch)]
    monkeypatch.setattr(submissions, "current_places", lambda: [own])
    assert send(phone, place="OP-02").status_code == 201
    assert kept("form_visitors")[0]["_place"] == "OP-02"


def _places(phone: Client, monkeypatch: pytest.MonkeyPatch) -> Sequence[Any]:
    found: list[Any] = []
    real = submissions.current_places
    monkeypatch.setattr(submissions, "current_places", lambda: found.extend(real()) or found)
    send(phone, place="OP-02")
    return found


def replace_code(place: Any) -> Any:
    return replace(place, code="OP-02")


STRANGE: Sequence[Mapping[str, str]] = [
    {"Origin": "http://localhost"},
    {"X-Fieldapp": "1"},
    {"X-Fieldapp": "1", "Origin": "null"},
    {"X-Fieldapp": "1", "Origin": "http://localhost.example"},
    {"X-Fieldapp": "1", "Origin": "https://localhost"},
    {"X-Fieldapp": "0", "Origin": "http://localhost"},
    {},
]


@pytest.mark.parametrize("headers", STRANGE)
def test_a_page_of_another_site_cannot_send(
    headers: Mapping[str, str], phone: Client, kept: Any
) -> None:
    for path in ("/api/submissions", "/api/contact", "/api/trouble"):
        assert knock(phone, record(), path, headers).status_code == 403
    assert (visitors(kept), kept("pace")) == ([], [])


def test_mutation_without_the_header_another_site_can_send(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "HEADER", "Host")
    strange = {"Origin": "http://localhost", "Host": "1"}
    with pytest.raises(AssertionError):  # what is asked for by that name is no page of ours
        assert knock(phone, record(), headers=strange).status_code == 201
    monkeypatch.setattr(door, "HEADER", "X-Other")
    assert knock(phone, record(), headers=OURS).status_code == 403


def test_a_phone_of_two_places_sends_for_both(pair_to: Callable[..., Client], kept: Any) -> None:
    both = pair_to("OP-01", "OP-02")
    assert send(both).status_code == 201
    second = send(both, place="OP-02", instanceID=identity(2))
    assert second.json["url"].endswith("saved?page.place=OP-02")
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01", "OP-02"]


# --- how fast -----------------------------------------------------------------------------------


def test_an_outbox_of_a_bad_week_drains_at_once(phone: Client, kept: Any) -> None:
    for number in range(1, 201):
        day = f"2026-{number % 10 + 1:02}-{number % 28 + 1:02}"
        answers = MORNING | {"date": day}
        assert send(phone, instanceID=identity(number), answers=answers).status_code == 201
    assert len(kept("form_visitors")) == 200


def test_who_goes_on_too_fast_waits_and_loses_nothing(
    phone: Client, pair_to: Callable[..., Client], clock: Clock, kept: Any
) -> None:
    for _ in range(pace.AT_ONCE):
        assert send(phone).status_code < 300
    slow = send(phone, instanceID=identity(2), answers=OCTOBER)
    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "1")
    assert len(kept("form_visitors")) == 1
    assert send(pair_to("OP-01", name="Bo"), instanceID=identity(3)).status_code == 201
    clock.forward(seconds=int(slow.headers["Retry-After"]))
    assert send(phone, instanceID=identity(2), answers=OCTOBER).status_code == 201
    assert send(phone).status_code == 429


def test_mutation_without_the_pace_nobody_waits(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "AT_ONCE", 2)
    assert [send(phone).status_code for _ in range(3)] == [201, 200, 429]
    monkeypatch.setattr(pace, "left", lambda connection, phone, now: 1.0)
    assert send(phone).status_code == 200


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({}, 201),
        ({"answers": MORNING | {"visitors": "-1"}}, 422),
        ({"answers": MORNING | {"strange": "1"}}, 422),
        ({"form": "none"}, 404),
    ],
)
def test_a_knock_is_counted_whatever_becomes_of_it(
    other: Mapping[str, Any], status: int, phone: Client, kept: Any
) -> None:
    for times in (1, 2):
        assert send(phone, **other).status_code in {status, 200}
        assert [row["left"] for row in kept("pace")] == [pace.AT_ONCE - times]


def test_a_record_its_receipt_and_its_knock_are_one_write(phone: Client, small: Store) -> None:
    said: list[str] = []
    small.database._writer.set_trace_callback(said.append)
    assert send(phone, outbox=OUTBOX, number=1, sent_at=MOMENT.isoformat()).status_code == 201
    assert said.count("COMMIT") == 1


def test_of_knocks_at_once_none_too_many_is_kept(
    phone: Client, monkeypatch: pytest.MonkeyPatch, kept: Any
) -> None:
    monkeypatch.setattr(pace, "AT_ONCE", 1)
    monkeypatch.setattr(pace, "wait", lambda connection, phone, now: 0)  # all look before any
    assert send(phone).status_code == 201
    assert send(phone, instanceID=identity(2), answers=OCTOBER).status_code == 429
    assert len(kept("form_visitors")) == len(kept("arrival")) == 1


def test_a_database_that_is_busy_says_when_to_come_back(
    phone: Client, monkeypatch: pytest.MonkeyPatch, kept: Any
) -> None:
    def busy(*given: Any) -> Any:
        raise Busy("locked")

    with monkeypatch.context() as once:
        once.setattr(receiving, "keep", busy)
        answer = send(phone)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (send(phone).status_code, visitors(kept)) == (201, [24])
