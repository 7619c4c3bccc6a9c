"""Who is asking: the paired phone or the signed-in account, from their cookies."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, g, make_response, redirect, request, url_for
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from fieldapp.errors import Busy
from fieldapp.keep import account, phone
from fieldapp.keep.account import Account
from fieldapp.keep.phone import Phone
from fieldapp.keep.row import Origin
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web.desk import Desk
from fieldapp.web.instance import instance

PHONE_COOKIE = "__Host-phone"
OFFICE_COOKIE = "__Host-office"

OPENED_FOR = "page.place"
"""The field of a page that says for which place it was opened."""

_PATIENCE = 1.0
"""Seconds to note that somebody was here; where nothing can be written, pages can still be read."""

_View = TypeVar("_View", bound=Callable[..., Any])


def set_cookie(response: Response, name: str, value: str, days: int | None) -> None:
    """Sets a cookie that only this host gets, never a script; None days: until the browser ends."""
    response.set_cookie(
        name,
        value,
        max_age=days * 86_400 if days is not None else None,
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def current_phone() -> Phone | None:
    """The paired phone that asks; its contact is noted once an hour."""
    if "phone" not in g:
        g.phone = _find_phone()
    return cast(Phone | None, g.phone)


def _find_phone() -> Phone | None:
    cookie = request.cookies.get(PHONE_COOKIE)
    if not cookie:
        return None
    app = instance()
    now = app.now()
    with app.store.read() as connection:
        found = phone.by_cookie(connection, cookie, now)
    if found and not phone.seen_lately(found, now):
        with suppress(Busy), app.store.write(f"phone:{found.id}", now, _PATIENCE) as write:
            phone.note_contact(write, found)
        g.renew = cookie
    return found


def current_place() -> Place | None:
    """The place that the phone works for now."""
    if "place" not in g:
        g.place = next(iter(current_places()), None)
    return cast(Place | None, g.place)


def current_places() -> list[Place]:
    """Every place of the phone, first the one it works for now.

    A page that was opened for a place says so and keeps to it, also when the phone was switched
    to another meanwhile; a place that the phone does not have (any more) is 404.
    """
    if "places" not in g:
        mine = current_phone()
        g.places = []
        if mine:
            with instance().store.read() as connection:
                found = [completeness.places(connection, code) for code in mine.places]
            g.places = [place for each in found for place in each]
            # What comes as JSON has no fields to look for.
            sent = request.args if request.is_json else request.values
            _keep_to(sent.get(OPENED_FOR, ""))
    return cast(list[Place], g.places)


def settle_places() -> None:
    """Finds the places of the phone for an error page, whatever place was asked for."""
    with suppress(NotFound, RequestEntityTooLarge):
        current_places()


def _keep_to(code: str) -> None:
    if code and code not in {place.code for place in g.places}:
        abort(404)
    g.places.sort(key=lambda place: bool(code) and place.code != code)


def current_account() -> Account | None:
    """The signed-in account; its use is noted once a minute so that it does not fall idle."""
    if "account" not in g:
        g.account = _find_account()
    return cast(Account | None, g.account)


def _find_account() -> Account | None:
    cookie = request.cookies.get(OFFICE_COOKIE)
    if not cookie:
        return None
    app = instance()
    with app.store.read() as connection:
        found = account.by_session(connection, cookie, app.now())
    if not found:
        return None
    who, seen = found
    if (app.now() - seen).total_seconds() > 60:
        with suppress(Busy), app.store.write(f"account:{who.id}", app.now(), _PATIENCE) as write:
            account.note_use(write, cookie)
    return who


def phone_desk() -> Desk:
    """Where the paired phone fills in its forms; without a phone the answer is 401."""
    mine, place = current_phone(), current_place()
    if mine is None or place is None:
        abort(401)
    return desk_of(mine, place)


def desk_of(mine: Phone, place: Place) -> Desk:
    """Where a phone fills in the forms of one of its places."""
    kept_to = f"?{OPENED_FOR}={place.code}" if len(mine.places) > 1 else ""
    return Desk(
        place,
        Origin(place.code, phone=mine.id),
        f"phone:{mine.id}",
        "/form",
        f"/{kept_to}",
        kept_to,
    )


def office_desk(back: str = "/office/") -> Desk:
    """Where the office fills in its forms; `back` is the page they are listed on."""
    who = the_account()
    return Desk(
        None,
        Origin(None, account=who.id),
        f"account:{who.id}",
        "/office/form",
        back,
    )


def the_account() -> Account:
    """The signed-in account of a page that `signed_in` guards."""
    who = current_account()
    if who is None:
        abort(401)
    return who


def paired(view: _View) -> _View:
    """Lets only paired phones in; others get 401 with how to pair."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_place() is None:
            abort(401)
        return view(*args, **kwargs)

    return cast(_View, guarded)


def signed_in(*roles: str) -> Callable[[_View], _View]:
    """Lets only accounts with one of `roles` in; others sign in first, or get 403."""

    def guard(view: _View) -> _View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = current_account()
            if who is None:
                if request.method != "GET":
                    abort(401)
                target = url_for("signin.signin", next=request.path)
                return make_response(redirect(target, 303))
            if who.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        vars(guarded)["roles"] = roles  # the menu shows nobody a door that is shut
        return cast(_View, guarded)

    return guard


def network() -> str:
    """The network that asks: of IPv6 the part that one subscriber has, not each address in it."""
    asks = request.remote_addr or ""
    try:
        found = ipaddress.ip_address(asks)
    except ValueError:
        return asks
    if isinstance(found, ipaddress.IPv4Address):
        return asks
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def own_path(target: str | None, default: str) -> str:
    """`target` when it is a path of this app, otherwise `default`: no open redirect."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(char in target for char in "\\\r\n\t"):
        return default
    return target
