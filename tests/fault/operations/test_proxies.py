"""The examples for nginx and Caddy, run as they stand before the real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.fault.operations.host import (
    NAME,
    OPS,
    PLACE,
    Answer,
    Visitor,
    done,
    environment,
    found_instance,
    program,
    running,
    served,
)
from tests.page import parse
from tests.serving import free_port

pytestmark = pytest.mark.long
UPLOAD = 2_900_000  # below the limit of both, above that of the app
TOO_LARGE = 3_300_000
SPOOFED = {"For": "6.6.6.6", "Host": "evil.example", "Proto": "http"}
LIES = [word for k, v in SPOOFED.items() for word in ("-H", f"X-Forwarded-{k}: {v}")]


@dataclass(frozen=True)
class Front:
    """A proxy before a server."""

    visitor: Visitor
    log: Path
    around: Any
    port: int

    def last(self) -> dict[str, Any]:
        """The last line of the server's log."""
        line: dict[str, Any] = json.loads(self.log.read_text().splitlines()[-1])
        return line


Mend = Callable[[str], str]


def nginx(folder: Path, port: int, visitor: Visitor, mend: Mend) -> list[object]:
    """The command that starts nginx with the example; only ports and paths are others."""
    text = mend((OPS / "nginx.conf").read_text("utf-8"))
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("listen 80;", f"listen 127.0.0.1:{visitor.plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{visitor.secure} "),
        (f"/etc/ssl/{NAME}.pem", str(visitor.certificate)),
        (f"/etc/ssl/private/{NAME}.key", str(folder / "key.pem")),
        ("/var/log/nginx/fieldapp.log", str(folder / "error.log")),
    ):
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r".*listen \[::\].*\n", "", text)
    own = [f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi")]
    own += [f"scgi_temp_path {folder};", text]
    whole = folder / "nginx.conf"
    user = "user root; " if os.geteuid() == 0 else ""  # or it could not write in our folder
    whole.write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/start.log;\n"
        "events {}\nhttp {\n" + "\n".join(own) + "}\n"
    )
    command: list[object] = [program("nginx"), "-c", whole, "-p", folder]
    subprocess.run([str(word) for word in [*command, "-t"]], check=True, capture_output=True)
    return command


def caddy(folder: Path, port: int, visitor: Visitor, mend: Mend) -> list[object]:
    """The command that starts Caddy with the example and a certificate of our own."""
    text = mend((OPS / "Caddyfile").read_text("utf-8"))
    top = f"admin off\nhttp_port {visitor.plain}\nhttps_port {visitor.secure}\n"
    top += "default_bind 127.0.0.1\nstorage file_system " + str(folder)
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("\n{\n", f"\n{{\n{top}\n"),
        (f"\n{NAME} {{", f"\n{NAME} {{\n\ttls {visitor.certificate} {folder}/key.pem"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    file = folder / "Caddyfile"
    file.write_text(text)
    options = ["--config", str(file), "--adapter", "caddyfile"]
    own = {"env": {"HOME": str(folder), "PATH": ""}, "check": True, "capture_output": True}
    subprocess.run([program("caddy"), "validate", *options], **own)  # type: ignore[call-overload]
    return ["env", f"HOME={folder}", program("caddy"), "run", *options]


def front(folder: Path, command: Any, mend: Mend = str) -> Iterator[Front]:
    """A proxy and the server behind it, with a certificate of its own and one place."""
    program("curl")
    program("nginx" if command is nginx else "caddy")
    certificate = folder / "cert.pem"
    options = (
        f"-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={NAME}"
    )
    options += f" -addext subjectAltName=DNS:{NAME} -keyout {folder}/key.pem -out {certificate}"
    request = [program("openssl"), "req", *options.split()]
    subprocess.run(request, check=True, capture_output=True)
    visitor = Visitor(folder, certificate, free_port(), free_port())
    settings = {"FIELDAPP_PUBLIC_URL": f"https://{NAME}", "FIELDAPP_PROXIES": "1"}
    around = environment(folder / "data", **settings)
    found_instance(around, folder)
    port, log = free_port(), folder / "served.log"
    before = command(folder, port, visitor, mend)
    with served(around, port, log), running(before, visitor.secure, folder / "proxy.log"):
        yield Front(visitor, log, around, port)


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Each of the two examples, as it stands."""
    yield from front(tmp_path_factory.mktemp("proxy"), request.param)


def field(answer: Answer, name: str) -> str:
    """What a hidden field of the page holds."""
    held = [e.get("value") for e in parse(answer.text).all("input") if e.get("name") == name]
    return held[0] or ""


def test_a_page_arrives_over_http_2_with_each_header_once(proxy: Front) -> None:
    answer = proxy.visitor.ask("/pair")
    assert (answer.http, answer.status) == ("2", 200)
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
        assert len(answer.all(name)) == 1, name
    (cookie,) = answer.all("set-cookie")
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie


def test_http_leads_to_https(proxy: Front) -> None:
    answer = proxy.visitor.ask("/P/ABC?x=1", scheme="http")
    assert answer.status == 308
    assert answer.all("location") == [f"https://{NAME}/P/ABC?x=1"]


def test_what_a_visitor_says_of_himself_does_not_count(proxy: Front) -> None:
    assert proxy.visitor.ask("/pair", *LIES).status == 200
    assert proxy.last()["origin"] == proxy.visitor.origin


def test_a_phone_is_paired_through_it(proxy: Front) -> None:
    token = re.findall(r"/pair#(\w+)", done(proxy.around, "pair", PLACE))[0]
    visitor = proxy.visitor
    given = ["--data-urlencode", f"token={token}", "-d", "name=Anna", "-d", "confirm=yes"]
    own = ["--data-urlencode", f"csrf_token={field(visitor.ask('/pair'), 'csrf_token')}"]
    assert visitor.ask("/pair", *given).status == 422
    answer = visitor.ask("/pair", *given, *own)
    assert answer.status == 303
    assert any(cookie.startswith("__Host-phone=") for cookie in answer.all("set-cookie"))
    assert f"Plek {PLACE}" in visitor.ask("/").text


def sent(proxy: Front, size: int) -> Answer:
    """Sends a file of that size."""
    file = proxy.visitor.folder / "large"
    file.write_bytes(b"a" * size)
    return proxy.visitor.ask("/pair", "-F", f"file=@{file}")


def test_an_upload_reaches_the_app_and_more_does_not(proxy: Front) -> None:
    assert sent(proxy, UPLOAD).status == 413
    assert proxy.last()["status"] == 413
    before = proxy.log.read_text()
    assert sent(proxy, TOO_LARGE).status not in range(200, 400)
    assert proxy.log.read_text() == before


def test_how_it_is_shows_to_a_monitor_only(proxy: Front) -> None:
    assert replace(proxy.visitor, origin="127.0.0.1").ask("/healthz").status == 200
    assert proxy.visitor.ask("/healthz").status == 403


def test_nothing_that_was_searched_for_stands_in_a_log_of_the_proxy(proxy: Front) -> None:
    proxy.visitor.ask("/?q=kanarie")
    sent(proxy, TOO_LARGE)
    for path in proxy.visitor.folder.glob("*.log"):
        assert "kanarie" not in path.read_text(), path.name
        assert "POST /pair" not in path.read_text(), path.name


def test_without_its_line_nginx_passes_on_what_a_visitor_says(tmp_path: Path) -> None:
    line = "    proxy_set_header X-Forwarded-For $remote_addr;\n"
    for proxy in front(tmp_path, nginx, lambda text: text.replace(line, "")):
        proxy.visitor.ask("/pair", *LIES[:2])
        assert proxy.last()["origin"] == SPOOFED["For"]
