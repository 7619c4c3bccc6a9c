"""What is installed, as a list of materials, and whether a known weakness is among it.

`make audit` runs it: `audit.py PYTHON TOOLS FOLDER` looks at the environment of PYTHON with the
programs in TOOLS, and leaves `sbom.json` and `audit.json` in FOLDER. It ends with 0 when every
package was looked up and none has a known weakness, 1 when one has, 2 when it cannot tell.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FOUND, UNKNOWN = 1, 2


def materials(python: str, tools: Path, target: Path) -> int:
    """Writes the list of materials; how many packages it names."""
    command = [tools / "cyclonedx-py", "environment", python, "--pyproject", "pyproject.toml"]
    options = ["--output-reproducible", "--spec-version", "1.6", "--output-file", target]
    subprocess.run([*command, *options], check=True)
    return len(json.loads(target.read_text("utf-8"))["components"])


def pinned(python: str, target: Path) -> list[str]:
    """Writes name and version of all that is installed beside fieldapp itself."""
    freeze = [python, "-m", "pip", "freeze", "--all", "--exclude-editable", "--exclude", "fieldapp"]
    done = subprocess.run(freeze, check=True, capture_output=True, text=True)
    target.write_text(done.stdout, "utf-8")
    return done.stdout.split()


def looked_up(tools: Path, packages: Path, target: Path) -> str:
    """Has pip-audit look each package up; what it said when it could not."""
    target.unlink(missing_ok=True)
    command = [tools / "pip-audit", "--requirement", packages, "--no-deps", "--disable-pip"]
    options = ["--format", "json", "--output", target, "--progress-spinner", "off"]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    said = done.stderr.strip().splitlines()
    return "" if target.exists() else (said[-1] if said else "it said nothing")


def weaknesses(told: list[dict[str, object]]) -> Iterator[str]:
    """A line for each known weakness, with the version that mends it."""
    for package in told:
        for each in package.get("vulns", []):  # type: ignore[attr-defined]
            mended = ", ".join(each["fix_versions"]) or "none yet"
            yield f"{package['name']} {package['version']}: {each['id']}, mended in {mended}"


def judged(told: list[dict[str, object]], packages: int) -> tuple[int, list[str]]:
    """How it ends, and what is said: a package that was not looked up is not a good one."""
    found = list(weaknesses(told))
    if found:
        return FOUND, [*found, f"{len(found)} known weaknesses: install the version that mends it"]
    missed = packages - sum(1 for package in told if "skip_reason" not in package)
    if missed:
        return UNKNOWN, [
            f"{missed} of {packages} packages could not be looked up: this registry tells nothing "
            "of weaknesses. Run it where the public one can be reached"
        ]
    return 0, [f"{packages} packages looked up, no known weakness"]


def main(python: str, tools: Path, folder: Path) -> int:
    """Makes both files and says what they tell."""
    folder.mkdir(parents=True, exist_ok=True)
    named = materials(python, tools, folder / "sbom.json")
    print(f"{folder / 'sbom.json'}: {named} packages")
    packages = pinned(python, folder / "packages.txt")
    report = folder / "audit.json"
    if said := looked_up(tools, folder / "packages.txt", report):
        print(f"nothing was looked up: {said}", file=sys.stderr)
        return UNKNOWN
    ends, sentences = judged(json.loads(report.read_text("utf-8"))["dependencies"], len(packages))
    print("\n".join(sentences), file=sys.stderr if ends else sys.stdout)
    return ends


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
