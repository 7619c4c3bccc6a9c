"""The outbox's door: a record comes in once, with its receipt, or the phone is told why not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep import arrival, closing
from fieldapp.keep.store import Store
from fieldapp.web.instance import Instance
from tests.conftest import Clock
from tests.page import Client
from tests.web.outboxes import MORNING, OUTBOX, identity, knock, record, send
from tests.web.uploads import VERSION, one_more, row

OCTOBER = {"date": "2026-10-15", "daypart": "morning", "visitors": "24"}


@pytest.fixture
def close(small: Store, clock: Clock) -> Callable[[], None]:
    """Closes October, without making its workbook."""

    def closed() -> None:
        clock.forward(minutes=1)
        with small.write("account:1", clock()) as write:
            closing.close(small, write, "2026-10", small.journal.head(write.connection), {})

    return closed


def visitors(kept: Any) -> Sequence[int]:
    """The visitors that are kept, in the order in which they came."""
    return [row["visitors"] for row in kept("form_visitors")]


# --- what is right ------------------------------------------------------------------------------


def test_a_record_comes_in_with_its_receipt(phone: Client, kept: Any) -> None:
    body = json.dumps(record(), indent=1).encode()
    answer = knock(phone, body)
    assert answer.status_code == 201
    assert answer.json == {
        "receipt": identity(),
        "sha256": hashlib.sha256(body).hexdigest(),
        "status": "stored",
        "state": "current",
        "url": f"/form/visitors/{identity()}/saved",
    }
    (row,) = kept("form_visitors")
    assert (row["_id"], row["_place"], row["_phone"], row["visitors"]) == (
        identity(), "OP-01", 1, 24
    )  # fmt: skip
    assert phone.get(answer.json["url"]).status_code == 200


def test_the_same_once_more_is_known_and_kept_once(phone: Client, kept: Any, changes: Any) -> None:
    assert send(phone).status_code == 201
    before = changes()
    for _ in range(3):
        again = send(phone, sent_at="2026-11-20T09:12:00Z")
        assert (again.status_code, again.json["status"]) == (200, "known")
        assert again.json["receipt"] == identity()
    assert (visitors(kept), changes()) == ([24], before)


def test_what_a_page_sent_is_known_to_the_outbox_too(phone: Client, kept: Any) -> None:
    assert phone.fill("/form/visitors", MORNING | {"instanceID": identity()}).status_code == 303
    assert send(phone).json["status"] == "known"
    assert visitors(kept) == [24]


def test_an_answer_that_was_lost_is_given_again_though_the_lists_changed(
    phone: Client, enter: Callable[..., str], kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = enter("OP-01", "Bo")
    left = {"person": code, "date": "2026-11-03", "step": "left", "left_reason": "moved"}
    given = {"form": "step", "answers": left}
    assert send(phone, **given).status_code == 201
    assert (send(phone, **given).status_code, len(kept("form_step"))) == (200, 1)
    monkeypatch.setattr(arrival, "known", lambda connection, identity: None)  # the mutation
    mutated = send(phone, **given)
    assert mutated.status_code in {200, 422}
    assert len(kept("form_step")) == 1


def test_another_answer_under_the_same_id_is_set_aside_and_told(phone: Client, kept: Any) -> None:
    send(phone)
    other = send(phone, answers=MORNING | {"visitors": "99"})
    assert other.status_code == 409
    assert ["Hoeveel mensen kwamen er?", "24"] in other.json["now"]
    assert (other.json["edits"], visitors(kept), len(kept("conflict"))) == (0, [24], 1)


def test_a_second_record_of_a_moment_is_a_double(phone: Client, kept: Any) -> None:
    send(phone)
    second = send(phone, instanceID=identity(2), answers=MORNING | {"visitors": "30"})
    assert (second.status_code, second.json["state"]) == (201, "double")
    assert len(kept("form_visitors")) == 2


def test_several_choices_come_as_a_list(phone: Client, kept: Any) -> None:
    assert send(phone, answers=MORNING | {"activities": ["meal", "walk_in"]}).status_code in {
        201, 422
    }  # fmt: skip
    send(phone, answers=MORNING | {"activities": ["meal"]})
    assert json.loads(kept("form_visitors")[0]["activities"] or "[]")


# --- changes ------------------------------------------------------------------------------------


def change(phone: Client, count: str, edits: int = 0, number: int = 9, **other: Any) -> Any:
    return send(
        phone,
        instanceID=identity(number),
        changes={"id": identity(), "edits": edits},
        answers=MORNING | {"visitors": count},
        **other,
    )


def test_a_change_comes_in_once(phone: Client, kept: Any) -> None:
    send(phone)
    changed = change(phone, "30")
    assert (changed.status_code, changed.json["status"]) == (200, "changed")
    assert changed.json["receipt"] == identity(9)
    again = change(phone, "30")
    assert (again.status_code, again.json["status"]) == (200, "known")
    assert [(row["visitors"], row["_edits"]) for row in kept("form_visitors")] == [(30, 1)]


def test_mutation_without_arrivals_a_change_that_came_in_looks_overtaken(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(phone)
    monkeypatch.setattr(arrival, "known", lambda connection, identity: None)
    assert change(phone, "30").status_code == 200
    assert change(phone, "30").status_code == 409


def test_a_change_that_was_overtaken_shows_what_stands_now(phone: Client, kept: Any) -> None:
    send(phone)
    change(phone, "30")
    late = change(phone, "40", edits=0, number=10)
    assert (late.status_code, late.json["edits"]) == (409, 1)
    assert ["Hoeveel mensen kwamen er?", "30"] in late.json["now"]
    assert visitors(kept) == [30]
    assert change(phone, "40", edits=1, number=10).status_code == 200
    assert visitors(kept) == [40]


def test_another_change_under_the_same_id_is_refused(phone: Client, kept: Any) -> None:
    send(phone)
    change(phone, "30")
    assert change(phone, "31", edits=1).status_code == 409
    assert visitors(kept) == [30]


def test_a_record_of_another_place_is_not_found(
    phone: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    send(phone)
    other = pair_to("OP-02", name="Bo")
    assert change(other, "99", place="OP-02").status_code == 404
    under_its_id = send(other, place="OP-02", answers=MORNING | {"visitors": "7"})
    assert under_its_id.status_code == 409
    assert under_its_id.json.keys() == {"error", "sha256"}
    assert visitors(kept) == [24]


def test_a_closed_month_takes_what_is_late_and_asks_for_changes(
    phone: Client, close: Callable[[], None], kept: Any
) -> None:
    assert send(phone, answers=OCTOBER).json.get("late") is None
    close()
    late = OCTOBER | {"daypart": "afternoon"}
    assert send(phone, instanceID=identity(2), answers=late).json["late"] is True
    asked = {"changes": {"id": identity(), "edits": 0}, "instanceID": identity(3)}
    asked["answers"] = OCTOBER | {"visitors": "30"}
    for status in ("changed", "known"):
        told = send(phone, **asked)
        assert (told.status_code, told.json["status"], told.json["asked"]) == (200, status, True)
    assert (visitors(kept), len(kept("request"))) == ([24, 24], 1)


def test_a_record_takes_two_looks_and_one_write(phone: Client, small: Store) -> None:
    send(phone)
    told: list[str] = []
    with small.read() as reader:
        pass
    reader.set_trace_callback(told.append)
    small.database._writer.set_trace_callback(told.append)
    afternoon = MORNING | {"daypart": "afternoon"}
    more = {"outbox": OUTBOX, "number": 2, "sent_at": "2026-11-20T09:12:00Z"}
    assert send(phone, instanceID=identity(2), answers=afternoon, **more).status_code == 201
    reader.set_trace_callback(None)
    small.database._writer.set_trace_callback(None)
    ends = ("BEGIN", "ROLLBACK", "BEGIN IMMEDIATE", "COMMIT")
    # No look stands open while something is written, or the log could never be written back.
    assert [each for each in told if each in ends] == ["BEGIN", "ROLLBACK"] * 2 + [*ends[2:]]
    assert len(told) <= 25, "each more is paid for by every record"


# --- versions -----------------------------------------------------------------------------------


def test_a_record_is_judged_by_the_version_it_was_made_with(
    published: Any, phone: Client, shipped_text: Any, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = one_more(shipped_text("closure"), "closed_reason")
    line = row(text, "mood")
    parts = line.split("|")
    head = [cell.strip() for cell in next(x for x in text.splitlines() if "| type" in x).split("|")]
    parts[head.index("required")] = " yes "
    published(text.replace(line, "|".join(parts)), "closure")
    answers = {"from": "2026-12-01", "until": "2026-12-02", "closed_reason": "holiday"}
    shut = {"form": "closure", "answers": answers}
    assert list(send(phone, **shut, version=VERSION).json["messages"]) == ["mood"]
    with monkeypatch.context() as mutation:
        mutation.setattr(Instance, "page_of", lambda app, form_id, version: app.classes[form_id])
        assert send(phone, **shut, version="2026112301").status_code == 422
    assert send(phone, **shut, version="2026112301").status_code == 201
    assert [each["_version"] for each in kept("form_closure")] == ["2026112301"]


def test_a_version_that_nobody_knows_any_more_is_taken_as_it_is_now(
    phone: Client, kept: Any, forms: Mapping[str, Form]
) -> None:
    assert send(phone, version="1999").status_code == 201
    assert kept("form_visitors")[0]["_version"] == forms["visitors"].version


# --- when it was made ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made_at", "sent_at", "submitted"),
    [
        ("2026-11-20T08:12:00Z", "2026-11-20T09:12:00Z", "2026-11-20T08:12:00Z"),
        ("2026-11-22T08:12:00Z", "2026-11-22T09:12:00.000Z", "2026-11-20T08:12:00Z"),
        ("2026-11-20T09:13:00Z", "2026-11-20T09:12:00Z", "2026-11-20T09:12:00Z"),
        (None, "2026-11-20T09:12:00Z", "2026-11-20T09:12:00Z"),
        ("2026-11-20T09:12:00Z", "1970-01-01T00:00:03Z", "2026-11-20T09:12:00Z"),
        ("1970-01-01T00:00:03Z", "2026-11-20T09:12:00Z", "2026-11-20T09:12:00Z"),
    ],
)
def test_the_clock_of_a_phone_is_set_right(
    made_at: str | None, sent_at: str, submitted: str, phone: Client, kept: Any
) -> None:
    assert send(phone, made_at=made_at, sent_at=sent_at, outbox=OUTBOX, number=1).status_code == 201
    (row,) = kept("form_visitors")
    assert (row["_submitted_at"], row["_received_at"]) == (submitted, "2026-11-20T09:12:00Z")


def test_a_fingerprint_tells_nothing_to_who_has_no_key(phone: Client, kept: Any) -> None:
    send(phone)
    (came,) = kept("arrival")
    plain = json.dumps({"answers": MORNING}).encode()
    assert came["sha256"] != hashlib.sha256(plain).hexdigest()
    assert (came["row"], came["status"], came["form"]) == (identity(), "stored", "visitors")


# --- a whole week -------------------------------------------------------------------------------

WEEK = {"week": "2026-W47", "visitors.2026-11-18.morning": "12", "opening.2026-11-18": "yes"}


def test_a_whole_week_comes_in_once(phone: Client, kept: Any) -> None:
    sent = send(phone, form="week", answers=WEEK)
    assert (sent.status_code, sent.json["status"]) == (200, "changed"), sent.text
    again = send(phone, form="week", answers=WEEK)
    assert (again.status_code, again.json["status"]) == (200, "known")
    assert visitors(kept) == [12]


def test_a_week_that_is_not_right_is_told_by_cell(phone: Client, kept: Any) -> None:
    wrong = send(phone, form="week", answers=WEEK | {"visitors.2026-11-18.morning": "veel"})
    assert (wrong.status_code, list(wrong.json["messages"])) == (
        422, ["visitors.2026-11-18.morning"]
    )  # fmt: skip
    strange = send(phone, form="week", answers=WEEK | {"role": "office"})
    assert list(strange.json["messages"]) == ["role"]
    assert list(send(phone, form="week", answers=WEEK | {"week": "x"}).json["messages"]) == ["week"]
    assert visitors(kept) == []


def test_a_week_that_was_overtaken_keeps_what_stands(phone: Client, kept: Any) -> None:
    send(phone, answers=MORNING | {"date": "2026-11-18"})
    late = send(phone, form="week", instanceID=identity(2), answers=WEEK)
    assert (late.status_code, late.json["cells"]) == (409, ["visitors.2026-11-18.morning"])
    assert visitors(kept) == [24]
