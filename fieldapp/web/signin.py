"""Signing in to the programme office: a password and a one-time code."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.keep import account, attempt
from fieldapp.web.access import OFFICE_COOKIE, current_account, own_path, set_cookie
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("signin", __name__)


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
    scopes = (f"signin:{name.casefold()[:60]}", f"signin:{request.remote_addr}")
    with app.store.read() as connection:
        wait = max(attempt.wait(connection, scope, app.now()) for scope in scopes)
        if wait:
            return _slow(target, name, wait)
        password = request.form.get("password", "")
        number = account.password_holds(connection, name, password)
    with app.store.write("office", app.now()) as write:
        token = account.sign_in(app.store, write, number, request.form.get("code", ""))
        for scope in scopes:
            (attempt.passed if token else attempt.failed)(write, scope)
    if token is None:
        return _page(target, 422, name=name, refused=True)
    response = make_response(redirect(target, 303))
    set_cookie(response, OFFICE_COOKIE, token, None)
    return response


@blueprint.post("/office/signout")
def signout() -> Response:
    """Ends the session and forgets its cookie."""
    token = request.cookies.get(OFFICE_COOKIE, "")
    response = make_response(redirect("/office/signin", 303))
    if Confirm().validate():
        app = instance()
        with app.store.write("office", app.now()) as write:
            account.sign_out(write, token)
        response.delete_cookie(OFFICE_COOKIE, path="/", secure=True, httponly=True)
    return response


def _page(target: str, status: int = 200, **page: object) -> Response:
    shown = {"name": "", "refused": False, "wait": 0, "expired": False} | page
    return make_response(render_template("office/signin.html", page=shown, target=target), status)


def _slow(target: str, name: str, wait: int) -> Response:
    response = _page(target, 429, name=name, wait=wait)
    response.headers["Retry-After"] = str(wait)
    return response
