"""What a QuestionForm is made of: plain frozen values that a page walks in order (mturk-api 8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Title:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; line breaks are kept by the page."""

    text: str


@dataclass(frozen=True, slots=True)
class ItemList:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """Safe HTML for our own origin: allowed elements and attributes only."""

    html: str


@dataclass(frozen=True, slots=True)
class Binary:
    """An image, a sound or a film by its address (http or https). ``kind`` is image, audio or video."""

    kind: str
    subtype: str  # '' when not said
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class EmbeddedBinary:
    """A thing to embed, of any MIME type, by its address (http or https)."""

    kind: str
    subtype: str
    url: str
    alt: str
    width: str
    height: str
    parameters: tuple[tuple[str, str], ...]


Content: TypeAlias = Title | Text | ItemList | Formatted | Binary | EmbeddedBinary


@dataclass(frozen=True, slots=True)
class Pattern:
    """An AnswerFormatRegex: JavaScript's pattern, found anywhere in the text."""

    regex: str
    error_text: str
    ignore_case: bool


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text box. ``minimum`` and ``maximum`` bound a number; ``min_length`` above 0 implies an answer."""

    is_numeric: bool = False
    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    patterns: tuple[Pattern, ...] = ()
    default: str = ""
    lines: int = 1


class Style(StrEnum):
    RADIO_BUTTON = "radiobutton"
    CHECK_BOX = "checkbox"
    LIST = "list"
    DROP_DOWN = "dropdown"
    COMBO_BOX = "combobox"
    MULTI_CHOOSER = "multichooser"


ONE_ONLY: Final = frozenset({Style.RADIO_BUTTON, Style.DROP_DOWN})


@dataclass(frozen=True, slots=True)
class Selection:
    identifier: str
    content: Text | Formatted | Binary


@dataclass(frozen=True, slots=True)
class Choice:
    """Some of given selections, and perhaps a text of the worker's own as one more."""

    selections: tuple[Selection, ...]
    minimum: int = 1
    maximum: int = 1
    style: Style | None = None
    other: FreeText | None = None


@dataclass(frozen=True, slots=True)
class FileUpload:
    max_bytes: int
    min_bytes: int


AnswerSpecification: TypeAlias = FreeText | Choice | FileUpload


@dataclass(frozen=True, slots=True)
class Overview:
    content: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Question:
    identifier: str
    display_name: str
    is_required: bool
    content: tuple[Content, ...]
    answer: AnswerSpecification

    @property
    def needs_answer(self) -> bool:
        """Whether it is said to be required, or a least length above 0 implies it (mturk-api 8.1)."""
        return self.is_required or (isinstance(self.answer, FreeText) and bool(self.answer.min_length))


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """``parts`` are in the order in which they are shown."""

    date: str
    parts: tuple[Overview | Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(part for part in self.parts if isinstance(part, Question))
