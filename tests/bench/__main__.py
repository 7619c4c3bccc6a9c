"""`make bench`: one table, every figure a ratio against a bare limit of the same run.

`python -m tests.bench PART…` measures some parts only.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench import export, overview, records, rendering, saving, start
from tests.bench.figure import Figure, machine, table
from tests.bench.home import Home, home

PARTS: Mapping[str, Callable[[Home], Iterator[Figure]]] = {
    "saving": saving.figures,
    "rendering": rendering.figures,
    "export": export.figures,
    "records": records.figures,
    "overview": overview.figures,
    "start": start.figures,
}


def main() -> None:
    """Measures on the example and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--home", type=Path, help="where the example is kept between two runs")
    parser.add_argument("--keep", type=Path, help="the file that the table is kept in")
    asked = parser.parse_args()
    found: list[Figure] = []
    with home(asked.home) as here:
        for name in asked.parts or PARTS:
            for figure in PARTS[name](here):
                print(figure, flush=True)
                found.append(figure)
    told = f"{machine()}.\n\n{table(found)}\n"
    print(f"\n{told}")
    if asked.keep:
        asked.keep.write_text(told, "utf-8")


if __name__ == "__main__":
    main()
