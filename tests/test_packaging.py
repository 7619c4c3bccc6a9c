"""What is installed is what stands here: forms, exports and static files drop out in silence."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_holds_the_three_folders_and_the_package_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    for folder in ("forms", "exports", "static", "fieldapp"):
        for path in (ROOT / folder).rglob("*"):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            inside = path.relative_to(ROOT).as_posix()
            name = inside if folder == "fieldapp" else f"fieldapp/{inside}"
            assert packed.pop(name, None) == path.read_bytes(), f"{name} is not in the wheel"
    assert all(".dist-info/" in name for name in packed), f"the wheel has more: {sorted(packed)}"


def test_no_file_names_a_registry() -> None:
    words = ("pypi" + ".org", "files.python" + "hosted", "registry." + "npmjs", "deb.deb" + "ian")
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in done.stdout.split():
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        assert not any(word in text for word in words), f"{name} names a registry"
