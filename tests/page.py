"""Checks every page that a test gets, and says what to write instead."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from html5lib.constants import E as WORDS
from werkzeug.test import TestResponse

from fieldapp.settings import shipped
from fieldapp.web.answering import StaticFile, read_static

BUDGET = 20_000  # bytes of a form's first visit, compressed, with all the files it names
_REST = "pages.css"
_BEFORE = {_REST, "office.css"}  # who sees more than a new form came from a page with these
HOST = "localhost"
LANGUAGES = {"nl": "ltr", "en": "ltr", "tr": "ltr", "ar": "rtl", "pl": "ltr"}

# Written out, so that a changed header is a changed promise.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "",
    "Referrer-Policy": "same-origin",
}

_CONTROLS = ("input", "select", "textarea", "button")
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
_ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data", "data-expression")
_HOST = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//([^/?#:]*)", re.IGNORECASE)


class PageFault(AssertionError):
    """A page that a test got is not as pages should be."""


@dataclass(frozen=True)
class Page:
    """One HTML page, parsed."""

    text: str
    root: Element
    errors: Sequence[str]

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element with one of these tags, in the order of the page."""
        return (element for element in self.root.iter() if element.tag in tags)

    def elements(self) -> Iterator[Element]:
        """Every element of HTML; drawings keep to rules of their own."""
        return (e for e in self.root.iter() if isinstance(e.tag, str))

    def ids(self) -> Counter[str]:
        """How often each id is given."""
        return Counter(e.attrib["id"] for e in self.elements() if "id" in e.attrib)

    @property
    def is_form(self) -> bool:
        """Whether this is the page of a form that is asked."""
        return any("data-form" in form.attrib for form in self.all("form"))


@lru_cache(maxsize=64)
def parse(text: str) -> Page:
    """The page in `text`, with every mistake that a strict parser sees; not to be changed."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    errors = [
        f"line {line}: {WORDS.get(code, code) % (values or {})}"
        for (line, _), code, values in parser.errors
    ]
    return Page(text, root, errors)


def words(element: Element) -> str:
    """The text in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def valid_html(page: Page) -> Iterator[str]:
    """Nothing that a strict parser mends in silence."""
    for error in page.errors:
        yield f"the HTML is not valid ({error}): close and nest every tag, escape every & and <"


def one_heading(page: Page) -> Iterator[str]:
    """One h1, beside those in a template, which are not on the page yet."""
    kept = {h1 for template in page.all("template") for h1 in template.iter("h1")}
    found = [words(h1) for h1 in page.all("h1") if h1 not in kept]
    if len(found) != 1:
        yield f"the page has {len(found)} h1 {found}: write one, with what the page is about"


def title_first(page: Page) -> Iterator[str]:
    """A title that starts with the h1, so that a screen reader says first what the page is.

    It may end where a name would come: a browser keeps titles for months.
    """
    title = next((words(e) for e in page.all("title")), "")
    heading = next((words(e) for e in page.all("h1")), "")
    begun = [title.startswith(before + heading) for before in ("", "Fout: ", "Error: ")]
    if not any(begun) and not heading.startswith(title.rpartition(" – ")[0] + " "):
        yield (
            f"the title is '{title}': start it with the h1 '{heading}', "
            f"or with 'Fout: {heading}' when something must be mended"
        )


def language(page: Page) -> Iterator[str]:
    """The language and the direction of the page."""
    attributes = next((e.attrib for e in page.all("html")), {})
    code = attributes.get("lang", "")
    if code not in LANGUAGES:
        yield f'<html lang="{code}">: give one of {", ".join(LANGUAGES)}'
    elif attributes.get("dir") != LANGUAGES[code]:
        yield f'<html dir="{attributes.get("dir", "")}">: {code} is written {LANGUAGES[code]}'


def labels(page: Page) -> Iterator[str]:
    """Words at every control."""
    named = {label.attrib.get("for") for label in page.all("label") if words(label)}
    wrapped = {c for label in page.all("label") if words(label) for c in label.iter()}
    for control in page.all(*_CONTROLS):
        kind = control.attrib.get("type", "")
        said = control.attrib.get("aria-label") or control.attrib.get("aria-labelledby")
        if control.tag == "button":
            if not words(control) and not said:
                yield f"a button without words {control.attrib}: write in it what it does"
        elif kind not in _UNLABELLED and not said:
            identity = control.attrib.get("id")
            if not (identity and identity in named) and control not in wrapped:
                name = control.attrib.get("name", "?")
                yield f"the field '{name}' has no label: write <label for=\"{identity or name}\">"


def legends(page: Page) -> Iterator[str]:
    """A legend above radio buttons that belong together."""
    inside = {
        control
        for fieldset in page.all("fieldset")
        if any(child.tag == "legend" and words(child) for child in fieldset)
        for control in fieldset.iter("input")
    }
    for name in {
        control.attrib.get("name", "?")
        for control in page.all("input")
        if control.attrib.get("type") == "radio" and control not in inside
    }:
        yield f"the radio buttons '{name}' stand alone: put them in a fieldset with a legend"


def unique_ids(page: Page) -> Iterator[str]:
    """No id twice."""
    for identity, times in page.ids().items():
        if times > 1:
            yield f"id '{identity}' is given {times} times: an id names one element"


def targets(page: Page) -> Iterator[str]:
    """Nothing that points at what is not on the page."""
    known = page.ids()
    for element in page.elements():
        pointed = [element.attrib[n] for n in ("for", "list", "form") if n in element.attrib]
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns"):
            pointed += element.attrib.get(name, "").split()
        href = element.attrib.get("href", "")
        if href.startswith("#"):
            pointed.append(href[1:])
        for identity in pointed:
            if identity not in known:
                yield f"<{element.tag}> points at '{identity}', which is not there: give that id"


def nothing_inline(page: Page) -> Iterator[str]:
    """No script, style or handler in the page itself: the CSP would stop it."""
    for script in page.all("script"):
        if "src" not in script.attrib or words(script):
            yield "a script in the page: put it in static/ and name it with src"
    for _ in page.all("style"):
        yield "a <style> in the page: put it in a file of static/"
    for element in page.elements():
        for name, value in element.attrib.items():
            if name.startswith("on"):
                yield f"<{element.tag} {name}>: listen for it in a file of static/"
            if name == "style":
                yield f"<{element.tag} style>: give it a class and style that"
            if value.strip().lower().startswith("javascript:"):
                yield f'<{element.tag} {name}="javascript:…">: listen for it in a file of static/'


def own_addresses(page: Page) -> Iterator[str]:
    """Nothing from another host."""
    for element in page.elements():
        for name, value in element.attrib.items():
            found = _HOST.match(value) if name in _ADDRESSES else None
            if found and found[1] != HOST:
                yield f'<{element.tag} {name}="{value.strip()}">: bring nothing from another host'


def plain_forms(page: Page) -> Iterator[str]:
    """Forms that work for everybody, and that nobody else can send."""
    for form in page.all("form"):
        names = {control.attrib.get("name") for control in form.iter("input")}
        if form.attrib.get("method", "get") == "post" and "csrf_token" not in names:
            yield f"the form to {form.attrib.get('action')} has no csrf_token: add csrf()"
    for control in page.all(*_CONTROLS):
        name = control.attrib.get("name", "?")
        if control.attrib.get("type") == "number":
            yield f"'{name}' has type=number: write type=text inputmode=numeric"
        if "placeholder" in control.attrib:
            yield f"'{name}' has a placeholder: write a label and a hint"
        if "disabled" in control.attrib:
            yield f"'{name}' is disabled: let people press it and say what is missing"


def within_budget(page: Page) -> Iterator[str]:
    """The weight of a form's first visit."""
    if not page.is_form:
        return
    parts = {"the page": len(gzip.compress(page.text.encode(), 9))}
    for element in page.elements():
        for name in _ADDRESSES:
            address = element.attrib.get(name, "")
            file = address.removeprefix("/static/").partition("?")[0]
            if element.tag != "a" and file != address and file not in _BEFORE:
                parts[file] = len(_served()[file].compressed)
    if sum(parts.values()) > BUDGET:
        yield (
            f"the form weighs {sum(parts.values())} bytes compressed, {BUDGET} is the most: "
            f"make one of {parts} lighter"
        )


def styled(page: Page) -> Iterator[str]:
    """The rules of every class: a page without the second stylesheet needs none of it."""
    sheets = [e.attrib.get("href", "") for e in page.all("link")]
    loaded = {sheet.removeprefix("/static/").partition("?")[0] for sheet in sheets}
    used = {name for e in page.elements() for name in e.attrib.get("class", "").split()}
    for name in sorted(used):
        having = {sheet for sheet, names in _classes().items() if name in names}
        if _REST in having and not having & loaded:
            yield f"class '{name}' has its rules in {_REST}: load that, or move them"


@cache
def _classes() -> Mapping[str, frozenset[str]]:
    """The classes that each stylesheet has rules for."""
    return {
        name: frozenset(re.findall(r"\.([a-z][a-z-]*)", file.content.decode()))
        for name, file in _served().items()
        if name.endswith(".css")
    }


@cache
def _served() -> Mapping[str, StaticFile]:
    return read_static(shipped("static"))


CHECKS: Sequence[Callable[[Page], Iterator[str]]] = (
    valid_html,
    one_heading,
    title_first,
    language,
    labels,
    legends,
    unique_ids,
    targets,
    nothing_inline,
    own_addresses,
    plain_forms,
    styled,
    within_budget,
)


_CHANCE = re.compile(
    r"[A-Za-z0-9_.-]{60,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
"""Tokens and ids that chance made: no check reads them, but which ones are the same."""

_right: set[bytes] = set()


def _but_for_chance(text: str) -> bytes:
    """What pages have in common that differ in tokens and ids only; the same ones stay the same."""
    seen: dict[str, str] = {}
    plain = _CHANCE.sub(lambda at: seen.setdefault(at[0], f"\ufffe{len(seen)}\ufffe"), text)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def faults(text: str) -> list[str]:
    """Everything that is not right with the page in `text`; a right one is read once."""
    alike = _but_for_chance(text)
    if alike in _right:
        return []
    page = parse(text)
    found = [fault for each in CHECKS for fault in each(page)]
    if not found:
        _right.add(alike)
    return found


def header_faults(headers: Mapping[str, str], *, page: bool) -> list[str]:
    """Everything that is not right with the headers of an answer."""
    found = [
        f"header {name} is {headers.get(name)!r}: it should be {wanted!r}"
        for name, wanted in HEADERS.items()
        if headers.get(name) != wanted
    ]
    if page and headers.get("Cache-Control") != "no-store":
        found.append("a page without 'Cache-Control: no-store': it may be of somebody")
    return found


class Client(FlaskClient):
    """A browser without scripts: checks every page it gets, and fills in forms as it finds them."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """The answer, checked: PageFault says what to write instead."""
        answer = super().open(*args, **{"buffered": True} | kwargs)  # read to the end
        is_page = answer.mimetype == "text/html" and bool(answer.data)
        found = header_faults(answer.headers, page=is_page)
        if is_page and not 300 <= answer.status_code < 400:
            found += faults(answer.text)
        if found:
            asked = f"{answer.request.method} {answer.request.path} ({answer.status_code})"
            raise PageFault("\n".join([asked, *found]))
        return answer

    def token(self, path: str = "/") -> str:
        """A token that lets this browser post."""
        return controls(next(parse(self.get(path).text).all("form")))["csrf_token"][0]

    def fill(
        self, path: str, given: Mapping[str, Any] | None = None, action: str | None = None
    ) -> TestResponse:
        """Gets `path`, fills in its form (the one to `action`) and sends it.

        `given` replaces what stands in the fields; None takes a field out.
        """
        return self.send(self.get(path), given, action)

    def send(
        self, shown: TestResponse, given: Mapping[str, Any] | None = None, action: str | None = None
    ) -> TestResponse:
        """Sends the form on a page that was got before."""
        wanted = action or shown.request.path
        forms = [f for f in parse(shown.text).all("form") if f.attrib.get("action") == wanted]
        assert forms, f"{shown.request.path} has no form to {wanted}"
        data = controls(forms[0]) | dict(given or {})
        return self.post(wanted, data={n: v for n, v in data.items() if v is not None})


def controls(form: Element) -> dict[str, Any]:
    """What a browser would send of a form as it stands; the button is not pressed yet."""
    found: dict[str, Any] = {}
    for control in form.iter():
        name, value = control.attrib.get("name"), control.attrib.get("value", "")
        kind = control.attrib.get("type", "text")
        if not name or control.tag not in ("input", "select", "textarea"):
            continue
        if control.tag == "textarea":
            values = ["".join(control.itertext()).removeprefix("\n")]
        elif control.tag == "select":
            options = list(control.iter("option"))
            picked = [o for o in options if "selected" in o.attrib] or options[:1]
            values = [o.attrib.get("value", words(o)) for o in picked]
        elif kind in ("radio", "checkbox") and "checked" not in control.attrib:
            values = []
        else:
            values = [value]
        found[name] = [*found.get(name, []), *values]
    return found
