"""A pasted list is read as people paste it, and nothing but names comes out of it."""

from __future__ import annotations

import time

import pytest

from fieldapp.ask.names import looks_like_more, looks_like_none, read_names, shortened


@pytest.mark.parametrize(
    ("pasted", "names"),
    [
        ("Fatima\nJan", ["Fatima", "Jan"]),
        ("Fatima\r\nJan\rBo\u2028Els", ["Fatima", "Jan", "Bo", "Els"]),
        ("\n\n  Fatima  \n\t\n   \nJan\n", ["Fatima", "Jan"]),
        ("Anne   Marie", ["Anne Marie"]),
        ("1. Fatima\n2) Jan\n3 Ali", ["Fatima", "Jan", "Ali"]),
        ("(4) Bo\n5.Els\n12: Cor", ["Bo", "Els", "Cor"]),
        ("- Jan\n• Bo\n* Els\n☐ Cor\n-Ali", ["Jan", "Bo", "Els", "Cor", "Ali"]),
        ("1\n2.\n-\n---\n3. Bo\nEls", ["Bo", "Els"]),
        ("1\tFatima\tja\n\tJan\n3\t\n", ["Fatima", "Jan"]),
        ("1;Fatima;ja\n2;Jan;nee", ["Fatima", "Jan"]),
        ("Fatima, Jan, Ali", ["Fatima", "Jan", "Ali"]),
        ("Fatima; Jan;Ali;", ["Fatima", "Jan", "Ali"]),
        ("Fatima، Jan", ["Fatima", "Jan"]),
        ("Fatima, de Boer\nJan, Jansen", ["Fatima", "Jan"]),
        ("Fatima,\nJan,", ["Fatima", "Jan"]),
        ("1, Fatima\n2, Jan", ["Fatima", "Jan"]),
        ("\"Fatima\"\n'Jan'\n“Bo”", ["Fatima", "Jan", "Bo"]),
        ("Jan B\nJan B.", ["Jan B", "Jan B"]),
        ("O'Neil\nAnne-Marie\nÖzlem", ["O'Neil", "Anne-Marie", "Özlem"]),
        ("Марія\nفاطمة\n小红", ["Марія", "فاطمة", "小红"]),
        ("Jose\u0301\n\ufeffBo\x00b", ["José", "Bob"]),
        ("", []),
        (" , ,\n;", []),
    ],
)  # fmt: skip
def test_names_are_read_as_they_are_pasted(pasted, names):
    assert read_names(pasted).names == names


@pytest.mark.parametrize(
    "line",
    [
        "Fatima 06-12345678",
        "Fatima +31612345678",
        "Fatima (34)",
        "Fatima <fatima@example.nl>",
        "Fatima fatima@example.nl",
        "Fatima\tJansen\t2526 AB",
        "Fatima, Jansen",
        "Fatima ٠٦١٢٣",
    ],
)
def test_nothing_behind_a_name_comes_along(line):
    listing = read_names(f"{line}\nJan")
    assert listing.names == ["Fatima", "Jan"]
    assert listing.cut


def test_numbering_and_empty_cells_are_nothing_behind_a_name():
    assert not read_names("1. Fatima\n2\tJan\t\t\n- Bo").cut


@pytest.mark.parametrize("line", ["0612345678", "jan@example.nl", "+31 6 12345678"])
def test_a_line_without_a_name_is_there_to_be_looked_at(line):
    assert read_names(f"Fatima\n{line}").names == ["Fatima", line]
    assert looks_like_none(line)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Jan", False), ("Jan B", False), ("Jan B.", False), ("Anne-Marie", False),
        ("Fatima Amrani", True), ("Jan de B", True), ("anne marie", True),
    ],
)  # fmt: skip
def test_a_second_word_looks_like_a_surname_but_a_letter_does_not(name, more):
    assert looks_like_more(name) is more
    assert not looks_like_none(name)


def test_a_name_is_shortened_and_gets_a_letter_where_it_is_taken():
    assert shortened("Fatima el Amrani", {"jan"}) == "Fatima"
    assert shortened("Fatima el Amrani", {"fatima"}) == "Fatima A"
    assert shortened("Jan", {"jan"}) == "Jan"


def test_a_huge_and_strange_text_is_read_at_once():
    started = time.process_time()
    read_names("- 1.(" * 60_000)
    read_names("\t, ;" * 70_000)
    read_names("a 1\n" * 70_000)
    assert time.process_time() - started < 3
