"""The server as a process of its own, that can be killed.

Run as `python -m tests.fault.phone.server DATA STATIC URL PORT MODE`; MODE is `plain`, or `early`
(the mutation): it gives a receipt first, and then is slow to keep what it is for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import waitress

from fieldapp.ask.forms import load_forms
from fieldapp.keep.store import open_store
from fieldapp.settings import Settings, shipped
from fieldapp.web import app as web_app
from tests.conftest import MOMENT
from tests.fault.phone.line import DOOR


def main(data: str, static: str, url: str, port: str, mode: str) -> None:
    """Serves until it is killed."""
    settings = Settings(data=Path(data), public_url=url)
    forms = load_forms(settings.forms, settings.data / "cache")
    began = (settings.data / "secrets.json").stat().st_mtime

    def now() -> dt.datetime:  # an hour a minute: a week of knocks is not too fast
        return MOMENT + 60 * dt.timedelta(seconds=time.time() - began)

    store = open_store(settings.data, forms, now)
    web_app.shipped = lambda name: Path(static) if name == "static" else shipped(name)
    app: Any = web_app.create_app(settings, store, {}, now)
    if mode == "early":
        app = Early(app)
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=4, ident=None)


class Early:
    """Acknowledges before the commit."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != DOOR:
            answer: Iterable[bytes] = self._app(environ, start)
            return answer
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        later = environ | {"wsgi.input": io.BytesIO(body)}
        threading.Thread(target=self._keep, args=(later,), daemon=True).start()
        told = {"receipt": json.loads(body)["instanceID"], "status": "stored",
                "sha256": hashlib.sha256(body).hexdigest()}  # fmt: skip
        start("201 CREATED", [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]

    def _keep(self, environ: dict[str, Any]) -> None:
        time.sleep(60)
        self._app(environ, lambda status, headers, problem=None: None)


if __name__ == "__main__":
    main(*sys.argv[1:])
