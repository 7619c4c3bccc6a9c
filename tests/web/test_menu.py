"""The menu: a few groups, the page one is on marked, and nobody sees a door that is shut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from fieldapp.web import menu
from tests.page import Client, parse, words


def lists(text: str) -> Sequence[Sequence[Element]]:
    """The links of each list in the menu: the groups, and the pages of the present one."""
    (found,) = (e for e in parse(text).all("nav") if e.get("class") == "office")
    return [list(each.iter("a")) for each in found.iter("ul")]


def marked(links: Sequence[Element]) -> dict[str, str | None]:
    """What is marked, and how."""
    return {words(a): a.get("aria-current") for a in links if a.get("aria-current")}


@pytest.mark.parametrize(
    ("path", "group", "name"),
    [
        ("/office/pilots", "Plekken", "Pilots"),
        ("/office/form/place_change", "Plekken", "Alle plekken"),
        ("/office/form/pilot", "Plekken", "Pilots"),
        ("/office/people", "Mensen", "Kaart opzoeken"),
        ("/office/merges", "Mensen", "Eén persoon of twee?"),
        ("/office/records", "Invoer", "Alles wat binnenkwam"),
        ("/office/doubles", "Invoer", "Dubbel"),
        ("/office/reading", "Invoer", "Nalezen"),
        ("/office/import/visitors", "Invoer", "Invoeren uit Excel"),
        ("/office/targets", "Resultaten", "Convenant"),
        ("/office/form/milestone", "Resultaten", "Convenant"),
        ("/office/accounts/1", "Beheer", "Accounts"),
        ("/office/password", "Beheer", "Mijn wachtwoord"),
        ("/office/print", "Plekken", "Afdrukken"),
    ],
)
def test_a_page_marks_itself_and_its_group(
    office: Client, path: str, group: str, name: str
) -> None:
    text = office.get(path).text
    groups, pages = lists(text)
    assert (marked(groups), marked(pages)) == ({group: "true"}, {name: "page"})
    summary = next(e for e in parse(text).all("summary"))
    assert words(summary) == f"Menu: {group}"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/office/", "Overzicht"), ("/office/at/OP-01", "Overzicht"), ("/office/months", "Maanden")],
)
def test_a_group_of_one_page_is_that_page(office: Client, path: str, name: str) -> None:
    (groups,) = lists(office.get(path).text)
    assert marked(groups) == {name: "page"}


def test_every_page_of_the_menu_is_there_and_opens(office: Client) -> None:
    listed = [entry.path for _, entries in menu.GROUPS for entry in entries]
    assert len(listed) == len(set(listed))
    shown = set()
    for group in lists(office.get("/office/").text)[0]:
        shown |= {a.get("href") for each in lists(office.get(group.get("href", "")).text)
                  for a in each}  # fmt: skip
    assert shown == set(listed)
    for path in listed:
        assert office.get(path, follow_redirects=True).status_code == 200


def test_a_reader_sees_only_what_opens(hire: Any, sign_in: Any) -> None:
    reader = sign_in(hire("lezer", "reader"))
    (groups,) = lists(reader.get("/office/").text)
    assert "Mensen" not in map(words, groups) and "Invoer" not in map(words, groups)
    for group in groups:
        text = reader.get(group.get("href", ""), follow_redirects=True).text
        for link in (a for each in lists(text) for a in each):
            address = link.get("href", "")
            assert reader.get(address, follow_redirects=True).status_code == 200, address


def test_without_an_account_there_is_no_menu(page: Any) -> None:
    assert not list(parse(page().get("/office/signin").text).all("nav"))
