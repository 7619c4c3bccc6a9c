"""What stands in ops/ and in the README's part about running it, held against the code."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from types import ModuleType

import click
import pytest

from fieldapp.ask.upload import LARGEST
from fieldapp.cli import LARGEST_REQUEST, main
from fieldapp.web.app import LARGEST_POST
from tests.fault.operations.host import done, environment, served
from tests.reference_dependencies import DEVELOPED, SERVED, wanted
from tests.serving import free_port
from tests.test_house import sources

ROOT = Path(__file__).parents[1]
OPS = ROOT / "ops"
README = (ROOT / "README.md").read_text("utf-8")
RUNNING = README.partition("\n## Running it\n")[2].partition("\n## ")[0]
SCRIPTS = sorted(OPS.glob("*.sh"))
UNITS = sorted(OPS.glob("*.service"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HARDENED = """
NoNewPrivileges=yes CapabilityBoundingSet= AmbientCapabilities= ProtectSystem=strict UMask=0077
ProtectHome=yes PrivateTmp=yes PrivateDevices=yes PrivateMounts=yes ProtectHostname=yes
ProtectClock=yes ProtectKernelTunables=yes ProtectKernelModules=yes ProtectKernelLogs=yes
ProtectControlGroups=yes ProtectProc=invisible ProcSubset=pid RestrictNamespaces=yes
RestrictRealtime=yes RestrictSUIDSGID=yes LockPersonality=yes KeyringMode=private
MemoryDenyWriteExecute=yes DevicePolicy=closed SystemCallArchitectures=native
SystemCallFilter=@system-service SystemCallFilter=~@privileged StateDirectoryMode=0700
User=fieldapp Group=fieldapp StateDirectory=fieldapp
"""
ONLY_LOOPBACK = "PrivateUsers=yes IPAddressDeny=any IPAddressAllow=localhost SocketBindDeny=any"


def settings(unit: Path) -> list[str]:
    """The lines of a unit that set something."""
    lines = unit.read_text("utf-8").splitlines()
    return [line for line in lines if "=" in line and not line.startswith("#")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_read_by_any_shell_and_end_at_the_first_fault(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert "\nset -eu\n" in script.read_text("utf-8")
    assert script.stat().st_mode & 0o111, f"{script.name} cannot be run"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_give_the_process_nothing_that_it_does_not_need(unit: Path) -> None:
    said = settings(unit)
    assert [line for line in HARDENED.split() if line not in said] == []
    allowed = [line for line in said if line.startswith("SystemCallFilter=")]
    assert not any("@resources" in line for line in allowed), "a child limits its own memory"


def test_the_service_is_on_loopback_only() -> None:
    said = settings(OPS / "fieldapp.service")
    assert [line for line in ONLY_LOOPBACK.split() if line not in said] == []
    (start,) = [line for line in said if line.startswith("ExecStart=")]
    (port,) = re.findall(r"serve --host 127\.0\.0\.1 --port (\d+)$", start)
    assert f"SocketBindAllow=tcp:{port}" in said
    for name in ("nginx.conf", "Caddyfile"):
        ports = re.findall(r"127\.0\.0\.1:(\d+)", (OPS / name).read_text("utf-8"))
        assert set(ports) == {port}, name


def test_the_timer_starts_its_service_every_night() -> None:
    said = settings(OPS / "fieldapp-backup.timer")
    assert "OnCalendar=*-*-* 02:30" in said
    assert "Persistent=true" in said
    start = [line for line in settings(OPS / "fieldapp-backup.service") if "ExecStart=" in line]
    assert start == ["ExecStart=/opt/fieldapp/ops/backup.sh"]


def test_a_proxy_lets_through_what_the_app_takes_and_little_more() -> None:
    (nginx,) = re.findall(r"client_max_body_size (\d+)m;", (OPS / "nginx.conf").read_text("utf-8"))
    (caddy,) = re.findall(r"max_size (\d+)MB\n", (OPS / "Caddyfile").read_text("utf-8"))
    for limit in (int(nginx) * 2**20, int(caddy) * 10**6, LARGEST_REQUEST):
        assert max(LARGEST, LARGEST_POST) * 1.2 < limit < max(LARGEST, LARGEST_POST) * 2


def test_nginx_says_itself_where_a_visitor_comes_from() -> None:
    text = (OPS / "nginx.conf").read_text("utf-8")
    for name, value in (("For", "$remote_addr"), ("Proto", "$scheme"), ("Host", "$host")):
        assert re.findall(rf"X-Forwarded-{name} (.*);", text) == [value]
    assert text.count("access_log off;") == text.count("server {") == 2
    for name in ("nginx.conf", "Caddyfile"):
        assert "FIELDAPP_PROXIES=1" in (OPS / name).read_text("utf-8")


@pytest.mark.parametrize(("proxies", "origin"), [("0", "127.0.0.1"), ("1", "203.0.113.9")])
def test_the_server_believes_the_proxies_that_it_was_told_of(
    proxies: str, origin: str, tmp_path: Path
) -> None:
    around = environment(tmp_path / "data", FIELDAPP_PROXIES=proxies)
    done(around, "init")
    port, log = free_port(), tmp_path / "log"
    with served(around, port, log):
        spoofed = "X-Forwarded-For: 6.6.6.6, 203.0.113.9"
        address = f"http://localhost:{port}/pair"
        subprocess.run([sys.executable, "-c", ASK, address, *spoofed.split(": ")], check=True)
        assert refused(port, LARGEST_REQUEST + 1) == 413  # before anything of it is received
    assert json.loads(log.read_text().splitlines()[-1])["origin"] == origin


ASK = """
import sys, urllib.request
address, name, value = sys.argv[1:]
urllib.request.urlopen(urllib.request.Request(address, headers={name: value})).close()
"""


def refused(port: int, size: int) -> int:
    """What the server answers to who says that so many bytes will come."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.putrequest("POST", "/pair")
        line.putheader("Content-Length", str(size))
        line.endheaders()
        return line.getresponse().status


def commands(text: str) -> Iterator[str]:
    """What is said to be typed: each `fieldapp …` in code of a text, or line of a script."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^    (.+)$", text, re.M)
    for line in code:
        for each in re.split(r"&&|;|\s#\s", line.partition("  #")[0]):
            found = re.match(r"\s*(?:as-fieldapp )?(?:\S*/)?fieldapp ((?:[a-z-]|\S).*)", each)
            if found:
                yield found[1].strip()


def unknown(command: str) -> str:
    """What of a command does not exist; empty when all does."""
    part: click.Command = main
    for word in command.split():
        if isinstance(part, click.Group):
            if word not in part.commands:
                return f"fieldapp {command}: there is no '{word}'"
            part = part.commands[word]
        elif word.strip("[]").startswith("--"):
            options = [name for option in part.params for name in option.opts]
            if word.strip("[]") not in options:
                return f"fieldapp {command}: there is no {word}"
    return ""


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "SECURITY.md", *OPS.iterdir()])
def test_every_command_that_is_named_exists(name: str | Path) -> None:
    path = ROOT / name
    text = path.read_text("utf-8") if path.exists() else ""
    if path.parent == OPS:  # there all is code, also what is indented in a comment
        text = re.sub(r"^# ?\S.*$", "", text.replace('"$fieldapp"', "fieldapp"), flags=re.MULTILINE)
        text = re.sub(r"^(# +|ExecStart=)?", "    ", text, flags=re.MULTILINE)
    assert [said for command in commands(text) if (said := unknown(command))] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    text = "Then `fieldapp chekc`.\n\n    as-fieldapp fieldapp restore X --dry-runn  # so\n"
    assert [unknown(command) for command in commands(text)] == [
        "fieldapp chekc: there is no 'chekc'",
        "fieldapp restore X --dry-runn: there is no --dry-runn",
    ]


@pytest.mark.parametrize(
    "steps",
    [
        ("restic restore latest", "systemctl stop", "--dry-run", "fieldapp restore", "check"),
        ("backup", "freeze", "VERSION", "pip install", "stop", "check", "systemctl start"),
        ("systemctl stop", "checkout BEFORE", "install -r", "fieldapp restore", "systemctl start"),
    ],
    ids=["put back", "newer", "back"],
)
def test_steps_stand_in_an_order_that_works(steps: tuple[str, ...]) -> None:
    blocks = re.findall(r"(?:^    .+\n)+", RUNNING, re.M)
    assert any(re.search(".*".join(map(re.escape, steps)), block, re.S) for block in blocks)


def test_every_file_of_ops_is_named() -> None:
    names = {path.name for path in OPS.iterdir() if path.is_file()}
    assert names == set(re.findall(r"\]\(ops/([^)]+)\)", README))


def test_every_dependency_says_what_it_is_for() -> None:
    extra = PROJECT["optional-dependencies"]["dev"]
    for lines, told in ((PROJECT["dependencies"], SERVED), (extra, DEVELOPED)):
        assert {name for name, _ in wanted(lines)} == set(told)
        assert all(">=" in versions or "==" in versions for _, versions in wanted(lines))


def test_every_library_that_is_imported_is_asked_for() -> None:
    names: Mapping[str, list[str]] = metadata.packages_distributions()
    asked = {name.replace("-", "_") for name, _ in wanted(PROJECT["dependencies"])}
    found = {
        line.split()[1].split(".")[0]
        for text in sources().values()
        for line in re.findall(r"^(?:from|import) .*", text, re.M)
    }
    libraries = {names[each][0] for each in found - set(sys.stdlib_module_names) if each in names}
    missing = {each.lower().replace("-", "_") for each in libraries} - asked - {"fieldapp"}
    assert missing == set()


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """What `make audit` runs."""
    spec = importlib.util.spec_from_file_location("audit", OPS / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOOD = {"name": "flask", "version": "3.1.3", "vulns": []}
WEAK = {"name": "jinja2", "version": "3.1", "vulns": [{"id": "CVE-1", "fix_versions": ["3.2"]}]}
MISSED = {"name": "click", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("told", "packages", "ends", "said"),
    [
        ([GOOD], 1, 0, "1 packages looked up, no known weakness"),
        ([GOOD, WEAK, MISSED], 3, 1, "jinja2 3.1: CVE-1, mended in 3.2"),
        ([GOOD, MISSED], 2, 2, "1 of 2 packages could not be looked up"),
        ([GOOD], 2, 2, "1 of 2 packages could not be looked up"),
        ([], 1, 2, "1 of 1 packages could not be looked up"),
    ],
)
def test_what_was_not_looked_up_is_not_called_good(
    audit: ModuleType, told: list[object], packages: int, ends: int, said: str
) -> None:
    code, sentences = audit.judged(told, packages)
    assert code == ends
    assert sentences[0].startswith(said)
