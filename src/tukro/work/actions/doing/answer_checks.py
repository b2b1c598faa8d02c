"""What is kept of an answer, once it is checked against the form that asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tukro.kernel.errors import Refused
from tukro.questions import proof
from tukro.questions.answering import read_posted
from tukro.questions.answers import AnswerTooLarge, Uploaded, stored_fields, typed_body
from tukro.questions.xml import stored_form
from tukro.work.actions.doing.code_checks import wrong_codes
from tukro.work.models import Assignment
from tukro.work.rules import file_fields

Fields = Sequence[tuple[str, str]]


class BadAnswer(Refused):
    """The form says no. ``problems``: list of Problem, of questions.proof or of questions.answering."""


class AnswerTooLong(Refused):
    """More than one answer may hold. ``limit``, ``unit``: fields or bytes."""


def checked_answer(assignment_id: str, fields: Fields) -> Mapping[str, object]:
    """What is kept of an answer to one of our own forms. Refuses BadAnswer, AnswerTooLong."""
    assignment = (
        Assignment.objects.select_related("task__question", "task__batch__requester", "worker")
        .prefetch_related("files")
        .get(public_id=assignment_id)
    )
    check = _against_question_form if assignment.task.question.kind == "form" else _against_proof_form
    return check(assignment, fields)


def _against_proof_form(assignment: Assignment, fields: Fields) -> Mapping[str, object]:
    task = assignment.task
    form = proof.fill(proof.load(task.question.body), task.input)
    files = Counter(file.field for file in assignment.files.all())
    problems = [*proof.check_answers(form, fields, files), *wrong_codes(assignment, form, fields)]
    if problems:
        raise BadAnswer(problems=problems)
    return {"fields": storable(proof.known_pairs(form, fields))}


def _against_question_form(assignment: Assignment, fields: Fields) -> Mapping[str, object]:
    form = stored_form(assignment.task.question.body)
    kept = {file.field: Uploaded(file.size, file.public_id) for file in assignment.files.all()}
    files = {name: kept[field] for name, field in file_fields(form).items() if field in kept}
    posted = read_posted(form, fields, files)
    if posted.problems:
        raise BadAnswer(problems=list(posted.problems))
    try:
        return typed_body(posted.answers)
    except AnswerTooLarge as too_large:
        raise AnswerTooLong(limit=too_large.limit, unit=too_large.unit) from None


def storable(fields: Fields) -> list[tuple[str, str]]:
    """The fields as they are kept. Refuses AnswerTooLong."""
    try:
        return stored_fields(fields)
    except AnswerTooLarge as too_large:
        raise AnswerTooLong(limit=too_large.limit, unit=too_large.unit) from None
