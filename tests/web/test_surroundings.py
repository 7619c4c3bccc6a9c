"""What a form starts with is looked up once, and anew as soon as something is kept."""

from __future__ import annotations

import uuid
from typing import Any

from fieldapp.ask.answer import check
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings
from tests.page import Client

LAST_WEEK = {"date": ["2026-11-13"], "daypart": ["morning"], "visitors": ["9"]}
NOW = {"date": "2026-11-20", "daypart": "morning"}


def test_what_was_kept_meanwhile_is_what_a_form_starts_with(small: Store, clock: Any) -> None:
    form = small.forms["visitors"]
    question = form.columns["activities"]
    with small.write("test", clock()) as write:
        place = completeness.places(write.connection, "OP-01")[0]
        here = Surroundings(small, write.connection, place, clock())
        assert here.prefill(form, question, NOW) == ""
        raw = LAST_WEEK | {"activities": [question.choices[0].name]}
        answer = check(form, raw, here.context(form))
        rows.add(small, write, form, answer, str(uuid.uuid4()), Origin("OP-01"))
        assert here.prefill(form, question, NOW) == question.choices[0].name
        assert here.prefill(form, question, NOW | {"daypart": "evening"}) == ""


def test_a_form_reads_each_day_of_last_week_once(phone: Client, small: Store) -> None:
    asked: list[str] = []
    with small.read() as connection:
        connection.set_trace_callback(asked.append)
    phone.get("/form/visitors")
    with small.read() as connection:
        connection.set_trace_callback(None)
    days = [query for query in asked if "FROM [form_visitors]" in query]
    assert len(days) == len(set(days)) == 8
