"""Crowd HTML elements in a real browser: every example of docs/crowd is done in every way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.web.browser import faults, overflow
from tests.web.taskhost.crowd import drawing, text, work
from tests.web.taskhost.crowd.pages import all_on_one_page, crowd_pages, examples
from tests.web.taskhost.crowd.work import Hand

pytestmark = pytest.mark.browser

EXAMPLES = examples()
WORK = work.WORK | drawing.WORK | text.WORK
_ALL_READY = "() => [...document.querySelectorAll('*')].every((one) => one.isReady !== false)"
_FORM = """document.querySelector("crowd-form")
  ?? document.querySelector("crowd-entity-annotation").shadowRoot.querySelector("crowd-form")"""
_SAME = """function same(one, other) {
  if (typeof one !== "object" || one === null || other === null) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => same(one[name], other[name]));
}"""
_OPEN_WINDOWS = """() => {
  for (const name of ["crowd-modal", "crowd-instructions"]) document.querySelector(name).dialog.show();
  document.querySelector("crowd-classifier").fullInstructions.show();
}"""


@pytest.mark.parametrize("way", ["pointer", "touch", "keyboard"])
def test_the_work_of_every_element_is_done_by(way: str, chromium: Browser) -> None:
    shown = crowd_pages(chromium, touch=way == "touch", width=360 if way == "touch" else 800)
    page = shown.new_page()
    answers = {}
    for name, do in WORK.items():
        shown.open(page, EXAMPLES[name].page)
        hand = Hand(page, way)
        do(hand)
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


def test_every_element_takes_up_an_answer_that_was_given_before(chromium: Browser) -> None:
    """So that drafts and work sent back stand there again."""
    shown = crowd_pages(chromium)
    page = shown.new_page()
    for example in EXAMPLES.values():
        shown.open(page, example.page)
        page.wait_for_function(_ALL_READY)
        page.evaluate(f"answer => ({_FORM}).restore(answer)", example.answer)
        # Painted masks are decoded first.
        page.wait_for_function(f"answer => ({_SAME})(({_FORM}).answer, answer)", arg=example.answer)
    shown.context.close()
    assert shown.errors == []
