"""Crowd HTML elements in a real browser: every example of docs/crowd is done in every way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.web import crowd_drawing, crowd_work
from tests.web.crowd_pages import crowd_pages, examples
from tests.web.crowd_work import Hand

pytestmark = pytest.mark.browser

EXAMPLES = examples()
WORK = crowd_work.WORK | crowd_drawing.WORK


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
