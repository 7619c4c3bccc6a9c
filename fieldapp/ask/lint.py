"""The rules a form file must keep; every fault is found in one run, with line and remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from fieldapp.ask.links import Links
from fieldapp.ask.lint_expressions import expression_faults, filter_columns, wanted_columns
from fieldapp.ask.lint_survey import survey_faults
from fieldapp.ask.sheets import Book, Row
from fieldapp.ask.survey import questions, save_to_columns, wanted_registers
from fieldapp.ask.vocabulary import (
    COLUMNS,
    CONCEPT,
    EXPECTED,
    IN_LANGUAGE,
    LANGUAGES,
    NAME,
    NAME_RULE,
    NEEDED,
    PLACES,
    SHOWN_BY,
    TRANSLATED,
    did_you_mean,
    wrong_word,
)
from fieldapp.errors import Fault


def lint(book: Book) -> list[Fault]:
    """Everything that is wrong inside one file."""
    faults = [*_sheets(book), *_columns(book), *_languages(book), *_texts(book)]
    faults += [*_settings(book), *_entities(book)]
    faults += [*survey_faults(book), *expression_faults(book)]
    return faults


def links(book: Book) -> Links:
    """Where the file touches other forms; known even when it has faults."""
    settings = book.rows("settings")
    lists = [row.get("list_name") for row in book.rows("entities") if row.get("list_name")]
    return Links(
        form_id=settings[0].get("form_id") if settings else "",
        gives={register: tuple(save_to_columns(book)) for register in lists},
        wants=(*wanted_registers(book), *wanted_columns(book)),
    )


def languages(book: Book) -> dict[str, str]:
    """The languages of the form: code → name in most headers, in the order of the columns."""
    found: dict[str, Counter[str]] = {}
    for sheet in ("survey", "choices", "settings"):
        for header in book.headers(sheet):
            match = IN_LANGUAGE.fullmatch(header)
            if match and match[1] in TRANSLATED[sheet]:
                found.setdefault(match[3], Counter())[match[2]] += 1
    return {code: names.most_common(1)[0][0] for code, names in found.items()}


# --- sheets and columns -----------------------------------------------------------------------


def _sheets(book: Book) -> Iterator[Fault]:
    for name, sheet in book.sheets.items():
        if name not in COLUMNS:
            yield book.fault(
                name,
                sheet.begins,
                "",
                f"the sheet '{name}' is not known.{did_you_mean(name, COLUMNS)} A form has the "
                f"sheets {', '.join(COLUMNS)}. Remove it.",
            )
        elif not sheet.headers:
            yield book.fault(name, sheet.line, "", f"the sheet '{name}' has no row of headers.")
    for name in ("survey", "settings"):
        if name not in book.sheets:
            yield Fault(book.file, 0, f"the sheet '{name}' is missing.")


def _columns(book: Book) -> Iterator[Fault]:
    for name, sheet in book.sheets.items():
        if name not in COLUMNS or not sheet.headers:
            continue
        known = [*COLUMNS[name], *_language_headers(book, name)]
        if name == "choices":
            known += sorted(filter_columns(book))
        for position, header in enumerate(sheet.headers):
            if header in sheet.headers[:position] and header:
                yield book.fault(
                    name, sheet.line, header, f"the column '{header}' stands twice. Keep one."
                )
            elif header and header not in known:
                yield book.fault(name, sheet.line, header, _unknown(name, header, known))
        for header in NEEDED[name]:
            if header not in sheet.headers:
                yield book.fault(
                    name, sheet.line, header, f"the column '{header}' is missing in '{name}'."
                )


def _language_headers(book: Book, sheet: str) -> list[str]:
    names = languages(book)
    return [f"{base}::{names[code]}" for base in TRANSLATED[sheet] for code in names]


def _unknown(sheet: str, header: str, known: list[str]) -> str:
    """The sentence on a header that is not known."""
    base = re.split(r":+", header)[0].strip()
    if base in TRANSLATED[sheet] and (match := IN_LANGUAGE.fullmatch(header)):
        right = next(one for one in known if one.startswith(base) and one.endswith(f"({match[3]})"))
        return f"'{header}' gives a language a second name. Write {right}."
    if base in TRANSLATED[sheet]:
        examples = " and ".join(f"{base}::{name}" for name in LANGUAGES.values())
        return f"the column '{header}' has no language. Write {examples}."
    extra = " A column of your own must be read by a choice_filter." if sheet == "choices" else ""
    return f"the column '{header}' is not known.{did_you_mean(header, known)}{extra}"


# --- languages and texts ----------------------------------------------------------------------


def _languages(book: Book) -> Iterator[Fault]:
    """Every text column stands there in every language that is no concept."""
    names = languages(book)
    for sheet, bases in TRANSLATED.items():
        for base in bases if book.headers(sheet) else ():
            there = [header for header in book.headers(sheet) if header.startswith(f"{base}::")]
            if not there and base not in {"label", "heading"}:
                continue
            for code, name in ({**LANGUAGES, **names}).items():
                if code in CONCEPT:
                    continue
                header = f"{base}::{names.get(code, name)}"
                if header not in there:
                    line = book.sheets[sheet].line
                    yield book.fault(
                        sheet, line, header, f"the column '{header}' is missing. Add it."
                    )


def _texts(book: Book) -> Iterator[Fault]:
    """A text that is given in one language is given in all but concepts, and shows something."""
    for sheet, bases in TRANSLATED.items():
        for row in book.rows(sheet):
            for base in bases:
                headers = [h for h in book.headers(sheet) if _in_language(h, base)]
                given = [header for header in headers if row.get(header)]
                for header in headers:
                    text = row.get(header)
                    if given and not text and not _may_lack(header):
                        yield book.fault(
                            sheet,
                            row.line,
                            header,
                            f"the text '{row.get(given[0])}' has no translation here. Give it.",
                        )
                    if "${" in text:
                        yield book.fault(
                            sheet,
                            row.line,
                            header,
                            "a text cannot show an answer with ${…}. Write it without.",
                        )
                if given and base in SHOWN_BY and not row.get(SHOWN_BY[base]):
                    yield book.fault(
                        sheet,
                        row.line,
                        given[0],
                        f"nothing shows this message: the row has no {SHOWN_BY[base]}. "
                        f"Give one, or remove the message.",
                    )


def _in_language(header: str, base: str) -> bool:
    match = IN_LANGUAGE.fullmatch(header)
    return bool(match and match[1] == base)


def _may_lack(header: str) -> bool:
    match = IN_LANGUAGE.fullmatch(header)
    return bool(match and match[3] in CONCEPT)


# --- settings and entities --------------------------------------------------------------------


def _settings(book: Book) -> Iterator[Fault]:
    if not book.headers("settings"):
        return
    rows = book.rows("settings")
    if len(rows) != 1:
        sentence = f"'settings' has {len(rows)} rows. Give exactly one below the headers."
        yield book.fault("settings", book.sheets["settings"].line, "", sentence)
    for row in rows[:1]:
        for header in NEEDED["settings"]:
            if header in book.headers("settings") and not row.get(header):
                yield book.fault("settings", row.line, header, f"'{header}' is empty. Fill it in.")
        for header in book.headers("settings"):
            if _in_language(header, "heading") and not (row.get(header) or _may_lack(header)):
                yield book.fault("settings", row.line, header, "the form has no heading. Give it.")
            sentence = _setting(book, row, header) if row.get(header) else ""
            if sentence:
                yield book.fault("settings", row.line, header, sentence)


def _setting(book: Book, row: Row, header: str) -> str:
    """What is wrong with one setting, or nothing."""
    value = row.get(header)
    words = value.split()
    if header == "form_id" and not NAME.fullmatch(value):
        return f"'{value}' is no name: {NAME_RULE}"
    if header == "version" and not re.fullmatch(r"[0-9]+", value):
        return f"the version '{value}' is not digits alone. Write for example 2026112301."
    if header == "default_language" and value not in languages(book).values():
        names = " or ".join(languages(book).values() or LANGUAGES.values())
        return f"'{value}' is not the name of a language column. Write {names}."
    if header == "places":
        return wrong_word(words, PLACES) or (
            "'office' stands alone: the form is for places or for the office."
            if "office" in words and len(words) > 1
            else ""
        )
    if header == "key":
        return wrong_word(words, questions(book))
    if header == "expected":
        return wrong_word(words, EXPECTED) or ("Give one word." if len(words) > 1 else "")
    if header == "order" and not re.fullmatch(r"[0-9]+", value):
        return f"'{value}' is no whole number. Write for example 10."
    if header == "icon" and not re.fullmatch(r"[a-z][a-z0-9_-]*", value):
        return f"'{value}' is no name of an icon: use a-z, 0-9, - and _."
    return ""


def _entities(book: Book) -> Iterator[Fault]:
    rows = book.rows("entities")
    if book.headers("entities") and len(rows) != 1:
        sentence = f"'entities' has {len(rows)} rows. Give exactly one below the headers."
        yield book.fault("entities", book.sheets["entities"].line, "", sentence)
    for row in rows:
        updates = row.get("entity_id") and not row.get("create_if")
        for header in ("list_name",) if updates else ("list_name", "label"):
            if not row.get(header):
                yield book.fault("entities", row.line, header, f"'{header}' is empty. Fill it in.")
        if row.get("list_name") and not NAME.fullmatch(row.get("list_name")):
            yield book.fault(
                "entities",
                row.line,
                "list_name",
                f"'{row.get('list_name')}' is no name: {NAME_RULE}",
            )
        if row.get("update_if") and not row.get("entity_id"):
            yield book.fault(
                "entities", row.line, "entity_id", "update_if needs an entity_id to update."
            )
        if row.get("entity_id") and row.get("create_if") and not row.get("update_if"):
            yield book.fault(
                "entities",
                row.line,
                "update_if",
                "with entity_id and create_if, say with update_if when to update.",
            )
