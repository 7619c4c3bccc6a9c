"""The sheet of "Mijn week" as tests fill it in and read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.page import Client, controls, parse, words

MONDAY, TUESDAY, WEDNESDAY = "2026-11-16", "2026-11-17", "2026-11-18"
SATURDAY = "2026-11-21"
MORNING = f"visitors.{MONDAY}.morning"
COUNTED = {"date": MONDAY, "daypart": "morning", "visitors": "24"}
TIMES = ("open", "open_from", "open_until", "open_from_2", "open_until_2", "closed_reason")


def sheet(answer: TestResponse) -> Element:
    """The form of the week."""
    return next(f for f in parse(answer.text).all("form") if "data-week" in f.attrib)


def post(phone: Client, shown: TestResponse, given: Mapping[str, Any]) -> TestResponse:
    """Sends the sheet on a page that was got before."""
    return phone.send(shown, given, sheet(shown).attrib["action"])


def fill(phone: Client, given: Mapping[str, Any], address: str = "/week") -> TestResponse:
    """Gets a week, fills in its sheet and sends it."""
    return post(phone, phone.get(address), given)


def stands(answer: TestResponse, name: str) -> str:
    """What stands in a cell."""
    return str(next(iter(controls(sheet(answer)).get(name, [])), ""))


def mistake(answer: TestResponse, name: str) -> str:
    """The message at a cell."""
    found = [e for e in parse(answer.text).elements() if e.attrib.get("id") == f"{name}-error"]
    return words(found[0]) if found else ""


def hours(row: Mapping[str, Any]) -> list[str | None]:
    """When a record says that the place was open, or why it was closed."""
    return [row[name] for name in TIMES]
