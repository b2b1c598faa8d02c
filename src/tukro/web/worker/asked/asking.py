"""What a task asks, on the worker's pages: one of our own forms, or a requester's page in its frame."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tukro.questions import answering, codes, crowd, proof
from tukro.questions.question_form import QuestionForm
from tukro.questions.xml import stored_form
from tukro.web.entry.access import WorkerRequest
from tukro.web.forms import content, proof_forms, question_forms
from tukro.web.taskhost.frames import receipt
from tukro.web.transport.policy import HEADER, policy_with
from tukro.web.worker.asked.framing import Frame, preview_frame, work_frame
from tukro.web.worker.data import as_json
from tukro.work.queries import Preview, WorkPage, files_of

Problem = proof.Problem | answering.Problem
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the template draws, and the headers that the page needs for it."""

    context: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)

    def on(self, response: HttpResponse) -> HttpResponse:
        """The answer with these headers."""
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


def to_work(
    request: WorkerRequest, page: WorkPage, *, pairs: Pairs | None, problems: Sequence[Problem]
) -> Asked:
    """The question of an accepted task. ``pairs``: what was just posted; None shows the draft."""
    match page.question.kind:
        case "proof":
            filled = proof.fill(proof.load(page.question.body), page.input)
            whose = codes.Whose(page.project_id, page.known_as, page.assignment_id)
            form = codes.personal(filled, codes.words_for(settings.SECRET_KEY, whose))
            kinds = {one.kind for one in form.fields}
            takes_files = bool(kinds & set(proof.FILE_TYPES))
            rows = proof_forms.rows(
                form,
                pairs=page.draft if pairs is None else pairs,
                problems=[one for one in problems if isinstance(one, proof.Problem)],
                files=files_of(request.worker, page.assignment_id) if takes_files else [],
            )
            faulty = [row for row in rows if row.error]
            return Asked(
                {
                    "instructions": form.instructions,
                    "rows": rows,
                    "faulty": faulty,
                    "takes_files": takes_files,
                    "takes_voice": proof.Kind.AUDIO in kinds,
                    "counts_tries": bool(kinds & proof.CODES),
                }
            )
        case "form":
            return _question_form(request, page, pairs, problems)
        case _:
            frame = work_frame(request, page, viewer_id=request.worker.public_id)
            return Asked({"frame": frame, **_around(page), **_draft_of_frame(page)}, frame.headers)


def to_preview(request: WorkerRequest, shown: Preview) -> Asked:
    """The question of a task before it is accepted: to look at, not to answer."""
    match shown.question.kind:
        case "proof":
            form = codes.personal(proof.fill(proof.load(shown.question.body), shown.input), codes.no_words())
            kinds = proof_forms.kind_names(proof_forms.kinds_asked(form))
            rows = proof_forms.rows(form)
            return Asked({"instructions": form.instructions, "rows": rows, "proof_kinds": kinds})
        case "form":
            asked = stored_form(shown.question.body)
            context = {"parts": question_forms.parts(asked), "proof_kinds": [on_the_page()]}
            return Asked(context, _with_media(asked))
        case _:
            frame: Frame = preview_frame(request, shown, viewer_id=request.worker.public_id)
            return Asked({"frame": frame, "proof_kinds": [on_the_page()]}, frame.headers)


def on_the_page() -> str:
    """What is said of a task's proof when only its page knows."""
    return _("form on the task's page")


def _draft_of_frame(page: WorkPage) -> Mapping[str, object]:
    """What a page of crowd elements was told to keep; other pages in frames keep no draft."""
    if page.question.kind != "html" or not crowd.names_in(page.question.body):
        return {}
    return {"keeps_draft": True, "frame_draft": dict(page.draft).get(crowd.TASK_ANSWERS, "")}


def _question_form(
    request: WorkerRequest, page: WorkPage, pairs: Pairs | None, problems: Sequence[Problem]
) -> Asked:
    form = stored_form(page.question.body)
    if pairs is None:
        pairs = question_forms.pairs_of(form, page.handed_in) if page.handed_in else page.draft
    parts = question_forms.parts(
        form,
        pairs=pairs,
        problems=[one for one in problems if isinstance(one, answering.Problem)],
        # A file is refused before the form is looked at, in words of its own.
        refused_files={
            one.field: proof_forms.problem_words(one) for one in problems if isinstance(one, proof.Problem)
        },
        files=files_of(request.worker, page.assignment_id),
    )
    rows = question_forms.rows_of(parts)
    context = {
        "parts": parts,
        "faulty": [row for row in rows if row.error],
        "takes_files": any(row.control == "file" for row in rows),
    }
    return Asked(context, _with_media(form))


def _with_media(form: QuestionForm) -> Mapping[str, str]:
    sources = content.sources(form)
    return {HEADER: policy_with(sources)} if sources else {}


def _around(page: WorkPage) -> Mapping[str, object]:
    """Where a frame leads when its page has handed in."""
    next_url = reverse("worker:done", args=[page.group_id, page.task_id])
    draft_url = reverse("worker:draft", args=[page.group_id, page.task_id])
    keep_url = reverse("worker:of_frame", args=[page.group_id, page.task_id])
    return {
        "receipt": receipt(page.assignment_id),
        "draft_url": f"{draft_url}?assignment_id={page.assignment_id}",
        "keep_url": f"{keep_url}?assignment_id={page.assignment_id}",
        "kept": json.dumps(page.draft),
        "next_url": f"{next_url}?assignment_id={page.assignment_id}",
        "state_url": f"{as_json.task_url(page.group_id, page.task_id, page.assignment_id)}&format=json",
    }
