"""What abuse starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.fault.access.house import House
from tests.web.conftest import changes, enter, kept
from tests.web.test_scope import other

__all__ = ["changes", "enter", "kept", "other"]


@pytest.fixture
def house(
    request: pytest.FixtureRequest,
    app: Flask,
    settings: Settings,
    small: Store,
    clock: Clock,
    forms: Mapping[str, Form],
    workbooks: Mapping[str, Workbook],
    page: Any,
    pair_to: Any,
    hire: Any,
    sign_in: Any,
    enter: Callable[..., str],
    kept: Any,
    changes: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> House:
    """The house that abuse is tried on."""
    return House(
        app, settings, small, clock, forms, workbooks, page, pair_to, hire, sign_in, enter, kept,
        changes, monkeypatch, request.getfixturevalue,
    )  # fmt: skip
