"""What is not right in a workbook is told cell by cell; who may bring one, and how much."""

from __future__ import annotations

import datetime as dt
import io
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

from fieldapp.keep import uploaded
from fieldapp.keep.store import Store
from fieldapp.web import incoming
from tests.page import Client
from tests.web.workbooks import (
    DAY,
    DAYS,
    THREE,
    counts,
    faults,
    hand_in,
    outcome,
    upload,
    workbook,
)


def refused(office: Client, form_id: str, data: bytes, changes: Callable[[], int]) -> list[str]:
    """What is said of a file that is refused whole."""
    before = changes()
    answer = hand_in(office, form_id, data)
    assert answer.status_code == 422
    assert changes() == before
    return faults(answer)


def test_every_mistake_is_a_cell_and_a_sentence(office: Client, changes: Callable[[], int]) -> None:
    tomorrow = dt.date(2026, 11, 21)
    data = workbook(
        DAYS,
        ("OP-01", DAY, "Ochtend", 24),
        ("OP-01", "gisteren", "Ochtend", 24),
        ("OP-01", DAY, "nacht", 24),
        ("OP-01", tomorrow, "Middag", 24),
        ("IE-01", DAY, "Middag", 24),
        (None, DAY, "Middag", 24),
        ("OP-02", DAY, "Middag", "veel"),
        ("OP-02", DAY, "Avond", None),
        ("OP-01", DAY, "morning", 25),
    )
    assert sorted(refused(office, "visitors", data, changes)) == sorted([
        "B3: Vul een datum in als dag-maand-jaar. Bijvoorbeeld 3-11-2026.",
        "C4: nacht staat niet in de lijst. Kies een antwoord uit de lijst.",
        "B5: Kies vandaag of een dag die al voorbij is.",
        "A6: IE-01 vult dit formulier niet in.",
        "A7: Vul in welke plek het is.",
        "D8: Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24.",
        "D9: Vul in hoeveel bezoekers er waren. Waren er geen bezoekers? Vul 0 in.",
        "A10: Dit gaat over hetzelfde als regel 2. Houd er één.",
    ])  # fmt: skip


def test_mistakes_are_told_in_english_too(office: Client, changes: Callable[[], int]) -> None:
    office.post("/language", data={"csrf_token": office.token(), "language": "en"})
    data = workbook(DAYS, ("OP-01", DAY, "nacht", 1), ("OP-01", DAY, "Ochtend", None))
    assert refused(office, "visitors", data, changes) == [
        "C2: nacht is not in the list. Choose an answer from the list.",
        "D3: Fill in how many visitors there were. Were there none? Fill in 0.",
    ]


def test_of_a_thousand_unknown_places_the_first_dozen_are_named(
    office: Client, changes: Callable[[], int]
) -> None:
    rows = [(f"ZZ-{n}", DAY, "Ochtend", 1) for n in range(1_000)]
    said = refused(office, "visitors", workbook(DAYS, *THREE, *rows), changes)
    assert said[0] == "A5: ZZ-0 staat niet in de lijst. Kies een antwoord uit de lijst."
    assert said[12] == "Andere cellen: En nog 988 keer zoiets."
    assert len(said) == 13


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (("place", "date", "visitors"), "A1: De kolom Welk deel van de dag? ontbreekt."),
        ((*DAYS, "weer"), "E1: Deze kolom kennen wij niet: weer."),
        ((*DAYS, "Plek"), "E1: Deze kolom staat er twee keer: Plek."),
        ((*DAYS, "hours_open"), "E1: Deze kolom kennen wij niet: hours_open."),
    ],
)
def test_headings_are_looked_at_first(
    office: Client, changes: Callable[[], int], headings: Sequence[str], says: str
) -> None:
    said = refused(office, "visitors", workbook(headings, *THREE), changes)
    assert len(said) == 1
    assert said[0].startswith(says)


def test_what_is_needed_but_has_no_column_is_told_at_its_row(
    office: Client, changes: Callable[[], int]
) -> None:
    data = workbook(DAYS[:3], THREE[0][:3])
    assert refused(office, "visitors", data, changes) == [
        "A2: Hier is ook de kolom Hoeveel mensen kwamen er? nodig."
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Dit bestand is leeg."),
        (b"plek;dag\n", "Dit is geen Excel-bestand."),
        (workbook(DAYS), "Onder de koppen staat nog niets."),
        (workbook((), ()), "Er staat niets op dit blad."),
        (workbook(DAYS, ("OP-01", DAY, "Ochtend", "=1+1")), "Hier staat een formule."),
        (workbook(DAYS, *THREE) + b"\0" * 2_000_000, "Dit bestand is groter dan 2 MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    office: Client, changes: Callable[[], int], kept: Any, data: bytes, says: str
) -> None:
    said = refused(office, "visitors", data, changes)
    assert says in said[0]
    assert kept("upload") == []


def test_a_card_number_of_a_citizen_never_comes_in(
    office: Client, changes: Callable[[], int]
) -> None:
    data = workbook(("place", "year", "outlook"), ("OP-01", 2024, "Het ging om 111222333."))
    assert "burgerservicenummer" in refused(office, "year_report", data, changes)[0]


def test_without_a_file_the_page_says_so(office: Client) -> None:
    answer = office.fill("/office/import/visitors", {"file": (io.BytesIO(), "")})
    assert answer.status_code == 422
    assert "Kies eerst een bestand." in answer.text


# --- who, and how much --------------------------------------------------------------------------


def test_only_the_office_enters(
    office: Client, hire: Any, sign_in: Any, phone: Client, changes: Callable[[], int]
) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    reader, other = sign_in(hire("lezer", "reader")), sign_in(hire("collega"))
    before = changes()
    for path in ("/office/import", "/office/import/visitors", address,
                 "/office/import/visitors/template.xlsx"):  # fmt: skip
        assert reader.get(path).status_code == 403
        assert phone.get(path).status_code == 303
    assert reader.post(address).status_code == 403
    assert other.get(address).status_code == 404  # somebody else's file
    assert other.post(address, data={"csrf_token": other.token("/office/")}).status_code == 404
    assert changes() == before


def test_without_a_token_nothing_comes_in(
    office: Client, kept: Any, changes: Callable[[], int]
) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    before = changes()
    assert office.post(address).status_code == 422
    data = {"file": (io.BytesIO(workbook(DAYS, *THREE)), "x.xlsx")}
    assert office.post("/office/import/visitors", data=data).status_code == 422
    assert (changes(), counts(kept)) == (before, [])


def test_what_changed_meanwhile_is_shown_before_anything_is_entered(
    office: Client, send: Any, kept: Any
) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    shown = office.get(address)
    send("OP-02", "visitors", {"date": "2024-10-01", "daypart": "morning", "visitors": "8"})
    answer = office.send(shown)
    assert answer.status_code == 409
    assert "Intussen is er iets veranderd." in answer.text
    assert outcome(answer)[:2] == ["Erbij: 2", "Veranderd: 1"]
    assert len(kept("form_visitors")) == 1
    assert office.send(answer, action=address).status_code == 303
    assert sorted(row["visitors"] for row in kept("form_visitors")) == [7, 24, 31]


def test_what_became_wrong_meanwhile_is_told_before_anything_is_entered(
    office: Client, send: Any, kept: Any, small: Store, clock: Any
) -> None:
    shown = office.get(upload(office, "visitors", workbook(DAYS, *THREE)))
    with small.write("test", clock()) as write:
        write.connection.execute("DELETE FROM list_places WHERE name = 'OP-02'")
        write.note("test", "place", None)
    answer = office.send(shown)
    assert answer.status_code == 422
    assert faults(answer) == ["A4: OP-02 staat niet in de lijst. Kies een antwoord uit de lijst."]
    assert kept("form_visitors") == []


def test_what_has_nothing_to_do_with_the_file_does_not_stand_in_its_way(
    office: Client, send: Any, kept: Any
) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    shown = office.get(address)
    send("OP-02", "visitors", {"date": "2026-11-19", "daypart": "morning", "visitors": "8"})
    assert office.send(shown).status_code == 303
    assert len(kept("form_visitors")) == 4


def test_all_or_nothing(
    office: Client, kept: Any, changes: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    shown, before, add = office.get(address), changes(), incoming.rows.add

    def failing(*given: Any) -> Any:
        if len(given) and given[3].values["visitors"] == 7:
            raise RuntimeError("the power went")
        return add(*given)

    monkeypatch.setattr(incoming.rows, "add", failing)
    with pytest.raises(RuntimeError):
        office.send(shown)
    assert (counts(kept), changes()) == ([], before)
    monkeypatch.undo()
    assert office.send(shown, action=address).status_code == 303
    assert len(counts(kept)) == 3


def test_only_this_page_takes_more_than_a_form(app: Flask, office: Client) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 300_000
    data = workbook(DAYS, *THREE) + b"\0" * 500_000
    answer = hand_in(office, "visitors", data)
    assert "niet lezen" in answer.text or answer.status_code == 303
    token = office.token("/office/")
    much = {"csrf_token": token, "name": "x" * 500_000}
    assert office.post("/office/form/place", data=much).status_code == 413
    answer = hand_in(office, "visitors", b"PK" + b"\0" * 3_000_000)
    assert answer.status_code == 422
    assert "groter dan 2 MB" in answer.text


def test_what_was_in_a_file_goes_when_it_is_entered(office: Client, kept: Any) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    assert len(kept("upload")[0]["content"]) > 1_000
    office.fill(address)
    assert kept("upload")[0]["content"] == b""
    assert office.get(f"/office/import/visitors/{uuid.uuid4()}").status_code == 404


def test_files_of_earlier_days_are_let_go_of(
    small: Store, clock: Any, clerk: Any, kept: Any
) -> None:
    who = clerk.account.id
    for name in ("old", "new"):
        with small.write("test", clock()) as write:
            token = str(uuid.uuid4())
            uploaded.keep(write, token, who, "visitors", name, b"x")
        clock.forward(days=1, minutes=1)
    assert [row["name"] for row in kept("upload")] == ["new"]


def test_no_folder_and_no_long_number_of_a_file_is_told(office: Client, kept: Any) -> None:
    name = "C:/Mijn documenten/lijst 111222333.xlsx"
    upload(office, "visitors", workbook(DAYS, *THREE))
    hand_in(office, "visitors", workbook(DAYS, *THREE), name)
    assert kept("upload")[1]["name"] == "lijst ….xlsx"


def test_the_journal_holds_counts_and_no_name_of_a_file(
    enter_all: Any, kept: Any, clerk: Any
) -> None:
    enter_all("visitors", workbook(DAYS, *THREE))
    line = next(row for row in kept("journal") if row["action"] == "import")
    assert line["after"] == '{"added":3,"changed":0,"same":0,"withdrawn":0}'
    assert line["actor"] == f"account:{clerk.account.id}"
    assert not [row for row in kept("journal") if "oud jaar" in str(row)]


def test_in_a_closed_month_the_office_still_enters(
    enter_all: Any, small: Store, clock: Any, kept: Any, send: Any
) -> None:
    send("OP-01", "visitors", {"date": "2024-10-01", "daypart": "morning", "visitors": "20"})
    with small.write("test", clock()) as write:
        write.connection.execute(
            "INSERT INTO closing (month, at, actor) VALUES ('2024-10', '2024-11-08T09:00:00Z', 'x')"
        )
    enter_all("visitors", workbook(DAYS, *THREE))
    assert sorted(row["visitors"] for row in kept("form_visitors")) == [7, 24, 31]


def test_thousands_of_rows_come_in_within_seconds(
    office: Client, enter_all: Any, kept: Any
) -> None:
    rows = [
        (place, DAY + dt.timedelta(days=n), part, n % 50)
        for place in ("OP-01", "OP-02")
        for n in range(500)
        for part in ("Ochtend", "Middag", "Avond")
    ]
    begun = time.monotonic()
    shown = enter_all("visitors", workbook(DAYS, *rows))
    assert time.monotonic() - begun < 60
    assert outcome(shown)[0] == "Erbij: 3000"
    assert len(kept("form_visitors")) == 3_000
