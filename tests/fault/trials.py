"""Every test that tells of a row of the table of faults, as pytest finds them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

TRIAL = "trial: "
"""What stands before the name of each."""
_ALL = ("tests/fault", "tests/fuzz", "-m", "long or not long")


def trials(root: Path) -> Collection[str]:
    """Their names, whichever of them this run was asked for: all of the matrix."""
    words = [sys.executable, "-m", "pytest", *_ALL, "--collect-only", "--quiet", "--trials"]
    told = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    lines = told.stdout.splitlines()
    return [line.removeprefix(TRIAL) for line in lines if line.startswith(TRIAL)]
