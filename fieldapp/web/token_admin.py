"""In the office: tokens for other programs, shown once when made, with what each may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import Message
from fieldapp.keep import access_token
from fieldapp.report import package
from fieldapp.report.sheet import Workbook
from fieldapp.web import language
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("tokens", __name__, url_prefix="/office/tokens")

_LONGEST = 60
_NAME = Message("Schrijf in 2 tot en met 60 tekens op welk programma de sleutel gebruikt.")
_TAKEN = Message(
    "Er is al een sleutel met deze naam. Kies een andere naam, of trek die sleutel eerst in."
)
_NONE = Message("Kies wat het programma mag ophalen.")

Mistakes = Mapping[str, Message]


@blueprint.get("")
@signed_in("office")
def listed() -> Response:
    """Every token with what it may read and when it was last used."""
    return _page()


@blueprint.post("")
@signed_in("office")
def add() -> Response:
    """A new token, shown this once, or what is wrong with what was asked."""
    app, who = instance(), the_account()
    name = " ".join(holdable(request.form.get("name", "")).split())
    given = set(request.form.getlist("workbooks"))
    chosen = [each.name for each in _offered() if each.name in given]
    if not Confirm().validate():
        return _page(422, name, chosen, flash=EXPIRED)
    with app.store.write(f"account:{who.id}", app.now()) as write:
        mistakes: dict[str, Message] = {}
        if not 2 <= len(name) <= _LONGEST:
            mistakes["name"] = _NAME
        elif access_token.is_taken(write.connection, name):
            mistakes["name"] = _TAKEN
        if not chosen:
            mistakes["workbooks"] = _NONE
        token = "" if mistakes else access_token.make(write, name, chosen)
    if mistakes:
        return _page(422, name, chosen, mistakes)
    return make_response(
        render_template(
            "office/token.html",
            name=name,
            token=token,
            addresses=[_address(each) for each in _offered() if each.name in chosen],
        )
    )


@blueprint.post("/<int:number>/revoke")
@signed_in("office")
def revoke(number: int) -> Response:
    """Ends what a token may do at once."""
    app, who = instance(), the_account()
    if not Confirm().validate():
        return _page(422, flash=EXPIRED)
    with app.store.write(f"account:{who.id}", app.now()) as write:
        access_token.revoke(write, number)
    return make_response(redirect("/office/tokens", 303))


def _offered() -> Sequence[Workbook]:
    """What a token may be for."""
    return [each for each in instance().workbooks.values() if each.public]


def _address(workbook: Workbook) -> Mapping[str, object]:
    """Where a program finds a workbook."""
    app = instance()
    over = f"{app.now():%Y}" if workbook.per or not workbook.monthly else f"{app.now():%Y-%m}"
    endings = ["json", "xlsx", *(["csv.zip"] if package.offered(workbook) else [])]
    return {
        "title": workbook.title,
        "start": f"{app.settings.public_url}/api/export/{workbook.name}/{over}",
        "endings": endings,
        "more": "?place=OP-03" if workbook.per else "",
    }


def _page(
    status: int = 200,
    name: str = "",
    chosen: Sequence[str] = (),
    mistakes: Mistakes | None = None,
    flash: Message | None = None,
) -> Response:
    app = instance()
    with app.store.read() as connection:
        found = access_token.tokens(connection)
    page = {
        "name": name,
        "chosen": chosen,
        "titles": {each.name: each.title for each in _offered()},
        "tokens": found,
        "mistakes": {
            field: language.say(app.catalogues, said) for field, said in (mistakes or {}).items()
        },
        "flash": language.say(app.catalogues, flash) if flash else "",
    }
    return make_response(render_template("office/tokens.html", page=page), status)
