"""Fills the example day by day, through the same checks and the same write door as a phone."""

from __future__ import annotations

import datetime as dt
from random import Random

from fieldapp.ask.answer import Raw
from fieldapp.demo import life, months, office
from fieldapp.demo.door import Door, as_sent
from fieldapp.demo.life import Someone, Spot
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store, Write
from fieldapp.report import completeness, opening
from fieldapp.settings import Settings

SEED = 2026
YEARS = 2

_MISHAPS = (("OP-03", "visitors"), ("OP-07", "visitors"), ("WB-02", "attendance"))
"""Where two phones logged the same."""

_ROUNDS = (7, 15)
"""Months since the first day after which the coordinators were trained again."""

_FORGOTTEN = 0.04  # share of the forms that a place forgets
_START_VOLUNTEERS = (5, 9)
_START_PARTICIPANTS = {"wijkbedrijf": 42, "pilot": 12}
_MOST_PARTICIPANTS = {"wijkbedrijf": 104, "pilot": 64}


def fill(store: Store, settings: Settings, today: dt.date, start: dt.date | None = None) -> None:
    """Fills an empty instance with the example, from `start` up to the day before `today`."""
    two_years_ago = today.replace(year=today.year - YEARS, day=1)
    _Filling(store, settings, start or two_years_ago).run(today)


class _Filling:
    """The example while it is being lived."""

    def __init__(self, store: Store, settings: Settings, start: dt.date) -> None:
        self.store, self.settings, self.start = store, settings, start
        self.chance = Random(SEED)
        self.spots = life.spots(self.chance, start)
        self.door = Door(store, settings.timezone, self.chance)
        self.pilots: dict[str, str] = {}
        self.rounds = [office.later(start, months) for months in _ROUNDS]

    def run(self, today: dt.date) -> None:
        """Lives every day from the start to yesterday."""
        with self.door.writing(self.start) as write:
            self._found(write)
        day = self.start
        while day < today:
            with self.door.writing(day) as write:
                office.work(self.store, self.door, write, self.start, day)
                for spot in self.spots:
                    if day >= spot.start:
                        self._live(write, spot, day)
            day += dt.timedelta(days=1)
        self._cross_over(today)
        self._mishaps(today)

    def _found(self, write: Write) -> None:
        """What was agreed, places, facts, pilots and the first schedules."""
        office.found(self.store, self.settings, self.door, write)
        for spot in self.spots:
            raw = {
                "code": [spot.code],
                "name": [spot.name],
                "kind": [spot.kind],
                "wijk": [spot.wijk],
                "example": ["OK"],
                "active_from": [spot.start.isoformat()],
            }
            if spot.kind == "meeting_place":
                raw["cohort_14"] = ["OK"]
            if spot.wijk in life.BUURTEN:
                raw["buurt_code"] = [life.BUURTEN[spot.wijk]]
            self.door.send(write, None, "place", raw)
        for number, run_by in enumerate(("IE-01", "IE-02", "IE-03", "IE-04", "WB-02"), 1):
            spot = next(spot for spot in self.spots if spot.code == run_by)
            self.pilots.setdefault(run_by, f"PI-{number:02}")
            raw = {
                "code": [f"PI-{number:02}"],
                "name": [f"Pilot {number}"],
                "wijk": [spot.wijk],
                "run_by": [run_by],
                "active_from": [spot.start.isoformat()],
            }
            self.door.send(write, None, "pilot", raw)
        for spot in self.spots:
            self.door.send(write, spot.code, "schedule", life.schedule(spot, False, spot.start))
            if spot.kind == "meeting_place":
                self._facts(write, spot, self.start)

    def _facts(self, write: Write, spot: Spot, day: dt.date, round_: int = 0) -> None:
        """What the office knows of a meeting place: more are trained and paid in each round."""
        number = int(spot.code[3:])
        coordinators = 1 + number % 2
        trained = min(coordinators, number % (coordinators + 1) + (round_ if number % 3 else 0))
        paid = number % 4 == 0 or (round_ > 1 and number % 5 == 0)
        raw = {
            "place": [spot.code],
            "valid_from": [day.isoformat()],
            "coordinators": [str(coordinators)],
            "coordinators_trained": [str(trained)],
            "coordinators_paid": [str(coordinators if paid else 0)],
        }
        if number != 14 and not round_:
            before = {day: times[:2] for day, times in life.HOURS[spot.hours][0].items()}
            if number % 5 == 0:
                before.pop(next(iter(before)))
            rules = [f"{day.title()} {since}-{until}" for day, (since, until) in before.items()]
            raw["baseline_hours"] = ["; ".join([*rules, "PH off"])]
        self.door.send(write, None, "place_facts", raw)

    def _live(self, write: Write, spot: Spot, day: dt.date) -> None:
        if day == spot.widened:
            self.door.send(write, spot.code, "schedule", life.schedule(spot, True, day))
        if spot.kind == "meeting_place" and day in self.rounds:
            self._facts(write, spot, day, self.rounds.index(day) + 1)
        self._move(write, spot, day)
        self._look_ahead(write, spot, day)
        if day.day == 2:
            self._look_back(write, spot, (day - dt.timedelta(days=2)).replace(day=1))
        if spot.closed_until and day <= spot.closed_until:
            return
        spec = completeness.schedule_on(write.connection, spot.code, day)
        blocks = opening.day_blocks(spec, day)
        if not blocks:
            return
        reason = life.closed(day, self.chance, spot)
        if not self._forgets():
            self.door.send(
                write, spot.code, "opening", life.opening(blocks, day, self.chance, reason)
            )
        if reason:
            return
        parts = completeness.dayparts(blocks, self.settings)
        growth = 1 + 0.3 * (day - self.start).days / 730
        if spot.kind != "pilot":
            for part in parts:
                if not self._forgets():
                    raw = life.visitors(spot, day, part, self.chance, growth)
                    self.door.send(write, spot.code, "visitors", raw)
        self._helpers(write, spot, day)
        if spot.kind != "meeting_place":
            for part in parts[:1] if spot.kind == "pilot" else parts[: 1 + day.day % 2]:
                for raw in life.crews(spot, day, part, self.chance):
                    self.door.send(write, spot.code, "attendance", raw)

    def _look_ahead(self, write: Write, spot: Spot, day: dt.date) -> None:
        """On the day before: how long the place is to be closed."""
        for first, last in months.closures(spot, day.year):
            if day == first - dt.timedelta(days=1):
                self.door.send(write, spot.code, "closure", months.closure(first, last))
                spot.closed_until = last

    def _look_back(self, write: Write, spot: Spot, month: dt.date) -> None:
        """What is told when a month, or a year, is over."""
        if month < spot.start:
            return
        if not self._forgets():
            raw = months.allowances(month, spot.here("volunteer"))
            self.door.send(write, spot.code, "volunteer_month", raw)
        if not self._forgets():
            report = months.report(spot, month, self.chance)
            self.door.send(write, spot.code, "month_report", report)
        if month.month == 12 and not self._forgets():
            told = months.year_report(spot, month.year, self.chance)
            self.door.send(write, spot.code, "year_report", told)

    def _helpers(self, write: Write, spot: Spot, day: dt.date) -> None:
        there = [one for one in spot.here("volunteer") if self.chance.random() < 0.5]
        if self._forgets():
            return
        raw: Raw = {"date": [day.isoformat()], "nobody": ["OK"]}
        if there:
            raw = {
                "date": [day.isoformat()],
                **life.hours(there, self.chance, ("2,5", "3", "4", "5")),
            }
        self.door.send(write, spot.code, "volunteer_hours", raw)

    def _forgets(self) -> bool:
        return self.chance.random() < _FORGOTTEN

    def _move(self, write: Write, spot: Spot, day: dt.date) -> None:
        """Who comes, who takes a step, who leaves."""
        if day == spot.start:
            for _ in range(self.chance.randint(*_START_VOLUNTEERS)):
                self._welcome(write, spot, "volunteer", day)
            for _ in range(_START_PARTICIPANTS.get(spot.kind, 0)):
                self._welcome(write, spot, "participant", day)
        if day.weekday() > 4:
            return
        if self.chance.random() < 0.02:
            self._welcome(write, spot, "volunteer", day)
        room = _MOST_PARTICIPANTS.get(spot.kind, 0) - len(spot.here("participant"))
        if room > 0 and self.chance.random() < 0.16:
            self._welcome(write, spot, "participant", day)
        active = [one for one in spot.people if not (one.left or one.faded)]
        if active and self.chance.random() < 0.05:
            raw = life.step(self.chance.choice(active), self.chance, day)
            if raw:
                self.door.send(write, spot.code, "step", raw)
        here = spot.here("participant")
        if len(here) > 12 and self.chance.random() < 0.03:
            self.chance.choice(here).faded = True
        if len(active) > 6 and self.chance.random() < 0.0007 * len(active):
            gone = self.chance.choice(active)
            self.door.send(write, spot.code, "step", life.leaving(gone, self.chance, day))

    def _welcome(self, write: Write, spot: Spot, role: str, day: dt.date) -> Someone:
        pilot = self.pilots.get(spot.code, "")
        if spot.kind == "wijkbedrijf" and self.chance.random() < 0.7:
            pilot = ""
        raw = life.newcomer(spot, self.chance, role, day, pilot)
        return self._enter(write, spot, role, raw)

    def _enter(self, write: Write, spot: Spot, role: str, raw: Raw) -> Someone:
        receipt = self.door.send(write, spot.code, "person_new", raw)
        kept = rows.find(
            self.store, write.connection, self.store.forms["person_new"], receipt.id, spot.code
        )
        someone = Someone(str(kept.values["person"]), role, raw["started"][0])
        someone.allowance = role == "volunteer" and self.chance.random() < 0.35
        spot.people.append(someone)
        return someone

    def _cross_over(self, today: dt.date) -> None:
        """A volunteer who becomes a participant, and people who are at two places."""
        day = today - dt.timedelta(days=45)
        meeting, company = self.spots[0], self.spots[14]
        with self.door.writing(day) as write:
            for someone, spot in zip(
                meeting.here("volunteer")[:3],
                (company, company, self.spots[1]),
                strict=False,
            ):
                role = "volunteer" if spot is self.spots[1] else "participant"
                raw = life.newcomer(spot, self.chance, role, day)
                raw |= {"known_elsewhere": ["yes_card"], "card_code": [someone.code]}
                self._enter(write, spot, role, raw)

    def _mishaps(self, today: dt.date) -> None:
        """Doubles, a correction and a withdrawal, as happens."""
        with self.door.writing(today - dt.timedelta(days=1)) as write:
            for number, (place, form_id) in enumerate(_MISHAPS):
                self._again(write, place, form_id, number)
            row = self.door.latest(write, "OP-01", "visitors")
            self.door.correct(write, row, {"visitors": ["25"], "not_counted": []})
            row = self.door.latest(write, "OP-02", "visitors")
            rows.withdraw(self.store, write, row.form, row.id, row.edits, Origin(row.place))

    def _again(self, write: Write, place: str, form_id: str, number: int) -> None:
        """A second phone logs what was logged already, and a little different."""
        row = self.door.latest(write, place, form_id)
        raw = as_sent(row)
        if "visitors" in raw:
            raw["visitors"] = [str(int(raw["visitors"][0]) + 4 + number)]
        elif "who" in raw:
            raw["who"] = raw["who"][1:]
        self.door.send(write, place, form_id, raw)
