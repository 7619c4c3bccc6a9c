"""What every answer carries: security headers, compression, and files from memory."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, make_response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "",
    # Not no-referrer: with that Flask-WTF refuses every form on HTTPS.
    "Referrer-Policy": "same-origin",
}

_UNKEPT = ("Cache-Control", "no-store")

_WORTH_COMPRESSING = 600
_WORTH_COMPRESSING_WELL = 100_000  # every byte of a phone's page counts, a long one takes long
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """One file of static/, read and compressed at start."""

    content: bytes
    compressed: bytes
    mimetype: str
    version: str


_IMPORT = re.compile(rb"""((?:from|import) ?\(?")\./([a-z]+\.js)(?=")""")

_NOT_SENT = re.compile(
    rb"""^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/)?\n|^[ \t]+|[ \t]+//[ \t][^"'`/\n]*$""", re.M
)
"""Indents, empty lines and comments: for who reads the file, not for phones.

A comment behind a statement is left out only when no text can end in it.
"""


def read_static(folder: Path) -> Mapping[str, StaticFile]:
    """Every file below `folder` by its path there; a script asks for others by their version."""
    found: dict[str, StaticFile] = {}

    def read(path: Path) -> StaticFile:
        name = path.relative_to(folder).as_posix()
        if name not in found:
            content = path.read_bytes()
            if path.suffix in {".js", ".css"}:
                content = _NOT_SENT.sub(b"", content)
            if path.suffix == ".js":
                content = _IMPORT.sub(lambda at: at[1] + imported(path.parent, at[2]), content)
            found[name] = StaticFile(
                content,
                gzip.compress(content, 9, mtime=0),
                mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                hashlib.sha256(content).hexdigest()[:10],
            )
        return found[name]

    def imported(beside: Path, name: bytes) -> bytes:
        return b"./%s?v=%s" % (name, read(beside / name.decode()).version.encode())

    for path in sorted(folder.rglob("*")):
        if path.is_file():
            read(path)
    return found


def static_blueprint(files: Mapping[str, StaticFile]) -> Blueprint:
    """Serves the files; under an address with their version they may be kept for ever."""
    blueprint = Blueprint("static", __name__)

    @blueprint.get("/static/<path:name>")
    def file(name: str) -> Response:
        found = files.get(name)
        if found is None:
            abort(404)
        response = make_response(found.content)
        response.mimetype = found.mimetype
        response.set_etag(found.version)
        same = request.args.get("v") == found.version
        response.headers["Cache-Control"] = _FOR_EVER if same else "no-cache"
        if request.accept_encodings["gzip"]:
            response.set_data(found.compressed)
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.make_conditional(request)
        return response

    return blueprint


def finish(app: Flask) -> None:
    """Adds the headers to every answer, errors too, and compresses pages."""

    @app.after_request
    def add(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        for name, value in (*HEADERS.items(), _UNKEPT):
            if name.lower() not in there:
                response.headers.add(name, value)
        _compress(response)
        return response


def _compress(response: Response) -> None:
    if (
        response.mimetype not in {"text/html", "application/json"}
        or "Content-Encoding" in response.headers
        or response.direct_passthrough
    ):
        return
    body = response.get_data()
    if len(body) >= _WORTH_COMPRESSING and request.accept_encodings["gzip"]:
        level = 9 if len(body) < _WORTH_COMPRESSING_WELL else 6
        response.set_data(gzip.compress(body, level, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
