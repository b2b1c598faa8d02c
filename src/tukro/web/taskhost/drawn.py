"""The page of what a worker drew: the picture, the marks over it, and what they are, as one picture in SVG.

The picture's address and every label are strangers' words, so the page lives on the task host: the site's own
pages load nothing from elsewhere. The page itself is the house's, with a script that only looks closer.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tukro.kernel.errors import NotFound
from tukro.questions.drawings import Drawing, Shape, drawings_of, elements_in
from tukro.questions.html import fill
from tukro.web import formats
from tukro.web.taskhost import frames, names
from tukro.work.models import Assignment
from tukro.work.queries.of_worker.repairs import versions_of, written

_DOTS_ACROSS = 110  # a point's radius is this share of the longer side
_LETTERS_ACROSS = 38  # and so is the height of a label's letters


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape as SVG: ``path`` of a line or an area, '' of a point; its numbers are text in plain digits."""

    shape: Shape
    no: str
    path: str
    is_area: bool
    x: str
    y: str
    above: str  # where its name begins: over it, or as high as the picture goes
    where: str  # in words, for the list


@dataclass(frozen=True, slots=True)
class Sheet:
    drawing: Drawing
    marks: list[Mark]
    view: str  # of the SVG: its box
    dot: str
    letters: str
    said: str  # what is drawn, in a line


def answer_page(shown: frames.Shown, label: str, *, in_grid: bool) -> str:
    """The page of one version of one answer. Raises NotFound."""
    assignment = (
        Assignment.objects.select_related("task__question")
        .filter(public_id=shown.id, submitted_at__isnull=False)
        .first()
    )
    if assignment is None:
        raise NotFound
    answers = written(assignment.handed_in, None, ())
    if shown.version:
        versions = {one.no: one for one in versions_of(assignment)}
        if shown.version not in versions:
            raise NotFound
        answers = versions[shown.version].answers
    question = assignment.task.question
    page = fill(question.body, assignment.task.input) if question.kind == "html" else ""
    sheets = [_sheet(one) for one in drawings_of(answers, elements_in(page))]
    facts = {"sheets": sheets, "origin": names.origin_of(label), "in_grid": in_grid}
    return render_to_string("taskhost/drawn.html", facts)


def _sheet(drawing: Drawing) -> Sheet:
    longer = max(drawing.width, drawing.height)
    letters = longer / _LETTERS_ACROSS
    counted = [f"{formats.number(one.count)} × {one.name}" for one in drawing.labels]
    return Sheet(
        drawing=drawing,
        marks=[_mark(shape, letters) for shape in drawing.shapes],
        view=f"0 0 {drawing.width} {drawing.height}",
        dot=_plain(longer / _DOTS_ACROSS),
        letters=_plain(letters),
        said=", ".join(counted) if counted else _("Nothing is marked."),
    )


def _mark(shape: Shape, letters: float) -> Mark:
    x, y = shape.points[0]
    return Mark(
        shape=shape,
        no=formats.number(shape.no),
        path="" if shape.kind == "point" else _path(shape),
        is_area=shape.kind in {"box", "polygon"},
        x=_plain(x),
        y=_plain(y),
        above=_plain(max(y - letters * 0.35, letters)),
        where=_where(shape),
    )


def _path(shape: Shape) -> str:
    points = list(shape.points)
    if shape.kind == "box":
        (left, top), (right, bottom) = points
        points = [(left, top), (right, top), (right, bottom), (left, bottom)]
    drawn = "L".join(f"{_plain(x)} {_plain(y)}" for x, y in points)
    return f"M{drawn}" if shape.kind == "line" else f"M{drawn}Z"


def _where(shape: Shape) -> str:
    if shape.kind == "box":
        (left, top), (right, bottom) = shape.points
        width, height = formats.number(round(right - left)), formats.number(round(bottom - top))
        return f"{formats.number(round(left))}, {formats.number(round(top))}; {width} × {height}"
    if shape.kind == "point":
        return ", ".join(formats.number(round(one)) for one in shape.points[0])
    return _("%(count)s points") % {"count": formats.number(len(shape.points))}


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
