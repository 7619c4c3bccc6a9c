"""20, 200 and 2,000 phones with a backup, an export and a kill in the middle: nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.load.phones import quantile
from tests.fault.load.site import Site
from tests.fault.table import Record, Trial, figures, told

WHAT = "load: phones at work during a backup, an export and a kill -9 of the server"
OFF = ("sending again what was not acknowledged",)
EACH = 2
"""Records per phone: one out of its outbox, one by the page."""
LOADS = {20: 10.0, 200: 20.0, 2_000: 80.0}
"""Phones, and the seconds over which they come."""
HEAD = """\
# Load on loopback

Measured by `make fault` with the real `fieldapp serve` (one process, 4 threads), client and server
and the other tests on the same machine. Each phone opens a form and sends a record out of its
outbox, opens it again and sends one as a page without scripts; meanwhile `fieldapp backup` and
`fieldapp export` run, and the server is killed with kill -9 and started again. What got no answer,
or 503 or 429, is sent again under the same id, as phones do: `connection` counts what was refused
or broken off while the server was away. Any other answer would make the test fail.

| phones | over | answers | p50 | p99 | p50, p99 until the receipt | sent again | \
acknowledged | lost | double | server's memory |
|---|---|---|---|---|---|---|---|---|---|---|
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A folder for an instance, and a port."""
    made = Site(tmp_path)
    yield made
    made.end()


def burden(site: Site, many: int, window: float, *, stubborn: bool = True) -> str:
    """Has some phones at work over some seconds; gives the line of the table."""
    phones = site.make(many, EACH)
    for each in phones:
        each.stubborn = stubborn
    took = site.besiege(phones, window)
    found, tally = site.look(), site.tally
    again = ", ".join(f"{times} {why}" for why, times in sorted(tally.again.items()))
    line = (
        f"| {many:,} | {took:.0f} s | {tally.requests:,} "
        f"| {tally.of_all(0.5) * 1000:.0f} ms | {tally.of_all(0.99) * 1000:.0f} ms "
        f"| {quantile(tally.waited, 0.5):.2f} s, {quantile(tally.waited, 0.99):.1f} s "
        f"| {again or 'none'} | {len(tally.acknowledged):,} "
        f"| {len(found.lost)} | {len(found.double)} | {site.largest} MiB |"
    )
    print(line)
    assert tally.wrong == []
    assert found.nothing
    assert site.check() == []
    assert any(tally.again.values()), "nobody was there when the server was killed"
    assert len(set(tally.acknowledged)) == many * EACH, "some never came in"
    assert not found.states["double"], "something came in twice, under two ids"
    return line


def test_twenty_phones_lose_nothing(site: Site, record_property: Record) -> None:
    told(record_property, Trial("L", WHAT, of=len(OFF)))
    burden(site, 20, 4)


@pytest.mark.long
def test_mutation_phones_that_do_not_send_again_lose(site: Site, record_property: Record) -> None:
    told(record_property, Trial("L", WHAT, OFF[0], len(OFF)))
    with pytest.raises(AssertionError, match="some never came in"):
        burden(site, 20, 4, stubborn=False)


@pytest.mark.long
def test_many_phones_lose_nothing(
    tmp_path: Path, record_property: Record, pytestconfig: pytest.Config
) -> None:
    """One after the other; where the table of faults is asked for, these figures go beside it."""
    lines = []
    for many, window in LOADS.items():
        (tmp_path / str(many)).mkdir()
        site = Site(tmp_path / str(many))
        try:
            lines.append(burden(site, many, window))
        finally:
            site.end()
    sent = sum(LOADS) * EACH
    figures(record_property, "L", f"{sent:,} records of {sum(LOADS):,} phones: lost 0, double 0")
    if path := pytestconfig.getoption("--faults", None):
        Path(path).with_name("load.md").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
