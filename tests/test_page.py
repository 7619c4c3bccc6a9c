"""The checks on pages can fail: each is shown a page that is wrong in one way."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from tests.page import CHECKS, HEADERS, Client, PageFault, controls, faults, header_faults, parse

GOOD = """<!doctype html>
<html lang="nl" dir="ltr">
<head><meta charset="utf-8"><title>Bezoekers – Plek</title>
<link rel="stylesheet" href="/static/fieldapp.css?v=1"></head>
<body><main>
<h1>Bezoekers</h1>
<p id="hint">Een getal. <a href="/uitleg">Uitleg</a></p>
<form method="post" action="/form/visitors" data-form="{}">
<input type="hidden" name="csrf_token" value="x">
<label for="n">Hoeveel?</label>
<input type="text" name="n" id="n" value="4" aria-describedby="hint">
<fieldset><legend>Dagdeel</legend>
<label><input type="radio" name="part" value="morning" checked><span>Ochtend</span></label>
<label><input type="radio" name="part" value="evening"><span>Avond</span></label>
</fieldset>
<label for="why">Waarom?</label>
<select name="why" id="why"><option value="">Kies</option><option selected>weer</option></select>
<label for="more">Meer</label><textarea name="more" id="more">
regel</textarea>
<button>Bewaar</button>
</form>
</main><script type="module" src="/static/form.js"></script></body></html>
"""

# what is spoilt, what stands there instead, and words of the fault that must be found
SPOILT = [
    ("<!doctype html>\n", "", "not valid"),
    ("</fieldset>", "</fieldset></div>", "not valid"),
    ("<p id=", '<p id="a" id=', "not valid"),
    ("<p id=", "<p>\x00</p><p id=", "not valid"),
    ("<h1>Bezoekers</h1>", "<p>Bezoekers</p>", "0 h1"),
    ("<h1>Bezoekers</h1>", "<h1>Bezoekers</h1><h1>Plek</h1>", "2 h1"),
    ("<title>Bezoekers", "<title>Welkom", "start it with the h1 'Bezoekers'"),
    ("<title>Bezoekers", "<title>Oeps: Bezoekers", "start it with the h1 'Bezoekers'"),
    ('lang="nl"', 'lang="tlh"', 'lang="tlh"'),
    (' lang="nl"', "", 'lang=""'),
    ('dir="ltr"', 'dir="rtl"', "nl is written ltr"),
    (' dir="ltr"', "", "nl is written ltr"),
    ('<label for="n">Hoeveel?</label>', "<p>Hoeveel?</p>", "the field 'n' has no label"),
    ('<label for="n">Hoeveel?</label>', '<label for="n"></label>', "the field 'n' has no label"),
    ('<label for="why">Waarom?</label>', "", "the field 'why' has no label"),
    ('<label for="more">Meer</label>', "", "the field 'more' has no label"),
    ("<span>Avond</span>", "", "the field 'part' has no label"),
    ("<button>Bewaar</button>", "<button></button>", "a button without words"),
    ("<legend>Dagdeel</legend>", "", "the radio buttons 'part' stand alone"),
    ('<p id="hint">', '<p id="hint">x</p><p id="hint">', "'hint' is given 2 times"),
    ('aria-describedby="hint"', 'aria-describedby="hint n-error"', "points at 'n-error'"),
    ('<label for="n">', '<label for="n">x</label><label for="m">', "points at 'm'"),
    ('href="/uitleg"', 'href="#main"', "points at 'main'"),
    ('src="/static/form.js">', ">start()", "a script in the page"),
    ("</head>", "<style>p{}</style></head>", "a <style> in the page"),
    ("<button>", '<button onclick="go()">', "<button onclick>"),
    ("<h1>", '<h1 style="color:red">', "<h1 style>"),
    ('href="/uitleg"', 'href="javascript:go()"', "javascript:"),
    ('href="/uitleg"', 'href="https://cdn.example/x"', "nothing from another host"),
    ('src="/static/form.js"', 'src="//cdn.example/x.js"', "nothing from another host"),
    ('<input type="hidden" name="csrf_token" value="x">', "", "no csrf_token"),
    ('type="text" name="n"', 'type="number" name="n"', "type=number"),
    ('id="n" value', 'id="n" placeholder="24" value', "placeholder"),
    ("<button>", "<button disabled>", "is disabled"),
    ("<p id=", '<p class="lead" id=', "has its rules in pages.css"),
    ("Een getal.", "".join(f"{n * n * 2654435761 % 2**32:08x}" for n in range(4_000)), "20000"),
]


def test_a_good_page_has_no_faults() -> None:
    assert faults(GOOD) == []
    assert faults(GOOD.replace("<title>", "<title>Fout: ")) == []


@pytest.mark.parametrize(("old", "new", "said"), SPOILT, ids=[said for _, _, said in SPOILT])
def test_each_check_can_fail(old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = faults(GOOD.replace(old, new, 1))
    assert any(said in fault for fault in found), found


def test_every_check_has_a_page_on_which_it_fails() -> None:
    pages = [parse(GOOD.replace(old, new, 1)) for old, new, _ in SPOILT]
    for check in CHECKS:
        assert any(list(check(page)) for page in pages), check.__name__


@pytest.mark.parametrize("name", HEADERS)
def test_each_header_is_missed(name: str) -> None:
    good = dict(HEADERS) | {"Cache-Control": "no-store"}
    assert header_faults(good, page=True) == []
    assert any(name in fault for fault in header_faults(good | {name: "x"}, page=True))
    del good[name]
    assert any(name in fault for fault in header_faults(good, page=True))


def test_a_page_that_may_be_kept_is_a_fault() -> None:
    assert header_faults(HEADERS, page=True)
    assert not header_faults(HEADERS, page=False)


def test_a_client_checks_every_page_it_gets(client: Client, app: Flask) -> None:
    for name, text in (("good", GOOD), ("bad", "<h1>Ja</h1>")):
        app.add_url_rule(f"/{name}", name, lambda text=text: Response(text, 404))
    client.get("/good")
    with pytest.raises(PageFault, match=r"GET /bad \(404\)(.|\n)*the title is ''"):
        client.get("/bad")
    assert client.head("/bad").status_code == 404


def test_a_client_checks_the_headers_of_every_answer(client: Client, app: Flask) -> None:
    app.after_request_funcs[None].clear()
    with pytest.raises(PageFault, match="Content-Security-Policy"):
        client.get("/static/form.js")


def test_a_form_is_sent_as_a_browser_would() -> None:
    form = next(parse(GOOD).all("form"))
    assert controls(form) == {
        "csrf_token": ["x"],
        "n": ["4"],
        "part": ["morning"],
        "why": ["weer"],
        "more": ["regel"],
    }
