"""A small market of this very moment for the worker pages' tests."""

from __future__ import annotations

from decimal import Decimal

from django.test import Client
from django.utils import timezone

from tests import make
from tukro.people.models import Requester, User, Worker
from tukro.questions.proof import Field, Form, Kind
from tukro.work.actions.doing.assigning import Accepted, accept_next
from tukro.work.actions.publishing import Terms
from tukro.work.models import Batch

SUMMARY = Form(
    "পড়ুন: https://example.org/${topic}",
    (
        Field("summary", Kind.LONG_TEXT, "সারাংশ লিখুন", minimum=Decimal(5)),
        Field("mood", Kind.CHOICE, "How does it sound?", options=("good", "bad")),
        Field("topics", Kind.CHOICES, "What is it about?", required=False, options=("a", "b", "c")),
        Field("proof", Kind.FILE, "Screenshot", required=False, maximum=Decimal(2)),
    ),
)


def signed_in(person: Worker | User, *, strict: bool = False) -> Client:
    """A browser in which this person has signed in; ``strict``: forged posts are refused, as in earnest."""
    client = Client(enforce_csrf_checks=strict)
    client.force_login(person.user if isinstance(person, Worker) else person)
    return client


def proof_batch(
    *,
    of: Requester | None = None,
    places: int = 3,
    rows: int = 2,
    form: Form = SUMMARY,
    of_terms: Terms | None = None,
) -> Batch:
    """An open job with our own form."""
    return make.batch(
        of=of,
        rows=[{"topic": f"topic-{no}"} for no in range(rows)],
        places=places,
        question_kind="proof",
        question_body=form.dump(),
        of_terms=of_terms or make.terms(title="Read and sum up", category="writing", reward="0.40"),
        now=timezone.now(),
    )


def html_batch(*, places: int = 3, rows: int = 2, of_terms: Terms | None = None) -> Batch:
    """An open job whose page is the requester's."""
    body = '<p>${image}</p><label>Digit <input name="digit"></label>'  # the house adds form and button
    return make.batch(rows=rows, places=places, question_body=body, of_terms=of_terms, now=timezone.now())


def taken(worker: Worker, batch: Batch) -> Accepted:
    return accept_next(worker=worker, group_id=batch.task_type.group_id, now=timezone.now())


def address(accepted: Accepted, act: str = "") -> str:
    """The address of a work page, or of one of its acts: submit, draft, return, done."""
    page = f"/projects/{accepted.group_id}/tasks/{accepted.task_id}"
    return f"{page}{'/' if act else ''}{act}?assignment_id={accepted.assignment_id}"
