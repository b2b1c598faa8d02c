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

    def rewrite(self, target: Locator, text: str) -> None:
        """Write in the place of what stands there."""
        self.reach(target) if self.way == "keyboard" else self.press(target)
        self.page.keyboard.press("ControlOrMeta+a")
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

    def slide(self, target: Locator, share: float, *, presses: int) -> None:
        """Move a slider to ``share`` of its way; with the keyboard by ``presses`` of the right arrow."""
        if self.way == "keyboard":
            self.reach(target)
            for _ in range(presses):
                self.page.keyboard.press("ArrowRight")
            return
        box = target.bounding_box()
        assert box
        knob = 16  # of its way the knob's own width is not part
        x, y = knob / 2 + share * (box["width"] - knob), box["height"] / 2
        if self.way == "touch":
            target.tap(position={"x": x, "y": y})
        else:
            target.click(position={"x": x, "y": y})

    def drag(self, target: Locator, *, right: float) -> None:
        """Take hold of ``target`` in its middle and drop it some pixels farther right."""
        box = target.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y)
        self.page.mouse.up()

    def turn(self, tab: Locator, *, presses: int) -> None:
        """Open a tab; with the keyboard by ``presses`` of the right arrow from the one that is open."""
        if self.way != "keyboard":
            self.press(tab)
            return
        self.reach(self.page.get_by_role("tab", selected=True))
        for _ in range(presses):
            self.page.keyboard.press("ArrowRight")

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


def crowd_input(hand: Hand) -> None:
    hand.submit()  # refused: it is required
    hand.page.get_by_role("alert").get_by_text("Four digits, please").wait_for()
    hand.write(hand.page.get_by_label("Postal code"), "12x07")


def crowd_text_area(hand: Hand) -> None:
    hand.write(hand.page.get_by_label("Summary"), "Rain.\nThe fair is put off.")
    hand.page.get_by_text("26 / 200").wait_for()


def crowd_checkbox(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("checkbox", name="A person"))
    hand.submit()  # refused: one box has to be ticked
    hand.page.get_by_text("This has to be ticked").wait_for()
    hand.press(hand.page.get_by_role("checkbox", name="I looked at all of it"))


def crowd_toggle_button(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("switch", name="The recording is clear"))
    hand.press(hand.page.get_by_role("switch", name="There is music"))
    hand.press(hand.page.get_by_role("switch", name="There is music"))


def crowd_radio_group(hand: Hand) -> None:
    hand.choose(hand.page.get_by_role("radio", name="Food"))
    hand.choose(hand.page.get_by_role("radio", name="Cloth"))


def crowd_radio_button(hand: Hand) -> None:
    hand.choose(hand.page.get_by_role("radio", name="Yes"))


def crowd_slider(hand: Hand) -> None:
    hand.submit()  # refused: where it stands at first is no answer
    hand.page.get_by_text("Move the slider to your answer").wait_for()
    hand.slide(hand.page.get_by_role("slider", name="How natural does the voice sound?"), 3 / 4, presses=3)
    hand.page.get_by_text("4", exact=True).wait_for()


def crowd_slider_label(hand: Hand) -> None:
    slider = hand.page.get_by_role("slider", name="How fluent is it?")
    hand.slide(slider, 1, presses=2)
    assert slider.get_attribute("aria-valuetext") == "3, Perfectly"


def crowd_button(hand: Hand) -> None:
    hand.write(hand.page.get_by_label("Word"), "ship")
    hand.press(hand.page.get_by_role("button", name="Clear"))
    assert hand.page.get_by_label("Word").input_value() == ""
    hand.press(hand.page.get_by_role("button", name="Fill in an example"))


def crowd_icon_button(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("button", name="Hint"))
    hand.page.get_by_text("a bird that cannot fly").wait_for()
    hand.write(hand.page.get_by_label("Which animal?"), "penguin")


def crowd_fab(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("button", name="One more"))


def crowd_alert(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("button", name="Close"))
    hand.page.get_by_text("Some sentences are cut off").wait_for(state="hidden")
    hand.write(hand.page.get_by_label("Mood"), "calm")


def crowd_toast(hand: Hand) -> None:
    hand.page.get_by_text("Take your time").wait_for()
    hand.page.evaluate("document.querySelector('crowd-toast').hide()")
    hand.page.get_by_text("Take your time").wait_for(state="hidden")
    hand.write(hand.page.get_by_label("Mood"), "calm")


def crowd_badge(hand: Hand) -> None:
    box = hand.page.locator("#box").bounding_box()
    mark = hand.page.get_by_role("img", name="new").bounding_box()
    assert box
    assert mark
    assert abs(mark["y"] + mark["height"] / 2 - box["y"]) < 3  # on its upper edge
    hand.write(hand.page.get_by_label("Title"), "Padma")


def crowd_card(hand: Hand) -> None:
    hand.page.get_by_role("heading", name="Tea stall").wait_for()
    hand.write(hand.page.get_by_label("When does it open?"), "06:00")


def crowd_modal(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("button", name="See an example"))
    window = hand.page.get_by_role("dialog", name="See an example")
    hand.press(hand.page.get_by_role("checkbox", name="I have read it"))
    if hand.way == "keyboard":
        hand.page.keyboard.press("Escape")
    else:
        hand.press(window.get_by_role("button", name="Close"))
    window.wait_for(state="hidden")


def crowd_instructions(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("button", name="How to tag"))
    hand.page.get_by_text("Three words for each picture.").wait_for()
    hand.turn(hand.page.get_by_role("tab", name="Examples"), presses=2)
    hand.page.get_by_text("boat, river, evening").wait_for()
    hand.page.get_by_text("Three words for each picture.").wait_for(state="hidden")
    hand.press(hand.page.get_by_role("button", name="Close"))
    hand.write(hand.page.get_by_label("Tag", exact=True), "river")


def crowd_tabs(hand: Hand) -> None:
    hand.write(hand.page.get_by_label("Text on the front"), "Tea")
    hand.submit()  # refused, and the other tab opens
    hand.write(hand.page.get_by_label("Text on the back"), "500 g")


def crowd_tab(hand: Hand) -> None:
    hand.page.get_by_role("tabpanel", name="Text").get_by_text("The ferry was full.").wait_for()
    hand.turn(hand.page.get_by_role("tab", name="Question"), presses=1)
    hand.write(hand.page.get_by_label("Where does it happen?"), "on a ferry")


def crowd_classifier(hand: Hand) -> None:
    hand.submit()  # refused
    hand.page.get_by_role("alert").get_by_text("Choose one").wait_for()
    hand.press(hand.page.get_by_role("button", name="Full instructions"))
    window = hand.page.get_by_role("dialog", name="How to judge")
    hand.press(window.get_by_role("button", name="Close"))
    hand.choose(hand.page.get_by_label("Positive"))


def crowd_classifier_multi_select(hand: Hand) -> None:
    hand.press(hand.page.get_by_label("None of these"))
    hand.press(hand.page.get_by_label("Weather"))
    hand.press(hand.page.get_by_label("Sport"))


def crowd_image_classifier(hand: Hand) -> None:
    rect = hand.page.locator("crowd-image-classifier rect").bounding_box()
    picture = hand.page.locator("crowd-image-classifier .picture > img").bounding_box()
    assert rect
    assert picture
    assert abs(rect["width"] / picture["width"] - 220 / 320) < 0.03
    hand.choose(hand.page.get_by_label("Wrong"))
    hand.press(hand.page.get_by_text("Add a remark"))
    hand.write(hand.page.get_by_label("Remark"), "Too wide")


def crowd_image_classifier_multi_select(hand: Hand) -> None:
    hand.submit()  # refused: at least one
    hand.page.get_by_role("alert").get_by_text("Choose at least one").wait_for()
    hand.press(hand.page.get_by_label("Boat"))
    hand.press(hand.page.get_by_label("Water"))


def crowd_rekognition_detect_moderation_labels(hand: Hand) -> None:
    none = hand.page.get_by_label("None of these")
    hand.press(none)
    assert hand.page.get_by_label("Weapons").is_disabled()
    hand.press(none)
    hand.press(hand.page.get_by_label("Vessel"))


def crowd_textract_analyze_document(hand: Hand) -> None:
    corner = hand.page.get_by_role("button", name="Lower right corner of Name:")
    if hand.way == "keyboard":
        hand.reach(corner)
        hand.page.keyboard.press("ArrowRight")
    else:
        hand.drag(corner, right=0.01 * _width(hand.page.locator(".picture > img")))
    name = hand.page.get_by_role("group", name="Name:")
    hand.rewrite(name.get_by_label("Value", exact=True), "Rahima Begum")
    hand.press(hand.page.get_by_role("group", name="Phone:").get_by_label("The value is blank"))
    hand.press(hand.page.get_by_role("group", name="Address").get_by_label("This key is not on the form"))


def _width(target: Locator) -> float:
    box = target.bounding_box()
    assert box
    return box["width"]


WORK: Final[dict[str, Callable[[Hand], None]]] = {
    "crowd-alert": crowd_alert,
    "crowd-badge": crowd_badge,
    "crowd-button": crowd_button,
    "crowd-card": crowd_card,
    "crowd-checkbox": crowd_checkbox,
    "crowd-classifier": crowd_classifier,
    "crowd-classifier-multi-select": crowd_classifier_multi_select,
    "crowd-fab": crowd_fab,
    "crowd-form": crowd_form,
    "crowd-icon-button": crowd_icon_button,
    "crowd-image-classifier": crowd_image_classifier,
    "crowd-image-classifier-multi-select": crowd_image_classifier_multi_select,
    "crowd-input": crowd_input,
    "crowd-instructions": crowd_instructions,
    "crowd-modal": crowd_modal,
    "crowd-radio-button": crowd_radio_button,
    "crowd-radio-group": crowd_radio_group,
    "crowd-rekognition-detect-moderation-labels": crowd_rekognition_detect_moderation_labels,
    "crowd-slider": crowd_slider,
    "crowd-slider-label": crowd_slider_label,
    "crowd-tab": crowd_tab,
    "crowd-tabs": crowd_tabs,
    "crowd-text-area": crowd_text_area,
    "crowd-textract-analyze-document": crowd_textract_analyze_document,
    "crowd-toast": crowd_toast,
    "crowd-toggle-button": crowd_toggle_button,
}
