"""The office's menu: a few groups of pages, what of them an account may open, and where one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from fieldapp.errors import Message
from fieldapp.keep.account import ROLES
from fieldapp.web import language, office, office_registers
from fieldapp.web.access import current_account
from fieldapp.web.instance import instance

_START = "/office/"
_FORM = "/office/form/"
_READING = "/office/reading"
_OF_COVENANT = [page for page in office_registers.PAGES.values() if page != _READING]


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu; `also` are pages that belong to it."""

    path: str
    label: Message
    also: Sequence[str] = ()

    def holds(self, path: str) -> bool:
        """Whether the page at `path` is this one, or belongs to it."""
        # Below the beginning of the office lies everything: nothing else belongs to it by that.
        wholes = [each.rstrip("/") for each in (self.path, *self.also) if each != _START]
        return path == self.path or any(f"{path}/".startswith(f"{whole}/") for whole in wholes)


GROUPS: Sequence[tuple[Message, Sequence[Entry]]] = (
    (Message("Overzicht"), [Entry(_START, Message("Overzicht"), ["/office/at"])]),
    (
        Message("Invoer"),
        [
            Entry("/office/records", Message("Alles wat binnenkwam")),
            Entry("/office/flags", Message("Opvallend")),
            Entry("/office/requests", Message("Verzoeken")),
            Entry("/office/doubles", Message("Dubbel")),
            Entry(_READING, Message("Nalezen")),
            Entry("/office/import", Message("Invoeren uit Excel")),
        ],
    ),
    (Message("Maanden"), [Entry("/office/months", Message("Maanden"))]),
    (
        Message("Resultaten"),
        [
            Entry("/office/results", Message("Resultaten")),
            Entry("/office/covenant", Message("Convenant"), _OF_COVENANT),
            Entry("/office/progress/", Message("Verslag per jaar")),
        ],
    ),
    (
        Message("Plekken"),
        [
            Entry("/office/places", Message("Alle plekken")),
            Entry("/office/pilots", Message("Pilots")),
            Entry("/office/facts", Message("Feiten")),
            Entry("/office/phones", Message("Telefoons")),
            Entry("/office/print", Message("Afdrukken")),
        ],
    ),
    (
        Message("Mensen"),
        [
            Entry("/office/people", Message("Kaart opzoeken")),
            Entry("/office/merges", Message("Eén persoon of twee?")),
        ],
    ),
    (
        Message("Beheer"),
        [
            Entry("/office/forms", Message("Formulieren")),
            Entry("/office/accounts", Message("Accounts")),
            Entry("/office/tokens", Message("Toegang voor programma's")),
            Entry("/office/processing", Message("Privacy")),
            Entry("/office/care", Message("Gezondheid")),
            Entry("/office/trouble", Message("Storingen")),
            Entry("/office/password", Message("Mijn wachtwoord")),
        ],
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One link of the menu: where to, what it says, and whether one is there."""

    path: str
    label: str
    current: str
    """Empty, "page" for the page that is marked, "true" for the group that it is in."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The groups, and the pages of the group that one is in when it has more than one."""

    groups: Sequence[Shown]
    pages: Sequence[Shown]
    within: str
    """What the group is called whose pages these are."""


def menu() -> Menu:
    """The menu as the account that asks sees it, with the present page marked."""
    groups, pages, within = [], [], ""
    here = _here()
    for label, entries in GROUPS:
        open_to = [entry for entry in entries if _may_open(entry.path)]
        if not open_to:
            continue
        shown = [_shown(entry, here) for entry in open_to]
        inside, name = any(each.current for each in shown), _say(label)
        current = ("true" if len(shown) > 1 else "page") if inside else ""
        groups.append(Shown(open_to[0].path, name, current))
        if inside and len(shown) > 1:
            pages, within = shown, name
    return Menu(groups, pages, within)


def _shown(entry: Entry, here: str) -> Shown:
    return Shown(entry.path, _say(entry.label), "page" if entry.holds(here) else "")


def _here() -> str:
    """The page that one is on; a form counts as the page on which its records stand."""
    if request.path.startswith(_FORM):
        form_id = request.path.removeprefix(_FORM).partition("/")[0]
        return office.LISTED.get(form_id, request.path)
    return request.path


def _may_open(path: str) -> bool:
    """Whether there is such a page, and its door lets this account in."""
    who = current_account()
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return False
    roles = getattr(current_app.view_functions[endpoint], "roles", ROLES)
    return who is not None and who.role in roles


def _say(message: Message) -> str:
    return language.say(instance().catalogues, message)
