"""ListReviewPolicyResultsForHIT by the real boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import make
from tests.api.conftest import Wire
from tests.make import NOW
from tests.quality.policies import (
    answer_key,
    known,
    parameter,
    plural,
    review_reviewable,
    submission,
    task_with,
)
from tukro.people.models import Requester
from tukro.quality.actions import review_submitted
from tukro.work.models import Task

pytestmark = pytest.mark.django_db

KNOWN = known(
    answer_key(digit="7"),
    parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"),
    parameter("RejectIfKnownAnswerScoreIsLessThan", "100"),
)
AGREEMENT = plural(
    parameter("QuestionIds", "digit"),
    parameter("QuestionAgreementThreshold", "50"),
    parameter("RejectIfWorkerAgreementScoreIsLessThan", "100"),
)


def reviewed_task(requester: Requester) -> Task:
    """Two right answers and a wrong one, looked at by both policies."""
    task = task_with(assignment_level=KNOWN, hit_level=AGREEMENT, of=requester)
    for digit in "771":
        review_submitted(assignment_id=submission(task, digit=digit).public_id, now=NOW)
    review_reviewable(task_id=task.public_id, event_id=1, now=NOW)
    return task


def test_both_reports_with_their_policies_names(wire: Wire) -> None:
    karim = make.requester()
    task = reviewed_task(karim)
    first, _second, third = task.assignments.order_by("id")
    answer = wire.client_of(karim).list_review_policy_results_for_hit(HITId=task.public_id)

    assert answer["HITId"] == task.public_id
    assert answer["AssignmentReviewPolicy"] == {"PolicyName": "ScoreMyKnownAnswers/2011-09-01"}
    assert answer["HITReviewPolicy"] == {"PolicyName": "SimplePlurality/2011-09-01"}
    results = answer["AssignmentReviewReport"]["ReviewResults"]
    assert [(one["SubjectId"], one.get("QuestionId"), one["Key"], one["Value"]) for one in results[:2]] == [
        (first.public_id, "digit", "KnownAnswerCorrect", "1"),
        (first.public_id, None, "KnownAnswerScore", "100"),
    ]
    actions = answer["AssignmentReviewReport"]["ReviewActions"]
    assert [(one["ActionName"], one["Status"]) for one in actions] == [
        ("review", "Succeeded"),
        ("approve", "Succeeded"),
        ("review", "Succeeded"),
        ("approve", "Succeeded"),
        ("review", "Succeeded"),
        ("reject", "Succeeded"),
    ]
    assert {one["CompleteTime"] for one in actions} == {NOW}
    assert results[0]["ActionId"] == actions[0]["ActionId"]
    [look, rejection] = answer["HITReviewReport"]["ReviewActions"]
    assert (look["ActionName"], look["TargetId"], look["TargetType"]) == ("review", task.public_id, "HIT")
    # The other policy had rejected it: it is as this one wants it.
    assert (rejection["TargetId"], rejection["Status"]) == (third.public_id, "Succeeded")


def test_a_failed_action_says_why(wire: Wire) -> None:
    karim = make.requester()
    task = task_with(assignment_level=KNOWN, of=karim, auto_approve_seconds=0)  # silence approves at once
    review_submitted(assignment_id=submission(task, digit="1").public_id, now=NOW)
    answer = wire.client_of(karim).list_review_policy_results_for_hit(HITId=task.public_id)
    rejection = answer["AssignmentReviewReport"]["ReviewActions"][-1]
    assert (rejection["Status"], rejection["ErrorCode"]) == (
        "Failed",
        "AWS.MechanicalTurk.InvalidAssignmentState",
    )


@pytest.mark.parametrize(
    ("asked", "levels"),
    [
        ({"PolicyLevels": ["Assignment"]}, {"AssignmentReviewReport"}),
        ({"PolicyLevels": ["HIT"]}, {"HITReviewReport"}),
        ({"PolicyLevels": []}, {"AssignmentReviewReport", "HITReviewReport"}),
    ],
)
def test_one_level_on_request(wire: Wire, asked: dict[str, Any], levels: set[str]) -> None:
    karim = make.requester()
    task = reviewed_task(karim)
    answer = wire.client_of(karim).list_review_policy_results_for_hit(HITId=task.public_id, **asked)
    assert {name for name in answer if name.endswith("Report")} == levels


def test_results_or_actions_alone(wire: Wire) -> None:
    karim = make.requester()
    task = reviewed_task(karim)
    client = wire.client_of(karim)
    without_actions = client.list_review_policy_results_for_hit(HITId=task.public_id, RetrieveActions=False)
    assert set(without_actions["HITReviewReport"]) == {"ReviewResults"}
    without_results = client.list_review_policy_results_for_hit(HITId=task.public_id, RetrieveResults=False)
    assert set(without_results["HITReviewReport"]) == {"ReviewActions"}


def test_pages_hold_every_entry_once_and_end_with_an_empty_one(wire: Wire) -> None:
    karim = make.requester()
    task = reviewed_task(karim)
    client = wire.client_of(karim)
    whole = client.list_review_policy_results_for_hit(HITId=task.public_id)
    pages: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = client.list_review_policy_results_for_hit(HITId=task.public_id, MaxResults=4, **token)
        pages.append(page)
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    for level in ("AssignmentReviewReport", "HITReviewReport"):
        for kind in ("ReviewResults", "ReviewActions"):
            assert [one for page in pages for one in page[level][kind]] == whole[level][kind]
    assert all(not pages[-1][level][kind] for level in ("AssignmentReviewReport", "HITReviewReport")
               for kind in ("ReviewResults", "ReviewActions"))  # fmt: skip


def test_a_hit_without_policies_has_nothing_but_its_id(wire: Wire) -> None:
    karim = make.requester()
    task = make.task(of=karim)
    answer = wire.client_of(karim).list_review_policy_results_for_hit(HITId=task.public_id)
    del answer["ResponseMetadata"]
    assert answer == {"HITId": task.public_id}


def test_another_requesters_hit_does_not_exist(wire: Wire) -> None:
    task = make.task()
    with pytest.raises(ClientError, match=f"Hit {task.public_id} does not exist") as refused:
        wire.client_of(make.requester()).list_review_policy_results_for_hit(HITId=task.public_id)
    response: Any = refused.value.response
    assert response["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"


def test_an_assignment_exists_for_programs_only_after_its_policy_has_looked(wire: Wire) -> None:
    karim = make.requester()
    task = task_with(assignment_level=known(answer_key(digit="7")), of=karim)
    work = submission(task, digit="7")
    client = wire.client_of(karim)
    with pytest.raises(ClientError, match=f"Assignment {work.public_id} does not exist"):
        client.get_assignment(AssignmentId=work.public_id)
    assert client.list_assignments_for_hit(HITId=task.public_id)["Assignments"] == []
    review_submitted(assignment_id=work.public_id, now=NOW)
    assert client.get_assignment(AssignmentId=work.public_id)["HIT"]["HITId"] == task.public_id
    [listed] = client.list_assignments_for_hit(HITId=task.public_id)["Assignments"]
    assert listed["AssignmentId"] == work.public_id
