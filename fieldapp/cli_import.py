"""The commands that enter filled-in workbooks, with the same checks as the page of the office."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from fieldapp.ask.upload import gathered, read_sheet
from fieldapp.errors import BadRequest, Message
from fieldapp.keep import uploaded, whole
from fieldapp.terminal import DATA, opened
from fieldapp.web import incoming, language
from fieldapp.web.instance import real_clock
from fieldapp.web.matching import ADD, CHANGE, GONE, STAY

_FILE = click.argument("file", type=click.Path(path_type=Path))
_DRY = click.option("--dry-run", is_flag=True, help="Only say what would happen.")


@click.group("records")
def records_group() -> None:
    """Records."""


@records_group.command("import")
@DATA
@click.argument("form")
@_FILE
@_DRY
def records_import(data: Path | None, form: str, file: Path, dry_run: bool) -> None:
    """Enter a filled-in workbook (.xlsx): `records import visitors old-year.xlsx`."""
    _enter(data, form, file, dry_run)


@click.group("places")
def places_group() -> None:
    """Places."""


@places_group.command("import")
@DATA
@_FILE
@_DRY
def places_import(data: Path | None, file: Path, dry_run: bool) -> None:
    """Enter places from a workbook (.xlsx); those that it does not name stay as they are."""
    _enter(data, "place", file, dry_run)


def _enter(data: Path | None, form_id: str, file: Path, dry_run: bool) -> None:
    """Says what a file would do, and does all of it or nothing."""
    settings, store = opened(data)
    now = real_clock().astimezone(ZoneInfo(settings.timezone))
    try:
        form = store.forms.get(form_id)
        if form is None or not incoming.importable(form):
            known = ", ".join(f for f, each in store.forms.items() if incoming.importable(each))
            raise BadRequest(f"no workbook is read for '{form_id}': choose one of {known}")
        sheet = read_sheet(_content(file))
        with store.read() as connection:
            plan = incoming.look(store, connection, form, sheet, now)
        if not plan.wrong and not dry_run:
            with store.write("command", now) as write:
                plan = incoming.again(store, write, plan)
                if not plan.wrong:
                    counts = incoming.enter(store, write, plan, None, "")
                    write.note(uploaded.ACTION, form_id, str(uuid.uuid4()), None, counts)
            whole.measure(store)
    finally:
        store.close()
    _tell(plan, entered=not dry_run)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise BadRequest(f"{file} cannot be read ({problem.strerror})") from problem


def _tell(plan: incoming.Plan, *, entered: bool) -> None:
    """Says on the terminal what a file did, or what is wrong with it."""
    for first, more in gathered(plan.wrong):
        for each in first:
            click.echo(f"{each.cell}: " * bool(each.cell) + _said(each.message), err=True)
        if more:
            click.echo(_said(Message("En nog {n} keer zoiets.", {"n": str(more)})), err=True)
    if plan.wrong:
        click.echo(_said(Message("Er is niets ingevoerd.")), err=True)
        sys.exit(1)
    if not entered:
        click.echo(_said(Message("Er is nog niets ingevoerd: dit is een proef.")))
    for action, sentence in _COUNTS.items():
        click.echo(_said(Message(sentence, {"n": str(plan.counts[action])})))
    for alone in plan.left_alone:
        click.echo(
            _said(Message("Niet in het bestand, blijft zoals het is: {name}", {"name": alone.name}))
        )


_COUNTS: Mapping[str, str] = {
    ADD: "Erbij: {n}",
    CHANGE: "Veranderd: {n}",
    STAY: "Staat er al: {n}",
    GONE: "Eerder ingevoerd en daarna weggehaald of veranderd, dat blijft zo: {n}",
}


def _said(message: Message) -> str:
    """A sentence in the language of the terminal when we have it, else in Dutch."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = named[:2] if named[:2] in language.NAMES else language.SOURCE
    text = message.texts.get(code) or message.texts.get(language.SOURCE)
    source = message.source
    return text or language.load()[code].get(source, source).format(**message.values)
