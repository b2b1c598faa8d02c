"""A worker's posted form against its QuestionForm: typed answers, and what is wrong with them (8.1).

The page names its controls with ``name_of`` and ``other_name_of``; a selection's value is its position from
1, ``OTHER`` stands for the worker's own. Positions, because identifiers may hold anything and browsers change
line ends. Problems are codes with facts; the words are chosen at the door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from tukro.kernel.typed import ascii_digits
from tukro.questions.answers import Answered, Selected, Uploaded, Written
from tukro.questions.patterns import PatternTooSlow, Search
from tukro.questions.question_form import (
    Binary,
    Choice,
    FileUpload,
    FreeText,
    Question,
    QuestionForm,
    Selection,
    Text,
)

OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the answer to one question; ``position`` counts the form's questions from 1.

    Codes: required, not_a_number, too_small, too_large, too_short, too_long, wrong_format, too_few, too_many,
    unknown_selection, other_empty, file_too_small, file_too_large, nothing.
    """

    question: str
    position: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posted:
    """``answers`` may be handed in if ``problems`` is empty."""

    answers: tuple[Answered, ...]
    problems: tuple[Problem, ...]


_Read = tuple[Written | Selected | Uploaded | None, str, Mapping[str, object]]


def name_of(position: int) -> str:
    """The name of the controls of the form's question at ``position`` (from 1)."""
    return f"answer-{position}"


def other_name_of(position: int) -> str:
    """The name of the text box of that question's OtherSelection."""
    return f"answer-{position}-other"


def read_posted(
    form: QuestionForm, pairs: Iterable[tuple[str, str]], files: Mapping[str, Uploaded] | None = None
) -> Posted:
    """The answers that were posted, in the form's order; ``files`` are handed-in files by control name.

    Every question is answered: an optional one that was left out has no selection or an empty text, but a
    file that was not handed in is no answer. A document of answers holds one at least (8.6): a form of
    optional files alone asks for one of them.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    search = Search()
    answers: list[Answered] = []
    problems: list[Problem] = []
    for position, question in enumerate(form.questions, start=1):
        values = given.get(name_of(position), [])
        other = "".join(given.get(other_name_of(position), [])[-1:])
        file = (files or {}).get(name_of(position))
        answer, code, facts = _read(question, values, other, file, search)
        if code:
            problems.append(Problem(question.identifier, position, code, facts))
        if answer is not None:
            answers.append(Answered(question.identifier, answer))
    if not answers and not problems:
        problems.append(Problem(form.questions[0].identifier, 1, "nothing"))
    return Posted(tuple(answers), tuple(problems))


def in_words(form: QuestionForm, answered: Answered) -> str:
    """An answer as a person reads it: what was written, or what the chosen selections say, one to a line."""
    value = answered.value
    if not isinstance(value, Selected):
        return answered.text
    said = {
        (question.identifier, one.identifier): _said(one)
        for question in form.questions
        if isinstance(question.answer, Choice)
        for one in question.answer.selections
    }
    chosen = [said.get((answered.question, identifier), identifier) for identifier in value.identifiers]
    return "\n".join(chosen if value.other is None else [*chosen, value.other])


def _said(selection: Selection) -> str:
    """The words of a selection with its identifier, which alone stands in result files."""
    match selection.content:
        case Text(text):
            words = text.strip()
        case Binary(alt=alt):
            words = alt.strip()
        case _:
            words = ""
    if words in ("", selection.identifier):
        return selection.identifier
    return f"{words} ({selection.identifier})"


def plain_number(text: str) -> str:
    """The number that a person typed, in ASCII whatever the script of its digits; '' when it is none."""
    plain = ascii_digits(text.strip().replace("\N{MINUS SIGN}", "-"))
    return plain if re.fullmatch(r"[+-]?([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})", plain) else ""


def _read(
    question: Question, values: Sequence[str], other: str, file: Uploaded | None, search: Search
) -> _Read:
    match question.answer:
        case FreeText() as box:
            text = _line_ends("".join(values[-1:]))
            return _read_text(box, text, search, required=question.is_required)
        case Choice() as choice:
            return _read_choice(choice, values, _line_ends(other), search, required=question.is_required)
        case FileUpload() as upload:
            return _read_file(upload, file, required=question.is_required)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- text -----------------------------------------------------------------------------------------------


def _read_text(box: FreeText, text: str, search: Search, *, required: bool) -> _Read:
    if box.is_numeric:
        text = text.strip()
    if not text.strip() and (required or not text):
        needed = required or bool(box.min_length)
        return Written(text), "required" if needed else "", {}
    if box.is_numeric:
        number = plain_number(text)
        if not number:
            return Written(text), "not_a_number", {}
        text = number
    code, facts = _text_problem(box, text, search)
    return Written(text), code, facts


def _text_problem(box: FreeText, text: str, search: Search) -> tuple[str, Mapping[str, object]]:
    if box.is_numeric and box.minimum is not None and Decimal(text) < box.minimum:
        return "too_small", {"minimum": box.minimum, "maximum": box.maximum}
    if box.is_numeric and box.maximum is not None and Decimal(text) > box.maximum:
        return "too_large", {"minimum": box.minimum, "maximum": box.maximum}
    if box.min_length is not None and len(text) < box.min_length:
        return "too_short", {"minimum": box.min_length, "length": len(text)}
    if box.max_length is not None and len(text) > box.max_length:
        return "too_long", {"maximum": box.max_length, "length": len(text)}
    for pattern in box.patterns:
        try:
            fits = search.found(pattern.regex, text, ignore_case=pattern.ignore_case)
        except PatternTooSlow:  # nobody will wait for it: the requester's own words say what is wanted
            fits = False
        if not fits:
            return "wrong_format", {"error_text": pattern.error_text}
    return "", {}


# --- selections -----------------------------------------------------------------------------------------


def _read_choice(
    choice: Choice, values: Sequence[str], other: str, search: Search, *, required: bool
) -> _Read:
    ticked = set(values) - {""}
    positions = {str(at): one.identifier for at, one in enumerate(choice.selections, start=1)}
    known = set(positions) | ({OTHER} if choice.other is not None else set())
    chosen = Selected(tuple(identifier for at, identifier in positions.items() if at in ticked))
    if ticked - known:
        return chosen, "unknown_selection", {}
    # Whoever writes a text of their own and ticks nothing has chosen it.
    if choice.other is not None and (OTHER in ticked or (not ticked and other.strip())):
        text, code, facts = _read_text(choice.other, other, search, required=True)
        assert isinstance(text, Written)
        chosen = Selected(chosen.identifiers, text.text)
        if code:
            return chosen, "other_empty" if code == "required" else code, facts
    code, facts = _count_problem(choice, chosen, required=required)
    return chosen, code, facts


def _count_problem(choice: Choice, chosen: Selected, *, required: bool) -> tuple[str, Mapping[str, object]]:
    count = len(chosen.identifiers) + (chosen.other is not None)
    facts = {"minimum": choice.minimum, "maximum": choice.maximum, "count": count}
    if not count:
        return ("required" if required and choice.minimum else ""), facts
    if count < choice.minimum:
        return "too_few", facts
    if count > choice.maximum:
        return "too_many", facts
    return "", {}


# --- files ----------------------------------------------------------------------------------------------


def _read_file(upload: FileUpload, file: Uploaded | None, *, required: bool) -> _Read:
    if file is None:
        return None, "required" if required else "", {}
    if file.size < upload.min_bytes:
        return file, "file_too_small", {"minimum": upload.min_bytes, "size": file.size}
    if file.size > upload.max_bytes:
        return file, "file_too_large", {"maximum": upload.max_bytes, "size": file.size}
    return file, "", {}
