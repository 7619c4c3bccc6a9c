"""Zip files whose bytes follow from what is in them and from one moment."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable


def zipped(parts: Iterable[tuple[str, bytes]], made_at: dt.datetime) -> bytes:
    """A zip file of named parts in the order given, each dated `made_at`."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            part = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(part, content)
    return result.getvalue()
