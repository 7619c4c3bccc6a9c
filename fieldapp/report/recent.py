"""What was made last, kept for who asks next: a few at a time, each made once for all who wait."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


@dataclass(slots=True)
class _Shelf(Generic[Made]):
    """Room for one thing; who holds the lock is making it."""

    lock: Lock = field(default_factory=Lock)
    made: list[Made] = field(default_factory=list)


class Recent(Generic[Made]):
    """At most `most` things by their key, those asked for last; any thread may ask."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._shelves: OrderedDict[Hashable, _Shelf[Made]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for `key`, or else what `make` gives now; what it raises is not kept."""
        with self._lock:
            shelf = self._shelves.setdefault(key, _Shelf())
            self._shelves.move_to_end(key)
            if len(self._shelves) > self._most:
                self._shelves.popitem(last=False)
        with shelf.lock:
            if not shelf.made:
                shelf.made.append(make())
            return shelf.made[0]
