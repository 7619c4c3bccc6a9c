"""What every command begins with: the folder of its data, and the instance in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import click

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep.serving import alone
from fieldapp.keep.store import Store, insist, open_store
from fieldapp.settings import Settings, load
from fieldapp.web.instance import real_clock

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of the instance [FIELDAPP_DATA, else ./data].",
)


def opened(data: Path | None) -> tuple[Settings, Store]:
    """The instance in `data`, after saying on the terminal which that is."""
    settings = named(data)
    return settings, open_store(settings.data, read_forms(settings), real_clock)


@contextmanager
def opened_alone(data: Path | None) -> Iterator[tuple[Settings, Store]]:
    """The instance in `data` for who serves it: until the block ends nobody else does."""
    settings = named(data)
    insist(settings.data)
    with alone(settings.data):
        store = open_store(settings.data, read_forms(settings), real_clock, held=True)
        with closing(store):
            yield settings, store


def named(data: Path | None) -> Settings:
    """The settings, after saying on the terminal which folder they name."""
    settings = load(data=data)
    click.echo(f"Data: {settings.data}", err=True)
    return settings


def read_forms(settings: Settings) -> Mapping[str, Form]:
    """The forms that the settings name."""
    return load_forms(settings.forms, settings.data / "cache", settings.published)
