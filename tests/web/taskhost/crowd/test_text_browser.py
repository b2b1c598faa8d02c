"""What work on text must hold beyond the examples: whole letters, no overlaps, undo, a page's own fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web.taskhost.crowd.pages import CrowdPages, crowd_pages
from tests.web.taskhost.crowd.text import letter
from tests.web.taskhost.crowd.work import Hand

pytestmark = pytest.mark.browser

TEXT = "ক্ষমা 😀 কী সুন্দর দেশ"
SCRIPT = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'


@pytest.fixture(scope="module")
def shown(chromium: Browser) -> Iterator[CrowdPages]:
    shown = crowd_pages(chromium, width=360, language="bn")
    yield shown
    shown.context.close()
    assert shown.errors == []


@pytest.fixture(scope="module")
def page(shown: CrowdPages) -> Page:
    return shown.new_page()


def annotation(attributes: str = "", inside: str = "") -> str:
    return (
        f"{SCRIPT}<crowd-entity-annotation name='found' text='{TEXT}' "
        f"labels=\"['noun', 'verb']\" {attributes}>"
        f"{inside}</crowd-entity-annotation>"
    )


def entities(page: Page) -> list[tuple[str, str]]:
    """The parts that the answer names, cut out as Python counts, and their labels."""
    page.locator(".passage [data-start]").first.wait_for()
    answer: dict[str, Any] = page.evaluate("document.querySelector('[name=found]').value")
    return [(TEXT[one["startOffset"] : one["endOffset"]], one["label"]) for one in answer["entities"]]


def draw(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=3)
    page.mouse.up()


def test_parts_end_between_letters_and_do_not_overlap(shown: CrowdPages, page: Page) -> None:
    shown.open(page, annotation())
    page.locator(".passage [data-start]").first.wait_for()
    noun, verb = page.locator(".label").all()
    draw(page, letter(page, "ক্ষ"), letter(page, "মা", last=True))
    for _ in range(3):  # মা goes; the conjunct of three code points is one letter and stays
        page.get_by_role("button", name="শেষ এক অক্ষর পেছনে").click()
    noun.click()
    assert entities(page) == [("ক্ষ", "noun")]
    page.keyboard.press("1")  # nothing is chosen: the label waits for what comes
    draw(page, letter(page, "কী"), letter(page, "দর", last=True))
    assert entities(page) == [("ক্ষ", "noun"), ("কী সুন্দর", "noun")]
    noun.click()
    draw(page, letter(page, "😀"), letter(page, "কী"))
    verb.click()
    assert "আগে সেই লেবেল মুছুন" in page.get_by_role("status").inner_text()
    assert len(entities(page)) == 2


def test_labels_are_changed_taken_away_and_brought_back(shown: CrowdPages, page: Page) -> None:
    initial = (
        "[{label: 'noun', startOffset: 8, endOffset: 10}, {label: 'other', startOffset: 0, endOffset: 2}]"
    )
    shown.open(page, annotation(f'initial-value="{initial}"'))
    assert entities(page) == [("কী", "noun")]  # "other" is no label here
    page.mouse.click(*letter(page, "কী"))
    page.keyboard.press("2")
    assert entities(page) == [("কী", "verb")]
    page.keyboard.press("Delete")
    assert entities(page) == []
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert entities(page) == [("কী", "noun")]
    page.keyboard.press("Control+y")
    page.locator(".items .name").click()
    page.get_by_role("combobox").select_option("noun")
    assert entities(page) == [("কী", "noun")]


def test_a_page_adds_fields_of_its_own_to_the_form_inside(shown: CrowdPages, page: Page) -> None:
    fields = "<div id='more'><crowd-radio-button name='about' value='land'>Land</crowd-radio-button></div>"
    script = """<script>document.addEventListener("all-crowd-elements-ready", () => {
      document.querySelector("crowd-entity-annotation").shadowRoot.querySelector("crowd-form").form.appendChild(more);
    });</script>"""
    shown.open(page, annotation(inside=fields) + script)
    page.get_by_text("Land").click()
    Hand(page, "pointer").press(page.get_by_role("button", name="জমা দিন"))
    assert shown.answer(page) == {"found": {"entities": []}, "about": {"land": True}}


def test_questions_have_the_number_and_length_that_are_asked_for(shown: CrowdPages, page: Page) -> None:
    shown.open(
        page,
        f"{SCRIPT}<crowd-form><crowd-question-answer-generation name='found' text='{TEXT}' "
        "min-questions='2' max-questions='2' question-min-words='2' answer-max-words='3'>"
        "</crowd-question-answer-generation></crowd-form>",
    )
    questions, answers = page.get_by_label("প্রশ্ন", exact=True), page.get_by_label("উত্তর", exact=True)
    submit = page.get_by_role("button", name="জমা দিন")
    questions.nth(0).fill("কেমন দেশ?")
    answers.nth(0).fill("খুব সুন্দর এই দেশ")
    submit.click()
    assert page.get_by_role("alert").inner_text() == "প্রশ্ন ১: উত্তরে সর্বোচ্চ ৩ শব্দ; এখন ৪"
    answers.nth(0).fill("সুন্দর")
    submit.click()
    assert page.get_by_role("alert").inner_text() == "উত্তরসহ অন্তত ২টি প্রশ্ন চাই; এখন ১টি।"
    questions.nth(1).fill("কী দেশ?")
    answers.nth(1).fill("বাংলাদেশ")
    submit.click()
    pairs = [{"answer": "সুন্দর", "question": "কেমন দেশ?"}, {"answer": "বাংলাদেশ", "question": "কী দেশ?"}]
    assert shown.answer(page) == {"found": {"questionAnswers": pairs}}
