"""Logs and workbooks that were kept elsewhere tell how far the journal had come."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from fieldapp.errors import BadRequest
from fieldapp.keep import whole
from fieldapp.keep.anchor import Anchor, last_change
from fieldapp.keep.store import Store
from fieldapp.report.deliver import deliver
from fieldapp.report.sheet import Workbook
from fieldapp.report.witness import anchors_in
from fieldapp.settings import Settings
from tests.conftest import Clock, Send

VISIT = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}


def test_a_workbook_tells_the_last_change_before_it_was_made(
    small: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    clock: Clock,
    send: Send,
    tmp_path: Path,
) -> None:
    with small.read() as connection:
        before = last_change(connection)
    path = tmp_path / "records.xlsx"
    made = deliver(small, settings, workbooks, "records", "2026-11", clock())
    path.write_bytes(made.content)
    assert anchors_in(path) == [before]
    with small.write("account:1", clock()) as write:  # to download changes nothing
        write.note("export", "records", "2026-11")
    again = deliver(small, settings, workbooks, "records", "2026-11", clock())
    assert again.content == made.content
    send("OP-01", "visitors", VISIT)
    path.write_bytes(deliver(small, settings, workbooks, "records", "2026-11", clock()).content)
    (after,) = anchors_in(path)
    assert before
    assert after > before
    assert whole.unlike(small, settings.data, [before, after]) == []
    assert whole.unlike(small, settings.data, [Anchor(after.line, before.seal)]) == [
        f"line {after.line} of the journal is another than it was"
    ]


def test_a_log_tells_every_anchor_in_it(tmp_path: Path) -> None:
    one, two = Anchor(7, "a" * 16), Anchor(12, "0123456789abcdef")
    lines = [{"object": f"journal {one}"}, {"object": "visitors/3"}, {"object": f"journal {two}"}]
    log = tmp_path / "fieldapp.log"
    log.write_bytes(b"\xff\xfe\n" + "\n".join(json.dumps(each) for each in lines).encode())
    assert anchors_in(log) == [one, two]


def test_what_tells_nothing_is_said_so(tmp_path: Path) -> None:
    """Rather than found in order."""
    text, packed, empty = (tmp_path / name for name in ("a.log", "b.csv.zip", "c.xlsx"))
    text.write_text("nothing of the kind 12-abc\n")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", f"12-{'a' * 16}")
    openpyxl.Workbook().save(empty)
    for path, said in ((text, "tells nothing"), (packed, "is no workbook"), (empty, "tells no")):
        with pytest.raises(BadRequest, match=said):
            anchors_in(path)
