"""How wide texts come out in the house's letters, and over how many lines they run."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_WIDTHS = {
    191: "'",
    222: "ijl",
    278: " !,./:;I[]\\ft",
    333: "()-`r",
    355: '"',
    500: "Jcksvxyz",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→",
}
_DIGIT = 556  # thousandths of the size of the letter, as are those above
_WIDE = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_BOLD = 1.08  # by which bold letters are wider
_BROADEST = 944 * _BOLD / _DIGIT  # digits that no letter is wider than
_SPARE = 0.98  # of a column: programs differ by a few pixels on where a line ends


@lru_cache(maxsize=4096)  # the same words stand in every row
def wide(text: str, *, bold: bool = False) -> float:
    """How many digits wide a text is: columns are measured in digits."""
    bare = unicodedata.normalize("NFD", text)
    whole = sum(_WIDE.get(letter, _DIGIT) for letter in bare if not unicodedata.combining(letter))
    return whole / _DIGIT * (_BOLD if bold else 1)


def lines(text: str, width: float, *, bold: bool = False) -> int:
    """Over how many lines a text runs in a column of that many digits."""
    width = max(width * _SPARE, 1)
    if len(text) * _BROADEST <= width and text.isascii() and "\n" not in text:
        return 1  # most texts are short: no need to measure them
    space, count = wide(" ", bold=bold), 0
    for paragraph in text.split("\n"):
        count, left = count + 1, width
        for word in paragraph.split(" "):
            long = wide(word, bold=bold)
            if long > left and left < width:
                count, left = count + 1, width
            while long > left:  # a word longer than a line is cut
                count, long = count + 1, long - left
                left = width
            left -= long + space
    return count
