"""Charts as inline SVG: words and numbers in the drawing itself, colours from the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

WIDTH = 480
_PAIR, _BAR = 58, 22  # how tall a pair is, and its bar
_LETTER = 14  # how wide a digit is at most
_LONGEST = 32  # characters of a label


def bars(
    title: str,
    description: str,
    pairs: Sequence[tuple[str, float]],
    written: Callable[[float], str] = "{:g}".format,
) -> str:
    """Lying bars, one per pair of label and number: the label above it, the number at its end.

    Readers hear the title and description, then every pair; `written` puts a number in words.
    """
    numbers = [written(value) for _, value in pairs]
    room = WIDTH - max((len(each) for each in numbers), default=0) * _LETTER - 8
    most = max((value for _, value in pairs), default=0) or 1
    drawn = []
    for nth, (number, (label, value)) in enumerate(zip(numbers, pairs, strict=True)):
        top, long = nth * _PAIR, max(0.0, value) / most * room
        drawn.append(
            f'<text x="0" y="{top + 22}">{escape(_short(label))}</text>'
            f'<rect x="0" y="{top + 29}" width="{long:.1f}" height="{_BAR}"/>'
            f'<text x="{long + 8:.1f}" y="{top + 47}">{escape(number)}</text>'
        )
    told = "; ".join(f"{label} {number}" for (label, _), number in zip(pairs, numbers, strict=True))
    spoken = escape(" ".join(f"{title}. {description} {told}.".split()))
    return (
        f'<svg class="bars" role="img" aria-label="{spoken}" '
        f'viewBox="0 0 {WIDTH} {len(pairs) * _PAIR}">{"".join(drawn)}</svg>'
    )


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"
