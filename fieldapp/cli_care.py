"""The commands that care for what is kept: copies, putting one back, and what is kept too long."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from fieldapp.keep import anchor, backup, covenant, erasure, restore, retention, secret, whole
from fieldapp.keep.anchor import Anchor
from fieldapp.keep.store import open_store
from fieldapp.report import deliver
from fieldapp.report.witness import anchors_in
from fieldapp.terminal import DATA, named, opened, read_forms
from fieldapp.web.instance import real_clock

_FILE = click.Path(path_type=Path)


@click.command()
@DATA
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A log or a monthly workbook: the journal must hold what it tells of it.",
)
def check(data: Path | None, against: tuple[Path, ...]) -> None:
    """Look whether forms, exports, database and journal are sound."""
    settings, store = opened(data)
    now = real_clock()
    with closing(store):
        told = [each for path in against for each in anchors_in(path)]
        today = now.astimezone(ZoneInfo(settings.timezone)).date()
        found = [str(fault) for fault in deliver.check(store, settings, today)]
        wrong = covenant.faults(settings.exports, store.forms, now)
        found += [str(fault) for fault in wrong]
        with store.read() as connection:
            if not wrong:
                agreed = covenant.read(settings.exports, store.forms, now)
                late = covenant.not_entered(store, connection, agreed, settings.data)
                found += [str(fault) for fault in late]
            head = Anchor.of(*store.journal.head(connection))
            broken = store.journal.broken(connection)
        found += [broken] if broken else []
        found += whole.unlike(store, settings.data, told)
        found += store.database.unsound()
        if not found:
            anchor.keep(settings.data, head, anchor.CHECKED, now)
    for sentence in found:
        click.echo(sentence, err=True)
    if found:
        sys.exit(1)
    click.echo(f"forms, exports, database and journal ({head}) are sound")


@click.command("backup")
@DATA
@click.argument("destination", metavar="DEST", type=_FILE)
def backup_command(data: Path | None, destination: Path) -> None:
    """Copy the instance to a folder or file, also while it serves, and look whether it is whole."""
    settings, store = opened(data)
    with closing(store):
        made = backup.copy(store, settings.data, destination, real_clock())
        whole.measure(store)
    told = f"{made.anchor.line:,} changes, {made.size / 1_000_000:,.1f} MB"
    if made.files:
        told += f", {len(made.files)} files of forms"
    click.echo(f"{made.path}: {told}, found whole. Journal {made.anchor}.")
    click.echo("It holds no secrets: keep secrets.json somewhere else as well.", err=True)


@click.command("restore")
@DATA
@click.argument("source", metavar="SRC", type=_FILE)
@click.option("--keys", type=_FILE, help="The secrets.json of the copy, if not in the folder.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
def restore_command(data: Path | None, source: Path, keys: Path | None, dry_run: bool) -> None:
    """Put a copy back; an instance that is there already is set aside, never deleted."""
    settings = named(data)
    planned = restore.plan(source, settings.data, keys)
    copy = planned.copy
    click.echo(f"{source}: made {copy.made_at}, {copy.anchor.line:,} changes, whole.")
    if planned.replaces:
        later = "it does not read" if planned.later is None else f"{planned.later:,} changes more"
        click.echo(f"{settings.data} holds an instance: {later}. It is set aside.")
    if dry_run:
        click.echo("Nothing was done.")
        return
    now = real_clock()
    # Who was erased after this copy was made is erased again before anybody can serve it.
    with restore.restored(planned, settings.data, keys, now) as aside:
        if aside:
            click.echo(f"What was there stands in {aside}.")
        forms = read_forms(settings)
        store = open_store(settings.data, forms, real_clock, held=True)  # it works: tables fit
        with closing(store):
            if erased := erasure.again(store, real_clock(), settings.data):
                said = "persons who were erased after this copy was made."
                click.echo(f"Erased again: {erased} {said}")
    click.echo("Put back. Next: fieldapp check, and fieldapp serve.")


@click.group("secrets")
def secrets_group() -> None:
    """The keys of the instance."""


@secrets_group.command("rotate")
@DATA
def secrets_rotate(data: Path | None) -> None:
    """Make a new key for sessions and forms; what is open goes on with the key before it.

    After a leak, do it twice: the key that leaked is then taken no more.
    """
    settings, store = opened(data)
    with closing(store), store.write("command", real_clock()) as write:
        write.note("secret rotated", "secret", "session")
        secret.rotate(settings.data)
    click.echo(f"{secret.path_of(settings.data)} has a new session key. Restart the server.")
    click.echo("Keep a copy of that file outside the backup, as before.", err=True)


@click.command("retention")
@DATA
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def retention_command(data: Path | None, dry_run: bool) -> None:
    """Let go of what was kept long enough, rule by rule; run it every night."""
    settings, store = opened(data)
    with closing(store):
        counts = retention.run(store, real_clock(), dry=dry_run)
        emptied = dry_run or store.database.truncate()
    for name, count in counts.items():
        click.echo(f"{count:>6,} {name}")
    aside = sorted(path.name for path in settings.data.glob("before-*"))
    if aside:
        said = f"{', '.join(aside)} in {settings.data}: names may stand in it still. Remove it"
        click.echo(f"{said} when you need it no more.", err=True)
    if dry_run:
        click.echo("Nothing was done.")
    elif not emptied:
        said = "Somebody was reading: the log of the database may hold what went. Run this again."
        click.echo(said, err=True)
        sys.exit(1)
