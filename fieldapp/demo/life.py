"""The life that the example lives: places, people and days, from one seeded chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from fieldapp.ask.answer import Raw

WIJKEN = ("bouwlust", "vrederust", "morgenstond", "moerwijk")
BUURTEN = {"bouwlust": "BU05183387", "vrederust": "BU05183398"}

NAMES = """
Ahmed Ali Amina Anna Annie Aster Ayse Bart Bea Betty Carla Chantal Cor Daan Danuta David Dewi Els
Emine Eva Fatima Fenna Frank Gerda Hanna Hans Hatice Henk Ibrahim Ilse Ineke Irma Jan Joke Jolanta
Kees Khadija Lina Loes Maria Marek Marga Mehmet Mia Mo Murat Nadia Nel Omar Piet Priya Ria Ricardo
Rosa Said Samira Sandra Sem Soraya Tineke Truus Wil Yusuf Zeynep
""".split()  # noqa: SIM905  (a list of words reads better as words)

# Which days and times the places have, the first from the start, the second after widening.
HOURS: Mapping[str, tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]] = {
    "small": (
        {"mo": ("10:00", "16:00"), "we": ("10:00", "16:00"), "fr": ("10:00", "16:00")},
        {
            "mo": ("10:00", "16:00"),
            "tu": ("13:00", "17:00"),
            "we": ("10:00", "16:00", "19:00", "21:30"),
            "fr": ("10:00", "16:00"),
        },
    ),
    "weekdays": (
        dict.fromkeys(("mo", "tu", "th", "fr"), ("09:00", "17:00")),
        {
            **dict.fromkeys(("mo", "tu", "th", "fr"), ("09:00", "17:00")),
            "we": ("09:00", "17:00", "19:00", "21:30"),
        },
    ),
    "weekend": (
        dict.fromkeys(("tu", "we", "th"), ("12:00", "17:00")),
        {
            **dict.fromkeys(("tu", "we", "th"), ("12:00", "17:00")),
            "sa": ("11:00", "16:00"),
        },
    ),
    "work": (
        dict.fromkeys(("mo", "tu", "we", "th"), ("08:30", "16:30")),
        dict.fromkeys(("mo", "tu", "we", "th", "fr"), ("08:30", "16:30")),
    ),
    "pilot": (
        dict.fromkeys(("tu", "th"), ("09:30", "15:30")),
        dict.fromkeys(("mo", "tu", "th"), ("09:30", "15:30")),
    ),
}

ACTIVITIES = (
    ("drop_in", 0.8), ("meal", 0.25), ("creative", 0.2), ("exercise", 0.18), ("language", 0.22),
    ("language_childcare", 0.1), ("digital_help", 0.2), ("paper_help", 0.25),
    ("parent_child", 0.1), ("youth", 0.08), ("course", 0.08), ("job_help", 0.07),
    ("neighbourhood_talk", 0.06), ("green_repair", 0.08), ("party", 0.02), ("other", 0.03),
)  # fmt: skip
REFERRALS = (
    "ref_police", "ref_mental_health", "ref_housing", "ref_money", "ref_municipality",
    "ref_work_school", "ref_care", "ref_neighbours", "ref_other",
)  # fmt: skip
TASKS = (
    "green", "litter", "repairs", "squares", "neighbour_help", "food", "reuse", "host", "painting",
    "bulky_waste", "making", "office_work", "learning",
)  # fmt: skip
REASONS = ("no_coordinator", "no_volunteers", "building", "elsewhere", "weather")


@dataclass
class Someone:
    """A person at a place, as the example follows them."""

    code: str
    role: str
    since: str
    allowance: bool = False
    left: bool = False
    faded: bool = False
    """Does not come any more, though nobody said so."""
    steps: set[str] = field(default_factory=set)


@dataclass
class Spot:
    """A place with its habits and its people."""

    code: str
    name: str
    kind: str
    wijk: str
    hours: str
    start: dt.date
    widened: dt.date | None
    busy: int
    people: list[Someone] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    closed_until: dt.date | None = None

    def here(self, role: str) -> list[Someone]:
        """Who takes part now in a role."""
        return [one for one in self.people if one.role == role and not (one.left or one.faded)]


def spots(chance: Random, start: dt.date) -> list[Spot]:
    """The 14 + 4 + 4 places of the example."""
    kinds = ("small", "weekdays", "weekend", "weekdays")
    found = []
    for number in range(1, 15):
        widened = start + dt.timedelta(days=chance.randint(150, 600)) if number % 3 else None
        found.append(
            Spot(
                f"OP-{number:02}", f"Ontmoetingsplek {number}", "meeting_place",
                WIJKEN[(number - 1) % 4], kinds[number % 4], start, widened,
                chance.randint(8, 34),
            )
        )  # fmt: skip
    for number, wijk in enumerate(WIJKEN, 1):
        later = start + dt.timedelta(days=200 if number == 4 else 0)
        found.append(
            Spot(
                f"WB-{number:02}", f"Wijkbedrijf {number}", "wijkbedrijf", wijk, "work", later,
                start + dt.timedelta(days=330), 9,
            )
        )  # fmt: skip
    for number, wijk in enumerate(WIJKEN, 1):
        later = start + dt.timedelta(days=(0, 60, 120, 300)[number - 1])
        found.append(
            Spot(
                f"IE-{number:02}", f"Instapeconomie {number}", "pilot", wijk, "pilot", later,
                later + dt.timedelta(days=240), 0,
            )
        )  # fmt: skip
    return found


def schedule(spot: Spot, widened: bool, valid_from: dt.date) -> Raw:
    """The schedule form of a place."""
    raw = {"valid_from": [valid_from.isoformat()]}
    parts = ("from", "until", "from_2", "until_2")
    for day, times in HOURS[spot.hours][widened].items():
        raw |= {f"{day}_{part}": [time] for part, time in zip(parts, times, strict=False)}
    return raw


def name_for(spot: Spot, chance: Random) -> str:
    """A call name that nobody at the place has yet."""
    first = chance.choice(NAMES)
    for letter in ("", *(f" {letter}" for letter in "BCDEFGHJKLMNPRSTVWZ")):
        if first + letter not in spot.names:
            spot.names.add(first + letter)
            return first + letter
    return name_for(spot, chance)


def newcomer(
    spot: Spot, chance: Random, role: str, day: dt.date, pilot: str = ""
) -> dict[str, list[str]]:
    """The form of somebody new at a place."""
    raw = {
        "role": [role],
        "known_elsewhere": [chance.choices(("no", "unknown", "yes_no_card"), (90, 6, 4))[0]],
        "call_name": [name_for(spot, chance)],
        "started": [day.isoformat()],
        "informed": ["OK"],
    }
    if role == "participant":
        raw["labour_distance"] = chance.choices(("yes", "no", "unknown"), (78, 14, 8))
        if pilot:
            raw |= {"pilot": [pilot], "pilot_from": [day.isoformat()]}
    return raw


def closed(day: dt.date, chance: Random, spot: Spot) -> str:
    """Why a place is closed on a day of its schedule; empty when it is open."""
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return "vacation"
    return chance.choice(REASONS) if chance.random() < 0.02 else ""


def opening(blocks: Sequence[tuple[str, str]], day: dt.date, chance: Random, reason: str) -> Raw:
    """The opening form of a day."""
    raw = {"date": [day.isoformat()]}
    if reason:
        return {**raw, "open": ["no"], "closed_reason": [reason]}
    (start, until), *more = blocks
    if chance.random() < 0.03 and until > "15:00":
        until = "15:00"
    raw |= {"open": ["yes"], "open_from": [start], "open_until": [until]}
    if more:
        raw |= {"open_from_2": [more[0][0]], "open_until_2": [more[0][1]]}
    if until != blocks[0][1]:
        raw["closed_reason"] = ["no_volunteers"]
    return raw


def visitors(spot: Spot, day: dt.date, daypart: str, chance: Random, growth: float) -> Raw:
    """The visitors form of a daypart."""
    raw = {"date": [day.isoformat()], "daypart": [daypart]}
    if chance.random() < 0.015:
        return {**raw, "not_counted": ["OK"]}
    weight = {"morning": 1.0, "afternoon": 1.3, "evening": 0.7}[daypart] * growth
    count = max(0, round(chance.gauss(spot.busy * weight, spot.busy * 0.3)))
    raw["visitors"] = [str(count)]
    picked = [name for name, share in ACTIVITIES if chance.random() < share]
    if picked:
        raw["activities"] = picked
    if count and chance.random() < 0.4:
        raw["new_visitors"] = [str(min(count, chance.randint(0, 3)))]
    for name in REFERRALS:
        if chance.random() < 0.04:
            raw[name] = [str(chance.randint(1, 3))]
    return raw


def crews(spot: Spot, day: dt.date, daypart: str, chance: Random) -> Iterator[Raw]:
    """The attendance forms of a daypart: one per crew, nobody in two at once."""
    people = spot.here("participant")
    chance.shuffle(people)
    size = max(3, len(people) // 7)
    many = 3 if spot.kind == "wijkbedrijf" else 1
    for task in chance.sample(TASKS, many):
        crew, people = people[: size + chance.randint(0, 3)], people[size + 3 :]
        if crew:
            yield {
                "date": [day.isoformat()],
                "daypart": [daypart],
                "task": [task],
                **hours(crew, chance, ("3", "3,5", "4")),
            }


def hours(
    people: Sequence[Someone], chance: Random, lengths: Sequence[str]
) -> dict[str, list[str]]:
    """Who was there and for how long; now and then some stay shorter."""
    codes = [one.code for one in people]
    raw = {"who": codes, "hours": [chance.choice(lengths)]}
    if len(codes) > 3 and chance.random() < 0.2:
        raw |= {"who": codes[1:], "who_2": codes[:1], "hours_2": ["1,5"]}
    return raw


def step(someone: Someone, chance: Random, day: dt.date) -> Raw | None:
    """The next step somebody takes, if any."""
    if someone.role == "volunteer":
        wanted = ("coaching_offered", "coaching_started", "coaching_done")
        following = next((name for name in wanted if name not in someone.steps), "")
        if following == "coaching_started" and chance.random() < 0.3:
            following = "coaching_declined"
    else:
        following = chance.choice(("course_started", "coaching_offered", "paid_work_stays"))
    if not following or following in someone.steps:
        return None
    someone.steps.add(following)
    return {"person": [someone.code], "date": [day.isoformat()], "step": [following]}


def leaving(someone: Someone, chance: Random, day: dt.date) -> Raw:
    """Somebody leaves."""
    reasons = (
        "paid_work", "paid_work_supported", "education", "volunteer_elsewhere", "moved",
        "personal", "unknown",
    )  # fmt: skip
    someone.left = True
    return {
        "person": [someone.code],
        "date": [day.isoformat()],
        "step": ["left"],
        "left_reason": [chance.choices(reasons, (5, 3, 4, 3, 2, 4, 3))[0]],
    }
