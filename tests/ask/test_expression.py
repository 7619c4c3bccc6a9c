"""Expressions compile to trees, say what is wrong with them, and evaluate without ever raising."""

import datetime as dt
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.ask.evaluate import FUNCTIONS as EVALUATED
from fieldapp.ask.evaluate import Scope, evaluate, to_boolean, to_number, to_text
from fieldapp.ask.expression import (
    DEEPEST,
    LONGEST,
    ExpressionFault,
    compile_expression,
    references,
)
from fieldapp.ask.functions import FUNCTIONS

TABLE = json.loads(Path(__file__).with_name("expression_cases.json").read_text("utf-8"))
NOW = dt.datetime.fromisoformat(TABLE["now"])


def shown(case):
    return case["expression"][:60] or "empty"


@pytest.mark.parametrize("case", TABLE["cases"], ids=shown)
def test_an_expression_has_the_value_of_the_table(case):
    columns = case.get("columns", {})
    tree = compile_expression(case["expression"], TABLE["names"], columns)
    scope = Scope(
        case.get("values", {}),
        NOW,
        case.get("current", ""),
        case.get("last_saved", {}),
        columns,
    )
    value = evaluate(json.loads(json.dumps(tree)), scope)
    if "number" in case:
        assert type(value) is float
        assert to_text(value) == to_text(float(case["number"]))
    elif "boolean" in case:
        assert value is case["boolean"]
    else:
        assert value == case["text"]
        assert type(value) is str


@pytest.mark.parametrize("case", TABLE["refused"], ids=shown)
def test_a_wrong_expression_is_refused_with_place_and_remedy(case):
    with pytest.raises(ExpressionFault) as caught:
        compile_expression(case["expression"], TABLE["names"], case.get("columns"))
    for words in case["words"]:
        assert words in caught.value.sentence
    assert f"(at character {caught.value.position})" in caught.value.sentence


def test_the_table_is_large_and_every_function_is_in_it():
    expressions = " ".join(case["expression"] for case in TABLE["cases"])
    assert len(TABLE["cases"]) >= 110
    assert [name for name in FUNCTIONS if f"{name}(" not in expressions] == []


def test_every_function_that_compiles_can_be_evaluated():
    assert set(FUNCTIONS) == set(EVALUATED) | {"if"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_every_function_compiles(name):
    names = ["question", "first", "second", "text", "date", "time", "number", "answer"]
    compile_expression(FUNCTIONS[name].example, names)


def test_the_tree_is_plain_json():
    tree = compile_expression(
        "if(${a} + -1 >= 2.5, ., selected(role, ${last-saved#b}))", ["a", "b"], ["role"]
    )
    a, b = ["ref", "a"], ["last", "b"]
    more = ["op", ">=", ["op", "+", a, ["neg", ["num", 1.0]]], ["num", 2.5]]
    assert tree == ["fn", "if", [more, ["self"], ["fn", "selected", [["col", "role"], b]]]]


def test_references_are_the_questions_of_this_record_only():
    tree = compile_expression(
        "concat(${a}, ${b}, ${last-saved#c}, d, 'e', .)", ["a", "b", "c"], ["d"]
    )
    assert references(tree) == {"a", "b"}


def test_an_expression_may_be_as_long_and_as_deep_as_the_bounds():
    compile_expression("'" + "x" * (LONGEST - 2) + "'", ())
    deep = "1" + "+1" * (DEEPEST - 1)
    scope = Scope({}, NOW)
    assert evaluate(compile_expression(deep, ()), scope) == DEEPEST
    assert evaluate(compile_expression("-" * (DEEPEST - 2) + "1", ()), scope) == 1
    assert evaluate(compile_expression("(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1), ()), scope)


def test_today_is_the_day_where_the_phone_is():
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert evaluate(["fn", "today", []], Scope({}, late)) == "2026-11-23"
    assert evaluate(["fn", "now", []], Scope({}, late)) == "2026-11-23T23:30:00.000-05:00"


def test_only_the_branch_that_is_taken_is_worked_out():
    broken = ["fn", "nonsense", []]
    scope = Scope({}, NOW)
    assert evaluate(["fn", "if", [["fn", "true", []], ["num", 1], broken]], scope) == 1
    assert evaluate(["op", "or", ["num", 1], broken], scope) is True
    assert evaluate(["op", "and", ["num", 0], broken], scope) is False


def test_what_is_no_tree_is_named():
    with pytest.raises(ValueError, match="compile it with compile_expression"):
        evaluate(["nonsense"], Scope({}, NOW))


@settings(deadline=None, database=None)
@given(st.floats())
def test_a_number_survives_being_written_as_text(number):
    text = to_text(number)
    assert "e" not in text
    if math.isfinite(number):
        assert to_number(text) == number


VALUES = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"-?[0-9]{0,20}\.?[0-9]{0,20}", fullmatch=True),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.dates().map(lambda day: day.isoformat()),
    st.times().map(lambda time: time.isoformat()),
    st.lists(st.sampled_from(["x", "y", "z"])).map(" ".join),
)
LEAVES = st.one_of(
    st.sampled_from(["${a}", "${b}", ".", "${last-saved#c}", "'x'", "''", "1 div 0", "0", "now()"]),
    st.floats(0, 1e300, allow_nan=False).map(to_text),
    VALUES.filter(lambda text: not set("'$") & set(text)).map(lambda text: f"'{text}'"),
)


def combined(inner):
    operators = st.sampled_from(
        ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"]
    )
    binary = st.tuples(inner, operators, inner).map(lambda parts: f"({' '.join(parts)})")
    calls = [call(inner, name) for name in FUNCTIONS if name != "regex"]
    pattern = inner.map(lambda text: f"regex({text}, '-?[0-9a-z]+|\\s*')")
    return st.one_of(binary, inner.map(lambda text: f"- {text}"), pattern, *calls)


def call(inner, name):
    function = FUNCTIONS[name]
    most = function.least + 2 if function.most is None else function.most
    arguments = st.lists(inner, min_size=function.least, max_size=most)
    if name == "format-date":
        return inner.map(lambda text: f"format-date({text}, '%Y %y %m %n %b %d %e %h %M %3 %a')")
    return arguments.map(lambda parts: f"{name}({', '.join(parts)})")


@settings(max_examples=150, deadline=None, database=None)
@given(
    st.recursive(LEAVES, combined, max_leaves=12),
    st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}),
    VALUES,
    VALUES,
)
def test_evaluation_never_raises(expression, values, current, last):
    if len(expression) > LONGEST:
        return
    tree = compile_expression(expression, ["a", "b", "c"])
    value = evaluate(tree, Scope(values, NOW, current, {"c": last}))
    assert isinstance(value, str | float | bool)
    to_text(value), to_number(value), to_boolean(value)


@settings(max_examples=150, deadline=None, database=None)
@given(st.one_of(st.text(max_size=60), st.text("()'${}ab.-+*=<>, 1[]/\\", max_size=60)))
def test_compiling_anything_gives_a_tree_or_a_sentence(text):
    try:
        compile_expression(text, ["a", "b"], ["a"])
    except ExpressionFault as fault:
        assert fault.sentence


@settings(max_examples=150, deadline=None, database=None)
@given(st.text("()[]{}^$|?*+.\\-,0159adsSwZ:=!<&~", max_size=25), st.text("a0-^ [", max_size=5))
def test_a_pattern_that_compiles_can_be_matched(pattern, value):
    try:
        tree = compile_expression(f"regex(${{a}}, '{pattern}')", ["a"])
    except ExpressionFault:
        return
    assert evaluate(tree, Scope({"a": value}, NOW)) in (True, False)
