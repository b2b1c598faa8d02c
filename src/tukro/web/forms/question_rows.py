"""One question of a QuestionForm as the page draws it: its control, what it takes, what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from django.utils.translation import gettext as _

from tukro.questions.answering import OTHER, name_of, other_name_of
from tukro.questions.answers import JOINED_WITH
from tukro.questions.question_form import (
    Choice,
    FileUpload,
    FreeText,
    Question,
    Style,
    Text,
)
from tukro.web import formats
from tukro.web.forms.content import Piece, piece
from tukro.web.forms.limits import length_words, most_words, number_words
from tukro.work.models import ProofFile

Control = Literal["text", "long_text", "radios", "ticks", "select", "file"]

_MOST_LINES = 20
_MANY = 12  # more selections than this are not drawn one below the other when one of them is asked for


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; the last may be the worker's own words."""

    value: str
    piece: Piece | None  # None: the worker's own
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as the page draws it."""

    question: Question
    position: int
    content: list[Piece]
    control: Control
    hint: str
    error: str
    text: str = ""  # of a text box, or of the worker's own answer
    options: list[Option] = field(default_factory=list)
    files: list[ProofFile] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"question-{self.position}"

    @property
    def name(self) -> str:
        return name_of(self.position)

    @property
    def other_name(self) -> str:
        return other_name_of(self.position)

    @property
    def is_required(self) -> bool:
        return self.question.needs_answer

    @property
    def label(self) -> str:
        number = _("Question %(number)s") % {"number": formats.number(self.position)}
        return self.question.display_name.strip() or number

    @property
    def is_numeric(self) -> bool:
        return isinstance(self.question.answer, FreeText) and self.question.answer.is_numeric

    @property
    def is_text(self) -> bool:
        return isinstance(self.question.answer, FreeText) and not self.is_numeric

    @property
    def lines(self) -> int:
        return min(_box(self.question).lines, _MOST_LINES)

    @property
    def has_other(self) -> bool:
        return isinstance(self.question.answer, Choice) and self.question.answer.other is not None

    @property
    def chose_nothing(self) -> bool:
        return not any(option.is_chosen for option in self.options)

    @property
    def longest(self) -> int | None:
        """Characters that a text may have, when anything bounds it."""
        return None if self.is_numeric else _box(self.question).max_length

    @property
    def longest_words(self) -> str:
        return most_words(_box(self.question).min_length or None, self.longest) if self.is_text else ""

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-hint"] if self.hint else []
        parts += [f"{self.id}-longest"] if self.longest_words else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)

    @property
    def file_described_by(self) -> str:
        return f"{self.id}-limits {self.id}-error" if self.error else f"{self.id}-limits"

    @property
    def labelled_by(self) -> str:
        return f"{self.id}-head {self.id}-content"


def question_row(
    question: Question,
    position: int,
    content: list[Piece],
    given: Mapping[str, list[str]],
    error: str,
    files: list[ProofFile],
) -> QuestionRow:
    values, other = given.get(name_of(position), []), given.get(other_name_of(position), [])
    is_new = not given
    match question.answer:
        case FreeText() as box:
            control: Control = "long_text" if box.lines > 1 else "text"
            text = box.default if is_new else (values or [""])[-1]
            return QuestionRow(question, position, content, control, _text_hint(box), error, text)
        case Choice() as choice:
            text = _box(question).default if is_new else (other or [""])[-1]
            control, options = _control(choice), _options(choice, values)
            hint = _choice_hint(choice)
            return QuestionRow(question, position, content, control, hint, error, text, options)
        case FileUpload():
            return QuestionRow(question, position, content, "file", "", error, files=files)


def _box(question: Question) -> FreeText:
    """The text box of a question, be it the one for the worker's own answer."""
    match question.answer:
        case FreeText() as box:
            return box
        case Choice(other=FreeText() as box):
            return box
        case _:
            return FreeText()


def _control(choice: Choice) -> Control:
    """The control that suits a phone and a reader of screens best, near to what was suggested."""
    if choice.maximum > 1:
        return "ticks"
    plain = all(isinstance(one.content, Text) for one in choice.selections)
    if choice.style in (Style.DROP_DOWN, Style.COMBO_BOX) and plain:
        return "select"
    if choice.style in (None, Style.LIST) and plain and len(choice.selections) > _MANY:
        return "select"
    return "ticks" if choice.style is Style.CHECK_BOX else "radios"


def _options(choice: Choice, values: Sequence[str]) -> list[Option]:
    # A draft keeps all that was ticked in one value.
    chosen = set(chain.from_iterable(value.split(JOINED_WITH) for value in values))
    options = [
        Option(str(at), piece(one.content), str(at) in chosen)
        for at, one in enumerate(choice.selections, start=1)
    ]
    return options if choice.other is None else [*options, Option(OTHER, None, OTHER in chosen)]


def _text_hint(box: FreeText) -> str:
    if box.is_numeric:
        return number_words(box.minimum, box.maximum)
    return length_words(box.min_length or None, box.max_length)


def _choice_hint(choice: Choice) -> str:
    offered = len(choice.selections) + (choice.other is not None)
    least, most = choice.minimum, min(choice.maximum, offered)
    facts = {"minimum": formats.number(least), "maximum": formats.number(most)}
    if most == 1:
        return ""
    if least == most:
        return _("Choose exactly %(maximum)s.") % facts
    if least > 1:
        return _("Choose from %(minimum)s to %(maximum)s.") % facts
    return _("Choose all that fit.") if most == offered else _("Choose at most %(maximum)s.") % facts
