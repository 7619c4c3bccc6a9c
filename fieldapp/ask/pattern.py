"""Regular expressions for `regex()` that Python and a phone's JavaScript read alike."""

from __future__ import annotations

import re

_SPACE = r" \t\n\r\f\v"
_CLASSES = {
    **{f"\\{letter}": f"\\{letter}" for letter in "dDwW"},
    r"\s": f"[{_SPACE}]",
    r"\S": f"[^{_SPACE}]",
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
# Before 3.14 Python finds no \B in an empty text; JavaScript does.
_ASSERTIONS = {"^": "^", "$": r"(?![\s\S])", "\\b": r"\b", "\\B": r"(?!\b)"}
_ANY = r"[^\n\r\u2028\u2029]"
_CODE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{([0-9]{1,4})(,([0-9]{0,4}))?\})\??")
_MOST_REPEATS = 1_000


class PatternFault(ValueError):
    """A pattern is not a regular expression, or phone and server would read it differently."""


def shared_pattern(pattern: str) -> str:
    """`pattern` rewritten so that `re.ASCII` and JavaScript's `u` flag match the same texts."""
    return _Pattern(pattern).read()


class _Pattern:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.repeats = 0
        """How often the last atom may repeat in itself; 0 when there is nothing to repeat."""

    def read(self) -> str:
        written: list[str] = []
        open_groups: list[tuple[bool, int]] = []  # may it be repeated; repeats inside so far
        inside = 1
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == "(":
                opening = self._opening()
                written.append(opening)
                open_groups.append((opening == "(?:", inside))
                inside, self.repeats = 1, 0
            elif char == ")":
                if not open_groups:
                    raise PatternFault("has a ')' too many: write \\) for the character itself")
                self.at += 1
                repeatable, outside = open_groups.pop()
                self.repeats, inside = inside if repeatable else 0, max(inside, outside)
                written.append(")")
            elif char in "*+?{":
                written.append(self._quantifier())
                inside, self.repeats = max(inside, self.repeats), 0
            else:
                written.append(self._atom(char))
        if open_groups:
            raise PatternFault("has a '(' that is not closed: add ')', or write \\(")
        return "".join(written)

    def _opening(self) -> str:
        for opening in ("(?:", "(?=", "(?!"):
            if self.pattern.startswith(opening, self.at):
                self.at += len(opening)
                return opening
        if self.pattern.startswith("(?", self.at):
            found = self.pattern[self.at : self.at + 4]
            raise PatternFault(
                f"uses '{found}', which phone and server read differently (lookbehind, flags, "
                "named groups): use only ( ), (?: ), (?= ) and (?! )"
            )
        self.at += 1
        return "(?:"

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if not found:
            raise PatternFault("has a '{' that is no repetition: write {2} or {2,4}, or \\{")
        if not self.repeats:
            raise PatternFault(
                f"has '{found[0]}' with nothing to repeat before it, or a doubled or possessive "
                "repetition: write one of * + ? {2,4} behind a character or group"
            )
        least = int(found[1] or 0)
        most = int(found[3] or least)
        if most < least:
            raise PatternFault(f"has '{found[0]}' with its numbers the wrong way round")
        self.repeats *= max(most, 1)
        if self.repeats > _MOST_REPEATS:
            raise PatternFault(f"repeats more than {_MOST_REPEATS} times: use * or + instead")
        self.at = found.end()
        return found[0]

    def _atom(self, char: str) -> str:
        start = self.at
        if char == "[":
            self.repeats = 1
            return self._set()
        two = self.pattern[start : start + 2]
        assertion = two if two in _ASSERTIONS else char
        if assertion in _ASSERTIONS or char == "|":
            self.at, self.repeats = start + len(assertion), 0
            return _ASSERTIONS.get(assertion, char)
        self.repeats = 1
        if char == "\\":
            found = self._escaped()
            return _CLASSES.get(found) or _literal(found)
        self.at += 1
        return _ANY if char == "." else _literal(char)

    def _escaped(self) -> str:
        """The character that an escape stands for, or a class as it was written: \\d."""
        if found := _CODE.match(self.pattern, self.at):
            self.at = found.end()
            char = chr(int(found[1] or found[2], 16))
            if "\ud800" <= char <= "\udfff":
                raise PatternFault(f"uses '{found[0]}', half a character: write the character")
            return char
        escape = self.pattern[self.at : self.at + 2]
        self.at += 2
        char = escape[1:]
        if escape in _CLASSES:
            return escape
        if not char or not char.isascii() or (char.isalnum() and char not in _CONTROLS):
            raise PatternFault(
                f"uses '{escape}', which phone and server read differently: write the "
                "characters themselves, such as [0-9] or [A-Za-zÀ-ÿ]"
            )
        return _CONTROLS.get(char, char)

    def _set(self) -> str:
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        members: list[str] = []
        while not self.pattern.startswith("]", self.at):
            first = self._member()
            if self._is_range():
                self.at += 1
                last = self._member()
                if len(first) > 1 or len(last) > 1 or last < first:
                    raise PatternFault(
                        f"has the range '{first}-{last}' that runs the wrong way or has no ends: "
                        "write it as [a-z], and a '-' of its own last, as [a-z-]"
                    )
                members.append(f"{_set_literal(first)}-{_set_literal(last)}")
            else:
                members.append(_set_literal(first))
        self.at += 1
        if not members:
            raise PatternFault("has an empty set []: write \\[\\] for the characters themselves")
        return f"[{'^' if negated else ''}{''.join(members)}]"

    def _is_range(self) -> bool:
        return (
            self.pattern.startswith("-", self.at)
            and self.at + 1 < len(self.pattern)
            and self.pattern[self.at + 1] != "]"
        )

    def _member(self) -> str:
        """One character of a set, or a class such as \\d; the caller writes it out."""
        char = self.pattern[self.at : self.at + 1]
        if not char:
            raise PatternFault("has a '[' that is not closed: add ']', or write \\[")
        if char == "[":
            raise PatternFault("has a '[' inside [ ]: write \\[ for the character itself")
        if char == "\\":
            return self._escaped()
        self.at += 1
        return char


def _literal(char: str) -> str:
    return "\\" + char if char in r"^$\.*+?()[]{}|" else char


def _set_literal(member: str) -> str:
    """`member` as it stands inside a set, where Python and JavaScript each have their own signs."""
    if member == r"\S":
        raise PatternFault("has \\S inside [ ]: write the set the other way round, as [^\\s]")
    if member in _CLASSES:
        return _SPACE if member == r"\s" else member
    return f"\\x{ord(member):02x}" if member in r"^$\.*+?()[]{}|&~-#" else member
