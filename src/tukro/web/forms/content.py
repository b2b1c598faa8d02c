"""What a QuestionForm shows: the requester's texts, pictures and recordings.

Texts are escaped, FormattedContent was made safe when it was read (questions/formatted.py), and pictures and
recordings come from the addresses that the form names, which the page's policy must allow (``sources``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from tukro.questions.question_form import (
    Binary,
    Choice,
    Content,
    EmbeddedBinary,
    Formatted,
    ItemList,
    Question,
    QuestionForm,
    Text,
    Title,
)
from tukro.web.taskhost.foreign import origin_of

_MEDIA = ("image", "audio", "video")
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of content; ``kind`` says how it is drawn: title, text, list, html, link or kind of media."""

    kind: str
    thing: Content

    @property
    def is_wide(self) -> bool:
        """Whether it may be wider than a phone and has to be moved sideways on its own."""
        return isinstance(self.thing, Formatted) and (
            "<table" in self.thing.html or "<pre" in self.thing.html
        )


def pieces(content: Iterable[Content]) -> list[Piece]:
    return [piece(thing) for thing in content]


def piece(thing: Content) -> Piece:
    match thing:
        case Title():
            return Piece("title", thing)
        case Text():
            return Piece("text", thing)
        case ItemList():
            return Piece("list", thing)
        case Formatted():
            return Piece("html", thing)
        case Binary(kind=kind) | EmbeddedBinary(kind=kind):
            return Piece(kind if kind in _MEDIA else "link", thing)


def _things(form: QuestionForm) -> Iterator[Content]:
    for part in form.parts:
        yield from part.content
        if isinstance(part, Question) and isinstance(part.answer, Choice):
            yield from (one.content for one in part.answer.selections)


def sources(form: QuestionForm) -> Mapping[str, Sequence[str]]:
    """Directives with which the policy of the form's page allows its pictures and recordings."""
    pictures, recordings = set[str](), set[str]()
    for thing in _things(form):
        match thing:
            case Binary(kind="image", url=url) | EmbeddedBinary(kind="image", url=url):
                pictures.add(origin_of(url))
            case Binary(url=url) | EmbeddedBinary(kind="audio" | "video", url=url):
                recordings.add(origin_of(url))
            case Formatted(html):
                pictures |= {origin_of(unescape(src)) for src in _PICTURE.findall(html)}
    found: dict[str, Sequence[str]] = {}
    if pictures := pictures - {""}:
        found["img-src"] = ["'self'", "data:", "blob:", *sorted(pictures)]
    if recordings := recordings - {""}:
        found["media-src"] = ["'self'", *sorted(recordings)]
    return found
