"""Whatever is typed at any question of any form: kept whole, or refused with sentences."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

from fieldapp.ask import reading
from fieldapp.ask.answer import Raw, check
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import Unreadable
from fieldapp.errors import Refused
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings
from tests.conftest import MOMENT, Clock
from tests.fault.table import Record, Trial, told
from tests.fuzz.how import NASTY, TEXTS, many, tries

NUMBER = "fuzz 1"
WHAT = "any texts at any question of any shipped form"
LIKELY = (
    *("1", "12", "0,5", "09:00", "17:00", "yes", "no", "OK", "OP-01", "PI-01", "morning"),
    *(MOMENT.date().isoformat(), "2026-11-02", "2026-10", "2026", "bouwlust", "Ria", "volunteer"),
)


def likely(question: Question, listed: Mapping[str, Sequence[Choice]]) -> Sequence[str]:
    """Texts that a question takes, as far as it alone decides."""
    names = [choice.name for choice in listed.get(question.register) or question.choices]
    return names or [text for text in LIKELY if _reads(question, text)] or [""]


def _reads(question: Question, text: str) -> bool:
    try:
        return bool(kind_of(question).read([text], question))
    except Unreadable:
        return False


@st.composite
def sent(draw: st.DrawFn, form: Form, listed: Mapping[str, Sequence[Choice]]) -> Raw:
    """What might be sent of a form: what it takes, but for some of its questions."""
    raw = {}
    for name, question in form.columns.items():
        if kind_of(question).filled_by == "person" and draw(st.integers(0, 5)):
            raw[name] = [draw(st.sampled_from(likely(question, listed)))]
    names = [
        name + part
        for name, question in form.columns.items()
        for part in ("", *(f".{each}" for each in kind_of(question).parts))
    ]
    odd = st.lists(TEXTS, min_size=1, max_size=3)
    among = st.sampled_from([*names, "_id", "_place"])
    return raw | draw(st.just({}) | st.dictionaries(among, odd, max_size=3))


class Taken:
    """Takes in answers, and knows how many were kept."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.kept = self.refused = 0
        registers = {q.register for form in store.forms.values() for q in form.columns.values()}
        with store.read() as connection:
            place = next(iter(completeness.places(connection, "OP-01")))
            context = Surroundings(store, connection, place, clock()).context(
                store.forms["visitors"]
            )
            self.listed = {name: tuple(context.register(name)) for name in registers - {""}}
        """What could be picked at OP-01 before the first answer."""

    def __call__(self, case: tuple[str, Raw]) -> None:
        """Kept with a line in the journal, or refused with a sentence per question."""
        form_id, raw = case
        form, now, before = self.store.forms[form_id], self.clock(), self.counted(form_id)
        code = None if "office" in form.places else "OP-01"
        messages: Mapping[str, Any] = {}
        try:
            with self.store.write("test", now) as write:
                place = next(iter(completeness.places(write.connection, code)), None)
                here = Surroundings(self.store, write.connection, place if code else None, now)
                answer = check(form, raw, here.context(form))
                assert answer.values.keys() == form.columns.keys()
                receipt = rows.add(self.store, write, form, answer, str(uuid.uuid4()), Origin(code))
        except Refused as refused:
            messages = refused.messages
            assert messages
            assert all(str(each) and name in form.columns for name, each in messages.items())
        same, more = before, self.counted(form_id)
        if messages:
            self.refused += 1
            assert more == same
        else:
            self.kept += 1
            assert receipt.status in {"stored", "double"}
            assert more[0] == same[0] + 1
            assert more[1] > same[1]

    def counted(self, form_id: str) -> tuple[int, int]:
        """Rows of a form, and lines of the journal."""
        with self.store.read() as connection:
            found = connection.execute(
                f"SELECT (SELECT count(*) FROM [form_{form_id}]), (SELECT count(*) FROM journal)"
            ).fetchone()
        return found[0], found[1]


@pytest.fixture
def taken(small: Store, clock: Clock, enter: Callable[..., str]) -> Iterator[Taken]:
    """The small world with somebody in it."""
    enter("OP-01", "Samira")
    yield Taken(small, clock)


@many(300, 20_000)
def test_an_answer_is_kept_whole_or_refused_with_sentences(
    cases: int, taken: Taken, record_property: Record
) -> None:
    told(record_property, Trial(NUMBER, WHAT, of=1))
    forms = taken.store.forms
    made = st.sampled_from(sorted(forms)).flatmap(
        lambda name: st.tuples(st.just(name), sent(forms[name], taken.listed))
    )
    tries(cases, made, taken)
    assert taken.kept > cases / 50
    assert taken.refused > cases / 50


def test_without_the_look_at_the_size_of_a_number_it_turns_red(
    taken: Taken, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial(NUMBER, WHAT, "the look at the size of a number", of=1))
    monkeypatch.setattr(reading, "MOST_DIGITS", 10_000)
    raw = {"date": ["2026-11-20"], "daypart": ["morning"], "visitors": [""]}
    with pytest.raises((OverflowError, ValueError)):
        for text in NASTY:
            taken(("visitors", raw | {"visitors": [text]}))
