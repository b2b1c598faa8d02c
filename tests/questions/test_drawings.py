"""Drawings are read back from answers; whatever is none stays the text that it is."""

from __future__ import annotations

import json

import pytest

from tukro.questions.crowd import TASK_ANSWERS, spread
from tukro.questions.drawings import Drawing, Label, belongs_to, colour_of, drawings_of, elements_in

BLUE, ORANGE = "#1f77b4", "#ff7f0e"
SIZE = {"height": 80, "width": 120}
PNG = "iVBORw0KGgoAAAA"


def drawn(answer: object, page: str = "") -> list[Drawing]:
    fields = spread([(TASK_ANSWERS, json.dumps([{"drawn": answer, "note": "fine"}]))])
    return drawings_of(fields, elements_in(page))


@pytest.mark.parametrize(
    ("key", "thing", "kind", "points"),
    [
        ("boundingBoxes", {"left": 40, "top": 30, "width": 20, "height": 10}, "box", ((40, 30), (60, 40))),
        ("polygons", {"vertices": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}, "polygon", ((1, 2), (3, 4))),
        ("polylines", {"vertices": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}, "line", ((1, 2), (3, 4))),
        ("lines", {"vertices": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}, "line", ((1, 2), (3, 4))),
        ("keypoints", {"x": 5.126, "y": 6}, "point", ((5.13, 6),)),
    ],
)
def test_every_kind_of_shape(key: str, thing: dict[str, object], kind: str, points: object) -> None:
    [found] = drawn({key: [{"label": "House", **thing}], "inputImageProperties": SIZE})
    assert (found.name, found.width, found.height) == ("drawn", 120, 80)
    [shape] = found.shapes
    assert (shape.no, shape.kind, shape.label, shape.colour) == (1, kind, "House", BLUE)
    assert shape.points == points
    assert found.labels == (Label("House", BLUE, 1),)


def test_painted_areas_have_the_colours_of_the_answer() -> None:
    [by_label] = drawn(
        {
            "labelMappings": {"a.b": {"color": ORANGE}, "odd": {"color": "url(x)"}},
            "labeledImage": {"pngImageData": PNG},
            "inputImageProperties": SIZE,
        }
    )
    [by_thing] = drawn(
        {
            "instances": [{"color": BLUE, "label": "House"}, {"color": ORANGE, "label": "House"}],
            "labeledImage": {"pngImageData": PNG},
            "inputImageProperties": SIZE,
        }
    )
    assert (by_label.painted, by_label.labels) == (PNG, (Label("a.b", ORANGE, 1),))
    assert by_thing.labels == (Label("House", BLUE, 1), Label("House", ORANGE, 1))


def test_the_page_says_which_picture_and_in_which_order_labels_have_colours() -> None:
    page = """<crowd-bounding-box name="drawn" src="https://pictures.example/1.png" labels="['Sun', 'House']">
    <crowd-polygon name='other' src='javascript:alert(1)'></crowd-polygon>"""
    box = {"left": 1, "top": 1, "width": 1, "height": 1, "label": "House"}
    [found] = drawn({"boundingBoxes": [box], "inputImageProperties": SIZE}, page)
    assert (found.picture, found.shapes[0].colour) == ("https://pictures.example/1.png", ORANGE)
    assert elements_in(page)["other"].picture == ""


def test_answers_of_mturks_older_shape_are_drawings_too() -> None:
    fields = [
        ("annotatedResult.boundingBoxes", "[]"),
        ("annotatedResult.inputImageProperties.height", "80"),
        ("annotatedResult.inputImageProperties.width", "120"),
        ("annotatedResults", "text"),
    ]
    [found] = drawings_of(fields, {})
    assert (found.name, found.shapes, found.labels) == ("annotatedResult", (), ())
    assert [belongs_to(name, [found.name]) for name, _ in fields] == [True, True, True, False]


@pytest.mark.parametrize(
    "answer",
    [
        {"boundingBoxes": "[{", "inputImageProperties": SIZE},
        {"boundingBoxes": [1], "inputImageProperties": SIZE},
        {"boundingBoxes": [{"left": 1}], "inputImageProperties": SIZE},
        {"keypoints": [{"x": float("nan"), "y": 1}], "inputImageProperties": SIZE},
        {"keypoints": [{"x": 1, "y": "1"}], "inputImageProperties": SIZE},
        {"keypoints": [{"x": 1, "y": 1}] * 2001, "inputImageProperties": SIZE},
        {"polygons": [{"vertices": []}], "inputImageProperties": SIZE},
        {"polygons": [{"vertices": "ab"}], "inputImageProperties": SIZE},
        {"polygons": [], "inputImageProperties": {"height": 0, "width": 1}},
        {"polygons": [], "inputImageProperties": {"height": 10**9, "width": 1}},
        {"polygons": []},
        {"labeledImage": {"pngImageData": "PHN2Zz4"}, "inputImageProperties": SIZE},
        {"boundingBoxes": json.loads("[" * 400 + "]" * 400), "inputImageProperties": SIZE},
    ],
)
def test_what_is_no_drawing_stays_text(answer: object) -> None:
    assert drawn(answer) == []


def test_colours_go_on_where_the_first_ten_end() -> None:
    assert colour_of(0) == BLUE
    assert len({colour_of(no) for no in range(40)}) == 40
