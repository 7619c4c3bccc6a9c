"""A bad week: a signal that comes and goes, a server and a browser that die, clocks, two tabs."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import waiting
from tests.fault.phone.line import Call, dead, whole
from tests.fault.phone.rows_line import OTHER_ID, PORTAL
from tests.fault.phone.rows_phone import dies
from tests.fault.phone.stand import Off, Stand, soon, visit
from tests.fault.table import Record, Trial, figures, told

SPELL = 6  # records that one kind of weather lasts at most
SEED = 200
END = 180  # seconds in which all is to come in once the week is over


def lost(call: Call) -> None:
    """The answer gets lost on its way to the phone."""
    if not call.knocks:
        return call.pass_on()
    call.answer()
    return call.cut()


def portal(call: Call) -> None:
    """Somebody else answers, whatever is asked."""
    if call.knocks:
        return call.say(200, PORTAL)
    return call.cut()


def failing(call: Call) -> None:
    """The server is there, and can keep nothing."""
    if call.knocks:
        return call.say(500, "{}", "application/json")
    return call.pass_on()


WEATHER = {"fine": whole, "dead": dead, "lost": lost, "portal": portal, "failing": failing}


class Week:
    """Somebody who logs on, whatever happens."""

    def __init__(self, stand: Stand, seed: int) -> None:
        self.stand = stand
        self.happened: Counter[str] = Counter()
        self._chance = Random(seed)  # noqa: S311
        stand.process()
        self._page = stand.handset("phone", worker=True)

    def live(self, records: int) -> None:
        """Logs that many records, and waits until nothing waits."""
        left = 0
        for nth in range(records):
            if not left:
                self._change()
                left = self._chance.randint(2, SPELL)
            left -= 1
            self._log(str(1000 + nth), nth, dying=left == 0 and self._chance.random() < 0.5)
        self._page.context.set_offline(False)
        self.stand.line.fault = whole
        visit(self._page, f"{self.stand.url}/uitleg")
        soon(self._page, lambda: not waiting(self._page), "nothing waits", self._patience)

    @property
    def _patience(self) -> float:
        return END / 6 if self.stand.off else END

    def _change(self) -> None:
        """Another kind of weather, and perhaps a server, a tab or a clock that changes."""
        offline = self._chance.random() < 0.25
        self._page.context.set_offline(offline)
        kind = self._chance.choice(list(WEATHER))
        self.stand.line.fault = WEATHER[kind]
        self.happened["offline" if offline else kind] += 1
        if self._chance.random() < 0.3:
            self.stand.process()
            self.happened["server restarted"] += 1
        if self._chance.random() < 0.4:
            away = dt.timedelta(hours=self._chance.randint(-48, 48))
            self._page.clock.set_system_time(dt.datetime.now(dt.UTC) + away)
            self.happened["clock changed"] += 1
        if self._chance.random() < 0.4:
            self._page = self._other_tab()
            self.happened["other tab"] += 1

    def _other_tab(self) -> Page:
        tabs = [tab for tab in self._page.context.pages if tab is not self._page]
        return tabs[-1] if len(tabs) > 1 else self._page.context.new_page()

    def _log(self, number: str, nth: int, *, dying: bool) -> None:
        stand, page = self.stand, self._page
        stand.fill(page, number, nth)
        if not dying:
            stand.save(page, number)
            return
        self.happened["browser killed"] += 1
        page.wait_for_timeout(600)
        page.evaluate("setTimeout(() => document.querySelector('.form').requestSubmit())")
        time.sleep(self._chance.random() / 5)
        dies(page, stand, "phone")
        self._page = page = stand.handset("phone", paired=False, worker=True)
        visit(page, f"{stand.url}/unsent")
        kept = [one["answers"]["visitors"] for one in waiting(page)]
        if number in kept or number in stand.numbers():
            stand.promised.append(number)
        else:
            stand.log(page, number, nth)  # it is a draft still


def counted(stand: Stand) -> tuple[int, int]:
    """How many records that the phone promised are lost, and how many came twice."""
    numbers = stand.numbers()
    return len(set(stand.promised) - set(numbers)), len(numbers) - len(set(numbers))


def lived(stand: Stand, records: int, seed: int) -> str:
    """What came of a week, after it was seen that nothing was lost or came twice."""
    week = Week(stand, seed)
    week.live(records)
    missing, double = counted(stand)
    happened = ", ".join(f"{what} {count}" for what, count in sorted(week.happened.items()))
    assert (len(stand.promised), missing, double) == (records, 0, 0)
    stand.whole()
    return f"{records} records ({happened}): lost {missing}, double {double}"


def test_a_bad_day_loses_nothing(stand: Callable[[Off | None], Stand]) -> None:
    with stand(None) as tried:
        print(lived(tried, 6, seed=6))


MUTATIONS = (OTHER_ID, Off("the receipt goes first", mode="early"))
WEEK = Trial("W", "a bad week: all of this by chance", of=len(MUTATIONS))


@pytest.mark.long
def test_a_bad_week_loses_nothing(
    stand: Callable[[Off | None], Stand], record_property: Record
) -> None:
    told(record_property, WEEK)
    with stand(None) as tried:
        found = lived(tried, 200, SEED)
    print(found)
    figures(record_property, WEEK.number, found)


@pytest.mark.long
@pytest.mark.parametrize("off", MUTATIONS)
def test_mutation_a_week_shows_what_gets_lost(
    stand: Callable[[Off | None], Stand], off: Off, record_property: Record
) -> None:
    told(record_property, replace(WEEK, off=off.what))
    with stand(off) as tried:
        with pytest.raises(AssertionError):
            lived(tried, 40, seed=40)
        assert any(counted(tried)), "red for another reason"
