"""What tests of adding many people do and look at, as a manager would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.page import Client, parse, words

HUNDRED = [f"Naam{chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(100)]
FOR_ALL = {"known_elsewhere": "no", "informed": "OK"}
ADD = "/people/add"


def paste(phone: Client, names: str | Sequence[str], **given: Any) -> Any:
    """The page with the list as it was read."""
    text = names if isinstance(names, str) else "\n".join(names)
    return phone.fill(ADD, FOR_ALL | {"names": text} | given)


def save(phone: Client, shown: Any, **given: Any) -> Any:
    """Saves a list as it stands, with what is `given` by field; `_` is the dot of a field."""
    filled = {name.replace("_", ".", 1) if name[-1].isdigit() else name: value
              for name, value in given.items()}  # fmt: skip
    return phone.send(shown, {"labour_distance": "no", "page.do": "save"} | filled)


def press(phone: Client, shown: Any, do: str) -> Any:
    """Presses one of the buttons above the list."""
    return phone.send(shown, {"page.do": do})


def names(shown: Any) -> list[str]:
    """The names that stand in the list."""
    fields = parse(shown.text).all("input")
    return [f.attrib["value"] for f in fields if f.attrib.get("name", "").startswith("name.")]


def mistakes(shown: Any) -> Mapping[str, str]:
    """The message at each name that has one."""
    page = parse(shown.text)
    about = {e.attrib["id"]: words(e) for e in page.elements() if "id" in e.attrib}
    return {
        field.attrib["value"]: about[field.attrib["aria-describedby"]]
        for field in page.all("input")
        if field.attrib.get("aria-invalid") and field.attrib["name"].startswith("name.")
    }
