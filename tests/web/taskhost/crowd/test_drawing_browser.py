"""What drawing on a picture must hold beyond the examples: undo, zoom, numbers, earlier results, failures."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import faults, overflow
from tests.web.taskhost.crowd.drawing import Pencil, touches
from tests.web.taskhost.crowd.pages import CrowdPages, crowd_pages
from tests.web.taskhost.crowd.work import Hand

pytestmark = pytest.mark.browser

PICTURE = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='120' height='80'/>"
BOX = {"height": 40, "label": "Dog", "left": 20, "top": 20, "width": 40}


@pytest.fixture(scope="module")
def shown(chromium: Browser) -> Iterator[CrowdPages]:
    shown = crowd_pages(chromium, touch=True, width=360)
    yield shown
    shown.context.close()
    assert shown.errors == []


@pytest.fixture(scope="module")
def page(shown: CrowdPages) -> Page:
    return shown.new_page()


def element(name: str, attributes: str = "", *, labels: str = "['Dog', 'Cat']", src: str = PICTURE) -> str:
    return (
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>'
        f'<{name} name="drawn" src="{src}" labels="{labels}" {attributes}></{name}></crowd-form>'
    )


def value(page: Page) -> dict[str, Any]:
    drawn: dict[str, Any] = page.evaluate("document.querySelector('[name=drawn]').value")
    return drawn


def colours(drawn: dict[str, Any]) -> dict[tuple[int, ...], int]:
    """How many pixels of each colour the picture of labels has; without those of no label."""
    image = Image.open(io.BytesIO(base64.b64decode(drawn["labeledImage"]["pngImageData"])))
    assert (image.mode, image.size) == ("RGBA", (120, 80))
    counted = image.getcolors()
    assert counted is not None
    return {colour: count for count, colour in counted if isinstance(colour, tuple) and colour[3]}


def test_a_box_is_resized_moved_relabelled_deleted_and_brought_back(shown: CrowdPages, page: Page) -> None:
    shown.open(page, element("crowd-bounding-box"))
    pencil = Pencil(Hand(page, "pointer"))
    keys = page.keyboard
    pencil.drag((20, 20), (60, 60))
    assert value(page)["boundingBoxes"] == [BOX]
    pencil.drag((60, 60), (80, 70))  # its last corner
    assert value(page)["boundingBoxes"] == [BOX | {"width": 60, "height": 50}]
    keys.press("Control+z")
    keys.press("2")
    assert value(page)["boundingBoxes"] == [BOX | {"label": "Cat"}]
    keys.press("Enter")  # its first handle
    keys.press("ArrowRight")
    assert value(page)["boundingBoxes"] == [BOX | {"label": "Cat", "left": 22, "width": 38}]
    keys.press("Escape")
    keys.press("Shift+ArrowUp")
    assert value(page)["boundingBoxes"] == [BOX | {"label": "Cat", "left": 22, "width": 38, "top": 19}]
    page.get_by_text("Set by numbers").click()  # folded, as fingers move the corners
    page.get_by_label("Width").fill("500")
    keys.press("Enter")
    assert value(page)["boundingBoxes"] == [BOX | {"label": "Cat", "left": 22, "width": 98, "top": 19}]
    page.get_by_role("button", name="Delete", exact=True).last.click()
    assert value(page)["boundingBoxes"] == []
    assert page.get_by_role("status").inner_text() == "Cat 1 deleted"
    for _ in range(6):
        page.get_by_role("button", name="Undo").click()
    assert value(page)["boundingBoxes"] == []
    keys.press("Control+y")
    assert value(page)["boundingBoxes"] == [BOX]


def test_a_label_chosen_after_drawing_is_for_the_next_box(shown: CrowdPages, page: Page) -> None:
    shown.open(page, element("crowd-bounding-box"))
    pencil = Pencil(Hand(page, "touch"))
    pencil.drag((20, 20), (60, 60))
    pencil.label(2)
    pencil.drag((66, 40), (90, 60))  # so near that a finger would take the first box's handle
    boxes = value(page)["boundingBoxes"]
    assert boxes[0] == BOX
    assert [box["label"] for box in boxes] == ["Dog", "Cat"]
    pencil.tool("Choose and move")
    pencil.points((78, 50))
    pencil.label(1)
    assert [box["label"] for box in value(page)["boundingBoxes"]] == ["Dog", "Dog"]


def test_zoom_by_two_fingers_leaves_the_coordinates_true(shown: CrowdPages, page: Page) -> None:
    shown.open(page, element("crowd-keypoint"))
    pencil = Pencil(Hand(page, "touch"))
    (x, y), stage = pencil.screen((60, 40)), page.locator("[name=drawn]")
    apart = [[(x - d, y), (x + d, y)] for d in (20, 30, 40, 50, 60)]
    touches(page, apart)
    assert stage.evaluate("drawing => drawing.stage.view.percent") == 300
    assert value(page)["keypoints"] == []  # what one finger began is abandoned
    pencil.points((50, 41))
    assert value(page)["keypoints"] == [{"label": "Dog", "x": 50, "y": 41}]
    page.get_by_role("button", name="Show the whole picture").tap()
    assert stage.evaluate("drawing => drawing.stage.view.percent") == 100
    pencil.points((100, 70))
    assert value(page)["keypoints"][1] == {"label": "Dog", "x": 100, "y": 70}


def test_a_corner_is_pulled_out_of_a_side_and_taken_away(shown: CrowdPages, page: Page) -> None:
    initial = """initial-value="[{label: 'Dog', vertices: [{x: 20, y: 20}, {x: 60, y: 20}, {x: 60, y: 60}]},
        {label: 'Bird', vertices: [{x: 1, y: 1}, {x: 5, y: 1}, {x: 5, y: 5}]}]" """
    shown.open(page, element("crowd-polygon", initial))
    pencil = Pencil(Hand(page, "pointer"))
    before = value(page)["polygons"]
    assert [polygon["label"] for polygon in before] == ["Dog"]  # Bird is no label here
    pencil.points((50, 20))
    pencil.drag((40, 20), (40, 10))
    (polygon,) = value(page)["polygons"]
    corners = [(20, 20), (40, 10), (60, 20), (60, 60)]
    assert polygon["vertices"] == [{"x": x, "y": y} for x, y in corners]
    pencil.drag((40, 10), (70, 50))  # would cross the side on the right
    assert value(page)["polygons"] == [polygon]
    page.keyboard.press("Delete")
    assert value(page)["polygons"] == before


def test_untouched_shapes_come_back_as_they_were_and_labels_may_come_later(
    shown: CrowdPages, page: Page
) -> None:
    initial = "initial-value=\"[{label: 'Dog', left: 1.25, top: 2, width: 10.1, height: 7}]\""
    shown.open(page, element("crowd-bounding-box", initial, labels="[]"))
    Pencil(Hand(page, "pointer"))
    size = {"height": 80, "width": 120}
    nothing = {"boundingBoxes": [], "initialValueModified": False, "inputImageProperties": size}
    assert value(page) == nothing
    page.evaluate("document.querySelector('[name=drawn]').labels = ['Dog']")
    box = {"height": 7, "label": "Dog", "left": 1.25, "top": 2, "width": 10.1}
    assert value(page) == nothing | {"boundingBoxes": [box]}


def test_a_brush_paints_an_eraser_erases_and_an_earlier_result_is_gone_on_with(
    shown: CrowdPages, page: Page
) -> None:
    shown.open(page, element("crowd-semantic-segmentation"))
    pencil = Pencil(Hand(page, "keyboard"))
    page.locator("input[type=range]").fill("9")
    pencil.go((60, 40))
    for key in ("Enter", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    drawn = value(page)
    assert drawn["labelMappings"] == {"Dog": {"color": "#1f77b4"}}
    # Pixels whose middle is at most 4.5 from the line between the middles of (60, 40) and (64, 40).
    pixels = [(x, y) for x in range(120) for y in range(80)]
    expected = sum(max(60 - x, 0, x - 64) ** 2 + (y - 40) ** 2 <= 4.5**2 for x, y in pixels)
    assert colours(drawn) == {(31, 119, 180, 255): expected}
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert colours(value(page)) == {}
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+y")
    png = drawn["labeledImage"]["pngImageData"]
    assert value(page)["labeledImage"]["pngImageData"] == png

    src = f"data:image/png;base64,{png}"
    earlier = f"""initial-value="{{labelMappings: {{Cat: {{color: '#1F77B4'}}}}, src: '{src}'}}" """
    shown.open(page, element("crowd-semantic-segmentation", earlier))
    pencil = Pencil(Hand(page, "pointer"))
    assert value(page) == {
        "labelMappings": {"Cat": {"color": "#1f77b4"}},
        "labeledImage": {"pngImageData": png},
        "initialValueModified": False,
        "inputImageProperties": {"height": 80, "width": 120},
    }
    pencil.tool("Eraser")
    pencil.drag((50, 40), (80, 40))
    after = value(page)
    assert after["initialValueModified"] is True
    assert sum(colours(after).values()) < expected


def test_instances_of_one_label_have_their_own_colours_and_can_be_deleted(
    shown: CrowdPages, page: Page
) -> None:
    shown.open(page, element("crowd-instance-segmentation"))
    pencil = Pencil(Hand(page, "touch"))
    pencil.drag((20, 20), (30, 20))
    page.get_by_role("button", name="Add instance").tap()
    pencil.drag((80, 60), (90, 60))
    first, second = {"color": "#1f77b4", "label": "Dog"}, {"color": "#ff7f0e", "label": "Dog"}
    assert value(page)["instances"] == [first, second]
    page.get_by_role("button", name="Delete Dog 1").tap()
    assert value(page)["instances"] == [second]
    page.get_by_role("button", name="Undo").tap()
    assert value(page)["instances"] == [first, second]


def test_a_picture_that_does_not_load_is_told_and_nothing_is_handed_in(shown: CrowdPages, page: Page) -> None:
    shown.open(page, element("crowd-bounding-box", src="https://pictures.example/gone.png"))
    page.get_by_text("The picture did not load").first.wait_for()
    page.get_by_role("button", name="Submit").click()
    assert shown.handed_in == []
    page.evaluate(f'document.querySelector("[name=drawn]").src = "{PICTURE}"')
    pencil = Pencil(Hand(page, "pointer"))
    pencil.points((20, 20))
    page.get_by_role("button", name="Submit").click()  # a box of one corner is not finished
    assert page.get_by_role("alert").last.inner_text() == "A shape is not finished yet. Finish or cancel it."
    pencil.points((60, 60))
    page.get_by_role("button", name="Submit").click()
    assert shown.answer(page)["drawn"]["boundingBoxes"] == [BOX]


def test_drawings_and_their_lists_are_accessible_in_bengali_and_in_the_dark(chromium: Browser) -> None:
    shown = crowd_pages(chromium, width=360, language="bn", dark=True)
    page = shown.new_page()
    box = "initial-value=\"[{label: 'Dog', left: 10, top: 10, width: 50, height: 30}]\""
    entity = "<crowd-entity-annotation name='text' labels=\"['Dog', 'Cat']\" text='A cat, a dog.' "
    entity += "initial-value=\"[{label: 'Cat', startOffset: 2, endOffset: 5}]\"></crowd-entity-annotation>"
    begin = (
        "<html lang='en'><title>Drawn</title><meta name='color-scheme' content='light dark'>"
        "<style>body { background: Canvas; }</style><main><h1>Drawn</h1>"
    )
    shown.open(
        page,
        f"{begin}{element('crowd-bounding-box', box)}"
        f"{element('crowd-instance-segmentation').replace('drawn', 'painted')}{entity}</main>",
    )
    page.wait_for_function("() => document.querySelector('[name=painted]').isReady")
    page.locator("crowd-bounding-box .item > button").click()
    page.locator("crowd-entity-annotation .items .name").click()
    page.locator("crowd-instance-segmentation .stage").focus()
    page.keyboard.press("a")
    page.keyboard.press("Space")
    for summary in page.locator(".keys summary").all():
        summary.click()
    expect(page.locator("crowd-instance-segmentation .items li")).to_have_count(1)
    assert faults(page) == []
    assert overflow(page) <= 0
    assert shown.errors == []
    shown.context.close()


def test_what_was_kept_is_taken_up_when_the_picture_is_there(shown: CrowdPages, page: Page) -> None:
    kept = {"boundingBoxes": [BOX], "inputImageProperties": {"height": 80, "width": 120}}
    shown.open(page, element("crowd-bounding-box", src=""))
    page.evaluate("kept => { document.querySelector('[name=drawn]').value = kept; }", kept)
    assert value(page) == kept  # a draft that is kept meanwhile does not lose it
    page.evaluate(f'document.querySelector("[name=drawn]").src = "{PICTURE}"')
    page.wait_for_function("() => document.querySelector('[name=drawn]').isReady")
    assert value(page) == kept
    shown.open(page, element("crowd-instance-segmentation"))
    pencil = Pencil(Hand(page, "pointer"))
    pencil.drag((20, 20), (30, 20))
    painted = value(page)
    shown.open(page, element("crowd-instance-segmentation"))
    page.evaluate("kept => { document.querySelector('[name=drawn]').value = kept; }", painted)
    page.wait_for_function("() => document.querySelector('[name=drawn]').value?.instances?.length === 1")
    assert value(page) == painted


def test_a_stroke_beside_a_line_draws_and_only_a_press_chooses(shown: CrowdPages, page: Page) -> None:
    shown.open(page, element("crowd-bounding-box"))
    pencil = Pencil(Hand(page, "pointer"))
    pencil.drag((20, 20), (60, 60))
    page.keyboard.press("Escape")
    pencil.drag((60, 20), (100, 60))  # begins on the corner of the first
    boxes = [BOX, BOX | {"left": 60}]
    assert value(page)["boundingBoxes"] == boxes
    page.keyboard.press("Escape")
    pencil.points((20, 40))
    page.keyboard.press("Delete")
    assert value(page)["boundingBoxes"] == boxes[1:]
