"""ListReviewPolicyResultsForHIT (mturk-api 6.37, 10.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tukro.api.mturk.errors import does_not_exist
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page
from tukro.people.models import Requester
from tukro.quality.models import Action, ActionStatus, PolicyLevel, Result
from tukro.quality.queries import Entry, Place, policy_names, report
from tukro.work.models import Task

_PAGE_SIZE = 400  # this operation's own default; larger than what MaxResults may ask for
_LEVELS = {"Assignment": PolicyLevel.ASSIGNMENT, "HIT": PolicyLevel.HIT}
# What an action failed of: the refusals that work's verbs can answer to a policy.
_ERROR_CODES = {
    "WrongState": "AWS.MechanicalTurk.InvalidAssignmentState",
    "TooLate": "AWS.MechanicalTurk.InvalidAssignmentState",
    "InsufficientFunds": "AWS.MechanicalTurk.InsufficientFunds",
    "RequesterInDebt": "AWS.MechanicalTurk.InsufficientFunds",
    "HoldExhausted": "AWS.MechanicalTurk.InsufficientFunds",
    "BelowWall": "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease",
    "WrongStatus": "AWS.MechanicalTurk.InvalidHITState",
}
_OTHER_ERROR = "AWS.MechanicalTurk.InvalidParameterValue"
_DONE = {
    "review": "The review policy has run.",
    "approve": "The assignment is approved.",
    "reject": "The assignment is rejected.",
    "extend": "The HIT has as many assignments as the review policy wants.",
}


@operation("ListReviewPolicyResultsForHIT")
def list_review_policy_results(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """What a HIT's review policies found and did, oldest first; nothing of a policy that it does not have."""
    del now
    task_id = given["HITId"]
    if not Task.objects.filter(public_id=task_id, requester_id=caller.pk).exists():
        raise does_not_exist("Hit", task_id)
    page = Page.asked("ListReviewPolicyResultsForHIT", caller, {"MaxResults": _PAGE_SIZE, **given})
    names = policy_names(task_id)
    asked = {_LEVELS[level].value for level in given.get("PolicyLevels") or _LEVELS}
    found = report(
        task_id,
        levels=asked & names.keys(),
        kinds=_kinds(given),
        after=None if page.after is None else Place(*map(int, page.after)),
        limit=page.size,
    )
    answer: dict[str, Any] = {"HITId": task_id}
    for level, prefix in ((PolicyLevel.ASSIGNMENT, "Assignment"), (PolicyLevel.HIT, "HIT")):
        if level in asked and level in names:
            answer[f"{prefix}ReviewPolicy"] = {"PolicyName": names[level]}
            answer[f"{prefix}ReviewReport"] = _report(
                [one for one in found.entries if one.review.level == level], _kinds(given)
            )
    if found.end is not None:
        answer["NextToken"] = page.token_after((found.end.list_no, found.end.row_id))
    return answer


def _kinds(given: Mapping[str, Any]) -> list[type[Entry]]:
    """Results and actions, unless the caller wants less."""
    kinds: list[tuple[str, type[Entry]]] = [("RetrieveResults", Result), ("RetrieveActions", Action)]
    return [kind for member, kind in kinds if given.get(member, True)]


def _report(entries: Sequence[Entry], kinds: Sequence[type[Entry]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if Result in kinds:
        members["ReviewResults"] = [_result(one) for one in entries if isinstance(one, Result)]
    if Action in kinds:
        members["ReviewActions"] = [_action(one) for one in entries if isinstance(one, Action)]
    return members


def _result(result: Result) -> dict[str, Any]:
    return {
        "ActionId": result.review.public_id,
        "SubjectId": result.subject_id,
        "SubjectType": result.subject_type,
        "QuestionId": result.question_id or None,
        "Key": result.key,
        "Value": result.value,
    }


def _action(action: Action) -> dict[str, Any]:
    failed = action.status == ActionStatus.FAILED
    return {
        "ActionId": action.public_id,
        "ActionName": action.name,
        "TargetId": action.target_id,
        "TargetType": action.target_type,
        "Status": action.status,
        "CompleteTime": action.completed_at,
        "Result": _outcome(action),
        "ErrorCode": _ERROR_CODES.get(action.error, _OTHER_ERROR) if failed else None,
    }


def _outcome(action: Action) -> str | None:
    match action.status:
        case ActionStatus.SUCCEEDED:
            return _DONE[action.name]
        case ActionStatus.FAILED:
            return f"The {action.target_type} could not be changed: its state or your funds do not allow it."
        case _:
            return None
