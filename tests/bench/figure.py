"""What `make bench` measures: a figure is a ratio against a bare limit of the same run."""

from __future__ import annotations

import gc
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 7
HEADS = ("measured", "against", "ratio", "min–max", "aim")


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured against what, and their ratio in each round."""

    what: str
    against: str
    ratios: Sequence[float]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the median is within the aim, if there is one."""
        middle = statistics.median(self.ratios)
        low = self.at_least is None or middle >= self.at_least
        return low and (self.at_most is None or middle <= self.at_most)

    def __str__(self) -> str:
        middle = statistics.median(self.ratios)
        cells = (
            self.what,
            self.against,
            f"{middle:.2f}",
            f"{min(self.ratios):.2f}–{max(self.ratios):.2f}",
            self._aim(),
        )
        return f"| {' | '.join(cells)} |"

    def _aim(self) -> str:
        if self.at_most is None and self.at_least is None:
            return ""
        told = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        return told if self.holds else f"**{told}**"


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes, garbage of before apart."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def against(
    what: str,
    limit: str,
    work: Callable[[], object],
    bare: Callable[[], object],
    *,
    rounds: int = ROUNDS,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Figure:
    """How many times as long `work` takes as `bare`, in turns, after one that does not count."""
    work()
    bare()
    ratios = [timed(work) / timed(bare) for _ in range(rounds)]
    return Figure(what, limit, ratios, at_most, at_least)


def machine() -> str:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if _linux() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return (
        f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; median of {ROUNDS} rounds where nothing else is said"
    )


def _linux() -> bool:
    return Path("/proc/cpuinfo").is_file()


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table in Markdown; an aim in bold does not hold."""
    lines = [f"| {' | '.join(HEADS)} |", f"|{' --- |' * len(HEADS)}"]
    return "\n".join([*lines, *map(str, figures)])
