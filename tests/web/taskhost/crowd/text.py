"""How a worker does the examples of the elements that work on text: by pointer, touch and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page

from tests.web.taskhost.crowd.work import Hand

# The middle of the first letter of a word, or of the last one, in the passage on the page.
_LETTER: Final = """(passage, [word, end]) => {
  const parts = [...passage.querySelectorAll("[data-start]")];
  const part = parts.find((one) => one.textContent.includes(word)).firstChild;
  const range = document.createRange();
  const at = part.data.indexOf(word);
  range.setStart(part, end ? at + word.length - 1 : at);
  range.setEnd(part, end ? at + word.length : at + 1);
  const box = range.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""


def letter(page: Page, word: str, *, last: bool = False) -> tuple[float, float]:
    """Where on the screen a word begins or ends."""
    x, y = page.locator(".passage").evaluate(_LETTER, [word, last])
    return x, y


def choose_text(hand: Hand, first: str, last: str, *, presses: str) -> None:
    """From one word to another: by drawing, by pressing both, or by ``presses`` of the keyboard."""
    page = hand.page
    page.locator(".passage [data-start]").first.wait_for()
    if hand.way == "keyboard":
        hand.reach(page.locator(".passage"))
        for key in presses.split():
            page.keyboard.press(key)
    elif hand.way == "touch":
        for word in dict.fromkeys((first, last)):
            page.touchscreen.tap(*letter(page, word))
    else:
        page.mouse.move(*letter(page, first))
        page.mouse.down()
        page.mouse.move(*letter(page, last, last=True), steps=4)
        page.mouse.up()


def crowd_entity_annotation(hand: Hand) -> None:
    page = hand.page
    choose_text(hand, "কাজী", "ইসলাম", presses="ArrowRight Shift+ArrowRight Shift+ArrowRight")
    _label(hand, 1)
    choose_text(hand, "ঢাকায়", "ঢাকায়", presses=" ".join(["ArrowRight"] * 4))
    if hand.way == "keyboard":
        page.keyboard.press("Control+ArrowLeft")
    else:
        hand.press(page.get_by_role("button", name="End one letter back"))
    _label(hand, 2)


def _label(hand: Hand, number: int) -> None:
    if hand.way == "keyboard":
        hand.page.keyboard.press(str(number))
    else:
        hand.press(hand.page.locator(".label").nth(number - 1))


def crowd_text_ranking(hand: Hand) -> None:
    first, second = hand.page.get_by_role("region").all()
    hand.choose(first.get_by_role("group", name="Clarity").get_by_label("1"))
    hand.choose(first.get_by_role("group", name="Truth").get_by_label("1"))
    hand.choose(second.get_by_role("group", name="Clarity").get_by_label("1"))
    hand.choose(second.get_by_role("group", name="Truth").get_by_label("2"))


def crowd_question_answer_generation(hand: Hand) -> None:
    page = hand.page
    choose_text(hand, "২০২২", "সালে", presses="ArrowRight ArrowRight ArrowRight Shift+ArrowRight")
    hand.write(page.get_by_label("Question", exact=True), "When did the bridge open?")
    hand.press(page.get_by_role("button", name="Take the chosen text as the answer"))
    if hand.way == "keyboard":
        page.keyboard.press("Shift+Tab")  # the answer has the focus; the tags lie behind it
    hand.press(page.get_by_label("when", exact=True))


WORK: Final[dict[str, Callable[[Hand], None]]] = {
    "crowd-entity-annotation": crowd_entity_annotation,
    "crowd-question-answer-generation": crowd_question_answer_generation,
    "crowd-text-ranking": crowd_text_ranking,
}
