"""The commands."""

from __future__ import annotations

import datetime as dt
import io
import logging
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import qrcode
import waitress

from fieldapp import __version__
from fieldapp.ask.forms import check_files, load_older
from fieldapp.cli_care import (
    backup_command,
    check,
    restore_command,
    retention_command,
    secrets_group,
)
from fieldapp.cli_import import places_group, records_group
from fieldapp.demo import instance as demo
from fieldapp.errors import BadRequest, Damaged, FieldappError, FilesBroken, NotFound
from fieldapp.keep import account, anchor, covenant, phone, publish, whole
from fieldapp.keep.serving import alone
from fieldapp.keep.store import Store, open_store
from fieldapp.report import completeness, deliver, sound
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings, load
from fieldapp.terminal import DATA, opened, opened_alone, read_forms
from fieldapp.web.app import create_app
from fieldapp.web.instance import real_clock
from fieldapp.web.log import Lines, log_anchor

LARGEST_REQUEST = 3_000_000
"""Bytes that the server receives at all; each page takes less, and says so."""


LINES = {"connection_limit": 800, "channel_timeout": 30, "asyncore_use_poll": True}
"""Lines that are held open at once, and the seconds for which one that is silent is kept.

Phones hold on to lines that they do not use. Of the 100 that waitress has by itself none is left
soon, and then it hears nobody for two minutes. A service may have 1,024 files open.
"""


class _Sentences(click.Group):
    """Says what went wrong in a sentence, and ends with 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except FieldappError as problem:
            click.echo(str(problem), err=True)
            sys.exit(1)


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fieldapp")
def main() -> None:
    """Neighbourhood places log their days on a phone; the office gets the month as a workbook."""


main.add_command(records_group)
main.add_command(places_group)
main.add_command(check)
main.add_command(backup_command)
main.add_command(restore_command)
main.add_command(retention_command)
main.add_command(secrets_group)


@main.command("demo")
@DATA
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Fill the example and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the details as one JSON object.")
def demo_command(data: Path | None, port: int, no_serve: bool, as_json: bool) -> None:
    """Fill an example with two years of logs up to yesterday, and serve it."""
    settings = load(data=data, public_url=f"http://localhost:{port}")
    _say(f"Filling the example in {settings.data} …", as_json)
    demo.spare(settings)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(settings.data):  # an older example is made anew, and not beneath its server
        store, example = demo.open_example(settings, read_forms(settings), real_clock())
        with closing(store):
            _tell(example, as_json)
            if not no_serve:
                _say("Serving; Ctrl+C ends it.", as_json)
                _serve(settings, store, "127.0.0.1", port)


@main.command()
@DATA
def init(data: Path | None) -> None:
    """Make an instance that holds what was agreed; add to an older one what it has nothing of."""
    settings = load(data=data)
    there = settings.database.exists()
    forms = read_forms(settings)
    agreed = covenant.read(settings.exports, forms, real_clock())
    store = open_store(settings.data, forms, real_clock, make=not there)
    try:
        with store.write("command", real_clock()) as write:
            added = covenant.enter(store, write, agreed)
    finally:
        store.close()
    if there:
        told = f"Added {added} of" if added else "Added nothing: it has all of"
        click.echo(f"{settings.data} holds an instance. {told} what was agreed.")
    else:
        click.echo(f"Made an empty instance in {settings.data}. Next: fieldapp account add NAME")


@main.command()
@DATA
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(data: Path | None, host: str, port: int) -> None:
    """Serve the instance: one process, some threads."""
    with opened_alone(data) as (settings, store):
        if faults := sound.faults(store, settings, _today(settings)):
            raise FilesBroken(faults)
        if said := whole.at_start(store, settings.data):
            raise Damaged(f"{'; '.join(said)}. {whole.REMEDY.format(data=settings.data)}")
        whole.measure(store)
        click.echo(f"Serving {settings.data} at {settings.public_url}", err=True)
        _serve(settings, store, host, port)


@main.command()
@DATA
@click.argument("workbook")
@click.argument("period")
@click.option("--place", help="Code of a place, for a workbook about one.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write; one that ends in .zip holds CSV files.",
)
@click.option("--made-at", help="Moment on the cover, as 2026-11-23T10:12 [now].")
def export(
    data: Path | None,
    workbook: str,
    period: str,
    place: str | None,
    out: Path | None,
    made_at: str | None,
) -> None:
    """Write a workbook: `export monthly 2026-10`."""
    settings, store = opened(data)
    try:
        books = load_workbooks(settings.exports)
        moment = _moment(made_at, settings)
        csv = out is not None and out.suffix == ".zip"
        made = deliver.deliver_open(
            store, settings, books, workbook, period, moment, place, csv=csv
        )
    finally:
        store.close()
    target = out or Path(made.file_name)
    with made.file as file, target.open("wb") as written:
        shutil.copyfileobj(file, written)
    click.echo(str(target))


@main.command()
@DATA
@click.argument("place")
def pair(data: Path | None, place: str) -> None:
    """Make a pairing link for a place and show it with its QR code."""
    settings, store = opened(data)
    try:
        with store.read() as connection:
            if not completeness.places(connection, place):
                raise NotFound(f"there is no place '{place}': `OP-03` is an example of a code")
        with store.write("command", real_clock()) as write:
            token, until = phone.make_pairing(write, place, phone.ON_LETTER)
    finally:
        store.close()
    link = f"{settings.public_url}/pair#{token}"
    picture = io.StringIO()
    code = qrcode.QRCode(border=2)
    code.add_data(link)
    code.print_ascii(out=picture, invert=True)
    click.echo(picture.getvalue())
    click.echo(f"{link}\nValid until {until.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d}.")


@main.group("account")
def account_group() -> None:
    """Accounts of the programme office."""


@account_group.command("add")
@DATA
@click.argument("name")
@click.option("--role", type=click.Choice(account.ROLES), default="office", show_default=True)
@click.password_option(help="Asked for when not given.")
def account_add(data: Path | None, name: str, role: str, password: str) -> None:
    """Add an office account; shows its one-time secret and recovery codes once."""
    settings, store = opened(data)
    try:
        with store.write("command", real_clock()) as write:
            made = account.add(store, write, name, password, role)
    finally:
        store.close()
    click.echo(f"One-time secret: {made.totp_secret}\n{made.uri(settings.organisation)}")
    click.echo("Recovery codes, each works once:\n  " + "\n  ".join(made.recovery_codes))


@main.group("forms")
def forms_group() -> None:
    """Forms."""


@forms_group.command("check")
@DATA
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def forms_check(data: Path | None, files: tuple[Path, ...]) -> None:
    """Say everything that is wrong in XLSForms (.md, .xlsx)."""
    faults = check_files(files, beside=load(data=data).forms)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        sys.exit(1)
    click.echo(f"{len(files)} checked, no faults")


def _tell(example: demo.Example, as_json: bool) -> None:
    if as_json:
        click.echo(demo.as_json(example))
    else:
        for title, value in (
            ("Address", example.address),
            ("Pair a phone", example.pairing_link),
            ("  or type", f"{example.pairing_code} at {example.address}pair"),
            ("  it joins", example.pairing_place),
            ("Office", f"{example.address}office/"),
            ("  name", example.office_name),
            ("  password", example.password),
            ("  one-time secret", example.totp_secret),
            ("  code right now", demo.code_now(example)),
        ):
            click.echo(f"{title:<18} {value}")


def _serve(settings: Settings, store: Store, host: str, port: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for form in store.forms.values():  # also of a form that comes with another release
        publish.remember(form, settings.published)
    cache = settings.data / "cache" / publish.OLD
    older = load_older(settings.published / publish.OLD, cache, store.forms)
    app = create_app(settings, store, load_workbooks(settings.exports), older=older)
    with store.read() as connection:
        head = anchor.Anchor.of(*store.journal.head(connection))
    anchor.keep(settings.data, head, anchor.SERVED, real_clock())
    log_anchor(head, anchor.SERVED, real_clock())
    waitress.serve(
        app,
        host=host,
        port=port,
        threads=settings.threads,
        ident=None,
        clear_untrusted_proxy_headers=not settings.proxies,  # else create_app reads them
        max_request_body_size=LARGEST_REQUEST,
        **LINES,
    )


def _moment(text: str | None, settings: Settings) -> dt.datetime:
    if text is None:
        return real_clock()
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"--made-at is '{text}': write it as 2026-11-23T10:12") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.timezone))


def _today(settings: Settings) -> dt.date:
    return real_clock().astimezone(ZoneInfo(settings.timezone)).date()


def _say(sentence: str, quiet: bool) -> None:
    click.echo(sentence, err=quiet)
