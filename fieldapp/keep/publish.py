"""Another version of a form comes in force: its columns, its journal line and its file."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from dataclasses import replace
from pathlib import Path

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store, extend

OLD = "old"
"""The folder below the published forms that keeps the versions before them."""


def publish(
    store: Store, actor: str, now: dt.datetime, form: Form, content: bytes, folder: Path
) -> Store:
    """The store with `form` in force, whose file `content` stands in `folder` from now on.

    The version before it is kept there too, so that what was answered with it still comes in.
    """
    before = store.forms.get(form.form_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if before:
        remember(before, folder)
    path = folder / f"{form.form_id}{Path(form.file).suffix}"
    written = _written(folder / f".{path.name}.new", content)
    try:
        with store.write(actor, now) as write:
            extend(write, form)
            write.note(
                "publish",
                form.form_id,
                None,
                {"version": before.version} if before else None,
                {"version": form.version, "sha256": hashlib.sha256(content).hexdigest()},
            )
        # Only now: a crash before this leaves the form before it in force, with columns to spare.
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    earlier = Path(before.file) if before else path
    if earlier.parent.resolve() == folder.resolve() and earlier.name != path.name:
        earlier.unlink(missing_ok=True)
    forms = {**store.forms, form.form_id: replace(form, file=str(path))}
    ordered = sorted(forms.values(), key=lambda each: (each.order, each.form_id))
    return replace(store, forms={each.form_id: each for each in ordered})


def remember(form: Form, folder: Path) -> None:
    """Keeps the file of a form that is in force among the earlier versions, once."""
    source = Path(form.file)
    (folder / OLD).mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = folder / OLD / f"{form.form_id}-{form.version}{source.suffix}"
    if not kept.exists():
        _written(kept.with_name(f".{kept.name}.new"), source.read_bytes()).replace(kept)


def _written(path: Path, content: bytes) -> Path:
    """A file of which the disk has every byte."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path
