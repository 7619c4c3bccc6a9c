"""A small year lived by hand: three meeting places, two wijkbedrijven, a pilot.

What it comes to is worked out on paper in test_results.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldapp.keep.store import Store
from tests.report.diary import Diary

Given = Mapping[str, str | Sequence[str]]
WEEK = {
    f"{day}_{end}": time
    for day in ("mo", "tu", "we", "th", "fr")
    for end, time in (("from", "09:00"), ("until", "17:00"))
}


def live(store: Store) -> Mapping[str, str]:
    """Fills an empty instance with the year; gives the ids and card codes that tests point at."""
    diary = Diary(store)
    _found(diary)
    _promises(diary)
    people = _people(diary)
    return {**people, **_days(diary, people), **_months(diary, people)}


def _found(diary: Diary) -> None:
    """Places, schedules and facts. Morgenstond has no place at all."""
    for code, kind, wijk, since in (
        ("OP-01", "meeting_place", "bouwlust", "2024-01-01"),
        ("OP-02", "meeting_place", "moerwijk", "2024-01-01"),
        ("OP-03", "meeting_place", "moerwijk", "2025-03-01"),
        ("WB-01", "wijkbedrijf", "moerwijk", "2024-01-01"),
        ("WB-02", "wijkbedrijf", "vrederust", "2025-06-01"),
        ("IE-01", "pilot", "vrederust", "2024-01-01"),
    ):
        cohort = {"cohort_14": "OK"} if code in ("OP-01", "OP-02") else {}
        diary.send("2024-01-01", None, "place", code=code, name=f"Plek {code}", kind=kind,
                   wijk=wijk, active_from=since, **cohort)  # fmt: skip
    first = {f"{day}_{end}": WEEK[f"{day}_{end}"] for day in ("mo", "we", "fr")
             for end in ("from", "until")}  # fmt: skip
    diary.send("2024-01-01", "OP-01", "schedule", valid_from="2024-01-01", **first)
    diary.send("2025-06-20", "OP-01", "schedule", valid_from="2025-07-01", **WEEK,
               we_from_2="19:00", we_until_2="21:30")  # fmt: skip
    diary.send("2024-01-01", "OP-02", "schedule", valid_from="2024-01-01", tu_from="10:00",
               tu_until="16:00", th_from="10:00", th_until="16:00", sa_from="10:00",
               sa_until="14:00")  # fmt: skip
    diary.send("2025-03-01", "OP-03", "schedule", valid_from="2025-03-01", mo_from="09:00",
               mo_until="12:00")  # fmt: skip
    for code in ("WB-01", "WB-02", "IE-01"):
        diary.send("2024-01-01", code, "schedule", valid_from="2024-01-01", **WEEK)
    for code, run_by, wijk, since in (
        ("PI-01", "IE-01", "vrederust", "2024-01-01"), ("PI-02", "WB-01", "moerwijk", "2025-02-01"),
    ):  # fmt: skip
        diary.send("2024-01-01", None, "pilot", code=code, name=f"Pilot {code}", wijk=wijk,
                   run_by=run_by, active_from=since)  # fmt: skip
    facts = (
        ("OP-01", "2024-01-01", "2", "1", "0", "Mo,We,Fr 09:00-17:00"),
        ("OP-02", "2024-01-01", "1", "0", "0", ""),
        ("OP-01", "2025-05-01", "2", "2", "2", ""),  # the baseline is not told again
    )
    for code, since, there, trained, paid, baseline in facts:
        diary.send("2025-05-02", None, "place_facts", place=code, valid_from=since,
                   coordinators=there, coordinators_trained=trained, coordinators_paid=paid,
                   baseline_hours=baseline)  # fmt: skip


def _promises(diary: Diary) -> None:
    """Milestones, the network, a target that changes."""
    for result, day, status, value in (
        ("4/1.1.1.d", "2024-06-01", "busy", ""), ("4/1.1.1.d", "2025-09-15", "reached", ""),
        ("4/1.1.2.b", "2025-01-01", "busy", ""), ("4/1.1.2.b", "2025-11-01", "reached", ""),
        ("4/1.1.3.a", "2024-02-01", "busy", ""), ("4/1.1.3.a", "2024-03-20", "reached", ""),
        ("4/1.1.3.a", "2025-04-01", "secured", ""),
        ("4/1.2.1.a", "2024-09-01", "busy", "2.5"),
        ("4/1.3.1", "2025-05-01", "busy", "1"), ("4/1.3.1", "2025-11-15", "reached", "3"),
        ("4/2.3.3.a", "2024-12-01", "busy", "60"), ("4/2.3.3.a", "2025-06-30", "busy", "80"),
        ("3/2.5.1", "2025-10-10", "attention", ""),
    ):  # fmt: skip
        diary.send(day, None, "milestone", result_id=result, as_of=day, status=status, value=value)
    wrong = diary.send("2025-10-01", None, "milestone", result_id="4/1.2.1.a", as_of="2025-10-01",
                       status="secured")  # fmt: skip
    diary.withdraw("2025-10-02", "milestone", wrong)
    for day, places in (
        ("2024-11-05", ["OP-01", "OP-02"]), ("2025-02-04", ["OP-01"]),
        ("2025-10-07", ["OP-01", "OP-03"]),
    ):  # fmt: skip
        diary.send(day, None, "network_meeting", date=day, places=places)
    for value, since, until in (("100", "2024-01-01", "2025-06-30"), ("120", "2025-07-01", "")):
        diary.send(since, None, "target", result_id="4/1.1.1.g", value=value, valid_from=since,
                   valid_until=until, source="convenant")  # fmt: skip


def _people(diary: Diary) -> dict[str, str]:
    """Who comes, moves, takes a step and leaves."""
    hi, step = diary.welcome, diary.step
    ann = hi("2024-02-01", "OP-01", "volunteer", "Ann")
    bas = hi("2024-02-01", "OP-01", "volunteer", "Bas")
    cor = hi("2024-03-01", "OP-02", "volunteer", "Cor")
    ima = hi("2024-03-01", "WB-01", "participant", "Ima", labour_distance="yes")
    in_pilot = {"labour_distance": "yes", "pilot": "PI-01", "pilot_from": "2024-04-01"}
    mia, nol = (
        hi("2024-04-01", "IE-01", "participant", each, **in_pilot) for each in ("Mia", "Nol")
    )
    step("2024-12-15", "OP-01", ann, "coaching_offered")
    step("2024-12-20", "IE-01", nol, "left", left_reason="pilot_ended")
    eva = hi("2025-01-01", "OP-02", "volunteer", "Eva")
    fay = hi("2025-01-01", "OP-02", "volunteer", "Fay", known_elsewhere="yes_no_card")
    gus = hi("2025-01-01", "OP-01", "volunteer", "Gus")
    guus = hi("2025-01-01", "OP-02", "volunteer", "Guus", known_elsewhere="unknown")
    hi("2025-01-10", "OP-02", "volunteer", "Bas", card_code=bas)
    step("2025-01-20", "OP-01", ann, "coaching_started")
    step("2025-02-01", "OP-02", eva, "coaching_offered")
    job = hi("2025-02-01", "WB-01", "participant", "Job", labour_distance="yes", pilot="PI-02",
             pilot_from="2025-02-01")  # fmt: skip
    kim = hi("2025-02-01", "WB-01", "participant", "Kim", labour_distance="no")
    step("2025-03-01", "WB-01", kim, "pilot", pilot="PI-02", pilot_from="2025-03-01")
    dia = hi("2025-03-01", "OP-03", "volunteer", "Dia", known_elsewhere="unknown")
    step("2025-03-31", "IE-01", mia, "left", left_reason="other_place")
    hi("2025-04-01", "WB-01", "participant", "Mia", card_code=mia, labour_distance="yes")
    step("2025-04-10", "OP-02", bas, "coaching_offered")
    step("2025-05-02", "OP-02", cor, "coaching_offered")
    step("2025-05-31", "OP-02", cor, "left", left_reason="other_place")
    hi("2025-06-01", "OP-01", "volunteer", "Cor", card_code=cor)
    step("2025-06-01", "OP-03", dia, "coaching_offered")
    lou = hi("2025-06-01", "WB-02", "participant", "Lou", known_elsewhere="unknown",
             labour_distance="unknown")  # fmt: skip
    hi("2025-06-15", "WB-02", "participant", "Ima", card_code=ima, labour_distance="yes")
    step("2025-06-30", "OP-01", ann, "coaching_done")
    step("2025-08-31", "WB-01", kim, "pilot", pilot="PI-02", pilot_until="2025-08-31")
    step("2025-08-31", "OP-02", eva, "left", left_reason="other_place")
    hi("2025-09-01", "WB-01", "participant", "Eva", card_code=eva, labour_distance="yes")
    step("2025-10-15", "OP-01", bas, "coaching_started")
    offer = step("2025-10-20", "OP-02", guus, "coaching_offered")
    step("2025-10-30", "OP-01", ann, "paid_work_stays")
    step("2025-11-30", "OP-02", fay, "left", left_reason="paid_work")
    step("2025-12-05", "WB-01", job, "left", left_reason="paid_work")
    diary.merge("2025-12-10", gus, guus)
    named = {"ann": ann, "bas": bas, "cor": cor, "dia": dia, "eva": eva, "fay": fay, "gus": gus}
    return named | {"guus": guus, "ima": ima, "job": job, "kim": kim, "lou": lou, "mia": mia,
                    "nol": nol, "offer": offer}  # fmt: skip


def _days(diary: Diary, who: Mapping[str, str]) -> dict[str, str]:
    """Opening, visitors, hours of volunteers, and who took part."""
    send = diary.send
    found = {}

    def opened(place: str, day: str, since: str, until: str, **raw: str) -> str:
        times = {"open": "yes", "open_from": since, "open_until": until}
        return send(day, place, "opening", date=day, **times | raw)

    def visits(place: str, day: str, part: str, count: str, *activities: str, **raw: str) -> str:
        counted = {"visitors": count} if count else {"not_counted": "OK"}
        return send(day, place, "visitors", date=day, daypart=part, activities=activities,
                    **counted, **raw)  # fmt: skip

    def helped(place: str, day: str, hours: str, *people: str, **raw: str | Sequence[str]) -> str:
        codes = [who[each] for each in people]
        return send(day, place, "volunteer_hours", date=day, who=codes, hours=hours, **raw)

    def worked(place: str, day: str, task: str, hours: str, *people: str,
               **raw: str | Sequence[str]) -> str:  # fmt: skip
        codes = [who[each] for each in people]
        return send(day, place, "attendance", date=day, daypart="morning", task=task, who=codes,
                    hours=hours, **raw)  # fmt: skip

    opened("OP-01", "2024-05-06", "09:00", "17:00")
    opened("OP-01", "2025-03-03", "09:00", "17:00")
    found["open"] = opened("OP-01", "2025-10-01", "09:00", "17:00", open_from_2="19:00",
                           open_until_2="21:30")  # fmt: skip
    opened("OP-01", "2025-10-03", "09:00", "13:00", closed_reason="no_volunteers")
    opened("OP-01", "2025-10-03", "09:00", "17:00")  # another phone: waits
    send("2025-10-06", "OP-01", "opening", date="2025-10-06", open="no", closed_reason="building")
    opened("OP-02", "2025-10-02", "10:00", "16:00")

    visits("OP-01", "2024-05-06", "morning", "10", "language_childcare", new_visitors="10")
    visits("OP-02", "2025-03-04", "morning", "7", "meal", "language", "language_childcare",
           ref_money="1")  # fmt: skip
    wrong = visits("OP-02", "2025-03-06", "afternoon", "50", "party")
    diary.withdraw("2025-03-07", "visitors", wrong)
    found["visit"] = visits("OP-01", "2025-10-01", "morning", "12", "drop_in",
                            "language_childcare", new_visitors="2", ref_money="2",
                            ref_care="1")  # fmt: skip
    visits("OP-01", "2025-10-01", "afternoon", "", "language")
    fewer = visits("OP-01", "2025-10-03", "morning", "8", "drop_in")
    visits("OP-01", "2025-10-03", "morning", "30", "party")  # another phone: waits
    diary.change("2025-10-04", "OP-01", "visitors", fewer, visitors=["9"])
    visits("OP-02", "2025-10-02", "morning", "5", "meal")
    second = visits("OP-02", "2025-10-02", "morning", "4", "meal")  # at the other door
    diary.decide("2025-10-03", "OP-02", "visitors", second, "add")
    visits("OP-03", "2025-10-06", "morning", "3", "party")
    visits("WB-01", "2025-10-01", "morning", "6", "language")

    helped("OP-01", "2024-05-06", "4", "ann")
    send("2025-03-04", "OP-02", "volunteer_hours", date="2025-03-04", nobody="OK")
    helped("OP-01", "2025-10-01", "4", "ann", "bas", who_2=[who["cor"]], hours_2="2")
    helped("OP-02", "2025-10-02", "3", "bas", "guus")
    helped("OP-01", "2025-10-03", "5", "gus")
    helped("OP-03", "2025-10-06", "2", "dia")

    worked("WB-01", "2024-06-03", "green", "2", "ima")
    worked("IE-01", "2024-06-03", "green", "3", "mia", "nol")
    worked("IE-01", "2025-02-03", "green", "3", "mia")
    worked("WB-01", "2025-05-05", "repairs", "4", "mia", "ima")
    alone = worked("WB-01", "2025-05-06", "food", "3", "kim")
    diary.change("2025-05-07", "WB-01", "attendance", alone, who=[who["kim"], who["job"]])
    wrong = worked("WB-01", "2025-05-07", "painting", "8", "kim")
    diary.withdraw("2025-05-08", "attendance", wrong)
    worked("WB-01", "2025-10-01", "green", "3", "ima", "job", who_2=[who["eva"]], hours_2="2")
    found["crew"] = worked("WB-01", "2025-10-01", "litter", "1", "kim", "job")  # the other crew
    worked("WB-01", "2025-10-02", "learning", "2", "mia")
    worked("WB-02", "2025-10-06", "squares", "2", "ima", "lou")
    worked("WB-02", "2025-10-06", "squares", "5", "lou")  # another phone: waits
    return found


def _months(diary: Diary, who: Mapping[str, str]) -> dict[str, str]:
    """Allowances, and what places tell by the month and the year."""

    def paid(place: str, month: str, *people: str) -> str:
        codes = [who[each] for each in people]
        given: Given = {"allowance": codes} if codes else {"nobody": "OK"}
        return diary.send(f"{month}-28", place, "volunteer_month", month=f"{month}-01", **given)

    def told(place: str, month: str, *support: str, partners: Sequence[str] = (),
             **raw: str | Sequence[str]) -> str:  # fmt: skip
        return diary.send(f"{month}-28", place, "month_report", month=f"{month}-01",
                          support_received=support, partners_present=partners,
                          **{"worked": "Samen koken."} | raw)  # fmt: skip

    paid("OP-01", "2024-11", "ann", "bas")
    paid("OP-01", "2025-03", "ann")
    paid("OP-02", "2025-03", "bas", "cor", "fay")
    found = {"allowance": paid("OP-01", "2025-10", "ann", "cor", "gus")}
    paid("OP-02", "2025-10", "guus", "fay")
    paid("OP-03", "2025-10", "dia")
    paid("OP-01", "2025-11")
    wrong = paid("OP-02", "2025-12", "bas")
    diary.withdraw("2025-12-30", "volunteer_month", wrong)

    told("OP-01", "2024-11", "none", partners=["care"], programme_checked="2024-11-02")
    told("OP-02", "2025-04", "volunteers", "other", partners=["municipality"])
    told("OP-01", "2025-10", "volunteers", "marketing", partners=["police", "neighbours"],
         lesson_about=["reach"], programme_checked="2025-09-20")  # fmt: skip
    told("OP-02", "2025-10", "none", partners=["neighbours"], lesson_about=["reach", "money"])
    told("OP-03", "2025-10", "sponsors", partners=["housing"])
    wrong = told("WB-01", "2025-10", "business")
    diary.withdraw("2025-10-29", "month_report", wrong)

    for place, year, own, total in (
        ("WB-01", "2024", "500", "5000"), ("WB-01", "2025", "2000", "8000"),
        ("WB-02", "2025", "1000", "4000"),
    ):  # fmt: skip
        diary.send(f"{year}-12-31", place, "year_report", year=f"{year}-01-01", outlook="Meer.",
                   own_income_eur=own, total_income_eur=total)  # fmt: skip
    return found
