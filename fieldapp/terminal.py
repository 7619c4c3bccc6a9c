"""What every command begins with: the folder of its data, and the instance in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import Settings, load
from fieldapp.web.instance import real_clock

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of the instance [FIELDAPP_DATA, else ./data].",
)


def opened(data: Path | None) -> tuple[Settings, Store]:
    """The instance in `data`, after saying on the terminal which that is."""
    settings = load(data=data)
    click.echo(f"Data: {settings.data}", err=True)
    return settings, open_store(settings.data, read_forms(settings), real_clock)


def read_forms(settings: Settings) -> Mapping[str, Form]:
    """The forms that the settings name."""
    return load_forms(settings.forms, settings.data / "cache", settings.published)
