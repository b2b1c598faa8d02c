"""Crowd HTML elements in a real browser: every example of docs/crowd is done in every way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.web import crowd_drawing, crowd_text, crowd_work
from tests.web.browser import faults, overflow
from tests.web.crowd_pages import all_on_one_page, crowd_pages, examples
from tests.web.crowd_work import Hand

pytestmark = pytest.mark.browser

EXAMPLES = examples()
WORK = crowd_work.WORK | crowd_drawing.WORK | crowd_text.WORK
_OPEN_WINDOWS = """() => {
  for (const name of ["crowd-modal", "crowd-instructions"]) document.querySelector(name).dialog.show();
  document.querySelector("crowd-classifier").fullInstructions.show();
}"""


@pytest.mark.parametrize("way", ["pointer", "touch", "keyboard"])
def test_the_work_of_every_element_is_done_by(way: str, chromium: Browser) -> None:
    shown = crowd_pages(chromium, touch=way == "touch", width=360 if way == "touch" else 800)
    page = shown.new_page()
    answers = {}
    for name, work in WORK.items():
        shown.open(page, EXAMPLES[name].page)
        hand = Hand(page, way)
        work(hand)
        hand.submit()
        answers[name] = shown.answer(page)
    shown.context.close()
    assert answers == {name: EXAMPLES[name].answer for name in WORK}
    assert shown.errors == []


@pytest.mark.parametrize(("language", "width", "dark"), [("bn", 360, True), ("en", 1440, False)])
def test_every_element_is_accessible_and_fits(
    language: str, width: int, dark: bool, chromium: Browser
) -> None:
    shown = crowd_pages(chromium, language=language, width=width, dark=dark)
    page = shown.new_page()
    shown.open(page, all_on_one_page(EXAMPLES))
    # What is wrong is said everywhere, too.
    page.evaluate("document.querySelectorAll('crowd-form').forEach((form) => form.reportValidity())")
    found = faults(page)
    too_wide = overflow(page)
    page.evaluate(_OPEN_WINDOWS)
    found += faults(page)
    shown.context.close()
    assert found == []
    assert too_wide <= 0
    assert shown.errors == []
