"""Fills the example day by day, through the same checks and the same write door as a phone."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import AbstractContextManager
from random import Random
from zoneinfo import ZoneInfo

from fieldapp import demo_life as life
from fieldapp.ask.answer import Raw, check
from fieldapp.demo_life import Someone, Spot
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin, Receipt
from fieldapp.keep.store import Store, Write
from fieldapp.report import completeness, opening
from fieldapp.settings import Settings
from fieldapp.web.surroundings import Surroundings

SEED = 2026
YEARS = 2

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
        self.zone = ZoneInfo(settings.timezone)
        self.spots = life.spots(self.chance, start)
        self.around: dict[str, Surroundings] = {}
        self.pilots: dict[str, str] = {}

    def run(self, today: dt.date) -> None:
        """Lives every day from the start to yesterday."""
        with self._writing(self.start) as write:
            self._found(write)
        day = self.start
        while day < today:
            with self._writing(day) as write:
                for spot in self.spots:
                    if day >= spot.start:
                        self._live(write, spot, day)
            day += dt.timedelta(days=1)
        self._cross_over(today)
        self._mishaps(today)

    def _writing(self, day: dt.date) -> AbstractContextManager[Write]:
        return self.store.write("example", dt.datetime.combine(day, dt.time(20, 15), self.zone))

    def _send(self, write: Write, place: str | None, form_id: str, raw: Raw) -> Receipt:
        """One answer through check and door, as a page would send it."""
        form = self.store.forms[form_id]
        here = self.around.get(place or "")
        if here is None:
            known = (
                next(iter(completeness.places(write.connection, place)), None) if place else None
            )
            here = Surroundings(self.store, write.connection, known, write.now)
            if known or not place:
                self.around[place or ""] = here
        here.move(write.now)
        answer = check(form, raw, here.context(form))
        identity = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        receipt = rows.add(self.store, write, form, answer, identity, Origin(place))
        if form.entity is not None:
            here.forget(form.entity.list_name)
        return receipt

    def _found(self, write: Write) -> None:
        """Places, facts, pilots and the first schedules."""
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
            self._send(write, None, "place", raw)
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
            self._send(write, None, "pilot", raw)
        for spot in self.spots:
            self._send(write, spot.code, "schedule", life.schedule(spot, False, spot.start))
            if spot.kind == "meeting_place":
                self._facts(write, spot)

    def _facts(self, write: Write, spot: Spot) -> None:
        number = int(spot.code[3:])
        coordinators = 1 + number % 2
        raw = {
            "place": [spot.code],
            "valid_from": [self.start.isoformat()],
            "coordinators": [str(coordinators)],
            "coordinators_trained": [str(number % (coordinators + 1))],
            "coordinators_paid": [str(coordinators if number % 4 == 0 else 0)],
        }
        if number != 14:
            before = {day: times[:2] for day, times in life.HOURS[spot.hours][0].items()}
            if number % 5 == 0:
                before.pop(next(iter(before)))
            rules = [f"{day.title()} {since}-{until}" for day, (since, until) in before.items()]
            raw["baseline_hours"] = ["; ".join([*rules, "PH off"])]
        self._send(write, None, "place_facts", raw)

    def _live(self, write: Write, spot: Spot, day: dt.date) -> None:
        if day == spot.widened:
            self._send(write, spot.code, "schedule", life.schedule(spot, True, day))
        self._move(write, spot, day)
        spec = completeness.schedule_on(write.connection, spot.code, day)
        blocks = opening.day_blocks(spec, day)
        if not blocks:
            return
        reason = life.closed(day, self.chance, spot)
        if not self._forgets():
            self._send(write, spot.code, "opening", life.opening(blocks, day, self.chance, reason))
        if reason:
            return
        parts = completeness.dayparts(blocks, self.settings)
        growth = 1 + 0.3 * (day - self.start).days / 730
        if spot.kind != "pilot":
            for part in parts:
                if not self._forgets():
                    raw = life.visitors(spot, day, part, self.chance, growth)
                    self._send(write, spot.code, "visitors", raw)
        self._helpers(write, spot, day)
        if spot.kind != "meeting_place":
            for part in parts[:1] if spot.kind == "pilot" else parts[: 1 + day.day % 2]:
                for raw in life.crews(spot, day, part, self.chance):
                    self._send(write, spot.code, "attendance", raw)

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
        self._send(write, spot.code, "volunteer_hours", raw)

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
        active = [one for one in spot.people if not one.left]
        if active and self.chance.random() < 0.05:
            raw = life.step(self.chance.choice(active), self.chance, day)
            if raw:
                self._send(write, spot.code, "step", raw)
        if len(active) > 6 and self.chance.random() < 0.0007 * len(active):
            gone = self.chance.choice(active)
            self._send(write, spot.code, "step", life.leaving(gone, self.chance, day))

    def _welcome(self, write: Write, spot: Spot, role: str, day: dt.date) -> Someone:
        pilot = self.pilots.get(spot.code, "")
        if spot.kind == "wijkbedrijf" and self.chance.random() < 0.7:
            pilot = ""
        raw = life.newcomer(spot, self.chance, role, day, pilot)
        return self._enter(write, spot, role, raw)

    def _enter(self, write: Write, spot: Spot, role: str, raw: Raw) -> Someone:
        receipt = self._send(write, spot.code, "person_new", raw)
        kept = rows.find(
            self.store, write.connection, self.store.forms["person_new"], receipt.id, spot.code
        )
        someone = Someone(str(kept.values["person"]), role)
        spot.people.append(someone)
        return someone

    def _cross_over(self, today: dt.date) -> None:
        """A volunteer who becomes a participant, and people who are at two places."""
        day = today - dt.timedelta(days=45)
        meeting, company = self.spots[0], self.spots[14]
        with self._writing(day) as write:
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
        """A double, a correction and a withdrawal, as happens."""
        form = self.store.forms["visitors"]
        with self._writing(today - dt.timedelta(days=1)) as write:
            found = write.connection.execute(
                "SELECT _id, _place, date, daypart, visitors FROM form_visitors "
                "WHERE _state = 'current' AND visitors > 0 ORDER BY date DESC, _id LIMIT 3"
            ).fetchall()
            for number, kept in enumerate(found):
                origin = Origin(kept["_place"])
                if number == 0:
                    raw = {
                        "date": [kept["date"]],
                        "daypart": [kept["daypart"]],
                        "visitors": [str(kept["visitors"] + 4)],
                    }
                    self._send(write, kept["_place"], "visitors", raw)
                elif number == 1:
                    before = rows.find(
                        self.store, write.connection, form, kept["_id"], kept["_place"]
                    )
                    here = self.around[kept["_place"]]
                    raw = {
                        "date": [kept["date"]],
                        "daypart": [kept["daypart"]],
                        "visitors": [str(kept["visitors"] + 1)],
                    }
                    answer = check(form, raw, here.context(form, before.values))
                    rows.change(self.store, write, form, answer, before.id, before.edits, origin)
                else:
                    rows.withdraw(self.store, write, form, kept["_id"], 0, origin)
