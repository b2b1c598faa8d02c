"""HTMLQuestion: is it a page of HTML5 that a worker can answer? (mturk-api 8.3)

MTurk held pages against a strict parser. What is an error here, and what every browser mends the same way
and is let through, is argued in docs/decisions/0012-html5-of-questions.md.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tukro.questions import crowd
from tukro.questions.external import frame_height
from tukro.questions.refusals import BadHtml
from tukro.questions.schema import Document

_TOLD: Final = 10
_SHOWN: Final = 200  # characters of the page in the message
# Elements whose inside is text until their end tag, whatever stands there.
_TEXT_ONLY: Final = frozenset({"script", "style", "textarea", "title", "xmp", "noembed", "noframes"})
_CLOSING: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in _TEXT_ONLY}
_NAME: Final = re.compile(r"/?(?P<name>[a-zA-Z][^\s/>]*)")
_NO_TAG: Final = re.compile(r"<(?:[!?]|/[^a-zA-Z])|</\Z")  # a declaration, read over up to the next `>`
_COMMENT_END: Final = re.compile(r"--!?>")
# One attribute. Every sign is read once: the quantifiers cannot trade signs with each other.
_ATTRIBUTE: Final = re.compile(
    r"[\s/]*+=?[^\s/>=]*+(?P<quoted>\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)))?(?P<bare>\s*+=\s*+[^\s>\"'][^\s>]*+)?"
)
_TAG_END: Final = re.compile(r"[\s/]*+>")


@dataclass(frozen=True, slots=True)
class HTMLQuestion:
    content: str  # the page, as it was given
    frame_height: int  # px; 0 = fit the window


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a page; ``loses``: a browser would lose a part of it."""

    line: int
    column: int
    text: str
    loses: bool


def read_html(document: Document) -> HTMLQuestion:
    """The question of a valid document. Raises BadHtml, and BadQuestion for the height."""
    content, height = (element.text or "" for element in document.root)
    tags = list(_tags(content))
    faults = _faults(content, tags)
    if not faults and not _can_be_answered(tags):
        faults = [Fault(1, 1, "There is no form.", loses=True)]
    _refuse(faults, content)
    return HTMLQuestion(content, frame_height(height))


def refuse_broken(page: str) -> None:
    """Refuse a page of which a browser would lose a part. Raises BadHtml.

    This is all that a layout is held against: its page was looked at when it was made, only values are new.
    """
    _refuse([fault for fault in faults_of(page) if fault.loses], page)


def faults_of(page: str) -> list[Fault]:
    """What is wrong with ``page``, in its order."""
    return _faults(page, _tags(page))


def _faults(page: str, tags: Iterable[_Tag]) -> list[Fault]:
    lines = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", page))]
    return [Fault(*_position(lines, at), text, loses) for at, text, loses in _found_wrong(tags)]


def _refuse(faults: list[Fault], page: str) -> None:
    if faults:
        told = tuple((fault.line, fault.column, fault.text) for fault in faults[:_TOLD])
        raise BadHtml(errors=told, content=page[:_SHOWN] + ("..." if len(page) > _SHOWN else ""))


def _position(lines: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


def _can_be_answered(tags: Iterable[_Tag]) -> bool:
    """A form, or a script that may build one."""
    return any(tag.name in {"form", "script"} | crowd.FORMS for tag in tags)


def _found_wrong(tags: Iterable[_Tag]) -> Iterator[tuple[int, str, bool]]:
    bodies = 0
    for tag in tags:
        if tag.is_glued:
            yield tag.start, "No space between attributes.", False
        if tag.lacks_end:
            yield tag.start, _LACKS_END.get(tag.name, f"The “{tag.name}” element is not closed."), True
        bodies += tag.name == "body"
        if tag.name == "body" and bodies > 1:
            yield (
                tag.start,
                "A “body” start tag seen but an element of the same type was already open.",
                False,
            )
        if tag.name.startswith("crowd-") and tag.name not in crowd.ELEMENTS:
            # Nothing brings these to life: workers would see an empty place.
            yield tag.start, f"The element “{tag.name}” is not supported.", True


_COMMENT: Final = "<!--"
_CUT: Final = "<"
_LACKS_END: Final = {
    _COMMENT: "Unexpected end of file in comment.",
    _CUT: "Unexpected end of file in tag.",
}


@dataclass(frozen=True, slots=True)
class _Tag:
    """A start tag; also a comment (``<!--``) or a tag (``<``) that the page's end cuts off."""

    name: str
    start: int
    is_glued: bool = False  # two attributes touch
    lacks_end: bool = False


def _tags(page: str) -> Iterator[_Tag]:
    """Start tags in order, in one pass; what stands in comments and in text-only elements is skipped."""
    at = 0
    while (start := page.find("<", at)) >= 0:
        if page.startswith(_COMMENT, start):
            end = _COMMENT_END.search(page, start + 2)  # `<!-->` is a comment too
            if end is None:
                yield _Tag(_COMMENT, start, lacks_end=True)
                return
            at = end.end()
            continue
        named = _NAME.match(page, start + 1)
        if named:
            at, is_glued = _end_of_tag(page, named.end())
        else:
            at, is_glued = page.find(">", start) + 1 if _NO_TAG.match(page, start) else start + 1, False
        if not at:
            yield _Tag(_CUT, start, lacks_end=True)
            return
        if named is None or page[start + 1] == "/":
            continue
        name = named["name"].lower()
        closing = _CLOSING[name].search(page, at) if name in _TEXT_ONLY else None
        yield _Tag(name, start, is_glued, lacks_end=name in _TEXT_ONLY and closing is None)
        if name in _TEXT_ONLY:
            at = closing.start() + 1 if closing else len(page)


def _end_of_tag(page: str, at: int) -> tuple[int, bool]:
    """Where the tag ends whose attributes begin at ``at`` (0 = nowhere), and whether two of them touch."""
    is_glued = False
    while not (end := _TAG_END.match(page, at)):
        attribute = _ATTRIBUTE.match(page, at)
        if attribute is None or attribute.end() == at:
            return 0, is_glued
        at = attribute.end()
        is_glued = is_glued or (bool(attribute["quoted"]) and page[at : at + 1] not in "/> \t\r\n\f")
    return end.end(), is_glued
