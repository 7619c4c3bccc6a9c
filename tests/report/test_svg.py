"""Drawings in a page: what they say to eyes and ears, and nothing from outside as markup."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from fieldapp.report.svg import WIDTH, bars, columns, rows


def test_bars_are_as_long_as_their_numbers_and_say_what_they_show() -> None:
    root = ElementTree.fromstring(bars("Bezoeken", "In mei.", [("Maandag", 10), ("Dinsdag", 5)]))  # noqa: S314
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Bezoeken. In mei. Maandag 10; Dinsdag 5."
    first, second = (float(bar.attrib["width"]) for bar in root.iter("rect"))
    assert 0 < first < WIDTH
    assert second == first / 2
    assert [text.text for text in root.iter("text")] == ["Maandag", "10", "Dinsdag", "5"]


def test_nothing_and_zero_draw_no_bar() -> None:
    assert "<rect" not in bars("Leeg", "", [])
    root = ElementTree.fromstring(bars("Nul", "", [("Maandag", 0)]))  # noqa: S314
    assert [bar.attrib["width"] for bar in root.iter("rect")] == ["0.0"]


def test_words_from_outside_stay_words() -> None:
    drawn = bars("<b>", "&", [('"><script>', 1), ("x" * 60, 2)], lambda value: f"{value:.0f} <i>")
    root = ElementTree.fromstring(drawn)  # noqa: S314
    assert {element.tag for element in root.iter()} == {"svg", "rect", "text"}
    assert [text.text for text in root.iter("text")][2] == "x" * 31 + "…"
    assert "x" * 60 in root.attrib["aria-label"]


def test_rows_have_their_label_before_and_their_number_behind() -> None:
    drawn = rows("Uren", "In mei.", [("OP-01", 4), ("OP-02", 2)])
    root = ElementTree.fromstring(drawn)  # noqa: S314
    assert root.attrib["aria-label"] == "Uren. In mei. OP-01 4; OP-02 2."
    first, second = (float(bar.attrib["width"]) for bar in root.iter("rect"))
    assert second == pytest.approx(first / 2, abs=0.1)
    right = max(float(text.attrib["x"]) for text in root.iter("text"))
    assert right < WIDTH - 8


def test_columns_stand_on_one_floor_below_their_target() -> None:
    months = [("jan", 10.0), ("feb", None), ("mrt", 20.0), ("apr", 5.0)]
    root = ElementTree.fromstring(columns("Opstap", "Van 10 naar 5.", months, target=40))  # noqa: S314
    assert root.attrib["aria-label"] == "Opstap. Van 10 naar 5."
    bars = [
        {name: float(bar.attrib[name]) for name in ("y", "height")} for bar in root.iter("rect")
    ]
    assert [bar["height"] for bar in bars] == [30, 60, 15]  # 120 high is the target
    assert {bar["y"] + bar["height"] for bar in bars} == {150}
    line = next(line for line in root.iter("line") if "class" not in line.attrib)
    assert float(line.attrib["y1"]) == 30
    said = [text.text for text in root.iter("text")]
    assert said == ["jan", "10", "feb", "–", "mrt", "20", "apr", "5", "doel 40"]


def test_columns_without_any_number_are_dashes() -> None:
    root = ElementTree.fromstring(columns("Leeg", "", [("<", None)]))  # noqa: S314
    assert [text.text for text in root.iter("text")] == ["<", "–"]
    assert not list(root.iter("rect"))
