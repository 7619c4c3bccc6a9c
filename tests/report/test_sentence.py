"""Figures in words: Dutch numbers, one and many, and nothing about what may not be told."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.report import judgement
from fieldapp.report.sentence import because, figure, in_words


@pytest.mark.parametrize(
    ("value", "kind", "unit", "status", "told"),
    [
        (38, "hours", "uren per week", "ok", "38 uur per week"),
        (42.5, "hours", "uren", None, "42,5 uur"),
        (1234.56, "hours", "uren", "ok", "1.234,6 uur"),
        (1, "persons", "personen", "ok", "1 persoon"),
        (0, "persons", "personen", "ok", "0 personen"),
        (2, "count", "plekken", "ok", "2 plekken"),
        (0.852, "share", "%", "ok", "85,2%"),
        (1250.0, "euros", "euro", "ok", "€ 1.250"),
        (1, "yes_no", "", "ok", "ja"),
        (0, "yes_no", "", "ok", "nee"),
        ("2024-03-01", "date", "", "ok", "1 maart 2024"),
        ("Bezig", "status", "", "ok", "Bezig"),
        (7, "count", None, "provisional", "7"),
        (None, "persons", "personen", "small", "afgeschermd"),
        (3, "persons", "personen", "small", "afgeschermd"),
        (None, "persons", "personen", "confidential", "vertrouwelijk"),
        (None, "hours", "uren", "no_baseline", "geen nulmeting"),
        (None, "hours", "uren", "not_expected", "n.v.t."),
        (None, "hours", "uren", "not_answered", None),
        (None, "hours", "uren", "ok", None),
    ],
)
def test_a_figure_has_its_unit(value: Any, kind: str, unit: Any, status: Any, told: Any) -> None:
    assert figure(value, kind, unit, status) == told


HOURS = ("was {n} open", "OP-03")


@pytest.mark.parametrize(
    ("value", "status", "baseline", "told"),
    [
        (38, "ok", 32, "OP-03 was 38 uur per week open, 6 meer dan bij de nulmeting."),
        (38, "ok", 40.5, "OP-03 was 38 uur per week open, 2,5 minder dan bij de nulmeting."),
        (38, "ok", 38, "OP-03 was 38 uur per week open, evenveel als bij de nulmeting."),
        (38, "ok", "geen nulmeting", "OP-03 was 38 uur per week open; er is geen nulmeting."),
        (38, "ok", None, "OP-03 was 38 uur per week open."),
        (0, "ok", None, "OP-03 was 0 uur per week open."),
        (None, "not_answered", 32, "OP-03: dit is niet ingevuld."),
        (None, "ok", None, "OP-03: dit is niet ingevuld."),
        (
            4,
            "small",
            2,
            "OP-03: dit cijfer staat hier niet, omdat het over weinig mensen gaat of dat verraadt.",
        ),
        (
            4,
            "confidential",
            2,
            "OP-03: dit cijfer staat hier niet, omdat het vertrouwelijk is.",
        ),
        (4, "not_expected", 2, None),
    ],
)
def test_a_sentence_compares_with_the_baseline(
    value: Any, status: str, baseline: Any, told: Any
) -> None:
    phrase, subject = HOURS
    assert in_words(phrase, subject, value, "hours", "uren per week", status, "", baseline) == told


def test_a_sentence_says_when() -> None:
    told = in_words(": {n} {when}", "Stap vooruit", 1, "persons", "personen", "ok", "in 2025", None)
    assert told == "Stap vooruit: 1 persoon in 2025."


def test_shares_differ_by_points() -> None:
    told = in_words("haalde {n}", "Zuidwest", 0.4, "share", "%", "ok", "", 0.35)
    assert told == "Zuidwest haalde 40%, 5 procentpunt meer dan bij de nulmeting."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            (judgement.AHEAD, 84, 70, "persons", "personen", "ok", "in 2025", 100),
            "In 2025: 84 personen. Het pad vraagt 70 personen, dus 14 meer dan gevraagd.",
        ),
        (
            (judgement.ON_TRACK, 70, 70, "persons", "personen", "ok", "in 2025", 100),
            "In 2025: 70 personen. Het pad vraagt 70 personen, precies gehaald.",
        ),
        (
            (judgement.NO_PATH, 84, None, "persons", "personen", "ok", "in 2025", 100),
            "In 2025: 84 personen. Er is geen pad afgesproken voor deze dag. "
            "Het doel is 100 personen.",
        ),
        (
            (judgement.NO_PATH, "Bezig", None, "status", "", "ok", "op 30 april 2026", None),
            "Op 30 april 2026: Bezig. Er is geen pad afgesproken voor deze dag.",
        ),
        (
            (judgement.UNKNOWN, None, 70, "persons", "personen", "not_answered", "in 2025", 100),
            "In 2025: niet ingevuld. Het pad vraagt 70 personen.",
        ),
        (
            (judgement.UNKNOWN, None, 70, "persons", "personen", "small", "in 2025", 100),
            "In 2025: afgeschermd. Het pad vraagt 70 personen.",
        ),
        (
            (judgement.ATTENTION, 0, 1, "yes_no", "", "ok", "op 30 april 2026", 1),
            "Op 30 april 2026: nee. Het pad vraagt ja.",
        ),
    ],
)
def test_a_judgement_has_its_reason(given: Any, told: str) -> None:
    assert because(*given) == told
