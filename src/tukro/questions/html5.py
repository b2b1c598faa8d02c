"""HTMLQuestion: is it a page of HTML5 that a worker can answer? (mturk-api 8.3)

MTurk held pages against a strict parser. What is an error here, and what every browser mends the same way
and is let through, is argued in docs/decisions/html5-of-questions.md.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from justhtml import JustHTML

from tukro.questions.external import frame_height
from tukro.questions.html import read_outline
from tukro.questions.refusals import BadHtml
from tukro.questions.schema import Document

_TOLD: Final = 10
_SHOWN: Final = 200  # characters of the page in the message
_COUNTS: Final = frozenset(
    {"eof-in-comment", "eof-in-tag", "unexpected-end-tag", "unexpected-null-character"}
)
# Tags, comments and the elements whose insides are text; everything between is of no interest.
_PIECE: Final = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|xmp|noembed|noframes)\b(?P<raw_attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|<(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.I | re.S,
)
_GLUED: Final = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')(?=[^\s/>])")


@dataclass(frozen=True, slots=True)
class HTMLQuestion:
    content: str  # the page, as it was given
    frame_height: int  # px; 0 = fit the window


def read_html(document: Document) -> HTMLQuestion:
    """The question of a valid document. Raises BadHtml, and BadQuestion for the height."""
    content, height = (element.text or "" for element in document.root)
    errors = html_errors(content)
    if errors:
        raise BadHtml(errors=errors, content=content[:_SHOWN] + ("..." if len(content) > _SHOWN else ""))
    return HTMLQuestion(content, frame_height(height))


def html_errors(page: str) -> tuple[tuple[int, int, str], ...]:
    """What makes ``page`` unusable, as (line, column, text), the first ten in the page's order."""
    read = JustHTML(page, collect_errors=True, sanitize=False)
    found = [
        (error.line or 1, error.column or 1, f"{error.message}.")
        for error in read.errors
        if error.code in _COUNTS
    ]
    found += _structure_errors(page)
    if not found and not _can_be_answered(page):
        found = [(1, 1, "There is no form.")]
    return tuple(sorted(set(found))[:_TOLD])


def _can_be_answered(page: str) -> bool:
    """A form, or a script that may build one."""
    outline = read_outline(page)
    return outline.has_form or outline.has_script


def _structure_errors(page: str) -> Iterator[tuple[int, int, str]]:
    """What the parser mends without a word: text without an end, a second body, attributes run together."""
    lines = _line_starts(page)
    seen_body = False
    at = 0
    while found := _PIECE.search(page, at):
        at = found.end()
        where = _position(lines, found.start())
        attributes = found["attributes"] or found["raw_attributes"] or ""
        if _GLUED.search(attributes):
            yield (*where, "No space between attributes.")
        if found["raw"]:
            end = re.compile(rf"</{found['raw']}[\s/>]", re.I).search(page, at)
            if end is None:
                yield (*where, f"The “{found['raw'].lower()}” element is not closed.")
                return
            at = end.start()
        elif (found["name"] or "").lower() == "body":
            if seen_body:
                yield (*where, "A “body” start tag seen but an element of the same type was already open.")
            seen_body = True


def _line_starts(page: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", page))]


def _position(lines: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1
