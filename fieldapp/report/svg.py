"""Charts as inline SVG: words and numbers in the drawing itself, colours from the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

WIDTH = 480
_PAIR, _BAR = 58, 22  # how tall a pair is, and its bar
_LETTER = 14  # how wide a digit is at most
_LONGEST = 32  # characters of a label
_ROW, _CAPITAL = 28, 11  # how tall a row is, and how wide a letter of its label at most
_NARROW, _TALL, _FLOOR = 320, 120, 150  # of standing bars: a phone is as wide as their drawing
_SMALL = 8  # how wide a digit above them is at most


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
    room = WIDTH - _wide(numbers) - 8
    drawn = []
    for nth, (label, number, long) in enumerate(_lying(pairs, numbers, room)):
        top = nth * _PAIR
        drawn.append(
            f'<text x="0" y="{top + 22}">{escape(_short(label))}</text>'
            f'<rect x="0" y="{top + 29}" width="{long:.1f}" height="{_BAR}"/>'
            f'<text x="{long + 8:.1f}" y="{top + 47}">{escape(number)}</text>'
        )
    return _drawing(title, _told(description, pairs, numbers), WIDTH, len(pairs) * _PAIR, drawn)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def rows(
    title: str,
    description: str,
    pairs: Sequence[tuple[str, float]],
    written: Callable[[float], str] = "{:g}".format,
) -> str:
    """Lying bars close together, one per short label: the label before it, the number behind."""
    numbers = [written(value) for _, value in pairs]
    before = max((len(label) for label, _ in pairs), default=0) * _CAPITAL + 8
    room = WIDTH - before - _wide(numbers) - 8
    drawn = []
    for nth, (label, number, long) in enumerate(_lying(pairs, numbers, room)):
        top = nth * _ROW
        drawn.append(
            f'<text x="0" y="{top + 20}">{escape(label)}</text>'
            f'<rect x="{before}" y="{top + 4}" width="{long:.1f}" height="20"/>'
            f'<text x="{before + long + 8:.1f}" y="{top + 20}">{escape(number)}</text>'
        )
    return _drawing(title, _told(description, pairs, numbers), WIDTH, len(pairs) * _ROW, drawn)


def _wide(numbers: Sequence[str]) -> int:
    """How wide the longest of these numbers is written."""
    return max((len(each) for each in numbers), default=0) * _LETTER


def _lying(
    pairs: Sequence[tuple[str, float]], numbers: Sequence[str], room: float
) -> Iterator[tuple[str, str, float]]:
    """Label, number and length of each bar when the longest fills the room."""
    most = max((value for _, value in pairs), default=0) or 1
    for (label, value), number in zip(pairs, numbers, strict=True):
        yield label, number, max(0.0, value) / most * room


def _told(description: str, pairs: Sequence[tuple[str, object]], numbers: Sequence[str]) -> str:
    """What readers hear: the description, then every pair."""
    told = "; ".join(f"{label} {number}" for (label, _), number in zip(pairs, numbers, strict=True))
    return f"{description} {told}."


def columns(
    title: str,
    description: str,
    pairs: Sequence[tuple[str, float | None]],
    written: Callable[[float], str] = "{:g}".format,
    target: float | None = None,
) -> str:
    """Standing bars, one per short label below it; a dash where there is no number.

    The first, the last and the highest carry their number; `target` is a dashed line that says so.
    """
    known = [(nth, value) for nth, (_, value) in enumerate(pairs) if value is not None]
    top = max([target or 0.0, *(value for _, value in known)]) or 1
    wide = _NARROW / max(1, len(pairs))
    highest = max(known, key=lambda each: each[1], default=(0, 0.0))[0]
    marked = {known[0][0], known[-1][0], highest} if known else set()
    drawn = []
    for nth, (label, value) in enumerate(pairs):
        middle = (nth + 0.5) * wide
        drawn.append(f'<text x="{middle:.1f}" y="{_FLOOR + 16}">{escape(label)}</text>')
        if value is None:
            drawn.append(f'<text x="{middle:.1f}" y="{_FLOOR - 4}">–</text>')
            continue
        tall = max(0.0, value) / top * _TALL
        drawn.append(
            f'<rect x="{nth * wide + 2:.1f}" y="{_FLOOR - tall:.1f}" '
            f'width="{wide - 4:.1f}" height="{tall:.1f}"/>'
        )
        if nth in marked:
            edge = _within(middle, len(written(value)) * _SMALL / 2)
            drawn.append(
                f'<text x="{edge:.1f}" y="{_FLOOR - tall - 5:.1f}">{escape(written(value))}</text>'
            )
    if target is not None:
        at = _FLOOR - target / top * _TALL
        drawn.append(f'<line x1="0" x2="{_NARROW}" y1="{at:.1f}" y2="{at:.1f}"/>')
        words = f"doel {written(target)}"
        left = len(words) * _SMALL / 2
        drawn.append(f'<text x="{left:.1f}" y="{at - 5:.1f}">{escape(words)}</text>')
    drawn.append(f'<line class="floor" x1="0" x2="{_NARROW}" y1="{_FLOOR}" y2="{_FLOOR}"/>')
    return _drawing(title, description, _NARROW, _FLOOR + 22, drawn, "columns")


def _within(middle: float, half: float) -> float:
    """Where the middle of a text goes that is `half` wide to both sides, inside the drawing."""
    return min(max(middle, half), _NARROW - half)


def _drawing(
    title: str, description: str, wide: int, tall: int, drawn: Sequence[str], kind: str = "bars"
) -> str:
    spoken = escape(" ".join(f"{title}. {description}".split()))
    return (
        f'<svg class="{kind}" role="img" aria-label="{spoken}" '
        f'viewBox="0 0 {wide} {tall}">{"".join(drawn)}</svg>'
    )
