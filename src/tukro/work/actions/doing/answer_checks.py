"""What is kept of an answer, once it is checked against the form that asks for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tukro.kernel.errors import Refused
from tukro.people.queries.visiting import run
from tukro.questions import proof
from tukro.questions.answering import read_posted
from tukro.questions.answers import AnswerTooLarge, Uploaded, stored_fields, typed_body
from tukro.questions.question_form import QuestionForm
from tukro.questions.xml import stored_form
from tukro.work.actions.doing.code_checks import wrong_codes
from tukro.work.rules import file_fields

Fields = Sequence[tuple[str, str]]


class BadAnswer(Refused):
    """The form says no. ``problems``: list of Problem, of questions.proof or of questions.answering."""


class AnswerTooLong(Refused):
    """More than one answer may hold. ``limit``, ``unit``: fields or bytes."""


def checked_answer(assignment_id: str, fields: Fields) -> Mapping[str, object]:
    """What is kept of an answer to one of our own forms. Refuses BadAnswer, AnswerTooLong."""
    row = run(_FORM, [assignment_id]).fetchone()
    assert row is not None, "whoever hands in has the assignment"
    kind, body, values, kept = row
    files = [_File(*one) for one in json.loads(kept)] if kept else []
    if kind == "form":
        return _against_question_form(stored_form(body), files, fields)
    return _against_proof_form(assignment_id, proof.fill(proof.load(body), json.loads(values)), files, fields)


class _File(NamedTuple):
    """One that was handed in with the answer."""

    field: str
    size: int
    public_id: str


_FORM = """
select q.kind, q.body, t.input,
       (select jsonb_agg(jsonb_build_array(f.field, f.size, f.public_id) order by f.id)
          from work_prooffile f where f.assignment_id = a.id)
  from work_assignment a join work_task t on t.id = a.task_id join work_question q on q.id = t.question_id
 where a.public_id = %s
"""


def _against_proof_form(
    assignment_id: str, form: proof.Form, files: Sequence[_File], fields: Fields
) -> Mapping[str, object]:
    counts = Counter(file.field for file in files)
    problems = [*proof.check_answers(form, fields, counts), *wrong_codes(assignment_id, form, fields)]
    if problems:
        raise BadAnswer(problems=problems)
    return {"fields": storable(proof.known_pairs(form, fields))}


def _against_question_form(
    form: QuestionForm, files: Sequence[_File], fields: Fields
) -> Mapping[str, object]:
    kept = {file.field: Uploaded(file.size, file.public_id) for file in files}
    named = {name: kept[field] for name, field in file_fields(form).items() if field in kept}
    posted = read_posted(form, fields, named)
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
