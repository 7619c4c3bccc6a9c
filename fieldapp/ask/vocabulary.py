"""The words that a form file may use: sheets, columns and what stands in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from fieldapp.ask.kind import Kind
from fieldapp.ask.kinds import KINDS

LANGUAGES: Mapping[str, str] = MappingProxyType({"nl": "Nederlands (nl)", "en": "English (en)"})
"""The languages that every form has: code → name in a header."""

CONCEPT = frozenset({"tr", "ar", "pl"})
"""Languages that a form may have in part: what has no translation is asked in Dutch."""

SURVEY = (
    "type",
    "name",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "choice_filter",
    "appearance",
    "parameters",
    "result",
    "private",
    "prefill",
    "save_to",
)
SETTINGS = (
    "form_title",
    "form_id",
    "version",
    "default_language",
    "places",
    "key",
    "expected",
    "order",
    "icon",
)
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "survey": SURVEY,
        "choices": ("list_name", "name", "liveability"),
        "settings": SETTINGS,
        "entities": ("list_name", "label", "entity_id", "create_if", "update_if"),
    }
)
"""The columns of each sheet that have no language."""

TRANSLATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "survey": ("label", "hint", "required_message", "constraint_message"),
        "choices": ("label",),
        "settings": ("heading",),
        "entities": (),
    }
)
"""The columns of each sheet that stand there once per language."""

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "survey": ("type", "name"),
        "choices": ("list_name", "name"),
        "settings": ("form_title", "form_id", "version", "default_language", "places"),
        "entities": ("list_name",),
    }
)
"""The columns that each sheet must have."""

SHOWN_BY: Mapping[str, str] = MappingProxyType(
    {"required_message": "required", "constraint_message": "constraint"}
)
"""Message → the column without which nobody ever sees it."""

GROUP_COLUMNS = frozenset({"type", "name", "relevant", "appearance", "label", "hint"})
"""What a row that begins a group may have."""

PLACES = ("meeting_place", "wijkbedrijf", "pilot", "office")
EXPECTED = ("open_day", "open_daypart", "month", "quarter", "year")
PARAMETERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "range": ("start", "end", "step"),
        "select_one_from_file": ("value", "label"),
        "select_multiple_from_file": ("value", "label"),
    }
)
TAKEN = frozenset({"csrf_token", "instanceID", "version", "edits", "meta"})
"""Names that the page and the standard have taken."""

NAME = re.compile(r"[a-z][a-z0-9_]*")
NAME_RULE = "use a-z, 0-9 and _, and begin with a letter."
RESULT = re.compile(r"[2-4](/[0-9]+(\.[0-9]+)*(\.[a-z])?)?")
IN_LANGUAGE = re.compile(r"([a-z_]+)::(\S.*\(([a-z]{2,3})\))")
"""A header in a language: its column, the language's name and code."""

_SCHEDULE = frozenset({"time", "hidden"})
_LAST_WEEK = frozenset(
    name for name, kind in KINDS.items() if kind.picks or kind.column in {"INTEGER", "REAL"}
)
PREFILLS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "regular_from": _SCHEDULE,
        "regular_until": _SCHEDULE,
        "regular_from_2": _SCHEDULE,
        "regular_until_2": _SCHEDULE,
        "last_week": _LAST_WEEK,
        "last_month": frozenset(name for name, kind in KINDS.items() if kind.column),
    }
)
"""What an answer can begin with → the types it fits."""


def split_type(text: str) -> tuple[str, str]:
    """The words of a type cell: its name (with `_` in `begin_group`) and what it picks from."""
    name, _, rest = text.partition(" ")
    if name in {"begin", "end"} and rest:  # `end` alone is a type
        return f"{name}_{rest.strip()}", ""
    return name, rest.strip()


def picks_from_register(kind: Kind) -> bool:
    """Whether the choices of this type are the rows of a register."""
    return kind.name.endswith("_from_file")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the nearest known word, with a blank before it; or nothing."""
    known = list(known)
    near = [one for one in known if one.lower() == word.lower()]
    near = near or difflib.get_close_matches(word, known, 1, 0.6)
    return f" Did you mean '{near[0]}'?" if near else ""


def wrong_word(words: list[str], known: Iterable[str]) -> str:
    """What is wrong with the first word that is not known or stands twice, or nothing."""
    known = list(known)
    for position, word in enumerate(words):
        if word not in known:
            return f"'{word}' is not one of: {', '.join(known)}.{did_you_mean(word, known)}"
        if word in words[:position]:
            return f"'{word}' stands twice. Keep one."
    return ""
