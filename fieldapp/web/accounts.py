"""In the office: its accounts and what they may, keys shown once, and one's own password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import BadRequest, Conflict, Message
from fieldapp.keep import account, attempt, staff
from fieldapp.keep.account import ROLES, NewAccount
from fieldapp.keep.store import Write
from fieldapp.web import language
from fieldapp.web.access import OFFICE_COOKIE, signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.poster import drawn

blueprint = Blueprint("accounts", __name__, url_prefix="/office")

OWN = "own"
"""The field for the password of who is asking: every door to an account wants it again."""

_LIST = "/office/accounts"
_EASY = Message(
    "Dit wachtwoord is te kort of te makkelijk te raden. Neem 12 tekens of meer, "
    "bijvoorbeeld drie woorden."
)
_NAME = Message("Geef een naam van 2 tot en met 60 tekens.")
_TAKEN = Message("Er is al een account met deze naam, of dat was er. Kies een andere naam.")
_ROLE = Message("Kies wat dit account mag.")
_TWICE = Message("Dit is niet twee keer hetzelfde. Typ het nieuwe wachtwoord nog een keer.")
_DONE = {
    "role": Message("Bewaard. Het geldt meteen."),
    "password": Message("Uw wachtwoord is veranderd. Andere sessies van u zijn uitgelogd."),
}

Mistakes = dict[str, Message]


@blueprint.route("/accounts", methods=["GET", "POST"])
@signed_in("office")
def listed() -> Response:
    """Every account; or a new one with its keys, or what is wrong with it."""
    if request.method == "GET":
        return _list()
    name = " ".join(holdable(request.form.get("name", "")).split())
    role, password = request.form.get("role", ""), request.form.get("password", "")
    if not Confirm().validate():
        return _list(422, {"name": name, "role": role}, {}, EXPIRED)
    app, mistakes = instance(), Mistakes()
    with app.store.read() as connection:
        if not 2 <= len(name) <= 60:
            mistakes["name"] = _NAME
        elif staff.is_taken(connection, name):
            mistakes["name"] = _TAKEN
    if role not in ROLES:
        mistakes["role"] = _ROLE
    mistakes |= _weak(name, password)
    mistakes |= own_password()
    if mistakes:
        return _list(422, {"name": name, "role": role}, mistakes)
    with app.store.write(f"account:{the_account().id}", app.now()) as write:
        made = account.add(app.store, write, name, password, role)
    return _keys(made, new=True)


@blueprint.get("/accounts/<int:number>")
@signed_in("office")
def one(number: int) -> Response:
    """One account: to renew its keys, to give it another role, to close it."""
    return _one(number)


@blueprint.post("/accounts/<int:number>/keys")
@signed_in("office")
def keys(number: int) -> Response:
    """New keys for an account, shown this once; a new password as well when one is typed."""
    password = request.form.get("password", "")
    app, who = instance(), the_account()
    with app.store.read() as connection:
        name = staff.clerk(connection, number).name
    mistakes = _weak(name, password) if password else {}
    stopped = _stopped(number, mistakes)
    if stopped:
        return stopped
    keep = request.cookies.get(OFFICE_COOKIE, "") if number == who.id else ""
    try:
        with app.store.write(f"account:{who.id}", app.now()) as write:
            made = staff.renew(app.store, write, number, password, keep)
    except Conflict as conflict:
        return _one(number, 409, flash=Message(str(conflict)))
    return _keys(made, new=False)


@blueprint.post("/accounts/<int:number>/role")
@signed_in("office")
def role(number: int) -> Response:
    """Gives an account another role."""
    given = request.form.get("role", "")
    mistakes = {} if given in ROLES else {"role": _ROLE}
    return _do(number, mistakes, lambda write: staff.set_role(write, number, given))


@blueprint.post("/accounts/<int:number>/close")
@signed_in("office")
def close(number: int) -> Response:
    """Closes an account for good."""
    return _do(number, {}, lambda write: staff.close(write, number))


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in("office", "reader")
def password() -> Response:
    """One's own password: the page, or what became of a new one."""
    if request.method == "GET":
        return _password(done=_DONE.get(request.args.get("done", "")))
    who, mistakes = the_account(), Mistakes()
    if not Confirm().validate():
        return _password(422, flash=EXPIRED)
    typed = request.form.get("password", "")
    mistakes |= _weak(who.name, typed)
    if not mistakes and typed != request.form.get("again", ""):
        mistakes["again"] = _TWICE
    mistakes |= own_password()
    if mistakes:
        return _password(422, mistakes)
    app = instance()
    with app.store.write(f"account:{who.id}", app.now()) as write:
        staff.change_password(write, who.id, typed, request.cookies.get(OFFICE_COOKIE, ""))
    return make_response(redirect("/office/password?done=password", 303))


def own_password() -> Mistakes:
    """What is wrong with the password that who asks typed again; wrong tries slow the next."""
    app, who = instance(), the_account()
    scope = f"password:{who.id}"
    with app.store.read() as connection:
        wait = attempt.wait(connection, scope, app.now())
        right = not wait and staff.holds(connection, who.id, request.form.get(OWN, ""))
    if wait:
        return {
            OWN: Message(
                "U probeerde het te vaak. Wacht {seconds} seconden en probeer het dan opnieuw.",
                {"seconds": str(wait)},
            )
        }
    with app.store.write(f"account:{who.id}", app.now()) as write:
        (attempt.passed if right else attempt.failed)(write, scope)
    return {} if right else {OWN: Message("Dit is niet uw eigen wachtwoord.")}


def _weak(name: str, typed: str) -> Mistakes:
    try:
        account.check_password(name, typed)
    except BadRequest:
        return {"password": _EASY}
    return {}


def _stopped(number: int, mistakes: Mistakes) -> Response | None:
    """The page of an account again when what was asked of it cannot be done."""
    if not Confirm().validate():
        return _one(number, 422, flash=EXPIRED)
    mistakes = mistakes | own_password()
    return _one(number, 422, mistakes) if mistakes else None


def _do(number: int, mistakes: Mistakes, change: Callable[[Write], None]) -> Response:
    app = instance()
    stopped = _stopped(number, mistakes)
    if stopped:
        return stopped
    try:
        with app.store.write(f"account:{the_account().id}", app.now()) as write:
            change(write)
    except Conflict as conflict:
        return _one(number, 409, flash=Message(str(conflict)))
    return make_response(redirect(f"{_LIST}/{number}?done=role", 303))


def _list(
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    mistakes: Mistakes | None = None,
    flash: Message | None = None,
) -> Response:
    with instance().store.read() as connection:
        found = staff.clerks(connection)
    page = {"clerks": found, "typed": typed or {"name": "", "role": ""}}
    return _shown("accounts", status, page, mistakes, flash)


def _one(
    number: int,
    status: int = 200,
    mistakes: Mistakes | None = None,
    flash: Message | None = None,
) -> Response:
    with instance().store.read() as connection:
        found = staff.clerk(connection, number)
    done = _DONE.get(request.args.get("done", ""))
    page = {"clerk": found, "own": found.id == the_account().id, "done": _said(done)}
    page["asked"] = request.path.rpartition("/")[2] if request.method == "POST" else ""
    return _shown("account", status, page, mistakes, flash)


def _password(
    status: int = 200,
    mistakes: Mistakes | None = None,
    flash: Message | None = None,
    done: Message | None = None,
) -> Response:
    return _shown("password", status, {"done": _said(done)}, mistakes, flash)


def _shown(
    name: str,
    status: int,
    page: dict[str, Any],
    mistakes: Mistakes | None,
    flash: Message | None,
) -> Response:
    said = {field: _said(text) for field, text in (mistakes or {}).items()}
    shown = page | {"mistakes": said, "flash": _said(flash)}
    return make_response(render_template(f"office/{name}.html", page=shown), status)


def _keys(made: NewAccount, *, new: bool) -> Response:
    address = made.uri(instance().settings.organisation)
    page = {
        "name": made.account.name,
        "new": new,
        "secret": made.totp_secret,
        "codes": made.recovery_codes,
        "qr": drawn.__wrapped__(address),  # what is shown once is not kept anywhere
    }
    return make_response(render_template("office/account_keys.html", page=page))


def _said(message: Message | None) -> str:
    return language.say(instance().catalogues, message) if message else ""
