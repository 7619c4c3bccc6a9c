"""A page is cut where it differs, and filled in again to the letter."""

from __future__ import annotations

import datetime as dt

from fieldapp.web import mould
from fieldapp.web.mould import Drawn, cut

NOW = dt.datetime(2026, 11, 20, 10, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=1)


def page(token: str, made: str, now: dt.datetime, name: str) -> str:
    return (
        f'<form data-form="{{{mould.moment(now)}}}"><input value="{token}"><p>An of Jo?</p>'
        f'<input name="An · 7K3F"><label><span>{name} · 7K3F</span></label><input value="{made}">'
        f"<ul><li>{name} · 7K3F</li><li>{name}</li></ul></form><form>{token}</form>"
    )


def test_another_page_comes_out_of_the_mould() -> None:
    labels = {"An · 7K3F": ("row", "An")}
    found = cut(Drawn(page("to-ken", "made", NOW, "An"), "to-ken", ["made"], NOW, labels))
    given = {"token": "other", "id 0": "new", "moment": mould.moment(LATER), "name row": "Bo"}
    assert found.ids == ["id 0"]
    assert found.named == {"row"}
    expected = page("other", "new", LATER, "Bo").replace("<li>Bo</li>", "<li>An</li>")
    assert found.filled(given) == expected


def test_a_name_is_cut_out_as_it_is_written() -> None:
    html = "<b>&lt;i&gt; &amp; co · 7K3F</b>"
    found = cut(Drawn(html, "token", labels={"<i> & co · 7K3F": ("row", "<i> & co")}))
    assert found.pieces == ["<b>", " · 7K3F</b>"]


def test_a_page_without_anything_of_its_own_stays_whole() -> None:
    found = cut(Drawn("<p>Jo</p>", "token", ["id"], NOW, {"An · 7K3F": ("row", "An")}))
    assert found.filled({}) == "<p>Jo</p>"
    assert not found.named
