"""Pages for everybody: help, privacy, accessibility, and whether the app is well."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template

from fieldapp.errors import Busy
from fieldapp.web.instance import instance

blueprint = Blueprint("pages", __name__)


@blueprint.get("/uitleg")
def help_page() -> str:
    """How it works."""
    return render_template("help.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept and why."""
    return render_template("privacy.html")


@blueprint.get("/toegankelijkheid")
def accessibility() -> str:
    """A template for the accessibility statement; it claims nothing."""
    return render_template("accessibility.html")


@blueprint.get("/healthz")
def health() -> Response:
    """200 when the database can be written, 503 when not."""
    app = instance()
    try:
        with app.store.write("system", app.now(), patience=2.0):
            pass
    except Busy:
        return make_response(jsonify(database="not writable"), 503)
    return make_response(jsonify(database="writable"))
