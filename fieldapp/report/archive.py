"""Zip files whose bytes follow from what is in them and from one moment."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable
from typing import IO

LARGEST = 2**31 - 2**20
"""Bytes of a part: programs may not read a zip file made for more."""


def zip_into(
    file: IO[bytes], parts: Iterable[tuple[str, bytes | Iterable[bytes]]], made_at: dt.datetime
) -> None:
    """Writes a zip file of named parts in the order given, each dated `made_at`.

    A part that comes in pieces is never held whole.
    """
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
