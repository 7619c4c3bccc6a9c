"""Forms by upload that are not taken: with the remedy, and with nothing changed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask

from fieldapp.keep import publish
from fieldapp.settings import Settings
from tests.page import Client
from tests.web.conftest import Kept
from tests.web.uploads import VERSION, again, one_more, row

KEY = r"(\| visitors \|.*\| )date daypart( *\|)"


def spoiled(text: str) -> Mapping[str, tuple[str, str, str]]:
    """Per case: what comes, for which form, and what is said."""
    newer = again(text)
    visitors = row(newer, "visitors")
    return {
        "fault": (newer.replace("| integer ", "| intger ", 1), "visitors", "intger"),
        "same version": (text.replace("kwamen er?", "waren er?"), "visitors",
                         "Versie 2026112301 is er al, met andere inhoud."),
        "nothing new": ("# remark\n" + text, "visitors", "Er verandert niets."),
        "type": (newer.replace(visitors, re.sub(r"\| integer *\|", "| decimal |", visitors)
                               .replace("counter", "")),
                 "visitors", ""),
        "key": (re.sub(KEY, r"\1date\2", newer), "visitors", "De sleutel (key) was"),
        "other form": (newer, "closure", "Het form_id in dit bestand is &#39;visitors&#39;."),
        "not new": (newer, "new", "Er is al een formulier &#39;visitors&#39;."),
        "no choice": (newer, "", "Kies van welk formulier"),
        "leaned on": (re.sub(r".*\bactivities\b.*\n", "", newer), "visitors",
                      "De vraag &#39;activities&#39; kan niet weg"),
        "empty": ("", "visitors", "is empty"),
    }  # fmt: skip


CASES = ["fault", "same version", "nothing new", "type", "key", "other form", "not new",
         "no choice", "leaned on", "empty"]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_taken(
    case: str, bring: Any, shipped_text: Any, kept: Kept, changes: Callable[[], int], app: Flask,
    settings: Settings,
) -> None:  # fmt: skip
    content, form, sentence = spoiled(shipped_text("visitors"))[case]
    before, lines = app.extensions["fieldapp"], changes()
    answer = bring(content, form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept("upload") == []
    assert changes() == lines
    assert app.extensions["fieldapp"] is before
    assert not settings.published.exists()


def test_a_new_question_that_short_pages_do_not_ask_may_not_be_required(
    bring: Any, shipped_text: Any
) -> None:
    text = one_more(shipped_text("visitors"))
    line = row(text, "mood")
    parts = line.split("|")
    head = [cell.strip() for cell in next(x for x in text.splitlines() if "| type" in x).split("|")]
    parts[head.index("required")] = " yes "
    answer = bring(text.replace(line, "|".join(parts)))
    assert answer.status_code == 422
    assert "kan hier niet verplicht zijn" in answer.text


def test_sheets_and_results_that_would_break_are_named(bring: Any, shipped_text: Any) -> None:
    text = again(shipped_text("visitors"))
    for name in ("ref_police",):
        text = text.replace(row(text, name), "")
    answer = bring(text)
    assert answer.status_code == 422
    assert "werken dan niet meer" in answer.text
    assert re.search(r"exports/[a-z/_0-9.-]+\.(sql|toml)", answer.text)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04nothing", b"<html>", b"\x00" * 5000, b"%PDF-1.7"]
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, bring: Any) -> None:
    assert bring(content, name="visitors.xlsx").status_code == 422


def multipart(token: str, size: int) -> Mapping[str, Any]:
    """The body of a page with a file of some size, as a browser sends it."""
    parts = {"csrf_token": token, "form": "visitors", 'file"; filename="f.md': "x" * size}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    return {"data": f"{body}--b--\r\n", "content_type": "multipart/form-data; boundary=b"}


def test_two_megabytes_is_the_most_and_only_here(office: Client) -> None:
    token = office.token("/office/forms")
    answer = office.post("/office/forms", **multipart(token, 2_100_000))
    assert answer.status_code == 422
    assert "groter dan 2 MB" in answer.text
    answer = office.post("/office/forms", **multipart(token, 400_000))
    assert answer.status_code == 422  # read, and found to be no form
    assert "f.md is niet overgenomen" in answer.text
    assert office.post("/office/merges", **multipart(token, 400_000)).status_code == 413


def test_publishing_over_a_version_of_somebody_else_shows_what_changes_now(
    bring: Any, published: Any, office: Client, shipped_text: Any, app: Flask
) -> None:
    mine = bring(one_more(shipped_text("visitors"))).location
    shown = office.get(mine)
    published(again(shipped_text("visitors").replace("kwamen er?", "waren er?"), "2026112400"))
    answer = office.send(shown, action=f"{mine}/publish")
    assert answer.status_code == 409
    assert "Iemand anders publiceerde intussen" in answer.text
    assert app.extensions["fieldapp"].forms["visitors"].version == "2026112400"
    assert office.send(answer, action=f"{mine}/publish").status_code == 303
    assert app.extensions["fieldapp"].forms["visitors"].version == VERSION


def test_publishing_twice_publishes_once(
    bring: Any, office: Client, shipped_text: Any, kept: Kept
) -> None:
    mine = bring(one_more(shipped_text("visitors"))).location
    shown = office.get(mine)
    for _ in range(2):
        assert office.send(shown, action=f"{mine}/publish").status_code == 303
    assert len([line for line in kept("journal") if line["action"] == "publish"]) == 1


def test_what_cannot_be_kept_leaves_the_old_one_in_force(
    bring: Any, office: Client, shipped_text: Any, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = bring(one_more(shipped_text("visitors"))).location
    shown, before = office.get(mine), app.extensions["fieldapp"]

    def full(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(publish, "_written", full)
    with pytest.raises(OSError, match="disk full"):
        office.send(shown, action=f"{mine}/publish")
    assert app.extensions["fieldapp"] is before


def test_only_the_office_brings_files_and_only_its_own(
    bring: Any, office: Client, hire: Any, sign_in: Any, shipped_text: Any
) -> None:
    mine = bring(one_more(shipped_text("visitors"))).location
    reader, other = sign_in(hire("lezer", "reader")), sign_in(hire("collega"))
    assert reader.get("/office/forms").status_code == 200
    assert "Nieuwe versie" not in reader.get("/office/forms").text
    token = reader.token("/office/forms")
    assert reader.post("/office/forms", data={"csrf_token": token}).status_code == 403
    for address in (mine, f"{mine}/preview"):
        assert reader.get(address).status_code == 403
        assert other.get(address).status_code == 404
    assert other.post(f"{mine}/publish", data={"csrf_token": other.token("/office/")}).status_code \
        == 404  # fmt: skip


def test_without_its_token_nothing_is_published(
    bring: Any, office: Client, shipped_text: Any, app: Flask
) -> None:
    mine = bring(one_more(shipped_text("visitors"))).location
    before = app.extensions["fieldapp"]
    assert office.post(f"{mine}/publish", data={"was": "2026112301"}).status_code == 422
    given = {"form": "visitors", "file": (io.BytesIO(b"x"), "f.md")}
    assert office.post("/office/forms", data=given).status_code == 422
    assert app.extensions["fieldapp"] is before
