"""What is installed beside fieldapp, and why, as a table of the README."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from tests.reference import ROOT, table

PROJECT = ROOT / "pyproject.toml"
_TESTED = "the oldest with which the suite was run"

SERVED: Mapping[str, tuple[str, str]] = {
    "flask": (
        "the pages",
        "an earlier one signs with an old key (CVE-2025-47278), or does not say that a page "
        "depends on a session (GHSA-68rp-wp8r-4726)",
    ),
    "werkzeug": (
        "requests and answers; which proxy is believed",
        "all weaknesses known of it are mended (GHSA-29vq-49wr-vm6x)",
    ),
    "itsdangerous": ("the mark of a browser that signed in before", "Flask asks for it"),
    "markupsafe": ("text that is no markup", _TESTED),
    "click": ("the commands", "sqlite-utils asks for it"),
    "flask-wtf": ("a token in each form that no other site knows", _TESTED),
    "wtforms": (
        "the fields of a form",
        "an earlier one fails on a page that lost its number, instead of giving it back",
    ),
    "sqlite-utils": ("the steps that add tables and columns", "steps came with 4.0; " + _TESTED),
    "pyxform": (
        "reads XLSForms",
        "exactly this one: what it makes of a form decides what is a column",
    ),
    "openpyxl": ("writes and reads workbooks", "pyxform asks for it"),
    "qrcode": ("posters, letters and cards", _TESTED),
    "opening-hours-py": ("reads opening hours back as OpenStreetMap does", _TESTED),
    "waitress": (
        "the web server",
        "before 3.0.1 a request could be smuggled in behind another (CVE-2024-49768)",
    ),
    "pyotp": ("one-time codes of the office", _TESTED),
    "cryptography": (
        "call names, encrypted",
        "an earlier one could write beyond a buffer (CVE-2026-39892)",
    ),
    "babel": ("dates and numbers in five languages", _TESTED),
}
"""Each package that is served: what it is for, and why it must be at least so new."""

DEVELOPED: Mapping[str, str] = {
    "pytest": "runs the tests",
    "pytest-xdist": "in several processes",
    "playwright": "in a real browser",
    "axe-playwright-python": "looks whether everybody can use a page",
    "hypothesis": "thinks of values that nobody would",
    "frictionless": "reads the CSV packages as others will",
    "html5lib": "reads pages as strictly as can be",
    "icalendar": "reads the calendars",
    "zxing-cpp": "scans the QR codes",
    "pypdfium2": "reads what is printed",
    "pillow": "compares pictures",
    "hatchling": "builds the package",
    "ruff": "rules of style",
    "mypy": "types",
    "cogapp": "makes these tables",
    "types-openpyxl": "types of openpyxl",
}
"""Each tool: what it does here."""


def wanted(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Name and versions of each requirement."""
    for line in lines:
        name, versions = re.fullmatch(r"([a-z0-9-]+)([=<>].*)", line).groups()  # type: ignore[union-attr]
        yield name, versions.replace(",", ", ")


def dependencies() -> str:
    """What is installed where fieldapp is served: each with what it is for and why its version."""
    lines = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]
    rows = [(f"`{name}` {versions}", *SERVED[name]) for name, versions in wanted(lines)]
    return table(("package", "what it is for", "why at least that version"), rows)


def tools() -> str:
    """What is installed beside it to change and test fieldapp, in one sentence."""
    extra = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["optional-dependencies"]["dev"]
    return ", ".join(f"`{name}` ({DEVELOPED[name]})" for name, _ in wanted(extra)) + "."
