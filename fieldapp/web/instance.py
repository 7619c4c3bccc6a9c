"""What every page needs of the running instance, and who is asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web.fields import AnswerForm
from fieldapp.web.language import Catalogues

Clock = Callable[[], dt.datetime]
"""Gives the present moment with its time zone; tests hand in their own."""


@dataclass(frozen=True)
class Instance:
    """One running fieldapp."""

    settings: Settings
    store: Store
    clock: Clock
    catalogues: Catalogues
    workbooks: Mapping[str, Workbook]
    classes: Mapping[str, type[AnswerForm]]

    @property
    def forms(self) -> Mapping[str, Form]:
        """Every form by id."""
        return self.store.forms

    def now(self) -> dt.datetime:
        """The moment, in the time zone of the places."""
        return self.clock().astimezone(ZoneInfo(self.settings.timezone))


def instance() -> Instance:
    """The instance that answers this request."""
    found = current_app.extensions["fieldapp"]
    assert isinstance(found, Instance)  # noqa: S101  (the factory put it there)
    return found


def real_clock() -> dt.datetime:
    """The present moment."""
    return dt.datetime.now(dt.UTC)
