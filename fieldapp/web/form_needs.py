"""What the pages themselves need of a form that the office changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fieldapp.ask.question import Form
from fieldapp.errors import Message

LEANED_ON: Mapping[str, str] = {
    "opening": "place regular_from regular_until regular_from_2 regular_until_2 date open "
    "open_from open_until open_from_2 open_until_2 hours_open closed_reason",
    "visitors": "place date daypart visitors not_counted activities",
    "volunteer_hours": "place date nobody who hours who_2 hours_2",
    "attendance": "place date daypart task who hours who_2 hours_2",
    "person_new": "place place_kind person role known_elsewhere card_code call_name started "
    "labour_distance pilot pilot_from informed",
    "step": "place person date step left_reason pilot pilot_from pilot_until",
    "schedule": "place valid_from opening_hours",
    "closure": "place from until closed_reason",
    "volunteer_month": "place month nobody allowance",
    "month_report": "place month change",
    "year_report": "place place_kind year outlook own_income_eur total_income_eur",
    "place": "code name kind wijk address active_from active_until example",
    "place_facts": "place valid_from baseline_hours coordinators coordinators_trained "
    "coordinators_paid",
    "place_change": "place valid_from name wijk buurt_code address",
    "pilot": "code name wijk run_by active_from active_until",
    "initiative": "code title goal results owner",
    "milestone": "result_id as_of status value explanation outlook source owner",
    "network_meeting": "date places about",
    "target": "result_id value value_most valid_from valid_until source",
    "path": "result_id date value source",
    "baseline": "result_id place_code value as_of source",
    "judgement": "result_id as_of judgement words confidential confidential_reason",
    "reading": "row edits_read passed",
}
"""Questions that pages, lists and registers read by name, by form."""

_BRIEF = {"opening", "visitors", "person_new", "step", "volunteer_month", "reading"}
"""Forms that are also filled in on a page that asks less: the week, a list of names, one tap."""


def needed(before: Form, after: Form) -> Iterator[Message]:
    """Why the pages cannot do with `after` where they had `before`."""
    leaned = LEANED_ON.get(after.form_id, "").split()
    for name in before.columns:
        if name in leaned and name not in after.columns:
            yield Message(
                "De vraag '{name}' kan niet weg: pagina's van de app gebruiken hem. Zet hem terug.",
                {"name": name},
            )
    for name, question in after.columns.items():
        was = before.columns.get(name)
        new = question.required is not None and (was is None or was.required is None)
        if new and after.form_id in _BRIEF:
            yield Message(
                "De vraag '{name}' kan hier niet verplicht zijn: er zijn ook korte pagina's die "
                "hem niet stellen, zoals Mijn week. Laat required leeg.",
                {"name": name},
            )
