"""Says in the end what came of the faults, and writes it down where it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fault.table import kept, markdown
from tests.fault.trials import TRIAL, trials


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--faults FILE` writes the table there, `--trials` says which tests tell of a row of it."""
    parser.addoption("--faults", metavar="FILE", help="write the table of faults to this file")
    parser.addoption("--trials", action="store_true", help="say which tests make up that table")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Names the tests that tell of a row, when that is asked for."""
    if session.config.getoption("--trials"):
        for item in session.items:
            if isinstance(item, pytest.Function) and "record_property" in item.fixturenames:
                session.config.get_terminal_writer().line(f"{TRIAL}{item.nodeid}")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The table, after whatever way the tests were run."""
    if config.option.markexpr == "not long":
        return
    ran = [
        (report, kind == "passed")
        for kind in ("passed", "failed")
        for report in terminalreporter.getreports(kind)
        if report.when == "call"
    ]
    table = markdown((report.user_properties, passed) for report, passed in ran)
    if not table:
        return
    terminalreporter.write_line("\n" + table)
    if path := config.getoption("--faults", None):
        said = kept(Path(path), table, trials(config.rootpath), {each.nodeid for each, _ in ran})
        terminalreporter.write_line(said)
