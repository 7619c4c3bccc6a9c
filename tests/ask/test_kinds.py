"""Every question type reads what is typed, or says what to type instead."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.ask.kinds import KINDS, from_column, kind_of, to_column
from fieldapp.ask.question import Question
from fieldapp.ask.reading import LONGEST_TEXT, MOST_PICKED, Unreadable, latin_digits

TOO_BIG = "Dit getal is te groot. Kijk het na."
WHOLE = "Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24."
NUMBER = "Vul een getal in. Bijvoorbeeld 2 of 2,5."
CHARACTER = "Er staat een teken in dat wij niet kunnen bewaren. Typ de tekst opnieuw."
RECORD = "0a1b2c3d-1e2f-4a5b-8c6d-a111222333bc"
"""The id of a record, in which nine digits pass for a number of a person."""
BSN = "Dit lijkt op een burgerservicenummer. Haal het weg: dat bewaren wij niet."
LONG = "Deze tekst is te lang. Gebruik niet meer dan 2000 tekens."
DAY = "Vul een datum in als dag-maand-jaar. Bijvoorbeeld 3-11-2026."
NO_DAY = "Deze datum bestaat niet. Bijvoorbeeld goed: 3-11-2026."
TWO_DAYS = "U koos twee verschillende dagen. Kies er één."
OTHER = "Kies de andere dag. Bijvoorbeeld 3-11-2026."
TIME = "Vul een tijd in, met uren en minuten. Bijvoorbeeld 9:30."
MOMENT = "Vul een datum en tijd in. Bijvoorbeeld 2026-11-03T09:30."
ONE = "Kies één antwoord."
TICK = "Zet een vinkje, of laat het leeg."
SCALE = "Kies een getal van 1 tot en met 10."

READ = [
    ("integer", "24", 24),
    ("integer", " 24 ", 24),
    ("integer", "0024", 24),
    ("integer", "-3", -3),
    ("integer", "+3", 3),
    ("integer", "٢٤", 24),
    ("integer", "۲۴", 24),
    ("integer", "２４", 24),
    ("integer", "", None),
    ("integer", "   ", None),
    ("integer", "9" * 15, 999_999_999_999_999),
    ("decimal", "1,5", 1.5),
    ("decimal", "1.5", 1.5),
    ("decimal", "2", 2.0),
    ("decimal", "١٫٥", 1.5),
    ("decimal", "-0,25", -0.25),
    ("decimal", "", None),
    ("text", "Samen koken", "Samen koken"),
    ("text", "  Samen\r\nkoken\r", "Samen\nkoken"),
    ("text", "e\u0301e\u0301n", "één"),
    ("text", "", None),
    ("text", " \n ", None),
    ("text", "x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
    ("text", "123456789", "123456789"),
    ("text", "1111222333", "1111222333"),
    ("text", RECORD, RECORD),
    ("text", "=1+1", "=1+1"),
    ("text", "<script>", "<script>"),
    ("date", "2026-11-03", "2026-11-03"),
    ("date", "3-11-2026", "2026-11-03"),
    ("date", "03/11/2026", "2026-11-03"),
    ("date", "3.11.2026", "2026-11-03"),
    ("date", "3 11 2026", "2026-11-03"),
    ("date", "٣-١١-٢٠٢٦", "2026-11-03"),
    ("date", "2026-11", "2026-11-01"),
    ("date", "2026", "2026-01-01"),
    ("date", "2028-02-29", "2028-02-29"),
    ("date", "", None),
    ("time", "09:30", "09:30"),
    ("time", "9:30", "09:30"),
    ("time", "9.30", "09:30"),
    ("time", "930", "09:30"),
    ("time", "0930", "09:30"),
    ("time", "09:05:00", "09:05"),
    ("time", "09:05:00.000+01:00", "09:05"),
    ("time", "٠٩:٣٠", "09:30"),
    ("time", "0:00", "00:00"),
    ("time", "23:59", "23:59"),
    ("time", "", None),
    ("dateTime", "2026-11-03T09:30", "2026-11-03T09:30"),
    ("dateTime", "2026-11-03T09:30:15+01:00", "2026-11-03T09:30+01:00"),
    ("dateTime", "2026-11-03 09:30", "2026-11-03T09:30"),
    ("dateTime", "", None),
    ("select_one", "yes", "yes"),
    ("select_one", "", None),
    ("select_one_from_file", "PI-01", "PI-01"),
    ("acknowledge", "OK", "OK"),
    ("acknowledge", "", None),
    ("range", "1", 1.0),
    ("range", "10", 10.0),
    ("range", "", None),
    ("note", "anything", None),
    ("calculate", "42", None),
    ("hidden", "OP-02", None),
    ("start", "2026-11-03T09:30", None),
    ("end", "2026-11-03T09:30", None),
    ("today", "2026-11-03", None),
]

UNREADABLE = [
    ("integer", "1_000", WHOLE),
    ("integer", "1.000", WHOLE),
    ("integer", "1,5", WHOLE),
    ("integer", "1 000", WHOLE),
    ("integer", "1e3", WHOLE),
    ("integer", "0x1f", WHOLE),
    ("integer", "veel", WHOLE),
    ("integer", "²", WHOLE),
    ("integer", "--1", WHOLE),
    ("integer", "NaN", WHOLE),
    ("integer", str(2**63), TOO_BIG),
    ("integer", str(-(2**63)), TOO_BIG),
    ("integer", "1" + "0" * 15, TOO_BIG),
    ("integer", "2\x004", CHARACTER),
    ("decimal", "1_000", NUMBER),
    ("decimal", "1.000,5", NUMBER),
    ("decimal", "1e5", NUMBER),
    ("decimal", "NaN", NUMBER),
    ("decimal", "inf", NUMBER),
    ("decimal", ",5", NUMBER),
    ("decimal", "5,", NUMBER),
    ("decimal", "1" * 400, TOO_BIG),
    ("text", "a\x00b", CHARACTER),
    ("text", "a\ud800b", CHARACTER),
    ("text", "\udfff", CHARACTER),
    ("text", "x" * 3_000, LONG),
    ("text", "x" * (LONGEST_TEXT + 1), LONG),
    ("text", "111222333", BSN),
    ("text", "Haar nummer is 111222333.", BSN),
    ("text", "Haar nummer is ١١١٢٢٢٣٣٣.", BSN),
    ("text", f"{RECORD} 111222333", BSN),
    ("text", f"{RECORD[:-1]}111222333", BSN),
    ("date", "11-03", DAY),
    ("date", "3 november 2026", DAY),
    ("date", "11/3/26", DAY),
    ("date", "20261103", DAY),
    ("date", "gisteren", DAY),
    ("date", "2026-11-03T00:00", DAY),
    ("date", "31-2-2026", NO_DAY),
    ("date", "2026-02-31", NO_DAY),
    ("date", "2026-02-29", NO_DAY),
    ("date", "2026-13-01", NO_DAY),
    ("date", "0-1-2026", NO_DAY),
    ("date", "3-11-1026", NO_DAY),
    ("date", "3-11-9999", NO_DAY),
    ("date", "2026-11-03\x00", CHARACTER),
    ("date", "other", OTHER),
    ("time", "24:00", TIME),
    ("time", "9:60", TIME),
    ("time", "9", TIME),
    ("time", "half tien", TIME),
    ("time", "9:3", TIME),
    ("time", "09:30 uur", TIME),
    ("dateTime", "3-11-2026 9:30", MOMENT),
    ("dateTime", "2026-02-31T09:30", MOMENT),
    ("dateTime", "straks", MOMENT),
    ("select_one", "a\x00", CHARACTER),
    ("select_multiple", "\ud800", CHARACTER),
    ("acknowledge", "yes", TICK),
    ("acknowledge", "on", TICK),
    ("range", "0", SCALE),
    ("range", "11", SCALE),
    ("range", "2,5", SCALE),
    ("range", "veel", NUMBER),
]


def question(kind, **more):
    return Question("q", kind, 1, **more)


def read(kind, *raw, **more):
    asked = question(kind, **more)
    return kind_of(asked).read(raw, asked)


def shown(value):
    return ascii(value)[:30]


@pytest.mark.parametrize(("kind", "typed", "stored"), READ, ids=shown)
def test_what_is_typed_is_read(kind, typed, stored):
    found = read(kind, typed)
    assert found == stored
    assert type(found) is type(stored)


@pytest.mark.parametrize(("kind", "typed", "sentence"), UNREADABLE, ids=shown)
def test_what_does_not_read_gets_a_sentence(kind, typed, sentence):
    with pytest.raises(Unreadable) as unreadable:
        read(kind, typed)
    assert str(unreadable.value.message) == sentence


def test_every_kind_is_in_the_table():
    assert {kind for kind, *_ in READ} >= KINDS.keys() - {
        "select_multiple",
        "select_multiple_from_file",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sent_is_not_answered(kind):
    assert read(kind) is None
    assert read(kind, "") is None
    assert KINDS[kind].text(None) == "", "a check takes both for granted"


# --- several values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (["2026-11-20"], "2026-11-20"),
        (["other", "2026-11-03"], "2026-11-03"),
        (["other", "3-11-2026"], "2026-11-03"),
        (["", "3-11-2026"], "2026-11-03"),
        (["2026-11-20", ""], "2026-11-20"),
        (["2026-11-20", "2026-11-20"], "2026-11-20"),
        (["2026-11-20", "20-11-2026"], "2026-11-20"),
        (["", ""], None),
    ],
)
def test_a_day_comes_from_radios_and_picker_together(raw, stored):
    assert read("date", *raw) == stored
    assert KINDS["date"].parts == ("other",)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (["2026-11-20", "2026-11-19"], TWO_DAYS),
        (["other", ""], OTHER),
        (["other", "31-2-2026"], NO_DAY),
    ],
)
def test_days_that_contradict_each_other_get_a_sentence(raw, sentence):
    with pytest.raises(Unreadable) as unreadable:
        read("date", *raw)
    assert str(unreadable.value.message) == sentence


def test_two_answers_where_one_is_asked_get_a_sentence():
    assert read("select_one", "yes", "yes") == "yes"
    with pytest.raises(Unreadable) as unreadable:
        read("select_one", "yes", "no")
    assert str(unreadable.value.message) == ONE


def test_several_choices_keep_their_order_and_count_once():
    assert read("select_multiple", "b", "a", "b", "", " a ") == ["b", "a"]
    assert read("select_multiple", "", "  ") is None
    assert read("select_multiple_from_file", "7K3F") == ["7K3F"]


def test_too_many_choices_get_a_sentence():
    names = [str(number) for number in range(MOST_PICKED + 1)]
    assert len(read("select_multiple", *names[1:])) == MOST_PICKED
    with pytest.raises(Unreadable) as unreadable:
        read("select_multiple", *names)
    assert str(unreadable.value.message) == "U koos er te veel. Kies er hoogstens 500."


@pytest.mark.parametrize("tenths", range(11))
def test_a_scale_in_tenths_takes_every_tenth(tenths):
    """In binary 0.3 is not three times 0.1."""
    parameters = {"start": "0", "end": "1", "step": "0.1"}
    assert read("range", str(tenths / 10), parameters=parameters) == tenths / 10
    with pytest.raises(Unreadable, match="Kies een getal"):
        read("range", f"{tenths / 10}5", parameters=parameters)


# --- kept and shown ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "stored", "text", "cell"),
    [
        ("integer", 24, "24", 24),
        ("decimal", 2.5, "2.5", 2.5),
        ("decimal", 2.0, "2", 2.0),
        ("text", "Koken", "Koken", "Koken"),
        ("date", "2026-11-03", "2026-11-03", dt.date(2026, 11, 3)),
        ("today", "2026-11-03", "2026-11-03", dt.date(2026, 11, 3)),
        ("time", "09:30", "09:30", dt.time(9, 30)),
        ("select_one", "yes", "yes", "yes"),
        ("select_multiple", ["a", "b"], "a b", None),
        ("acknowledge", "OK", "OK", "OK"),
        ("range", 7.0, "7", 7.0),
    ],
)
def test_a_stored_answer_has_a_text_and_a_cell(kind, stored, text, cell):
    assert KINDS[kind].text(stored) == text
    assert KINDS[kind].cell(stored) == cell
    assert KINDS[kind].text(None) == ""
    assert KINDS[kind].cell(None) is None


@pytest.mark.parametrize(("kind", "typed", "stored"), READ, ids=shown)
def test_what_was_read_comes_back_from_its_column(kind, typed, stored):
    column = KINDS[kind].column
    if not column:
        return  # a note keeps nothing
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE t (q {column}) STRICT")
        connection.execute("INSERT INTO t VALUES (?)", (to_column(stored),))
        kept = connection.execute("SELECT q FROM t").fetchone()[0]
    assert from_column(question(kind), kept) == stored


def test_several_choices_come_back_from_their_column():
    picked = ["b", "één"]
    assert to_column(picked) == '["b", "één"]'
    assert from_column(question("select_multiple"), to_column(picked)) == picked
    assert from_column(question("select_multiple"), None) is None


def test_a_widget_goes_by_the_appearance():
    assert kind_of(question("integer")).widget(question("integer")) == "number"
    counter = question("integer", appearance=("counter",))
    assert kind_of(counter).widget(counter) == "counter"
    quick = question("date", appearance=("quick",))
    assert kind_of(quick).widget(quick) == "date"
    assert KINDS["date"].appearances == {"quick", "month-year", "year"}


def test_digits_of_every_script_become_latin():
    assert latin_digits("٣ ۴ ५ ５ ② ½ x") == "3 4 5 5 ② ½ x"


# --- two answers become one -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "one", "two", "joined"),
    [
        ("integer", 24, 18, 42),
        ("integer", 0, 0, 0),
        ("integer", None, 18, 18),
        ("integer", None, None, None),
        ("decimal", 2.5, 3.0, 2.5),
        ("decimal", None, 3.0, 3.0),
        ("text", "a", "b", "a"),
        ("text", None, "b", "b"),
        ("select_one", "yes", "no", "yes"),
        ("select_multiple", ["a", "b"], ["c", "a"], ["a", "b", "c"]),
        ("select_multiple", None, ["c"], ["c"]),
        ("select_multiple", None, None, None),
        ("select_multiple_from_file", ["7K3F"], ["8X2C"], ["7K3F", "8X2C"]),
        ("acknowledge", "OK", "OK", "OK"),
        ("acknowledge", "OK", None, None),
        ("acknowledge", None, "OK", None),
    ],
)
def test_two_answers_become_one(kind, one, two, joined):
    assert KINDS[kind].join(one, two) == joined


def test_only_whole_numbers_are_added_up():
    assert [name for name, kind in KINDS.items() if kind.adds] == ["integer"]


# --- whatever is typed ------------------------------------------------------------------------


@given(kind=st.sampled_from(sorted(KINDS)), raw=st.lists(st.text(), max_size=3))
def test_whatever_is_typed_is_read_kept_and_shown_or_gets_a_sentence(kind, raw):
    try:
        found = read(kind, *raw)
    except Unreadable as unreadable:
        assert str(unreadable.message)
        return
    assert isinstance(KINDS[kind].text(found), str)
    KINDS[kind].cell(found)
    kept = to_column(found)
    if isinstance(kept, str):
        kept.encode()
        assert "\x00" not in kept
    if isinstance(kept, int):
        assert abs(kept) < 2**63


@given(st.one_of(st.integers().map(str), st.floats().map(repr)))
def test_every_number_is_kept_exactly_or_gets_a_sentence(typed):
    for kind in ("integer", "decimal"):
        try:
            found = read(kind, typed)
        except Unreadable:
            continue
        assert found == float(typed)
