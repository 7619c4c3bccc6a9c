"""Says in the end what came of the faults, and writes it down where it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fault.table import markdown


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--faults FILE` writes the table there."""
    parser.addoption("--faults", metavar="FILE", help="write the table of faults to this file")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The table, after whatever way the tests were run."""
    if config.option.markexpr == "not long":
        return
    reports = [
        (report.user_properties, kind == "passed")
        for kind in ("passed", "failed")
        for report in terminalreporter.getreports(kind)
        if report.when == "call"
    ]
    table = markdown(reports)
    if not table:
        return
    terminalreporter.write_line("\n" + table)
    if path := config.getoption("--faults", None):
        Path(path).write_text(table, encoding="utf-8")
