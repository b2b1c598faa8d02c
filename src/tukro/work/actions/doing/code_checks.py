"""Codes in an answer are checked here; a wrong one is counted, so that nobody finds one by trying."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F

from tukro.people.aliases import alias
from tukro.questions import codes
from tukro.questions.proof import CODES, Form, Problem
from tukro.work.models import Assignment


def wrong_codes(assignment_id: str, form: Form, pairs: Iterable[tuple[str, str]]) -> list[Problem]:
    """Problems of the code fields that were filled in; an empty one is the form's own concern.

    A wrong code is counted at once, outside of the submission that it stops. After the last try no code is
    looked at any more.
    """
    asked = {one.name: one.kind for one in form.fields if one.kind in CODES}
    typed = [(name, value) for name, value in pairs if name in asked and value.strip()]
    if not typed:
        return []
    assignment = Assignment.objects.select_related("task__batch__requester", "worker").get(
        public_id=assignment_id
    )
    if assignment.code_tries >= codes.MOST_TRIES:
        return [Problem(name, "no_more_tries") for name, _value in typed]
    whose = whose_code(assignment)
    secret = codes.secret_of_project(settings.SECRET_KEY, whose.project)
    wrong = [
        name for name, value in typed if not codes.is_right(asked[name], value, secret=secret, whose=whose)
    ]
    if not wrong:
        return []
    Assignment.objects.filter(pk=assignment.pk).update(code_tries=F("code_tries") + 1)
    left = codes.MOST_TRIES - assignment.code_tries - 1
    return [
        Problem(name, "wrong_code", {"left": left}) if left else Problem(name, "no_more_tries")
        for name in wrong
    ]


def whose_code(assignment: Assignment) -> codes.Whose:
    """What a code of this assignment is about. Its worker, its batch and the requester are loaded."""
    batch = assignment.task.batch
    worker_id = alias(assignment.worker, batch.requester) if batch else assignment.worker.public_id
    return codes.Whose(batch.project_id if batch else "", worker_id, assignment.public_id)
