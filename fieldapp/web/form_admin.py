"""In the office: the forms, a file with another version of one, what it changes, publishing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.exceptions import RequestEntityTooLarge

from fieldapp.ask.differences import clashes, differences, same, settings
from fieldapp.ask.forms import try_form, twin
from fieldapp.ask.question import Form
from fieldapp.ask.reading import holdable
from fieldapp.ask.upload import LARGEST
from fieldapp.errors import Fault, FilesBroken, Message
from fieldapp.keep import uploaded
from fieldapp.keep.publish import publish
from fieldapp.keep.uploaded import Uploaded
from fieldapp.report import rehearsal
from fieldapp.web import language
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm, new_form_classes
from fieldapp.web.form_needs import needed
from fieldapp.web.form_preview import Example
from fieldapp.web.instance import Instance, instance, newest

blueprint = Blueprint("form_admin", __name__, url_prefix="/office/forms")

NEW = "new"
"""What is picked for a file that is no version of a form that is there."""

_PURPOSE = "new form"  # no form_id looks like this
_BESIDE = 10_000  # bytes that a page sends beside its file
_LONGEST_NAME = 80
_MOST_TOLD = 100  # faults; a file that is no form has one on each of its lines
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOO_LARGE = Message("Dit bestand is groter dan 2 MB. Een formulier is een paar kB.")


@dataclass(frozen=True)
class Refusal:
    """Why a file is not taken: its faults, what clashes, and what else would break."""

    name: str
    faults: Sequence[Fault] = ()
    reasons: Sequence[Message] = ()
    broken: Sequence[Fault] = ()
    more: int = 0
    """How many faults there are that are not told."""

    def __bool__(self) -> bool:
        return bool(self.faults or self.reasons or self.broken)


@blueprint.route("", methods=["GET", "POST"])
@signed_in("office", "reader")
def listed() -> Response:
    """Every form with its version (GET), or what became of a file with another one (POST)."""
    if request.method == "GET":
        return _page()
    app, who = instance(), the_account()
    if who.role != "office":
        abort(403)
    request.max_content_length = LARGEST + _BESIDE
    try:
        genuine, file = Confirm().validate(), request.files.get("file")
    except RequestEntityTooLarge:
        return _page(Refusal("", reasons=[_TOO_LARGE]), "")
    if not genuine:
        return _page(Refusal("", reasons=[EXPIRED]))
    if file is None or not file.filename:
        return _page(Refusal("", reasons=[Message("Kies eerst een bestand.")]))
    content, name = file.read(), _name(file.filename)
    refusal = _refusal(app, content, name, request.form.get("form", ""))
    if refusal:
        return _page(refusal)
    with app.store.write(f"account:{who.id}", app.now()) as write:
        token = str(uuid.uuid4())
        uploaded.keep(write, token, who.id, _PURPOSE, name, content)
    return make_response(redirect(f"/office/forms/new/{token}", 303))


@blueprint.get("/<form_id>.xlsx")
@signed_in("office", "reader")
def download(form_id: str) -> Response:
    """A form that is in force, as a workbook."""
    form = instance().forms.get(form_id)
    if form is None:
        abort(404)
    path = Path(form.file)
    content = path.read_bytes()
    response = make_response(content if path.suffix == ".xlsx" else twin(content.decode()))
    response.mimetype = _XLSX
    name = f"{form.form_id}-{form.version}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/new/<uuid:upload>")
@signed_in("office")
def look(upload: uuid.UUID) -> Response:
    """What a file changes, with its preview and the button that publishes it."""
    return _shown(_file(upload))


@blueprint.get("/new/<uuid:upload>/preview")
@signed_in("office")
def preview(upload: uuid.UUID) -> str:
    """The form as a phone shows it, in one language and at one kind of place."""
    app, file = instance(), _file(upload)
    form, forms = _tried(app, file.content, file.name)
    kinds = sorted(form.places)
    kind = request.args.get("kind", kinds[0])
    code = request.args.get("language", language.SOURCE)
    if kind not in kinds or code not in language.NAMES:
        abort(404)
    with rehearsal.rehearsing(forms, app.now()) as store, store.read() as empty:
        example = Example(app, store, empty, "" if kind == "office" else kind)
        page = example.page(form, code)
    return render_template(
        "form_preview.html",
        page=page,
        upload=file.token,
        kind=kind,
        kinds=kinds if len(kinds) > 1 else [],
        kind_names=_kind_names(app),
        codes=language.NAMES,
    )


@blueprint.post("/new/<uuid:upload>/publish")
@signed_in("office")
def put_in_force(upload: uuid.UUID) -> Response:
    """Publishes the form in a file: the next request asks it, those that run end as they began."""
    file, who = _file(upload), the_account()
    if not Confirm().validate():
        return _shown(file, EXPIRED, 422)
    with instance().publishing:
        app = newest()
        form, _ = _tried(app, file.content, file.name)
        before = app.forms.get(form.form_id)
        if before and same(before, form):
            return make_response(redirect("/office/forms", 303))
        if request.form.get("was", "") != (before.version if before else ""):
            return _shown(file, _OVERTAKEN, 409)
        refusal = _refusal(app, file.content, file.name, form.form_id if before else NEW)
        if refusal:
            return _page(refusal)
        store = publish(
            app.store, f"account:{who.id}", app.now(), form, file.content, app.settings.published
        )
        older = {}
        if before:
            older = {(form.form_id, before.version): app.classes[form.form_id]}
        current_app.extensions["fieldapp"] = replace(
            app,
            store=store,
            classes=new_form_classes(store.forms),
            older={**app.older, **older},
        )
    return make_response(redirect(f"/office/forms#{form.form_id}", 303))


_OVERTAKEN = Message(
    "Iemand anders publiceerde intussen een andere versie. Hieronder staat wat er nu verandert."
)


def _file(upload: uuid.UUID) -> Uploaded:
    with instance().store.read() as connection:
        return uploaded.find(connection, str(upload), the_account().id, _PURPOSE)


def _tried(app: Instance, content: bytes, name: str) -> tuple[Form, dict[str, Form]]:
    settings = app.settings
    return try_form(content, name, settings.forms, settings.published, settings.data / "cache")


def _refusal(app: Instance, content: bytes, name: str, chosen: str) -> Refusal:
    """Why this file is not taken for the form that was chosen; false when it is."""
    try:
        form, forms = _tried(app, content, name)
    except FilesBroken as broken:
        more = max(0, len(broken.faults) - _MOST_TOLD)
        return Refusal(name, faults=broken.faults[:_MOST_TOLD], more=more)
    before = app.forms.get(form.form_id)
    reasons = [*_mistaken(app, form, chosen)]
    if before and same(before, form):
        reasons.append(
            Message("Dit is precies de versie die nu wordt gebruikt. Er verandert niets.")
        )
    older = [page.asked for (form_id, _), page in app.older.items() if form_id == form.form_id]
    reasons += clashes(form, before, older)
    reasons += needed(before, form) if before else []
    broken_too = rehearsal.broken(form, forms, app.settings, app.now())
    return Refusal(name, (), reasons, [replace(each, column="") for each in broken_too])


def _mistaken(app: Instance, form: Form, chosen: str) -> Sequence[Message]:
    """What is said when the file is of another form than the one that was chosen."""
    if chosen == NEW and form.form_id in app.forms:
        return [
            Message(
                "Er is al een formulier '{name}'. Kies dat formulier, of geef het bestand een "
                "ander form_id.",
                {"name": form.form_id},
            )
        ]
    if chosen != NEW and chosen not in app.forms:
        return [Message("Kies van welk formulier dit een nieuwe versie is.")]
    if chosen not in (NEW, form.form_id):
        return [
            Message(
                "Het form_id in dit bestand is '{found}'. Maak er '{name}' van, of kies een ander "
                "formulier.",
                {"found": form.form_id, "name": chosen},
            )
        ]
    return []


def _name(given: str) -> str:
    """The name of a file as a page can show it."""
    return holdable(PurePath(given.replace("\\", "/")).name)[-_LONGEST_NAME:]


def _kind_names(app: Instance) -> Mapping[str, str]:
    names = {"office": language.say(app.catalogues, Message("Programmabureau"))}
    form = app.forms.get("place")
    kinds = form.questions["kind"].choices if form else ()
    return names | {choice.name: language.pick(choice.label) for choice in kinds}


def _page(refusal: Refusal | None = None, chosen: str | None = None) -> Response:
    """The page of all forms, above them why a file was refused; `chosen` unless it was sent."""
    app = instance()
    if chosen is None:
        chosen = request.values.get("form", "")
    names, own = _kind_names(app), app.settings.published.resolve()
    rows = [
        {
            "id": form.form_id,
            "title": language.pick(form.title),
            "version": form.version,
            "places": [names.get(kind, kind) for kind in sorted(form.places)],
            "own": Path(form.file).resolve().parent == own,
        }
        for form in app.forms.values()
    ]
    said = [language.say(app.catalogues, each) for each in refusal.reasons] if refusal else []
    page = render_template(
        "office/forms.html",
        forms=rows,
        refusal=refusal,
        reasons=said,
        chosen=chosen,
        may_change=the_account().role == "office",
        new=NEW,
    )
    return make_response(page, 422 if refusal else 200)


def _shown(file: Uploaded, flash: Message | None = None, status: int = 200) -> Response:
    app = newest()
    form, _ = _tried(app, file.content, file.name)
    before = app.forms.get(form.form_id)
    page = render_template(
        "office/form_new.html",
        name=file.name,
        upload=file.token,
        title=language.pick(form.title),
        form=form,
        before=before,
        found=differences(before, form),
        settings=settings(before, form) if before else [],
        pick=language.pick,
        flash=language.say(app.catalogues, flash) if flash else "",
        codes=language.NAMES,
    )
    return make_response(page, status)
