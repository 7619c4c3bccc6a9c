"""What the faults against privacy start from: a served site, beside what every room has."""

from __future__ import annotations

from tests.browser.conftest import site

__all__ = ["site"]
