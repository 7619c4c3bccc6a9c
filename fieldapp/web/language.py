"""Languages of the screen: gettext catalogues read at start, dates and numbers in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib import resources

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from flask import g, request
from markupsafe import Markup, escape

from fieldapp.errors import Message

SOURCE = "nl"
NAMES = {"nl": "Nederlands", "en": "English"}
RIGHT_TO_LEFT = {"ar"}
COOKIE = "language"
_NEAR = 183  # days within which a date needs no year

Catalogues = Mapping[str, Mapping[str, str]]
"""Language code → Dutch source text → translation."""


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
        g.language = chosen if chosen in NAMES else _preferred()
    return str(g.language)


def _preferred() -> str:
    """The first language that the phone asks for and we have; `nl-BE` is Dutch too."""
    asked = [code.split("-")[0].lower() for code, weight in request.accept_languages if weight > 0]
    return next((code for code in asked if code in NAMES), SOURCE)


def translate(catalogues: Catalogues, source: str, **values: object) -> str | Markup:
    """`source` in the language of this request with its braces filled; values are escaped."""
    text = catalogues[language()].get(source, source)
    if not values:
        return text
    return Markup(escape(text)).format(**{k: escape(v) for k, v in values.items()})  # noqa: S704


def say(catalogues: Catalogues, message: Message) -> str:
    """A message in the language of this request."""
    if text := message.texts.get(language()) or message.texts.get(SOURCE):
        return text
    return catalogues[language()].get(message.source, message.source).format(**message.values)


def pick(texts: Mapping[str, str]) -> str:
    """A form's text in the language of this request, else in Dutch."""
    return texts.get(language()) or texts.get(SOURCE, "")


def day(date: str | dt.date) -> str:
    """ "maandag 23 november", with the year when it lies more than half a year away."""
    value = dt.date.fromisoformat(date) if isinstance(date, str) else date
    far = abs((value - g.get("today", value)).days) > _NEAR
    return format_date(value, "EEEE d MMMM y" if far else "EEEE d MMMM", locale=language())


def short_day(date: str | dt.date) -> str:
    """ "23-11-2026"."""
    value = dt.date.fromisoformat(date) if isinstance(date, str) else date
    return f"{value.day}-{value.month}-{value.year}"


def weekday(date: str) -> str:
    """ "maandag"."""
    return format_date(dt.date.fromisoformat(date), "EEEE", locale=language())


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
    return format_date(date, "MMMM", locale=language())


def month_name(date: dt.date) -> str:
    """ "november 2026"."""
    return format_date(date, "MMMM y", locale=language())
