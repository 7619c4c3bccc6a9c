"""The list of what a phone did not send yet; its script fills it in from the phone's own store."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("unsent", __name__)


@blueprint.get("/unsent")
def shown() -> str:
    """The page without what is in it; a phone that lost its place may see it too."""
    return render_template("unsent.html")
