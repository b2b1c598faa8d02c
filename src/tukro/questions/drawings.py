"""What workers drew on pictures: boxes, polygons, lines, points and painted areas, read back from an answer.

The shapes are those of the crowd elements (docs/crowd/drawing.md): whole pixels of the picture as it is seen,
from its top left. An answer is a stranger's: whatever is not such a drawing is left to be shown as text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final, Literal

Kind = Literal["box", "polygon", "line", "point"]
Point = tuple[float, float]

MOST_SHAPES: Final = 2000
_MOST_CORNERS: Final = 20_000  # of one drawing
_LARGEST: Final = 100_000  # px of a picture's side
_LONGEST_LABEL: Final = 200
# The first ten colours of labels, as the elements give them; later ones are steps of the golden angle.
_COLOURS: Final = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
    "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
)  # fmt: skip
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
BARE_PNG: Final = re.compile(r"iVBORw0KGgo[A-Za-z0-9+/]+={0,2}")
_PICTURE: Final = re.compile(r"(?:https://|data:image/)\S", re.I)
_QUOTED: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_LISTS: Final[Mapping[str, Kind]] = {
    "boundingBoxes": "box",
    "polygons": "polygon",
    "polylines": "line",
    "lines": "line",
    "keypoints": "point",
}
_PAINTED: Final = "labeledImage.pngImageData"
_LAYERS: Final = ("labelMappings", "instances")


class _NoDrawing(Exception):
    """The value only looked like one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing that was drawn. A box has two points: its top left, and its bottom right."""

    no: int  # from 1, in the answer's order
    kind: Kind
    label: str
    colour: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Label:
    name: str
    colour: str
    count: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one element handed in. ``picture`` is '' where the page does not say which it was.

    ``painted``: a PNG in base64 that lies over the picture; its colours are those of ``labels``.
    """

    name: str
    width: int
    height: int
    picture: str
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    painted: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """What a page says of one of its drawing elements."""

    picture: str
    labels: tuple[str, ...]


def drawn_names(answers: Iterable[tuple[str, str]]) -> list[str]:
    """Names of the elements whose drawings are among these answers, as ``crowd.spread`` takes them apart."""
    return [one.name for one in drawings_of(answers, {})]


def belongs_to(name: str, drawn: Iterable[str]) -> bool:
    """Whether the answer of this name is part of one of these drawings."""
    return any(name.startswith(f"{one}.") for one in drawn)


def drawings_of(answers: Iterable[tuple[str, str]], elements: Mapping[str, Element]) -> list[Drawing]:
    """The drawings among answers that ``crowd.spread`` took apart, in their order.

    ``elements``: what the page says (``elements_in``), by the name of the element.
    """
    by_element: dict[str, dict[str, str]] = {}
    for name, value in answers:
        element, key = _taken_apart(name)
        if element:
            by_element.setdefault(element, {})[key] = value
    found = []
    for name, parts in by_element.items():
        try:
            found.append(_drawing(name, parts, elements.get(name, Element("", ()))))
        except _NoDrawing:
            continue
    return found


def elements_in(page: str) -> dict[str, Element]:
    """The drawing elements of a filled page, by name; a page that is none has none."""
    reader = _ElementReader()
    reader.feed(page)
    reader.close()
    return reader.found


def colour_of(no: int) -> str:
    """The colour of the label number ``no``, counted from 0."""
    if no < len(_COLOURS):
        return _COLOURS[no]
    hue, lightness = (no * 137.508) % 360, (0.4, 0.55, 0.7)[no % 3]

    def part(n: int) -> int:
        k = (n + hue / 30) % 12
        reach = 0.65 * min(lightness, 1 - lightness)
        return round(255 * (lightness - reach * max(-1, min(k - 3, 9 - k, 1))))

    return f"#{part(0):02x}{part(8):02x}{part(4):02x}"


def _taken_apart(name: str) -> tuple[str, str]:
    """Which element a dotted name belongs to, and what of it; '' for names of anything else."""
    for key in (*_LISTS, _PAINTED, _LAYERS[1], "inputImageProperties.width", "inputImageProperties.height"):
        if name.endswith(f".{key}"):
            return name.removesuffix(f".{key}"), key
    # One name for each label, and a label may hold points itself.
    element, dot, rest = name.partition(f".{_LAYERS[0]}.")
    return (element, f"{_LAYERS[0]}.{rest}") if dot and rest.endswith(".color") else ("", "")


def _drawing(name: str, parts: Mapping[str, str], element: Element) -> Drawing:
    width, height = (_side(parts.get(f"inputImageProperties.{side}", "")) for side in ("width", "height"))
    painted = parts.get(_PAINTED, "")
    if painted:
        if not BARE_PNG.fullmatch(painted):
            raise _NoDrawing
        return Drawing(name, width, height, element.picture, (), _layers(parts), painted)
    lists = [(kind, parts[key]) for key, kind in _LISTS.items() if key in parts]
    if not lists:
        raise _NoDrawing
    things = [(kind, thing) for kind, text in lists for thing in _list(text)]
    if len(things) > MOST_SHAPES:
        raise _NoDrawing
    named = [_label_of(thing) for _kind, thing in things]
    colours = {label: colour_of(no) for no, label in enumerate(dict.fromkeys([*element.labels, *named]))}
    shapes = tuple(
        Shape(no, kind, label, colours[label], _READERS[kind](thing))
        for no, ((kind, thing), label) in enumerate(zip(things, named, strict=True), start=1)
    )
    if sum(len(shape.points) for shape in shapes) > _MOST_CORNERS:
        raise _NoDrawing
    labels = tuple(Label(label, colours[label], named.count(label)) for label in dict.fromkeys(named))
    return Drawing(name, width, height, element.picture, shapes, labels)


def _layers(parts: Mapping[str, str]) -> tuple[Label, ...]:
    """The labels of painted areas with the colours that the answer gives them."""
    prefix = f"{_LAYERS[0]}."
    found = [
        (key.removeprefix(prefix).removesuffix(".color"), colour)
        for key, colour in parts.items()
        if key.startswith(prefix)
    ]
    found += [(_label_of(one), str(one.get("color", ""))) for one in _list(parts.get(_LAYERS[1], "[]"))]
    if len(found) > MOST_SHAPES:
        raise _NoDrawing
    return tuple(Label(name[:_LONGEST_LABEL], colour, 1) for name, colour in found if _HEX.fullmatch(colour))


def _list(text: str) -> list[dict[str, Any]]:
    try:
        things = json.loads(text)
    except (ValueError, RecursionError):
        raise _NoDrawing from None
    if not isinstance(things, list) or not all(isinstance(thing, dict) for thing in things):
        raise _NoDrawing
    return things


def _label_of(thing: Mapping[str, Any]) -> str:
    label = thing.get("label", "")
    return label[:_LONGEST_LABEL] if isinstance(label, str) else ""


def _side(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}(?:\.0+)?", text) or not 0 < float(text) <= _LARGEST:
        raise _NoDrawing
    return int(float(text))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _NoDrawing
    if not math.isfinite(value) or abs(value) > _LARGEST * 10:
        raise _NoDrawing
    return round(float(value), 2)


def _point(thing: object) -> Point:
    if not isinstance(thing, dict):
        raise _NoDrawing
    return _number(thing.get("x")), _number(thing.get("y"))


def _one_point(thing: Mapping[str, Any]) -> tuple[Point, ...]:
    return (_point(thing),)


def _box(thing: Mapping[str, Any]) -> tuple[Point, ...]:
    left, top, width, height = (_number(thing.get(side)) for side in ("left", "top", "width", "height"))
    if width < 0 or height < 0:
        raise _NoDrawing
    return (left, top), (left + width, top + height)


def _corners(thing: Mapping[str, Any]) -> tuple[Point, ...]:
    vertices = thing.get("vertices")
    if not isinstance(vertices, Sequence) or isinstance(vertices, str) or not vertices:
        raise _NoDrawing
    return tuple(_point(one) for one in vertices)


_READERS: Final[Mapping[Kind, Callable[[Mapping[str, Any]], tuple[Point, ...]]]] = {
    "box": _box,
    "polygon": _corners,
    "line": _corners,
    "point": _one_point,
}


class _ElementReader(HTMLParser):
    """Collects named crowd elements that have a picture. Only https and data: are pictures of such a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, Element] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if not tag.startswith("crowd-") or not given.get("name") or not given.get("src"):
            return
        picture = given["src"].strip()
        # Lists are written in either kind of quotes (relaxed parsing); more than the names nobody needs here.
        labels = tuple(one or other for one, other in _QUOTED.findall(given.get("labels", "")))
        element = Element(picture if _PICTURE.match(picture) else "", labels)
        self.found.setdefault(given["name"], element)
