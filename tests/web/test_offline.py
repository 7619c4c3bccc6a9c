"""What a phone keeps ready: the worker, the list of its pages, and what the home screen shows."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fieldapp.keep import phone as phones
from fieldapp.keep.store import Store
from fieldapp.settings import shipped
from fieldapp.web.answering import read_static
from fieldapp.web.offline import blueprint
from tests.conftest import Clock
from tests.page import Client, parse
from tests.web.outboxes import TODAY


def ready(client: Client) -> dict[str, Any]:
    """What the worker is told to keep ready."""
    first, _, _ = client.get("/sw.js").text.partition("\n")
    found: dict[str, Any] = json.loads(first.removeprefix("const ready = ").removesuffix(";"))
    return found


def listed(client: Client) -> dict[str, Any]:
    answer = client.get("/offline.json")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    found: dict[str, Any] = answer.json
    return found


# --- the worker ---------------------------------------------------------------------------------


def test_the_worker_is_asked_for_anew_each_time(client: Client) -> None:
    answer = client.get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    same = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert b'addEventListener("fetch"' in answer.data


def test_everything_it_keeps_is_there_and_may_be_kept_for_ever(client: Client) -> None:
    told = ready(client)
    for path in told["assets"]:
        answer = client.get(path)
        assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True)
    assert not any("office" in path or "worker" in path for path in told["assets"])
    assert client.get(*told["always"]).status_code == 200


def test_it_is_another_one_as_soon_as_a_file_is(tmp_path: Path, app: Flask) -> None:
    for path in shipped("static").rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(shipped("static"))
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    found = []
    for text in ("", "", "\nexport const more = 1;\n"):
        with (tmp_path / "form.js").open("a") as file:
            file.write(text)
        other = Flask("other")
        other.register_blueprint(blueprint(read_static(tmp_path)))
        found.append(other.test_client().get("/sw.js").data)
    assert found[0] == found[1] != found[2]


# --- the pages ----------------------------------------------------------------------------------


def test_a_phone_keeps_every_form_of_its_place_ready(phone: Client, app: Flask) -> None:
    told = listed(phone)
    forms = app.extensions["fieldapp"].forms.values()
    asked = {f"/form/{form.form_id}" for form in forms if "meeting_place" in form.places}
    assert set(told["pages"]) == {"/", "/unsent", "/count", "/week", *asked}
    for page in told["pages"]:
        assert phone.get(page).status_code == 200


def test_nothing_is_kept_ready_that_lists_who_is_there(phone: Client) -> None:
    kept = " ".join(listed(phone)["pages"])
    assert not any(page in kept for page in ("/people", "/records", "/cards", "/office"))


def test_a_phone_of_two_places_keeps_the_forms_of_both(pair_to: Callable[..., Client]) -> None:
    pages = listed(pair_to("OP-01", "WB-01"))["pages"]
    assert "/form/visitors?page.place=OP-01" in pages
    assert "/form/opening?page.place=WB-01" in pages
    assert all("page.place=" in page for page in pages)


def test_a_poster_leads_to_its_form_without_asking_us(
    phone: Client, small: Store, clock: Clock
) -> None:
    with small.write("test", clock()) as write:
        own = [phones.poster_code(write, "OP-01", form) for form in ("visitors", "week")]
        phones.poster_code(write, "OP-02", "visitors")
    scans = listed(phone)["scans"]
    assert scans == {f"/Q/{own[0]}": "/form/visitors", f"/Q/{own[1]}": "/week"}
    for path, target in scans.items():
        assert phone.get(path).location == target


def test_the_list_is_another_one_with_another_form_or_language(
    phone: Client, published: Any, shipped_text: Any
) -> None:
    before = listed(phone)["version"]
    assert listed(phone)["version"] == before
    phone.set_cookie("language", "en")
    assert listed(phone)["version"] != before
    phone.delete_cookie("language")
    text = shipped_text("visitors")
    assert "2026112301" in text
    published(text.replace("2026112301", "2026112302"))
    assert listed(phone)["version"] != before


def test_who_is_not_paired_keeps_nothing_ready(
    client: Client, phone: Client, small: Store, clock: Clock
) -> None:
    assert client.get("/offline.json").status_code == 401
    with small.write("test", clock()) as write:
        phones.revoke(write, 1)
    refused = phone.get("/offline.json")
    assert (refused.status_code, refused.mimetype) == (401, "application/json")


# --- the home screen ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_home_screen_gets_a_name_and_icons(code: str, client: Client) -> None:
    page = parse(client.get("/", headers={"Accept-Language": code}).text)
    links = [each.attrib["href"] for each in page.all("link") if each.attrib["rel"] == "manifest"]
    assert links == ["/manifest.webmanifest"]
    answer = client.get(links[0], headers={"Accept-Language": code})
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert (told["lang"], told["dir"], told["scope"], told["start_url"]) == (code, "ltr", "/", "/")
    assert told["display"] == "standalone"
    found = {(icon["sizes"], icon["purpose"]) for icon in told["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} < found
    for icon in told["icons"]:
        image = client.get(icon["src"])
        assert (image.status_code, image.mimetype) == (200, icon["type"])
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", image.data[16:24])
            assert f"{width}x{height}" == icon["sizes"]


def test_a_page_that_is_not_kept_says_what_to_do(client: Client) -> None:
    answer = client.get("/offline")
    assert answer.status_code == 200
    assert TODAY not in answer.text
