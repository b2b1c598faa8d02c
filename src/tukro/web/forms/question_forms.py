"""A QuestionForm on a page: what it shows and asks, what was answered so far, and what is wrong with it.

Workers fill it in as a task or as a qualification's test. ``parts/question_form.html`` draws it. The content
is the requester's: texts are escaped, FormattedContent was made safe when it was read
(questions/formatted.py), and pictures and recordings come from the addresses that it names, which the page's
policy must allow (``sources``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tukro.questions.answering import OTHER, Problem, name_of, other_name_of
from tukro.questions.answers import JOINED_WITH, Answered, Selected, Written
from tukro.questions.question_form import (
    Binary,
    Choice,
    Content,
    EmbeddedBinary,
    FileUpload,
    Formatted,
    FreeText,
    ItemList,
    Question,
    QuestionForm,
    Style,
    Text,
    Title,
)
from tukro.web import formats
from tukro.web.forms.limits import length_words, most_words, number_words
from tukro.web.forms.proof_forms import problem_sentence
from tukro.web.taskhost.foreign import origin_of
from tukro.work.models import ProofFile
from tukro.work.rules import file_fields

Control = Literal["text", "long_text", "radios", "ticks", "select", "file"]
Pairs = Sequence[tuple[str, str]]

_MEDIA = ("image", "audio", "video")
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
_MOST_LINES = 20
_MANY = 12  # more selections than this are not drawn one below the other when one of them is asked for

_PROBLEMS: dict[str, str | Promise] = {
    "too_large": gettext_lazy("The number is too large: at most %(maximum)s."),
    "wrong_format": "%(error_text)s",  # the requester's own words
    "too_few": gettext_lazy("Choose at least %(minimum)s."),
    "too_many": gettext_lazy("Choose at most %(maximum)s."),
    "unknown_selection": gettext_lazy("Choose one of the options."),
    "other_empty": gettext_lazy("Write your own answer, or choose another one."),
    "file_too_small": gettext_lazy("The file is too small: %(size)s, at least %(minimum)s."),
    "nothing": gettext_lazy("An empty answer cannot be handed in: add at least one of the files."),
    "file_too_large": gettext_lazy("The file is too large: at most %(maximum)s."),
}


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


@dataclass(frozen=True, slots=True)
class Part:
    """An overview, or a question."""

    content: list[Piece]
    row: QuestionRow | None = None


def parts(
    form: QuestionForm,
    *,
    pairs: Pairs = (),
    problems: Iterable[Problem] = (),
    refused_files: Mapping[str, str] | None = None,
    files: Iterable[ProofFile] = (),
) -> list[Part]:
    """The form in its order. ``pairs``: posted or drafted names and values; without any, the defaults stand.

    ``refused_files``: why the door did not take a file, by the name of its control.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    errors = {name_of(problem.position): problem_words(problem) for problem in problems}
    errors |= refused_files or {}
    handed_in = _by_control(form, files)
    positions = iter(range(1, len(form.questions) + 1))
    made = []
    for part in form.parts:
        content = _pieces(part.content)
        if isinstance(part, Question):
            at = next(positions)
            row = _row(part, at, content, given, errors.get(name_of(at), ""), handed_in.get(name_of(at), []))
            made.append(Part(content, row))
        else:
            made.append(Part(content))
    return made


def rows_of(drawn: Iterable[Part]) -> list[QuestionRow]:
    """The questions among the parts."""
    return [part.row for part in drawn if part.row is not None]


def pairs_of(form: QuestionForm, answers: Iterable[Answered]) -> list[tuple[str, str]]:
    """Names and values that would be posted to give these answers again."""
    by_question = {one.question: one.value for one in answers}
    pairs: list[tuple[str, str]] = []
    for position, question in enumerate(form.questions, start=1):
        match by_question.get(question.identifier), question.answer:
            case Written(text), _:
                pairs.append((name_of(position), text))
            case Selected(identifiers, other), Choice(selections=selections):
                pairs += [
                    (name_of(position), str(at))
                    for at, one in enumerate(selections, start=1)
                    if one.identifier in identifiers
                ]
                if other is not None:
                    pairs += [(name_of(position), OTHER), (other_name_of(position), other)]
    return pairs


def problem_words(problem: Problem) -> str:
    """What is wrong with an answer, as a sentence."""
    facts = {name: formats.fact(value) for name, value in problem.facts.items()}
    if problem.code.startswith("file_"):
        facts = {name: formats.filesize(int(str(value))) for name, value in problem.facts.items()}
    if problem.code in _PROBLEMS:
        return str(_PROBLEMS[problem.code]) % facts
    return problem_sentence(problem.code, facts)


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


# --- content --------------------------------------------------------------------------------------------


def _pieces(content: Iterable[Content]) -> list[Piece]:
    return [_piece(thing) for thing in content]


def _piece(thing: Content) -> Piece:
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


# --- questions ------------------------------------------------------------------------------------------


def _row(
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
        Option(str(at), _piece(one.content), str(at) in chosen)
        for at, one in enumerate(choice.selections, start=1)
    ]
    return options if choice.other is None else [*options, Option(OTHER, None, OTHER in chosen)]


def _by_control(form: QuestionForm, files: Iterable[ProofFile]) -> dict[str, list[ProofFile]]:
    controls = {field: name for name, field in file_fields(form).items()}
    found: dict[str, list[ProofFile]] = {}
    for file in files:
        if file.field in controls:
            found.setdefault(controls[file.field], []).append(file)
    return found


# --- hints ----------------------------------------------------------------------------------------------


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
