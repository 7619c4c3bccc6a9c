"""The page and the server find the same value for every expression."""

import datetime as dt
import json
import random
from pathlib import Path

import pytest

from fieldapp.ask.evaluate import Scope, evaluate, to_boolean, to_number, to_text
from fieldapp.ask.expression import LONGEST, ExpressionFault, compile_expression
from fieldapp.ask.functions import FUNCTIONS

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests/ask/expression_cases.json").read_text("utf-8"))
PAGE = "http://localhost:1/expression.js"  # never dialled: the test answers for it
EVALUATE_ALL = """async cases => {
  const {evaluate, toText, toNumber, toBoolean} = await import(location.href)
  return cases.map(({tree, scope}) => {
    try {
      const value = evaluate(tree, scope)
      return [typeof value, toText(value), toText(toNumber(value)), toBoolean(value)]
    } catch (error) {
      return [String(error)]
    }
  })
}"""
TYPES = {str: "string", float: "number", bool: "boolean"}


@pytest.fixture(scope="module")
def in_page(browser):
    """A function that evaluates (tree, scope) pairs in the page, all in one go."""
    context = browser.new_context()
    page = context.new_page()
    script = ROOT / "static/expression.js"
    page.route(PAGE, lambda route: route.fulfill(path=script, content_type="text/javascript"))
    page.goto(PAGE)
    yield lambda cases: page.evaluate(EVALUATE_ALL, cases)
    context.close()


def scope_of(case):
    texts = ("values", "last_saved", "columns")
    scope = {name: case.get(name, {}) for name in texts}
    return scope | {"current": case.get("current", ""), "now": TABLE["now"]}


def in_python(tree, scope):
    moment = dt.datetime.fromisoformat(scope["now"])
    value = evaluate(tree, Scope(**{**scope, "now": moment}))
    return [TYPES[type(value)], to_text(value), to_text(to_number(value)), to_boolean(value)]


def expected(case):
    if "number" in case:
        return ["number", to_text(float(case["number"]))]
    if "boolean" in case:
        return ["boolean", to_text(case["boolean"])]
    return ["string", case["text"]]


def test_the_page_finds_every_value_of_the_table(in_page):
    cases = [
        {"tree": compile_expression(c["expression"], TABLE["names"], c.get("columns", {}))}
        | {"scope": scope_of(c)}
        for c in TABLE["cases"]
    ]
    found = in_page(cases)
    wrong = [
        (case["expression"], answer)
        for case, answer in zip(TABLE["cases"], found, strict=True)
        if answer[:2] != expected(case)
    ]
    assert wrong == []


def test_the_page_and_the_server_agree_on_random_expressions(in_page):
    chance = random.Random(20261123)  # noqa: S311  (the same expressions in every run)
    texts, cases = [], []
    while len(cases) < 400:
        text = written(chance, 4)
        values = {name: chance.choice(ANSWERS) for name in chance.sample("abc", 2)}
        scope = scope_of({"values": values, "current": chance.choice(ANSWERS)})
        if len(text) <= LONGEST:
            texts.append(text)
            cases.append({"tree": compile_expression(text, "abc"), "scope": scope})
    compare(in_page, texts, cases)


def test_the_page_and_the_server_agree_on_random_patterns(in_page):
    chance = random.Random(7)  # noqa: S311
    texts, cases = [], []
    while len(cases) < 300:
        pattern = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6)))
        value = "".join(chance.choice("ab01-_ .\n\r\té😀٣\u2028^$]") for _ in range(3))
        text = f"regex(${{a}}, '{pattern}')"
        try:
            tree = compile_expression(text, "a")
        except ExpressionFault:
            continue
        texts.append(text)
        cases.append({"tree": tree, "scope": scope_of({"values": {"a": value}})})
    compare(in_page, texts, cases)


def compare(in_page, texts, cases):
    wrong = [
        (text, case["scope"], {"page": page, "server": server})
        for text, case, page in zip(texts, cases, in_page(cases), strict=True)
        if page != (server := in_python(**case))
    ]
    assert wrong == []


ANSWERS = (
    *("", "0", "-0", "1", "-2.5", "7", "00012.500", "1234567.891", "0.000000125", "9" * 30, ".5"),
    *("x", "y", "x y", " x  z ", "é😀a", "true", "NaN", "Infinity", "1e5", "+1", "12 ", "a\nb"),
    *("2026-11-23", "2024-02-29", "2026-02-29", "0001-01-01", "9999-12-31", "0000-01-01"),
    *("2026-11-23T09:30:00.000+01:00", "2026-11-23T23:59:59.999Z", "2026-11-23T24:00:00Z"),
    *("1969-12-31T12:30", "0099-05-05T01:02:03.4567-1130", "09:30", "17:45:10", "9:30", "24:00"),
)
OPERATORS = ("or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod")
FORMATS = ("'%Y-%m-%d %H:%M:%S.%3'", "'%a %e %b %y, %n %h %%'")
PIECES = (
    *("a", "b", "0", "é", "😀", "-", ".", "\\.", "\\-", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S"),
    *("^", "$", "\\b", "\\B", "|", "(", ")", "(?:", "(?=", "(?!", "*", "+", "?", "{2}", "{1,2}"),
    *(
        "[ab]",
        "[^a]",
        "[a-b\\d]",
        "[\\s-]",
        "[.$^]",
        "[\\]\\^]",
        "[^\\w]",
        "]",
        "}",
        "\\u00e9",
        "/",
    ),
)


def written(chance, depth):
    """A random expression over the questions a, b and c."""
    if depth == 0 or chance.random() < 0.15:
        number = repr(chance.choice([0, 1, 2.5, 10, 0.1, 1e15]))
        text = f"'{chance.choice(ANSWERS)}'"
        return chance.choice(["${a}", "${b}", "${c}", ".", number, text, "today()", "now()"])
    if chance.random() < 0.35:
        operator = chance.choice(OPERATORS)
        return f"({written(chance, depth - 1)} {operator} {written(chance, depth - 1)})"
    name = chance.choice([name for name in FUNCTIONS if name not in ("uuid", "regex")])
    function = FUNCTIONS[name]
    most = function.least + 1 if function.most is None else function.most
    count = chance.randint(function.least, most)
    arguments = [written(chance, depth - 1) for _ in range(count)]
    if name == "format-date":
        arguments[1] = chance.choice(FORMATS)
    sign = chance.choice(["", "", "", "- "])
    return f"{sign}{name}({', '.join(arguments)})"
