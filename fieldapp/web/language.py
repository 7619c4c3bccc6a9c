"""Languages of the screen: gettext catalogues read at start, dates and numbers in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from flask import g, request
from markupsafe import Markup, escape

from fieldapp.errors import Message

SOURCE = "nl"
NAMES = {
    "nl": "Nederlands",
    "en": "English",
    "tr": "Türkçe",
    "ar": "العربية",
    "pl": "Polski",
}
CONCEPT = frozenset({"tr", "ar", "pl"})
"""Languages for the phone alone, whose catalogues nobody who speaks them has checked yet."""
RIGHT_TO_LEFT = frozenset({"ar"})
OFFICE = "/office"
COOKIE = "language"
_NEAR = 183  # days within which a date needs no year
_DAY = {"tr": "d MMMM{year} EEEE", "ar": "EEEE، d MMMM{year}", "pl": "EEEE, d MMMM{year}"}
_COMMA = {"ar": "، "}
_BRACES = re.compile(r"\{\w+\}")
_ISOLATED = "\u2068{}\u2069"  # what <bdi> does, where markup cannot stand

Catalogues = Mapping[str, Mapping[str, str]]
"""Language code → Dutch source text → translation."""


@cache
def load() -> Catalogues:
    """Every catalogue of the package, compiled in memory (a `.mo` file may not be there)."""
    folder = resources.files("fieldapp.web").joinpath("translations")
    found: dict[str, dict[str, str]] = {SOURCE: {}}
    for code in NAMES:
        if code == SOURCE:
            continue
        with folder.joinpath(f"{code}.po").open("rb") as file:
            found[code] = {
                str(message.id): str(message.string)
                for message in read_po(file, locale=code)
                if message.id and message.string
            }
    return found


def language() -> str:
    """The language of this request: chosen, else the phone's own, else Dutch."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        if chosen not in NAMES:
            g.language = _preferred()
        else:  # in the office a concept falls back to Dutch
            g.language = chosen if chosen in offered() else SOURCE
    return str(g.language)


def offered() -> Mapping[str, str]:
    """The languages to choose from on this page: code → its own name."""
    in_office = request.path.startswith(OFFICE)
    return {code: name for code, name in NAMES.items() if not (in_office and code in CONCEPT)}


def _preferred() -> str:
    """The first language that the phone asks for and is whole; `nl-BE` is Dutch too."""
    asked = [code.split("-")[0].lower() for code, weight in request.accept_languages if weight > 0]
    return next((code for code in asked if code in NAMES and code not in CONCEPT), SOURCE)


def translate(catalogues: Catalogues, source: str, **values: object) -> str | Markup:
    """`source` in the language of this request with its braces filled; values are escaped."""
    text = catalogues[language()].get(source, source)
    if not values:
        return text
    filled = {name: escape(value) for name, value in values.items()}
    return Markup(escape(isolating(text))).format(**filled)  # noqa: S704


def say(catalogues: Catalogues, message: Message) -> str:
    """A message in the language of this request."""
    if text := pick(message.texts):
        return text
    text = catalogues[language()].get(message.source, message.source)
    return isolating(text).format(**message.values)


def say_each(catalogues: Catalogues, messages: Mapping[str, Message]) -> dict[str, str]:
    """Messages in the language of this request, by what they are about."""
    return {name: say(catalogues, message) for name, message in messages.items()}


def isolating(text: str) -> str:
    """A text of which each part that is filled in keeps its own direction."""
    return _BRACES.sub(lambda found: apart(found[0]), text)


def apart(text: str) -> str:
    """A name or code that keeps its own direction, also between words from the right."""
    return _ISOLATED.format(text) if language() in RIGHT_TO_LEFT else text


def pick(texts: Mapping[str, str]) -> str:
    """A form's text in the language of this request, else in Dutch."""
    if text := texts.get(language()):
        return text
    fallen_back = texts.get(SOURCE, "")
    if fallen_back:
        g.setdefault("fallen", set()).add(fallen_back)
    return fallen_back


def fallen(text: str) -> bool:
    """Whether a form's text is Dutch on this page for want of a translation."""
    return text in g.get("fallen", ())


def own(text: str) -> str | Markup:
    """A form's text, marked where it is Dutch on a page in another language."""
    return Markup('<span lang="nl" dir="ltr">{}</span>').format(text) if fallen(text) else text


def listed(parts: Iterable[str]) -> str:
    """Parts in a row with the comma of the language between them."""
    return _COMMA.get(language(), ", ").join(parts)


def day(date: str | dt.date) -> str:
    """ "maandag 23 november", with the year when it lies more than half a year away."""
    value = dt.date.fromisoformat(date) if isinstance(date, str) else date
    far = abs((value - g.get("today", value)).days) > _NEAR
    pattern = _DAY.get(language(), "EEEE d MMMM{year}").format(year=" y" if far else "")
    return format_date(value, pattern, locale=language())


def short_day(date: str | dt.date) -> str:
    """ "23-11-2026"."""
    value = dt.date.fromisoformat(date) if isinstance(date, str) else date
    return f"{value.day}-{value.month}-{value.year}"


def weekday(date: str) -> str:
    """ "maandag"."""
    return format_date(dt.date.fromisoformat(date), "EEEE", locale=language())


def weekday_short(date: dt.date) -> str:
    """ "ma"."""
    return format_date(date, "EEEEEE", locale=language())


def short_date(date: str) -> str:
    """ "16 nov"."""
    return format_date(dt.date.fromisoformat(date), "d MMM", locale=language())


def day_of_month(date: dt.date) -> str:
    """ "16 november"."""
    return format_date(date, "d MMMM", locale=language())


def full_date(date: dt.date) -> str:
    """ "16 november 2026"."""
    return format_date(date, "d MMMM y", locale=language())


def moment(stamp: str) -> str:
    """ "23 november 2026, 10:12", in the time zone of the server's pages."""
    value = dt.datetime.fromisoformat(stamp)
    zone = g.get("timezone", dt.UTC)
    return format_datetime(value, "d MMMM y, HH:mm", tzinfo=zone, locale=language())


def month_alone(date: dt.date) -> str:
    """ "november"."""
    return format_date(date, "LLLL", locale=language())


def month_name(date: dt.date) -> str:
    """ "november 2026"."""
    return format_date(date, "LLLL y", locale=language())
