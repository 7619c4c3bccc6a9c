"""Signing in to the programme office: a password and a one-time code."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from itsdangerous import BadData, URLSafeSerializer

from fieldapp.ask.reading import holdable
from fieldapp.keep import account, attempt
from fieldapp.web.access import OFFICE_COOKIE, current_account, network, own_path, set_cookie
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("signin", __name__)

KNOWN_COOKIE = "__Host-known"
"""Says that an account signed in from this browser before.

It opens nothing, but has a count of wrong tries of its own: who guesses at a name from elsewhere
does not keep its owner waiting.
"""


@blueprint.route("/office/signin", methods=["GET", "POST"])
def signin() -> Response:
    """The page to sign in, or what became of a try: one sentence for everything that is wrong."""
    target = own_path(request.values.get("next"), "/office/")
    if request.method == "GET":
        if current_account():
            return make_response(redirect(target, 303))
        return _page(target)
    name = holdable(request.form.get("name", "")).strip()
    if not Confirm().validate():
        return _page(target, 422, name=name, expired=True)
    app = instance()
    scopes = _scopes(name)
    with app.store.read() as connection:  # who must wait anyway takes nobody's turn to write
        wait = max(attempt.wait(connection, scope, app.now()) for scope in scopes)
    if not wait:
        with app.store.write("office", app.now()) as write:
            wait = attempt.begun(write, scopes)
    if wait:
        return _slow(target, name, wait)
    with app.store.read() as connection:
        number = account.password_holds(connection, name, request.form.get("password", ""))
    with app.store.write("office", app.now()) as write:
        token = account.sign_in(app.store, write, number, request.form.get("code", ""))
        if token:
            for scope in scopes:
                attempt.passed(write, scope)
    if token is None:
        return _page(target, 422, name=name, refused=True)
    response = make_response(redirect(target, 303))
    set_cookie(response, OFFICE_COOKIE, token, None)
    set_cookie(response, KNOWN_COOKIE, _signed().dumps([name, secrets.token_hex(8)]), 365)
    return response


def _scopes(name: str) -> Sequence[str]:
    """Where the tries to sign in with this name are counted."""
    try:
        known, nonce = _signed().loads(request.cookies.get(KNOWN_COOKIE, ""))
    except (BadData, ValueError):
        known = nonce = ""
    if name and known == name:
        return [f"signin:known:{nonce}"]
    return [f"signin:{name.casefold()[:60]}", f"signin:{network()}"]


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(instance().store.secrets.signing, salt="known")


@blueprint.post("/office/signout")
def signout() -> Response:
    """Ends the session and forgets its cookie."""
    token = request.cookies.get(OFFICE_COOKIE, "")
    response = make_response(redirect("/office/signin", 303))
    if Confirm().validate():
        app = instance()
        with app.store.write("office", app.now()) as write:
            account.sign_out(write, token)
        session.clear()  # whoever sits here next gets forms of his own
        response.delete_cookie(OFFICE_COOKIE, path="/", secure=True, httponly=True)
    return response


def _page(target: str, status: int = 200, **page: object) -> Response:
    shown = {"name": "", "refused": False, "wait": 0, "expired": False} | page
    return make_response(render_template("office/signin.html", page=shown, target=target), status)


def _slow(target: str, name: str, wait: int) -> Response:
    response = _page(target, 429, name=name, wait=wait)
    response.headers["Retry-After"] = str(wait)
    return response
