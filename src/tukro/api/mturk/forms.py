"""Facts of the house as members of the wire, shared by operations."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from tukro.api.mturk.errors import invalid_value
from tukro.kernel.money import Money, NotMoney
from tukro.people.aliases import alias, alias_of
from tukro.people.models import Requester
from tukro.qualifications.rules import Requirement
from tukro.questions import proof
from tukro.questions.answers import Answered, answers_of, answers_xml, typed_answers_xml
from tukro.questions.layout import html_question
from tukro.questions.variables import fill_text
from tukro.work.models import Bonus
from tukro.work.queries import TaskRow
from tukro.work.queries.of_requester.handed_in import Work, files_by_question

MAX_FEEDBACK: Final = 1024
# Control characters but for the tab and the two line ends.
_CONTROL: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")
_STATUSES: Final = {"submitted": "Submitted", "approved": "Approved", "rejected": "Rejected"}


def amount(money: Money) -> str:
    """Exactly two decimals: ``0.50``. Parts of a cent, which only fees make, are left off."""
    return str(money.whole_cents())


def money_of(text: str, parameter: str) -> Money:
    """What a CurrencyAmount says: ``5``, ``5.``, ``0.1`` and ``0.50`` are all legal. Raises WireError."""
    try:
        return Money.parse(text)
    except NotMoney:
        raise invalid_value(parameter, text) from None


def hit(row: TaskRow) -> dict[str, Any]:
    """A HIT, all of it (mturk-api 3.4). What was not given is absent."""
    tally = row.tally
    return {
        "HITId": row.task_id,
        "HITTypeId": row.type_id,
        "HITGroupId": row.group_id,
        "HITLayoutId": row.layout_id or None,
        "CreationTime": row.created_at,
        "Title": row.title,
        "Description": row.description,
        "Question": question(row),
        "Keywords": row.keywords or None,
        "HITStatus": tally.status,
        "MaxAssignments": tally.places,
        "Reward": amount(row.reward),
        "AutoApprovalDelayInSeconds": row.auto_approve_seconds,
        "Expiration": row.expires_at,
        "AssignmentDurationInSeconds": row.duration_seconds,
        "RequesterAnnotation": row.annotation or None,
        "QualificationRequirements": [requirement(one) for one in row.requirements],
        "HITReviewStatus": "NotReviewed",
        "NumberOfAssignmentsPending": tally.pending,
        "NumberOfAssignmentsAvailable": tally.available,
        "NumberOfAssignmentsCompleted": tally.decided,
    }


def question(row: TaskRow) -> str:
    """The XML that made the task, byte for byte; of one that a page made, an HTMLQuestion of what it shows.

    Our own proof forms have no document on the wire: their instructions and labels stand in for them.
    """
    if row.question_source:
        return row.question_source
    if row.question_kind == "proof":
        form = proof.fill(proof.load(row.question_body), row.input)
        lines = [form.instructions, *(field.label for field in form.fields)]
        return html_question("".join(f"<p>{html.escape(line)}</p>" for line in lines if line))
    return html_question(fill_text(row.question_body, row.input), frame_height=row.frame_height)


# ActionsGuarded came later than RequiredToPreview and says more; answers hold both (mturk-api 7.2).
_PREVIEW = "PreviewAndAccept"


def requirement(asked: Requirement) -> dict[str, Any]:
    """A QualificationRequirement."""
    return {
        "QualificationTypeId": asked.type_id,
        "Comparator": asked.comparator,
        "IntegerValues": list(asked.integers) or None,
        "LocaleValues": [_locale(text) for text in asked.locales] or None,
        "RequiredToPreview": asked.guards != "Accept",
        "ActionsGuarded": asked.guards,
    }


def requirement_of(given: Mapping[str, Any]) -> Requirement:
    """What a QualificationRequirement asks; of the two ways to say what it guards, ActionsGuarded wins.

    Raises WireError for a place that cannot be meant; what else is wrong the house refuses.
    """
    guards = given.get("ActionsGuarded") or (_PREVIEW if given.get("RequiredToPreview") else "Accept")
    return Requirement(
        type_id=given["QualificationTypeId"],
        comparator=given["Comparator"],
        integers=tuple(given.get("IntegerValues") or ()),
        locales=tuple(_locale_of(one) for one in given.get("LocaleValues") or ()),
        guards=guards,
    )


def _locale(text: str) -> dict[str, str | None]:
    country, _, subdivision = text.partition("-")
    return {"Country": country, "Subdivision": subdivision or None}


def _locale_of(given: Mapping[str, Any]) -> str:
    country, subdivision = given["Country"].upper(), (given.get("Subdivision") or "").upper()
    if subdivision and country != "US":
        raise invalid_value("Subdivision", subdivision)
    return f"{country}-{subdivision}" if subdivision else country


def plain_text(text: str, parameter: str, longest: int) -> str:
    """A text for people: not too long, without control characters. Raises WireError."""
    if len(text) > longest or _CONTROL.search(text):
        raise invalid_value(parameter, text[:100])
    return text


def feedback_of(given: Mapping[str, Any]) -> str:
    """RequesterFeedback, or nothing. Raises WireError."""
    return plain_text(given.get("RequesterFeedback", ""), "RequesterFeedback", MAX_FEEDBACK)


def assignment(work: Work, *, of: Requester) -> dict[str, Any]:
    """What was handed in (mturk-api 3.5), as this requester sees it."""
    return {
        "AssignmentId": work.assignment_id,
        "WorkerId": alias_of(of, worker_pk=work.worker_pk, public_id=work.worker_id),
        "HITId": work.task_id,
        "AssignmentStatus": _STATUSES[work.state],
        "AutoApprovalTime": work.submitted_at + timedelta(seconds=work.auto_approve_seconds),
        "AcceptTime": work.accepted_at,
        "SubmitTime": work.submitted_at,
        "ApprovalTime": (work.decided_at or work.auto_approve_at) if work.state == "approved" else None,
        "RejectionTime": work.rejected_at,
        "Deadline": work.deadline_at,
        "Answer": _answer(work),
        "RequesterFeedback": work.feedback or None,
    }


def bonus_payment(row: Bonus, *, of: Requester) -> dict[str, Any]:
    """A bonus; ``row`` comes with its worker and assignment."""
    return {
        "WorkerId": alias(row.worker, of),
        "BonusAmount": amount(row.amount),
        "AssignmentId": row.assignment.public_id,
        "Reason": row.reason,
        "GrantTime": row.granted_at,
    }


def _answer(work: Work) -> str:
    """The document of the stored answers, each file of a proof form as an answer of its own."""
    body = json.loads(work.answer)
    if work.files is None and "typed" not in body:
        return answers_xml(body.get("fields") or ())
    answers = answers_of(body)
    named = {one.question for one in answers}
    files = files_by_question(work).items()
    return typed_answers_xml(answers + [Answered(name, file) for name, file in files if name not in named])
