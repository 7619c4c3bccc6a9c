"""What the example's places tell by the month and the year, and when they close for longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from fieldapp.ask.answer import Raw
from fieldapp.demo.life import Someone, Spot

WORKED = (
    "De koffieochtend trekt steeds meer mensen.", "Samen koken brengt nieuwe buren binnen.",
    "De taalles zit vol, ook met jonge ouders.", "Vrijwilligers vroegen zelf hun buren mee.",
    "De fietsen worden nu door deelnemers zelf gemaakt.", "Het spreekuur op dinsdag loopt goed.",
    "De tuin is opgeknapt met hulp van de buurt.", "Langer open op woensdag werkt goed.",
)  # fmt: skip
NOT_WORKED = (
    "In de avond komen nog weinig mensen.", "Wij vonden geen vrijwilliger voor vrijdag.",
    "De flyers leverden niemand op.", "De verwarming deed het twee dagen niet.",
    "De cursus was te moeilijk om te volgen.", "Jongeren bereiken wij nog niet.",
)  # fmt: skip
CHANGE = (
    "Wij bellen mensen die lang niet kwamen.", "Wij beginnen een half uur later.",
    "Wij vragen de school om mee te denken.", "Wij hangen de poster bij de supermarkt.",
    "Wij doen de taalles in kleinere groepen.", "Wij maken een rooster met twee mensen per dag.",
)  # fmt: skip
OUTLOOK = {
    "meeting_place": (
        "Wij willen in de zomer open blijven en zoeken daarvoor vier vrijwilligers.",
        "Wij verwachten meer bezoekers als het nieuwe gebouw klaar is.",
        "Wij willen met twee organisaties een vast spreekuur beginnen.",
        "Wij gaan een tweede avond open, als wij genoeg mensen vinden.",
        "Wij willen meer jonge ouders bereiken, met taalles en oppas.",
        "Wij verwachten evenveel bezoekers, maar meer hulp bij brieven en telefoons.",
        "De huur gaat omhoog; wij zoeken een sponsor voor het eten.",
    ),
    "wijkbedrijf": (
        "Wij gaan meer klussen doen voor bewoners en voor de woningcorporatie.",
        "Wij willen een eigen werkplaats en twintig mensen erbij.",
        "Wij beginnen met het onderhoud van twee pleinen.",
        "Wij verwachten minder subsidie en zoeken vaste opdrachten.",
        "Wij gaan mensen opleiden die anderen begeleiden.",
    ),
    "pilot": (
        "Wij willen voor elke deelnemer een volgende stap vinden.",
        "Wij gaan ook in de avond werven, op de ontmoetingsplekken.",
        "Wij willen samen met het wijkbedrijf een tweede groep beginnen.",
    ),
}
PLAN = (
    "Twee vaste opdrachten en verkoop in de winkel, met een kleinere subsidie erbij.",
    "Onderhoud voor de corporatie, met een contract voor drie jaar.",
    "Wij rekenen nog; zonder subsidie redden wij het nu niet.",
    "Wij delen een werkplaats met een ander wijkbedrijf, dat scheelt huur.",
)
ABOUT = ("reach", "volunteers", "programme", "hours", "partners", "building", "language")
SUPPORT = ("volunteers", "marketing", "sponsors", "business")
PARTNERS = (
    "police", "mental_health", "housing", "money", "municipality", "work_school", "care",
    "neighbours",
)  # fmt: skip


def closures(spot: Spot, year: int) -> list[tuple[dt.date, dt.date]]:
    """When a place tells beforehand that it closes: summer at some, the end of the year at most."""
    number = int(spot.code[3:])
    found = []
    if number % 3 == 0:
        first = dt.date.fromisocalendar(year, 30, 1)
        found.append((first, first + dt.timedelta(days=13)))
    if number % 5:
        found.append((dt.date(year, 12, 24), dt.date(year + 1, 1, 2)))
    return found


def closure(first: dt.date, last: dt.date) -> Raw:
    """The closure form."""
    return {
        "from": [first.isoformat()],
        "until": [last.isoformat()],
        "closed_reason": ["vacation"],
    }


def allowances(month: dt.date, volunteers: Sequence[Someone]) -> Raw:
    """The allowance form of a month: the volunteers who have one, month after month."""
    after = (month + dt.timedelta(days=31)).replace(day=1).isoformat()
    codes = [one.code for one in volunteers if one.allowance and one.since < after]
    raw: dict[str, Sequence[str]] = {"month": [month.isoformat()]}
    return {**raw, "allowance": codes} if codes else {**raw, "nobody": ["OK"]}


def report(spot: Spot, month: dt.date, chance: Random) -> Raw:
    """The month report of a place."""
    raw: dict[str, Sequence[str]] = {
        "month": [month.isoformat()],
        "worked": [chance.choice(WORKED)],
        "lesson_about": chance.sample(ABOUT, chance.randint(1, 2)),
        "support_received": chance.sample(SUPPORT, chance.randint(1, 2)),
    }
    if chance.random() < 0.35:
        raw["support_received"] = ["none"]
    if chance.random() < 0.6:
        raw["not_worked"] = [chance.choice(NOT_WORKED)]
        raw["change"] = [chance.choice(CHANGE)]
    if partners := [name for name in PARTNERS if chance.random() < 0.3]:
        raw["partners_present"] = partners
    if month.month in (3, 9) and int(spot.code[3:]) % 4:
        raw["programme_checked"] = [month.replace(day=12).isoformat()]
    return raw


def year_report(spot: Spot, year: int, chance: Random) -> Raw:
    """The year report of a place."""
    raw = {"year": [f"{year}-01-01"], "outlook": [chance.choice(OUTLOOK[spot.kind])]}
    if spot.kind == "wijkbedrijf":
        own = chance.randint(8, 40) * 500
        raw["own_income_eur"] = [str(own)]
        raw["self_supporting_plan"] = [PLAN[(int(spot.code[3:]) + year) % len(PLAN)]]
        raw["total_income_eur"] = [str(own + chance.randint(120, 180) * 1000)]
    return raw
