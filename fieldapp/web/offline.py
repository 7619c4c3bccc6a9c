"""What a phone keeps ready for when there is no signal: the worker, the pages, and the icon."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, make_response, render_template, request

from fieldapp.errors import Message
from fieldapp.keep import phone
from fieldapp.keep.phone import Phone
from fieldapp.keep.store import stamp
from fieldapp.report.completeness import Place
from fieldapp.web import counter, door, language
from fieldapp.web.access import current_phone, current_places, desk_of
from fieldapp.web.answering import StaticFile
from fieldapp.web.desk import Desk
from fieldapp.web.instance import instance
from fieldapp.web.poster import WEEK

_WORKER = "worker.js"
_NEVER_ON_A_PHONE = ("office.css", "poster-a4.css", "poster-a6.css", "print.css", _WORKER)
_ALWAYS = ("/offline",)
"""Pages that are the same for everybody."""

_NOT_PAIRED = Message("Deze telefoon hoort nog bij geen plek. Koppel hem eerst.")
_WHAT = Message("Dagen van de plek invullen")


def blueprint(files: Mapping[str, StaticFile]) -> Blueprint:
    """The addresses at the root, for a phone that keeps these `files`."""
    made = Blueprint("offline", __name__)
    version = _hash([f"{name} {file.version}" for name, file in files.items()])
    ready = {
        "version": version,
        "assets": [f"/static/{name}?v={files[name].version}" for name in _kept(files)],
        "always": _ALWAYS,
    }
    worker = f"const ready = {json.dumps(ready)};\n".encode() + files[_WORKER].content

    @made.get("/sw.js")
    def script() -> Response:
        """The worker; it is another one as soon as any file is."""
        return _unkept(worker, "text/javascript")

    @made.get("/manifest.webmanifest")
    def manifest() -> Response:
        """What the home screen shows."""
        return _unkept(json.dumps(_manifest(files)).encode(), "application/manifest+json")

    @made.get("/offline")
    def nothing() -> str:
        """What is shown of a page that is not kept ready."""
        return render_template("offline.html")

    @made.get("/offline.json")
    def listed() -> Response:
        """The pages that this phone keeps ready, and where posters lead to."""
        mine = current_phone()
        if mine is None or not current_places():
            door.turn_away(401, _NOT_PAIRED)
        return _listed(mine, version)

    return made


def _listed(mine: Phone, files: str) -> Response:
    app = instance()
    pages: list[str] = []
    scans: dict[str, str] = {}
    forms: list[str] = []
    with app.store.read() as connection:
        for place in current_places():
            desk, asked = desk_of(mine, place), _asked(place)
            paths = {form_id: f"/form/{form_id}" for form_id in asked}
            if "opening" in asked:
                paths[WEEK] = "/week"
            counts = ("/count",) if counter.FORM in asked else ()
            pages += [desk.stay(path) for path in ("/", "/unsent", *counts, *paths.values())]
            scans |= _scans(desk, paths, phone.posters(connection, place.code))
            forms += [f"{place.code} {form_id} {app.forms[form_id].version}" for form_id in asked]
    version = _hash([files, language.language(), *forms])
    return door.answer(200, version=version, at=stamp(app.now()), pages=pages, scans=scans)


def _asked(place: Place) -> Sequence[str]:
    return [form.form_id for form in instance().forms.values() if place.kind in form.places]


def _scans(desk: Desk, paths: Mapping[str, str], posters: Sequence[phone.Poster]) -> dict[str, str]:
    """Where the posters of a place lead to, without asking us."""
    return {
        f"/Q/{each.code}": desk.stay(paths[each.form]) for each in posters if each.form in paths
    }


def _kept(files: Mapping[str, StaticFile]) -> Sequence[str]:
    """The files that pages of a phone ask for."""
    wanted = [name for name in files if name.endswith((".js", ".css")) or name == "icons/app.svg"]
    return [name for name in wanted if name not in _NEVER_ON_A_PHONE]


def _manifest(files: Mapping[str, StaticFile]) -> Mapping[str, object]:
    code, say = language.language(), instance().catalogues
    return {
        "id": "/",
        "name": "fieldapp",
        "short_name": "fieldapp",
        "description": language.say(say, _WHAT),
        "lang": code,
        "dir": "rtl" if code in language.RIGHT_TO_LEFT else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#238541",
        "icons": [
            {
                "src": f"/static/icons/{name}?v={files[f'icons/{name}'].version}",
                "sizes": sizes,
                "type": files[f"icons/{name}"].mimetype,
                "purpose": purpose,
            }
            for name, sizes, purpose in _ICONS
        ],
    }


_ICONS = (
    ("app.svg", "any", "any"),
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("app-maskable-512.png", "512x512", "maskable"),
)


def _unkept(content: bytes, mimetype: str) -> Response:
    """An answer that is asked for anew each time, and sent when it is another one."""
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(hashlib.sha256(content).hexdigest()[:16])
    response.vary.update(["Accept-Language", "Cookie"])
    response.make_conditional(request)
    return response


def _hash(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
