"""A row of numbers as a small chart of text: a bar for each, together in one cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

_STEPS = "▂▃▄▅▆▇█"  # of more than zero; the highest of the row fills its bar
_ZERO, _NO_NUMBER = "▁", "░"


def bars(cells: Sequence[object]) -> str:
    """A bar for each cell, as high as its number; nothing when none of them is a number."""
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    if not numbers:
        return ""
    highest = max(*numbers, 0)
    return "".join(
        _bar(cell, highest) if isinstance(cell, int | float) else _NO_NUMBER for cell in cells
    )


def _bar(number: float, highest: float) -> str:
    if number <= 0:
        return _ZERO
    return _STEPS[math.ceil(number / highest * len(_STEPS)) - 1]
