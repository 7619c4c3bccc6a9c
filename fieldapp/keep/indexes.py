"""The indexes of a form's table: what records are found by without reading every one."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question

PERSONAL = {"person", "card_code"}
"""Answers that hold a card code though their question picks from no register."""


def statements(form: Form, table: str) -> Iterator[str]:
    """The statements after which a table has the indexes that its form needs."""
    keyed = [column for column in form.key if column != "place"]
    columns = ", ".join(f"[{column}]" for column in [*keyed, "_state"])
    yield (
        f"CREATE INDEX IF NOT EXISTS [{'_'.join(['at', form.form_id, *keyed])}] "
        f"ON [{table}] (_place, {columns})"
    )
    waits = f"[waits_{form.form_id}]"
    if form.key:
        # The few that wait are found among millions that do not; by its state in it, without the
        # table.
        yield (
            f"CREATE INDEX IF NOT EXISTS {waits} ON [{table}] (_place, _state) "
            "WHERE _state = 'double'"
        )
    else:  # nothing waits, and the index above says both
        yield f"DROP INDEX IF EXISTS {waits}"
    for column in (each.name for each in form.columns.values() if _is_one_person(each)):
        # Few show a card. Were the others counted as well, SQLite would not go by the index.
        some = "" if column == "person" else f" WHERE [{column}] IS NOT NULL"
        yield (
            f"CREATE INDEX IF NOT EXISTS [of_{form.form_id}_{column}] ON [{table}] ([{column}])"
            f"{some}"
        )


def _is_one_person(question: Question) -> bool:
    """Whether the answer is the card code of one person."""
    picked = question.register == "people" and kind_of(question).picks == "one"
    return picked or question.name in PERSONAL
