"""Layouts: a page with ``${names}`` and the values of one request become an HTMLQuestion (mturk-api 9).

Values go in raw, as on MTurk; what comes out is held against the limits of every other question.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tukro.questions.html5 import HTMLQuestion, refuse_broken
from tukro.questions.refusals import BadQuestion
from tukro.questions.schema import namespace, read_document
from tukro.questions.variables import fill_text, variables_in

_NAMESPACE: Final = namespace("2011-11-11", "HTMLQuestion")


class MissingParameters(BadQuestion):
    """The layout has places for which no value was given; ``names`` lists them, joined with commas."""

    def __init__(self, names: Iterable[str]) -> None:
        listed = ", ".join(names)
        super().__init__(
            code="missing_parameters", details=f"Missing parameter names: {listed}", names=listed
        )


class UnknownParameters(BadQuestion):
    """Values for places that the layout does not have, or two for one place; ``names`` lists them."""

    def __init__(self, names: Iterable[str]) -> None:
        listed = ", ".join(names)
        super().__init__(
            code="unknown_parameters",
            details=f"Parameter names that the layout does not have or that were given twice: {listed}",
            names=listed,
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """``source`` is the XML that the wire shows as the task's question."""

    question: HTMLQuestion
    source: str


def merge(page: str, given: Iterable[tuple[str, str]], *, frame_height: int = 0) -> Merged:
    """``page`` with every ``${name}`` replaced.

    Raises UnknownParameters, MissingParameters, BadXml (too long, or a character that XML cannot carry) and
    BadHtml (the values broke the page).
    """
    values = _values(page, given)
    filled = fill_text(page, values)
    source = html_question(filled, frame_height=frame_height)
    read_document(source)
    # A layout needs no form of its own: the frame puts one around it, as MTurk did.
    refuse_broken(filled)
    return Merged(HTMLQuestion(filled, frame_height), source)


def html_question(page: str, *, frame_height: int = 0) -> str:
    """``page`` as the XML of an HTMLQuestion."""
    content = page.replace("]]>", "]]]]><![CDATA[>")
    return (
        f'<HTMLQuestion xmlns="{_NAMESPACE}"><HTMLContent><![CDATA[{content}]]></HTMLContent>'
        f"<FrameHeight>{frame_height}</FrameHeight></HTMLQuestion>"
    )


def _values(page: str, given: Iterable[tuple[str, str]]) -> dict[str, str]:
    names = variables_in(page)
    values: dict[str, str] = {}
    unknown: list[str] = []
    for name, value in given:
        same = unicodedata.normalize("NFC", name)
        if same not in names or same in values:
            unknown.append(name)
        values[same] = value
    if unknown:
        raise UnknownParameters(unknown)
    if missing := [name for name in names if name not in values]:
        raise MissingParameters(missing)
    return values
