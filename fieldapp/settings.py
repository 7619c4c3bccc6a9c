"""Every setting once: its name, its default and what it is for, read from FIELDAPP_* variables."""

from __future__ import annotations

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

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "fieldapp.db"

    @property
    def host(self) -> str:
        """Host and port of the public address."""
        return urlsplit(self.public_url).netloc


_CAST: dict[str, Callable[[str], Any]] = {
    setting.name: {"Path": Path, "int": int, "str": str}[str(setting.type)]
    for setting in fields(Settings)
}


def load(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Settings from FIELDAPP_* variables, then from what was `given` (None counts as not given).

    Raises BadRequest with the name of a variable that does not read.
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = f"FIELDAPP_{setting.name.upper()}"
        if variable in environ:
            try:
                values[setting.name] = _CAST[setting.name](environ[variable])
            except ValueError:
                raise BadRequest(
                    f"{variable} is '{environ[variable]}': give a whole number, "
                    f"for example {setting.default}"
                ) from None
    values.update({name: value for name, value in given.items() if value is not None})
    if "public_url" in values:
        values["public_url"] = values["public_url"].rstrip("/")
    return Settings(**values)
