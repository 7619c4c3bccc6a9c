"""The office's overview, against its queries alone."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp

from fieldapp.ask.forms import load_forms
from fieldapp.keep import account
from fieldapp.keep.store import Store
from fieldapp.report import completeness, overview
from fieldapp.report.load import load_workbooks
from fieldapp.report.period import period
from fieldapp.settings import Settings
from fieldapp.web.access import OFFICE_COOKIE
from fieldapp.web.app import create_app
from tests.bench.figure import Figure, against
from tests.bench.home import MONTH, NOW, Home
from tests.bench.national import national


def figures(home: Home) -> Iterator[Figure]:
    """What the overview costs, at home and in the country."""
    yield seen(home.store, home.settings)
    whole = Settings(data=home.folder / "national", public_url="http://localhost")
    store = national(whole.data, load_forms(whole.forms, home.folder / "cache"), NOW)
    yield seen(store, whole)
    store.close()


def seen(store: Store, settings: Settings) -> Figure:
    """The office's overview of a month as a page, against its queries alone."""
    over, asked = period(MONTH, NOW.date()), list[str]()
    with store.write("bench", NOW) as write:
        made = account.add(store, write, "bench", "three words make one")
        code = pyotp.TOTP(made.totp_secret).at(NOW)
        token = account.sign_in(store, write, made.account.id, code)
    app = create_app(settings, store, load_workbooks(settings.exports), lambda: NOW)
    client = app.test_client()
    client.set_cookie(OFFICE_COOKIE, token or "", secure=True)
    with store.read() as connection:
        places = completeness.places(connection)
        connection.set_trace_callback(asked.append)
        overview.overview(connection, store.forms, settings, places, over, NOW)
        connection.set_trace_callback(None)

    def shown() -> None:
        answer = client.get(f"/office/?month={MONTH}", base_url="https://localhost")
        assert answer.status_code == 200

    def queried() -> None:
        with store.read() as connection:
            for query in asked:
                connection.execute(query).fetchall()

    return against(f"the overview, {len(places):,} places", "its queries alone", shown, queried)
