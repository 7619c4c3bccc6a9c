"""Row 63: small cells, totals and differences; the attacker is the one of tests/report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from fieldapp.report import headcount, privacy, reader
from tests.fault.table import Record, Trial, told
from tests.report import test_attacker as attacker
from tests.report import test_privacy as one_table

WHAT = "small cells, totals, differencing"


@dataclass(frozen=True)
class Off:
    """A protection, how it is switched off, and what is then found out."""

    what: str
    names: tuple[tuple[object, str, Callable[..., object]], ...]
    trial: Callable[[], None]


def _never(*_: object, **__: object) -> bool:
    return False


def _few(number: int, kind: str = "persons") -> Callable[[], None]:
    return lambda: attacker.attack(attacker.FEW[number], 5, kind)


OFFS = [
    Off(
        "a second cell is hidden where a total would tell",
        ((privacy._Trees, "narrowed", _never),),
        lambda: one_table.attack([[1, 9], [8, 7]], 4),
    ),
    Off(
        "what follows from periods and places together is hidden",
        ((reader._Reader, "narrowed", _never), (privacy._Trees, "narrowed", _never)),
        _few(1),
    ),
    Off(
        "places that share people are looked at together",
        (
            (headcount, "in_places", lambda *_: iter(())),
            (privacy._Trees, "narrowed", _never),
        ),
        _few(1),
    ),
    Off(
        "what grew since the month before is hidden",
        ((headcount, "_tells", _never),),
        lambda: attacker.attack(attacker.FEW_EACH_MONTH, 5, "steps"),
    ),
]


@pytest.mark.parametrize("off", OFFS, ids=lambda off: off.what)
def test_few_stay_hidden(off: Off, record_property: Record) -> None:
    told(record_property, Trial("63", WHAT, of=len(OFFS)))
    off.trial()


@pytest.mark.long
@pytest.mark.parametrize(
    "trial",
    [
        attacker.test_nobody_is_found_by_putting_numbers_side_by_side,
        attacker.test_nobody_is_found_by_trying_everything,
        attacker.test_a_late_record_takes_one_possibility_away_at_most,
        one_table.test_no_sum_narrows_a_small_cell,
    ],
    ids=lambda trial: trial.__name__,
)
def test_the_attacker_finds_nobody(trial: Callable[[], None], record_property: Record) -> None:
    told(record_property, Trial("63", WHAT, of=len(OFFS)))
    trial()


@pytest.mark.parametrize("off", OFFS, ids=lambda off: off.what)
def test_without_a_protection_they_are_found(
    off: Off, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial("63", WHAT, off.what, len(OFFS)))
    for owner, name, instead in off.names:
        monkeypatch.setattr(owner, name, instead)
    with pytest.raises(AssertionError):
        off.trial()
