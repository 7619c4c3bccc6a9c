"""Drawings in a page: what they say to eyes and ears, and nothing from outside as markup."""

from __future__ import annotations

from xml.etree import ElementTree

from fieldapp.report.svg import WIDTH, bars


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
