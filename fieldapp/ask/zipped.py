"""What an .xlsx is packed in: looked at before anything in it is unpacked or parsed."""

from __future__ import annotations

import enum
import re
import zipfile

LARGEST_UNPACKED = 60_000_000
MOST_TIMES_SMALLER = 250  # a megabyte of records that look alike becomes some ten kilobytes
MOST_PARTS = 500

_SURELY = 1_000_000  # bytes from which the ratio of a part says something
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_PICTURES = "xl/media/"
_NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml"})


class Trouble(enum.Enum):
    """Why a file is no plain workbook."""

    ODS = "an .ods"
    XLSB = "an .xlsb"
    LOCKED = "locked with a password"
    BROKEN = "not packed as a workbook is"
    HUGE = "far too large when unpacked"
    MACROS = "with macros"


def trouble(archive: zipfile.ZipFile) -> Trouble | None:
    """Why the file is no plain workbook; None when it looks like one."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if "mimetype" in names:
        return Trouble.ODS
    if "xl/workbook.bin" in names:
        return Trouble.XLSB
    if any(part.flag_bits & 1 for part in parts):
        return Trouble.LOCKED
    if len(names) > MOST_PARTS or len(set(names)) < len(names):
        return Trouble.BROKEN
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        return Trouble.BROKEN
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_grows, parts)):
        return Trouble.HUGE
    if not set(names) >= _NEEDED:
        return Trouble.BROKEN
    if any(name.lower().endswith("vbaproject.bin") for name in names) or (
        b"macroEnabled" in archive.read("[Content_Types].xml")
    ):
        return Trouble.MACROS
    for name in names:  # a sheet may have any name, and two-byte letters
        if not name.startswith(_PICTURES) and _DTD.search(archive.read(name).replace(b"\0", b"")):
            return Trouble.BROKEN
    return None


def _grows(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SURELY and part.file_size > MOST_TIMES_SMALLER * part.compress_size
