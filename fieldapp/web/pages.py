"""Pages for everybody: help, privacy, accessibility, and the dates of the deal."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from fieldapp.report import duties
from fieldapp.web.instance import instance

blueprint = Blueprint("pages", __name__)


@blueprint.get("/uitleg")
def help_page() -> str:
    """How it works: for who logs, and task by task for the office."""
    dates = f"{instance().settings.public_url}/kalender.ics"
    return render_template("help.html", dates=dates)


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept and why."""
    return render_template("privacy.html")


@blueprint.get("/toegankelijkheid")
def accessibility() -> str:
    """A template for the accessibility statement; it claims nothing."""
    return render_template("accessibility.html")


@blueprint.get("/kalender.ics")
def dates() -> Response:
    """The dates of the deal as a calendar to subscribe to: month ends, reports, the end."""
    app = instance()
    # To the hour, as long as it may be kept: the same dates are then the same file.
    made_at = app.now().replace(minute=0, second=0, microsecond=0)
    response = make_response(duties.calendar(app.settings, made_at))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    response.make_conditional(request)
    return response
