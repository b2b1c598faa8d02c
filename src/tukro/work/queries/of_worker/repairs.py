"""What was handed in for one assignment, version by version, and what was asked in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tukro.questions.answering import in_words
from tukro.questions.answers import Uploaded, answers_of
from tukro.questions.crowd import spread
from tukro.questions.question_form import QuestionForm
from tukro.questions.xml import stored_form
from tukro.work.models import Assignment, AssignmentState, EarlierAnswer, EarlierFile, ProofFile

Body = Mapping[str, Any]  # of an answer: models.Assignment.answer
AnyFile = ProofFile | EarlierFile


@dataclass(frozen=True, slots=True)
class Version:
    """One answer as it was handed in. ``changed``: names of what differs from the version before.

    ``asked`` and what stands beside it say why it was sent back. ``counts``: it is the one that is judged,
    the latest, which was not sent back, or whose repair did not come.
    """

    no: int
    submitted_at: datetime
    answers: list[tuple[str, str]]
    files: list[AnyFile]
    changed: frozenset[str]
    asked_at: datetime | None = None
    deadline_at: datetime | None = None
    reason_code: str = ""
    asked: str = ""
    counts: bool = False


def versions_of(assignment: Assignment) -> list[Version]:
    """Every answer of the assignment, the first first. Empty before any.

    Three queries, and one more when the answers belong to a form.
    """
    if assignment.submitted_at is None:
        return []
    earlier = list(EarlierAnswer.objects.filter(assignment=assignment).order_by("no"))
    files: list[AnyFile] = [
        *ProofFile.objects.filter(assignment=assignment).order_by("pk"),
        *EarlierFile.objects.filter(assignment=assignment).order_by("pk"),
    ]
    body = assignment.handed_in
    form = stored_form(assignment.task.question.body) if "typed" in body else None
    found: list[Version] = []
    for one in earlier:
        there = [file for file in files if _was_there(file, one.submitted_at)]
        found.append(
            Version(
                no=one.no,
                submitted_at=one.submitted_at,
                answers=(answers := written(one.body, form, {file.field for file in there})),
                files=there,
                changed=_changed(found[-1] if found else None, answers, there),
                asked_at=one.asked_at,
                deadline_at=one.deadline_at,
                reason_code=one.reason_code,
                asked=one.asked,
            )
        )
    # What was sent back and not handed in again is the last of the earlier ones.
    if not earlier or earlier[-1].submitted_at < assignment.submitted_at:
        there = [file for file in files if _was_there(file, assignment.submitted_at)]
        answers = written(body, form, {file.field for file in there})
        changed = _changed(found[-1] if found else None, answers, there)
        found.append(Version(len(found) + 1, assignment.submitted_at, answers, there, changed))
    if assignment.state != AssignmentState.REVISING:
        found[-1] = replace(found[-1], counts=True)
    return found


def written(body: Body, form: QuestionForm | None, file_fields: Collection[str]) -> list[tuple[str, str]]:
    """Fields and their values as a person reads them; fields of files are left out: a file stands apart.

    Answers of crowd elements are taken apart: nobody reads JSON.
    """
    fields = spread((name, str(value)) for name, value in body["fields"])
    if form is not None and "typed" in body:
        fields = [
            (one.question, in_words(form, one))
            for one in answers_of(body)
            if not isinstance(one.value, Uploaded)
        ]
    return [(name, value) for name, value in fields if name not in file_fields]


def _was_there(file: AnyFile, moment: datetime) -> bool:
    removed = file.removed_at if isinstance(file, EarlierFile) else None
    return file.uploaded_at <= moment and (removed is None or removed > moment)


def _changed(
    before: Version | None, answers: Iterable[tuple[str, str]], files: Iterable[AnyFile]
) -> frozenset[str]:
    if before is None:
        return frozenset()
    now = {("answer", *pair) for pair in answers} | {("file", file.field, file.public_id) for file in files}
    then = {("answer", *pair) for pair in before.answers}
    then |= {("file", file.field, file.public_id) for file in before.files}
    return frozenset(name for _kind, name, _value in now ^ then)
