"""Every setting once: its name, its default and what it is for, read from FIELDAPP_* variables."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fieldapp.errors import BadRequest

PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """The folder `forms`, `exports` or `static`: in the package when installed, else beside it."""
    inside = PACKAGE if (PACKAGE / "forms").is_dir() else PACKAGE.parent
    return inside / name


def _setting(default: Any, help_sentence: str) -> Any:
    return field(default=default, metadata={"help": help_sentence})


@dataclass(frozen=True)
class Settings:
    """What an instance can be told; every field has a default and a help sentence."""

    data: Path = _setting(Path("data"), "Folder of the database, its secrets and its copies.")
    forms: Path = _setting(shipped("forms"), "Folder of what is asked: one XLSForm per file.")
    exports: Path = _setting(shipped("exports"), "Folder of what is told: one folder per workbook.")
    public_url: str = _setting(
        "http://localhost:8000",
        "Scheme, host and port under which phones reach the app; QR codes are made from it.",
    )
    proxies: int = _setting(0, "Number of reverse proxies in front whose X-Forwarded-* counts.")
    threads: int = _setting(4, "Threads of the server.")
    timezone: str = _setting("Europe/Amsterdam", "Time zone of the places.")
    afternoon_from: str = _setting("12:30", "Where the morning ends and the afternoon begins.")
    evening_from: str = _setting("18:00", "Where the afternoon ends and the evening begins.")
    month_due: int = _setting(5, "Working day of the next month until which a month can change.")
    small_cell: int = _setting(
        5, "Counts of persons below this are protected in public workbooks; 0 shows all."
    )
    deal_from: dt.date = _setting(dt.date(2024, 1, 1), "First day of the deal.")
    deal_until: dt.date = _setting(
        dt.date(2027, 12, 31), "Last day of the deal; change it when the deal is extended."
    )
    funding_until: dt.date = _setting(
        dt.date(2027, 12, 31),
        "Last day of the funding; half a year before, structural funding is to be proposed.",
    )
    cutoff: str = _setting(
        "04-30", "Month and day up to which the yearly progress report tells what was done."
    )
    acknowledgement: str = _setting(
        "Mede mogelijk gemaakt in het kader van de Regio Deal Den Haag Zuidwest.",
        "The line of article 9, on posters, public pages and workbook covers.",
    )
    organisation: str = _setting(
        "Programmabureau Regio Deal Den Haag Zuidwest", "Who the office is, as pages name it."
    )
    contact: str = _setting(
        "uw contactpersoon bij het programmabureau", "Whom to ask for help, as pages name it."
    )

    def __post_init__(self) -> None:
        url = urlsplit(self.public_url)
        if url.scheme not in {"http", "https"} or not url.netloc or url.path.strip("/"):
            raise BadRequest(
                f"FIELDAPP_PUBLIC_URL is '{self.public_url}': give scheme, host and port "
                "without a path, for example https://veld.example.nl"
            )
        try:
            dt.date.fromisoformat(f"2024-{self.cutoff}")
        except ValueError:
            raise BadRequest(
                f"FIELDAPP_CUTOFF is '{self.cutoff}': give a month and a day, for example 04-30"
            ) from None
        if self.deal_until <= self.deal_from:
            raise BadRequest(
                f"FIELDAPP_DEAL_UNTIL is {self.deal_until}, but the deal begins on "
                f"{self.deal_from}: give a later day"
            )

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "fieldapp.db"

    @property
    def published(self) -> Path:
        """The folder of the forms that the office published; they go before the shipped ones."""
        return self.data / "forms"

    @property
    def host(self) -> str:
        """Host and port of the public address."""
        return urlsplit(self.public_url).netloc


_CASTS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "Path": (Path, "a folder"),
    "int": (int, "a whole number"),
    "str": (str, "a text"),
    "dt.date": (dt.date.fromisoformat, "a day"),
}
"""How a setting of each type is read, and what to call it."""


def load(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Settings from FIELDAPP_* variables, then from what was `given` (None counts as not given).

    Raises BadRequest with the name of a variable that does not read.
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = f"FIELDAPP_{setting.name.upper()}"
        if variable in environ:
            cast, kind = _CASTS[str(setting.type)]
            try:
                values[setting.name] = cast(environ[variable])
            except ValueError:
                raise BadRequest(
                    f"{variable} is '{environ[variable]}': give {kind}, "
                    f"for example {setting.default}"
                ) from None
    values.update({name: value for name, value in given.items() if value is not None})
    if "public_url" in values:
        values["public_url"] = values["public_url"].rstrip("/")
    return Settings(**values)
