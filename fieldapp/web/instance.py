"""What every page needs of the running instance, and who is asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from zoneinfo import ZoneInfo

from flask import current_app, g

from fieldapp.ask.moving import moving
from fieldapp.ask.question import Form, Tree
from fieldapp.keep.store import Store
from fieldapp.report.month import Month
from fieldapp.report.outcome import Outcomes
from fieldapp.report.progress import Report
from fieldapp.report.recent import Recent
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web.fields import AnswerForm
from fieldapp.web.incoming import Plan
from fieldapp.web.language import Catalogues
from fieldapp.web.mould import Mould

Clock = Callable[[], dt.datetime]
"""Gives the present moment with its time zone; tests hand in their own."""

_MONTHS = 12
_REPORTS = 3
_OUTCOMES = 4
_PLANS = 3
_PAGES = 100


@dataclass(frozen=True)
class Instance:
    """One running fieldapp."""

    settings: Settings
    store: Store
    clock: Clock
    catalogues: Catalogues
    workbooks: Mapping[str, Workbook]
    classes: Mapping[str, type[AnswerForm]]
    walls: Recent[Mapping[str, Month]] = field(default_factory=lambda: Recent(_MONTHS))
    """What goes on the walls of the months that were asked for last."""
    reports: Recent[Report] = field(default_factory=lambda: Recent(_REPORTS))
    """The progress reports that were asked for last."""
    outcomes: Recent[Outcomes] = field(default_factory=lambda: Recent(_OUTCOMES))
    """How the results stood in the months that were asked for last."""
    plans: Recent[Plan] = field(default_factory=lambda: Recent(_PLANS))
    """What the workbooks that were looked at last would do."""
    pages: Recent[Mould] = field(default_factory=lambda: Recent(_PAGES), init=False)
    """The phones' pages that were asked for last; who publishes another form begins anew."""

    older: Mapping[tuple[str, str], type[AnswerForm]] = field(default_factory=dict)
    """Of earlier versions of the forms, by form_id and version: what is answered still comes in."""
    publishing: Lock = field(default_factory=Lock)
    """Held by who puts another instance in the place of this one."""

    @property
    def forms(self) -> Mapping[str, Form]:
        """Every form by id."""
        return self.store.forms

    @cached_property
    def moving(self) -> Mapping[str, Sequence[Tree] | None]:
        """Of every form the defaults that the moment decides; None when it decides more."""
        return {form_id: moving(form) for form_id, form in self.forms.items()}

    def page_of(self, form_id: str, version: str) -> type[AnswerForm]:
        """The page of a form in the version that was opened; if nobody knows that, as it is now."""
        now = self.classes[form_id]
        return now if now.asked.version == version else self.older.get((form_id, version), now)

    def stands(self) -> Hashable:
        """What tells what is kept now from what was kept before: no two journals end alike."""
        with self.store.read() as connection:
            return self.store.journal.head(connection)

    def now(self) -> dt.datetime:
        """The moment, in the time zone of the places."""
        return self.clock().astimezone(ZoneInfo(self.settings.timezone))


def instance() -> Instance:
    """The instance that answers this request, the same one until the request ends."""
    found = g.get("instance")
    if found is None:
        found = g.instance = newest()
    assert isinstance(found, Instance)  # noqa: S101  (the factory put it there)
    return found


def newest() -> Instance:
    """The instance that answers the next request."""
    found = current_app.extensions["fieldapp"]
    assert isinstance(found, Instance)  # noqa: S101  (the factory put it there)
    return found


def real_clock() -> dt.datetime:
    """The present moment."""
    return dt.datetime.now(dt.UTC)
