"""How a worker does the examples of the elements that draw: by pointer, touch, and the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from playwright.sync_api import Locator, Page

from tests.web.taskhost.crowd.work import Hand

Place = tuple[int, int]  # in pixels of the picture
_STEP: Final = 2  # what one press of an arrow key moves on the examples' picture (120 pixels wide)
_MIDDLE: Final = (60, 40)
_AT: Final = """(stage, [x, y]) => {
  const shown = stage.getRootNode().host.stage.view.toScreen({x, y});
  const box = stage.getBoundingClientRect();
  return [box.left + stage.clientLeft + shown.x, box.top + stage.clientTop + shown.y];
}"""


class Pencil:
    """Draws on the one picture of a page, in the hand's way."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.page: Page = hand.page
        self.stage: Locator = hand.page.locator(".stage")
        self.stage.and_(hand.page.locator("[aria-label]")).wait_for()
        self.page.wait_for_function("() => document.querySelector('[name=drawn]').isReady")
        self.stage.scroll_into_view_if_needed()
        self._cross = _MIDDLE

    def points(self, *places: Place) -> None:
        """Press at each place. With the keyboard: go there and press Space."""
        for place in places:
            if self.hand.way == "keyboard":
                self.go(place)
                self.page.keyboard.press("Space")
            elif self.hand.way == "touch":
                self.page.touchscreen.tap(*self.screen(place))
            else:
                self.page.mouse.click(*self.screen(place))

    def drag(self, start: Place, end: Place) -> None:
        """From one place to the other; with the keyboard both are pressed."""
        if self.hand.way == "keyboard":
            self.points(start, end)
        elif self.hand.way == "touch":
            touches(self.page, [[place] for place in self.way_of_a_finger(start, end)])
        else:
            self.page.mouse.move(*self.screen(start))
            self.page.mouse.down()
            self.page.mouse.move(*self.screen(end), steps=3)
            self.page.mouse.up()

    def way_of_a_finger(self, start: Place, end: Place) -> list[tuple[float, float]]:
        (x, y), (to_x, to_y) = self.screen(start), self.screen(end)
        return [(x + (to_x - x) * part, y + (to_y - y) * part) for part in (0, 0.25, 0.5, 0.75, 1)]

    def label(self, number: int) -> None:
        if self.hand.way == "keyboard":
            self.page.keyboard.press(str(number))
        else:
            self.hand.press(self.page.locator(".label").nth(number - 1))

    def tool(self, name: str) -> None:
        self.hand.press(self.page.get_by_role("button", name=name, exact=True))

    def go(self, place: Place) -> None:
        """Move the cross with the arrow keys."""
        self.hand.reach(self.stage)
        for axis, (less, more) in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
            steps, rest = divmod(abs(place[axis] - self._cross[axis]), _STEP)
            key = more if place[axis] > self._cross[axis] else less
            for _ in range(steps):
                self.page.keyboard.press(key)
            for _ in range(rest):
                self.page.keyboard.press(f"Shift+{key}")
        self._cross = place

    def screen(self, place: Place) -> tuple[float, float]:
        x, y = self.stage.evaluate(_AT, list(place))
        return round(x), round(y)


def touches(page: Page, moments: Sequence[Sequence[tuple[float, float]]]) -> None:
    """Fingers at each moment: the first puts them down, the last is where they leave."""
    session = page.context.new_cdp_session(page)
    for no, fingers in enumerate(moments):
        points = [{"x": x, "y": y, "id": id} for id, (x, y) in enumerate(fingers)]
        kind = "touchStart" if no == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_timeout(100)  # at rest before they leave, or the browser takes it for a fling
    session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def crowd_bounding_box(hand: Hand) -> None:
    pencil = Pencil(hand)
    pencil.drag((40, 30), (60, 50))
    if hand.way == "keyboard":
        hand.page.keyboard.press("Escape")  # a chosen shape moves with the arrows; the cross goes on after it
        pencil.label(2)
        pencil.drag((72, 32), (88, 48))
    else:
        hand.press(hand.page.locator(".item > button"))  # leave the first box, so that it keeps its label
        pencil.label(2)
        pencil.drag((88, 48), (72, 32))


def crowd_keypoint(hand: Hand) -> None:
    pencil = Pencil(hand)
    pencil.points((50, 40))
    hand.page.keyboard.press("Escape")
    pencil.label(2)
    pencil.points((80, 40))


def crowd_polygon(hand: Hand) -> None:
    pencil = Pencil(hand)
    pencil.points((40, 30), (60, 30), (60, 50), (50, 20))  # the last would cross a side: it is refused
    pencil.points((40, 50))
    if hand.way == "keyboard":
        hand.page.keyboard.press("Enter")
    else:
        pencil.points((40, 30))


def crowd_line(hand: Hand) -> None:
    pencil = Pencil(hand)
    if hand.way == "keyboard":
        hand.reach(pencil.stage)
        for key in ("n", *["Shift+ArrowUp"] * 5):
            hand.page.keyboard.press(key)
    else:
        pencil.tool("Choose and move")
        pencil.drag((50, 35), (50, 30))


def crowd_polyline(hand: Hand) -> None:
    pencil = Pencil(hand)
    pencil.points((60, 40), (66, 46), (72, 40))
    if hand.way == "keyboard":
        hand.page.keyboard.press("Enter")
    else:
        hand.press(hand.page.get_by_role("button", name="Finish the shape"))


def crowd_semantic_segmentation(hand: Hand) -> None:
    pencil = Pencil(hand)
    pencil.tool("Paint an area")
    _area(pencil, (40, 30), (60, 30), (60, 50), (40, 50))


def crowd_instance_segmentation(hand: Hand) -> None:
    pencil = Pencil(hand)
    pencil.tool("Paint an area")
    _area(pencil, (40, 30), (50, 30), (50, 50), (40, 50))
    if hand.way == "keyboard":
        hand.page.keyboard.press("a")
    else:
        hand.press(hand.page.get_by_role("button", name="Add instance"))
    _area(pencil, (50, 30), (60, 30), (60, 50), (50, 50))


def _area(pencil: Pencil, *corners: Place) -> None:
    pencil.points(*corners)
    if pencil.hand.way == "keyboard":
        pencil.page.keyboard.press("Enter")
    else:
        pencil.points(corners[0])


WORK: Final[dict[str, Callable[[Hand], None]]] = {
    "crowd-bounding-box": crowd_bounding_box,
    "crowd-instance-segmentation": crowd_instance_segmentation,
    "crowd-keypoint": crowd_keypoint,
    "crowd-line": crowd_line,
    "crowd-polygon": crowd_polygon,
    "crowd-polyline": crowd_polyline,
    "crowd-semantic-segmentation": crowd_semantic_segmentation,
}
