"""Zip files whose bytes follow from what is in them and from one moment."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import IO


def zipped(parts: Iterable[tuple[str, bytes]], made_at: dt.datetime) -> bytes:
    """A zip file of named parts in the order given, each dated `made_at`."""
    result = io.BytesIO()
    zip_into(result, parts, made_at)
    return result.getvalue()


def zip_into(
    file: IO[bytes], parts: Iterable[tuple[str, bytes | Iterable[bytes]]], made_at: dt.datetime
) -> None:
    """Writes the same into a file; a part that comes in pieces is never held whole."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            part = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            if isinstance(content, bytes):
                archive.writestr(part, content)
                continue
            with archive.open(part, "w") as entry:
                for piece in content:
                    entry.write(piece)
