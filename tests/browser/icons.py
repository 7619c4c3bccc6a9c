"""Draws the icons of the home screen from the one drawing: `python -m tests.browser.icons`."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from fieldapp.settings import shipped
from tests.chromium import CHROMIUM
from tests.serving import QUIET

ICONS = {
    "app-192.png": (192, False),
    "app-512.png": (512, False),
    "app-maskable-512.png": (512, True),
}
SAFE = 0.7
"""Of a maskable icon a phone may cut off all but a circle of 80 %: the drawing stays within."""


def page(drawing: str, *, maskable: bool) -> str:
    """A page that is the icon, edge to edge."""
    if maskable:
        drawing = (
            drawing.replace(' rx="6"', "")
            .replace(
                "<path ", f'<g transform="translate(16 16) scale({SAFE}) translate(-16 -16)"><path '
            )
            .replace("</svg>", "</g></svg>")
        )
    style = "html,body{margin:0;background:transparent}svg{display:block;width:100vw}"
    return f"<!doctype html><style>{style}</style>{drawing}"


def draw() -> None:
    """Writes every icon beside the drawing."""
    folder = shipped("static") / "icons"
    drawing = (folder / "app.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, (size, maskable) in ICONS.items():
            sheet = browser.new_page(viewport={"width": size, "height": size})
            sheet.set_content(page(drawing, maskable=maskable))
            sheet.screenshot(path=folder / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw()
