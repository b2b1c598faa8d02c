"""A QuestionForm on a page: what it shows and asks, what was answered so far, and what is wrong with it.

Workers fill it in as a task or as a qualification's test. ``parts/question_form.html`` draws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tukro.questions.answering import OTHER, Problem, name_of, other_name_of
from tukro.questions.answers import Answered, Selected, Written
from tukro.questions.question_form import (
    Choice,
    Question,
    QuestionForm,
)
from tukro.web import formats
from tukro.web.forms.content import Piece, pieces
from tukro.web.forms.proof_forms import problem_sentence
from tukro.web.forms.question_rows import QuestionRow, question_row
from tukro.work.models import ProofFile
from tukro.work.rules import file_fields

Pairs = Sequence[tuple[str, str]]


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
        content = pieces(part.content)
        if isinstance(part, Question):
            at = next(positions)
            row = question_row(
                part, at, content, given, errors.get(name_of(at), ""), handed_in.get(name_of(at), [])
            )
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


def _by_control(form: QuestionForm, files: Iterable[ProofFile]) -> dict[str, list[ProofFile]]:
    controls = {field: name for name, field in file_fields(form).items()}
    found: dict[str, list[ProofFile]] = {}
    for file in files:
        if file.field in controls:
            found.setdefault(controls[file.field], []).append(file)
    return found
