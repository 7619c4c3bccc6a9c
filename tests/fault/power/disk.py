"""A disk that forgets: what a power cut leaves of what a process wrote, at any moment of it."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
"""Bytes that reach the disk together or not at all."""
_HEAD = struct.Struct("<cIQQ")
_MEMORY = "-shm"  # SQLite's own memory: no disk holds it


@dataclass(frozen=True)
class Step:
    """One thing that a process did, as `cut.c` tells it."""

    kind: str
    path: str
    offset: int
    data: bytes


def steps(trace: Path) -> list[Step]:
    """All that was told in a trace."""
    return list(_read(trace.read_bytes()))


def _read(told: bytes) -> Iterator[Step]:
    at = 0
    while at < len(told):
        kind, named, offset, length = _HEAD.unpack_from(told, at)
        at += _HEAD.size
        path, data = told[at : at + named], told[at + named : at + named + length]
        at += named + length
        if not path.endswith(_MEMORY.encode()):
            yield Step(kind.decode(), path.decode(), offset, data)


@dataclass
class _File:
    """A file: what is on the disk for good, and what was written since and may be lost."""

    safe: bytearray = field(default_factory=bytearray)
    loose: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for each in self.loose:
            _put(self.safe, each)
        self.loose = []

    def left(self, chance: Random) -> bytes:
        """What a cut leaves: any of what was written since, in any order, in part or whole."""
        found, luck = bytearray(self.safe), chance.choice((0.0, 0.5, 0.9, 1.0))
        for each in self.loose:
            if chance.random() < luck:
                _put(found, each, chance if luck < 1 and chance.random() < 0.3 else None)
        return bytes(found)


def _put(content: bytearray, step: Step, chance: Random | None = None) -> None:
    """Does to `content` what a step does; with `chance` only some of its sectors arrive."""
    if step.kind == "T":
        content[:] = content[: step.offset].ljust(step.offset, b"\0")
        return
    end = step.offset + len(step.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    for at in range(step.offset, end, SECTOR) if chance else (step.offset,):
        if chance is None or chance.random() < 0.5:
            last = min(at + SECTOR, end) if chance else end
            content[at:last] = step.data[at - step.offset : last - step.offset]


class Disk:
    """The files of a folder, while the steps of a trace are done to them."""

    def __init__(self, folder: Path) -> None:
        self._now = {
            path.relative_to(folder).as_posix(): _File(bytearray(path.read_bytes()))
            for path in folder.rglob("*")
            if path.is_file() and not path.name.endswith(_MEMORY)
        }
        self._safe = dict(self._now)
        self._heard = b""

    @property
    def heard(self) -> Sequence[str]:
        """The lines that were said, whole ones."""
        whole = self._heard[: self._heard.rfind(b"\n") + 1]
        return whole.decode().splitlines()

    def do(self, step: Step) -> None:
        """One step further."""
        if step.kind == "A":
            self._heard += step.data
        elif step.kind == "S" and step.path == "":
            self._safe = dict(self._now)
        elif step.kind == "S":
            if file := self._now.get(step.path):
                file.sync()
                self._safe[step.path] = file  # who syncs a new file finds it under its name
        elif step.kind == "U":
            self._now.pop(step.path, None)
        elif step.kind == "R":
            self._now[Path(step.data.decode()).name] = self._now.pop(step.path)
        else:
            self._now.setdefault(step.path, _File()).loose.append(step)

    def whole(self) -> dict[str, bytes]:
        """What there is as long as the power stays."""
        return {name: self._content(file) for name, file in self._now.items()}

    def cut(self, folder: Path, chance: Random) -> None:
        """Writes what a power cut at this moment leaves."""
        for name in self._now.keys() | self._safe.keys():
            file = chance.choice((self._now, self._safe)).get(name)
            if file is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.touch(0o600)
                path.write_bytes(file.left(chance))

    def _content(self, file: _File) -> bytes:
        found = bytearray(file.safe)
        for each in file.loose:
            _put(found, each)
        return bytes(found)
