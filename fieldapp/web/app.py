"""The factory: one Flask application for one instance."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter
from werkzeug.urls import iri_to_uri

from fieldapp.ask.question import Form
from fieldapp.errors import Busy, FieldappError
from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings, shipped
from fieldapp.web import (
    accounts,
    adding,
    api,
    at_place,
    care,
    contact,
    correcting,
    counter,
    door,
    doubles,
    erasing,
    flags,
    form_admin,
    hours,
    importing,
    language,
    menu,
    merges,
    month_closing,
    month_page,
    office,
    office_registers,
    offline,
    overview,
    pages,
    pairing,
    people,
    person_card,
    phone,
    poster,
    printing,
    processing,
    progress_page,
    reading,
    record_list,
    record_page,
    requests,
    result_page,
    results,
    same,
    shared_file,
    signin,
    still,
    submissions,
    tally,
    token_admin,
    trouble,
    unsent,
    week,
)
from fieldapp.web.access import current_account, current_place, current_places, settle_places
from fieldapp.web.answering import finish, read_static, static_blueprint
from fieldapp.web.fields import form_class, new_form_classes
from fieldapp.web.instance import Clock, Instance, instance, real_clock
from fieldapp.web.log import log_requests
from fieldapp.web.sessions import Sessions

LARGEST_POST = 300_000

_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("Dit ging niet goed", "Ga terug en probeer het nog een keer."),
    401: (
        "Deze telefoon hoort nog bij geen plek",
        "Koppel de telefoon eerst: scan de code op de brief, of typ hem over.",
    ),
    403: ("Dit mag u niet", "U kunt hier alleen kijken en downloaden."),
    404: ("Deze pagina is er niet", "Kijk het adres na, of ga naar het begin."),
    405: ("Dit ging niet goed", "Ga terug en probeer het nog een keer."),
    409: ("Iemand anders was u voor", "Ga terug en kijk wat er nu staat."),
    413: ("Dit is te groot", "Stuur minder in één keer."),
    422: ("Dit kan niet", "Ga terug en kijk het na."),
    500: (
        "Er ging iets mis bij ons",
        "Wat u invulde, staat nog op de vorige pagina. Probeer het straks opnieuw.",
    ),
    503: ("Wij kunnen nu even niets bewaren", "Ga terug en bewaar het straks nog een keer."),
}


class _Number(IntegerConverter):
    """A number in an address, no larger than the database can hold: any other is not found."""

    regex = "[0-9]{1,9}"


def create_app(
    settings: Settings,
    store: Store,
    workbooks: Mapping[str, Workbook],
    clock: Clock = real_clock,
    older: Mapping[tuple[str, str], Form] = MappingProxyType({}),
) -> Flask:
    """The application for `store`; `older` are the forms that were in force before, by version."""
    app = Flask("fieldapp.web", static_folder=None)
    app.config.update(
        SECRET_KEY=store.secrets.session,
        SECRET_KEY_FALLBACKS=list(store.secrets.older),
        WTF_CSRF_SECRET_KEY=store.secrets.signing,  # Flask-WTF knows of no fallbacks
        SESSION_COOKIE_NAME="__Host-session",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[urlsplit(settings.public_url).hostname],
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open all day: the token dies with its session
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        MAX_FORM_PARTS=2_000,
    )
    app.url_map.converters["int"] = _Number
    app.session_interface = Sessions()
    app.extensions["fieldapp"] = Instance(
        settings,
        store,
        clock,
        language.load(),
        workbooks,
        new_form_classes(store.forms),
        older={version: form_class(form) for version, form in older.items()},
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    files = read_static(shipped("static"))
    app.register_blueprint(static_blueprint(files))
    parts = (
        pages,
        phone,
        adding,
        still,
        doubles,
        pairing,
        person_card,
        poster,
        printing,
        progress_page,
        signin,
        office,
        accounts,
        overview,
        at_place,
        office_registers,
        reading,
        record_list,
        record_page,
        correcting,
        flags,
        same,
        people,
        erasing,
        processing,
        merges,
        hours,
        month_page,
        month_closing,
        requests,
        results,
        result_page,
        tally,
        counter,
        unsent,
        week,
        shared_file,
        importing,
        form_admin,
        api,
        token_admin,
        care,
        submissions,
        contact,
        trouble,
    )
    for part in parts:
        app.register_blueprint(part.blueprint)
    app.register_blueprint(offline.blueprint(files))
    versions = {name: file.version for name, file in files.items()}
    _prepare_templates(app, settings, versions)
    log_requests(app)
    finish(app)
    app.register_error_handler(FieldappError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _prepare_templates(app: Flask, settings: Settings, versions: Mapping[str, str]) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "day": language.day,
        "dayname": _day_name,
        "when": language.moment,
        "short_day": language.short_day,
        "short_date": language.short_date,
        "fallen": language.fallen,
        "own": language.own,
    }

    @app.before_request
    def zone() -> None:
        g.timezone = ZoneInfo(settings.timezone)
        g.today = instance().now().date()

    @app.context_processor
    def shared() -> dict[str, object]:
        catalogues, code = instance().catalogues, language.language()
        texts = catalogues[code]  # a page asks for many, most without values

        def translate(source: str, **values: object) -> str | Markup:
            if not values:
                return texts.get(source, source)
            return language.translate(catalogues, source, **values)

        in_office = request.path.startswith("/office")
        who = current_account() if in_office else None
        return {
            "_": translate,
            "due": lambda: "" if in_office else phone.due_sentence(),
            "layout": "office_base.html" if in_office else "base.html",
            "lang": code,
            "dir": "rtl" if code in language.RIGHT_TO_LEFT else "ltr",
            "languages": list(language.offered().items()),
            "tongue": language.NAMES[code],
            "concept": code in language.CONCEPT,
            "acknowledgement": settings.acknowledgement,
            "organisation": settings.organisation,
            "contact": translate(settings.contact),
            "place": current_place(),
            "places": current_places(),
            "csrf": generate_csrf,
            "address": iri_to_uri(request.full_path.removesuffix("?")),
            "asset": lambda name: f"/static/{name}?v={versions[name]}",
            "signed_in": who.name if who else None,
            "menu": menu.menu,
        }


def _day_name(date: str) -> str:
    today = instance().now().date()
    back = (today - today.fromisoformat(date)).days
    text = language.day(date)
    near = phone.say("vandaag") if back == 0 else phone.say("gisteren") if back == 1 else ""
    text = language.listed([near, text]) if near else text
    return text[:1].upper() + text[1:]


def _refused(problem: FieldappError) -> Response:
    sentence = str(problem)
    # Only what has a translation was meant for the screen; the rest is for a terminal.
    meant = any(sentence in catalogue for catalogue in instance().catalogues.values())
    response = _error_page(problem.status, sentence if meant else "")
    if isinstance(problem, Busy):
        response.headers["Retry-After"] = "5"
    return response


def _http_error(problem: HTTPException) -> Response:
    return _error_page(problem.code or 500, "")


def _error_page(status: int, sentence: str) -> Response:
    if status >= 500:  # the database may be what failed: this page does without
        g.phone = g.place = g.account = None
        g.places = []
    else:
        settle_places()
    title, remedy = _TITLES.get(status, _TITLES[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        return door.failed(status, phone.say(sentence or remedy))
    page = render_template(
        "error.html",
        status=status,
        title=phone.say(title),
        sentence=phone.say(sentence or remedy),
        remedy=phone.say(remedy) if sentence else "",
    )
    return make_response(page, status)
