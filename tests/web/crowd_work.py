"""How a worker does the example of each element: by pointer, by touch, and with the keyboard alone.

Each way ends with the answer that the element's page in docs/crowd promises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page


@dataclass(frozen=True, slots=True)
class Hand:
    """One way to work a page. ``press`` chooses or pushes what a locator finds."""

    page: Page
    way: str  # pointer, touch or keyboard

    def press(self, target: Locator) -> None:
        if self.way == "keyboard":
            self.reach(target)
            self.page.keyboard.press("Space")
        elif self.way == "touch":
            target.tap()
        else:
            target.click()

    def write(self, target: Locator, text: str) -> None:
        if self.way == "keyboard":
            self.reach(target)
        else:
            self.press(target)
        self.page.keyboard.type(text)

    def reach(self, target: Locator) -> None:
        """Go on with Tab until the target, or the group of radio buttons that it is in, has the focus."""
        for _ in range(40):
            if target.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def choose(self, target: Locator) -> None:
        """A radio button: with the keyboard by the arrows within its group."""
        if self.way != "keyboard":
            self.press(target)
            return
        self.reach(target)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {target}")

    def submit(self) -> None:
        self.press(self.page.get_by_role("button", name="Submit"))


_HAS_FOCUS: Final = """target => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const grouped = focused?.type === "radio" && target.type === "radio" && focused.name === target.name;
  return focused === target || grouped || (target.shadowRoot?.contains(focused) ?? false);
}"""


def crowd_form(hand: Hand) -> None:
    hand.write(hand.page.get_by_label("Your name"), "Rahima")
    hand.choose(hand.page.get_by_label("Yes"))


def crowd_classifier(hand: Hand) -> None:
    hand.choose(hand.page.get_by_label("Positive"))


WORK: Final[dict[str, Callable[[Hand], None]]] = {
    "crowd-classifier": crowd_classifier,
    "crowd-form": crowd_form,
}
