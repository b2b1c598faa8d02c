"""How public clients call: Dallinger, Mephisto, psiTurk, oTree, pyMTurkR and amti, in our own words.

Each does as the real one does: reads members unguarded, matches on parts of messages, expects
an error where MTurk gave one (mturk-api 14, 15).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError

from tests import cast, make
from tests.api.conftest import MTurkClient, Wire
from tukro.people.actions.keys import NewKey
from tukro.people.models import Requester, Worker
from tukro.quality.actions import review_submitted
from tukro.work.actions.doing.assigning import accept_task, submit_assignment

pytestmark = pytest.mark.django_db

SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"
EXTERNAL = (
    f'<ExternalQuestion xmlns="{SCHEMAS}/2006-07-14/ExternalQuestion.xsd">'
    "<ExternalURL>https://experiment.example.org/ad?mode=live&amp;v=2</ExternalURL>"
    "<FrameHeight>600</FrameHeight></ExternalQuestion>"
)
ONE_QUESTION = (
    f'<QuestionForm xmlns="{SCHEMAS}/2017-11-06/QuestionForm.xsd"><Question>'
    "<QuestionIdentifier>workerid</QuestionIdentifier><DisplayName>Confirm Worker ID</DisplayName>"
    "<IsRequired>true</IsRequired><QuestionContent><Text>Enter Worker ID to submit</Text></QuestionContent>"
    '<AnswerSpecification><FreeTextAnswer><Constraints><Length minLength="2" />'
    r'<AnswerFormatRegex regex="\S" errorText="The content cannot be blank."/>'
    "</Constraints></FreeTextAnswer></AnswerSpecification></Question></QuestionForm>"
)


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


@pytest.fixture
def mturk(wire: Wire, karim: Requester) -> MTurkClient:
    return wire.client_of(karim)


def hand_in(hit_id: str, worker: Worker, **answers: str) -> str:
    """A worker does the HIT; returns the assignment's id."""
    now = datetime.now(UTC)
    taken = accept_task(worker=worker, task_id=hit_id, now=now)
    fields = tuple(answers.items()) or (("code", "A1B2"),)
    submit_assignment(worker=worker, assignment_id=taken.assignment_id, fields=fields, now=now)
    review_submitted(assignment_id=taken.assignment_id, now=now)
    return taken.assignment_id


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> Any:
    response: Any = refused.value.response
    return response["Error"]["Code"], response.get("TurkErrorCode")


def hit_type(mturk: MTurkClient, **more: Any) -> str:
    usual: dict[str, Any] = {
        "Title": "A short experiment",
        "Description": "Decide ten times.",
        "Keywords": "experiment,decision",
        "Reward": "0.5",
        "AssignmentDurationInSeconds": 3600,
        "QualificationRequirements": (),
    }
    made: str = mturk.create_hit_type(**(usual | more))["HITTypeId"]
    return made


def external_hit(mturk: MTurkClient, type_id: str, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"HITTypeId": type_id, "Question": EXTERNAL, "LifetimeInSeconds": 86400}
    hit: dict[str, Any] = mturk.create_hit_with_hit_type(**(usual | more))["HIT"]
    return hit


# --- Dallinger ----------------------------------------------------------------------------------------


def test_dallinger_posts_extends_and_deletes_a_hit(mturk: MTurkClient) -> None:
    assert bool(mturk.get_account_balance())
    type_id = hit_type(mturk, AutoApprovalDelayInSeconds=0)
    hit = external_hit(mturk, type_id, MaxAssignments=2, UniqueRequestToken=str(time.time()))
    translated = {
        "id": hit["HITId"],
        "type_id": hit["HITTypeId"],
        "created": hit["CreationTime"],
        "expiration": hit["Expiration"],
        "max_assignments": hit["MaxAssignments"],
        "title": hit["Title"],
        "keywords": hit["Keywords"].split(","),
        "qualification_type_ids": [one["QualificationTypeId"] for one in hit["QualificationRequirements"]],
        "reward": float(hit["Reward"]),
        "review_status": hit["HITReviewStatus"],
        "status": hit["HITStatus"],
        "annotation": hit.get("RequesterAnnotation"),
        "assignments_available": hit["NumberOfAssignmentsAvailable"],
        "assignments_completed": hit["NumberOfAssignmentsCompleted"],
        "assignments_pending": hit["NumberOfAssignmentsPending"],
    }
    assert translated["status"] == "Assignable"
    assert translated["assignments_available"] == 2

    more = mturk.create_additional_assignments_for_hit(
        HITId=hit["HITId"], NumberOfAdditionalAssignments=1, UniqueRequestToken=str(time.time())
    )
    assert more["ResponseMetadata"]["HTTPStatusCode"] == 200
    later = mturk.get_hit(HITId=hit["HITId"])["HIT"]["Expiration"] + timedelta(hours=2)
    mturk.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=later)
    extended = mturk.get_hit(HITId=hit["HITId"])["HIT"]
    assert extended["MaxAssignments"] == 3
    assert abs(extended["Expiration"] - later) <= timedelta(seconds=1)

    with pytest.raises(ClientError) as refused:
        mturk.delete_hit(HITId=hit["HITId"])
    assert code_of(refused) == ("RequestError", "AWS.MechanicalTurk.InvalidHITState")
    mturk.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)
    mturk.delete_hit(HITId=hit["HITId"])
    with pytest.raises(ClientError, match="currently in the state 'Disposed'"):
        mturk.delete_hit(HITId=hit["HITId"])


def test_dallinger_tells_not_submitted_from_approved_by_words(mturk: MTurkClient) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        mturk.get_assignment(AssignmentId="3FAKE")
    hit = external_hit(mturk, hit_type(mturk, AutoApprovalDelayInSeconds=0))
    done = hand_in(hit["HITId"], cast.rahima())
    assert mturk.get_assignment(AssignmentId=done)["Assignment"]["AssignmentStatus"] == "Approved"
    with pytest.raises(ClientError, match="This operation can be called with a status of: Submitted"):
        mturk.approve_assignment(AssignmentId=done)


def test_dallinger_keeps_scores_in_a_qualification_found_by_its_shouted_name(mturk: MTurkClient) -> None:
    made = mturk.create_qualification_type(
        Name="Ran experiment 7", Description="Has taken part", QualificationTypeStatus="Active"
    )["QualificationType"]
    with pytest.raises(ClientError, match="already created a QualificationType with this name"):
        mturk.create_qualification_type(
            Name="Ran experiment 7", Description="Has taken part", QualificationTypeStatus="Active"
        )
    query = {"Query": "RAN EXPERIMENT 7", "MustBeRequestable": False, "MustBeOwnedByCaller": True}
    [found] = mturk.list_qualification_types(**query, MaxResults=100)["QualificationTypes"]
    assert found["QualificationTypeId"] == made["QualificationTypeId"]

    worker, type_id = cast.rahima(), made["QualificationTypeId"]
    score = {"QualificationTypeId": type_id, "WorkerId": worker.public_id}
    with pytest.raises(ClientError, match="does not exist"):
        mturk.get_qualification_score(**score)
    mturk.associate_qualification_with_worker(**score, IntegerValue=2, SendNotification=False)
    assert mturk.get_qualification_score(**score)["Qualification"]["IntegerValue"] == 2

    def workers() -> Iterator[dict[str, Any]]:
        token: dict[str, str] = {}
        while True:
            page = mturk.list_workers_with_qualification_type(
                QualificationTypeId=type_id, MaxResults=100, Status="Granted", **token
            )
            for one in page["Qualifications"]:
                yield {"id": one["WorkerId"], "score": one["IntegerValue"]}
            if "NextToken" not in page:
                return
            token = {"NextToken": page["NextToken"]}

    assert list(workers()) == [{"id": worker.public_id, "score": 2}]
    mturk.disassociate_qualification_from_worker(**score, Reason="")
    with pytest.raises(ClientError, match="operation can be called with a status of: Granted"):
        mturk.get_qualification_score(**score)
    mturk.delete_qualification_type(QualificationTypeId=type_id)


# --- Mephisto -----------------------------------------------------------------------------------------


def test_mephisto_reads_the_token_unguarded_until_a_page_is_empty(mturk: MTurkClient) -> None:
    type_id = hit_type(mturk)
    made = {external_hit(mturk, type_id)["HITId"] for _ in range(3)}
    page = mturk.list_hits(MaxResults=2)
    found = list(page["HITs"])
    while len(page["HITs"]) > 0:
        page = mturk.list_hits(MaxResults=2, NextToken=page["NextToken"])
        found += page["HITs"]
    assert {one["HITId"] for one in found} == made
    assert len(found) == 3


def test_mephisto_deletes_what_it_can_and_expires_the_rest(mturk: MTurkClient) -> None:
    type_id = hit_type(mturk)
    finished, waiting = external_hit(mturk, type_id), external_hit(mturk, type_id)
    mturk.approve_assignment(AssignmentId=hand_in(finished["HITId"], cast.rahima()), OverrideRejection=False)

    def sweep() -> list[str]:
        left = []
        for hit in mturk.list_hits(MaxResults=100)["HITs"]:
            try:
                mturk.delete_hit(HITId=hit["HITId"])
            except Exception:
                mturk.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=datetime(2015, 1, 1, tzinfo=UTC))
                left.append(hit["HITId"])
        return left

    assert sweep() == [waiting["HITId"]]
    assert sweep() == []


def test_mephisto_compensates_with_a_form_a_bonus_and_a_letter(mturk: MTurkClient) -> None:
    hit = mturk.create_hit_with_hit_type(
        HITTypeId=hit_type(mturk),
        MaxAssignments=1,
        LifetimeInSeconds=60 * 60 * 24 * 31,
        Question=ONE_QUESTION,
    )["HIT"]
    worker = cast.rahima()
    done = hand_in(hit["HITId"], worker, **{"answer-1": "rahima"})
    bonus = {
        "WorkerId": worker.public_id,
        "BonusAmount": str(0.3),
        "AssignmentId": done,
        "Reason": "Compensation",
        "UniqueRequestToken": "compensation-1",
    }
    before = float(mturk.get_account_balance()["AvailableBalance"])
    mturk.send_bonus(**bonus)
    assert float(mturk.get_account_balance()["AvailableBalance"]) == pytest.approx(before - 0.36)
    with pytest.raises(ClientError, match="idempotency"):
        mturk.send_bonus(**bonus)

    mturk.approve_assignment(AssignmentId=done)
    answer = mturk.notify_workers(
        Subject="Thank you", MessageText="It is paid.", WorkerIds=[worker.public_id, "A0NOBODYHERE00"]
    )
    [failure] = answer["NotifyWorkersFailureStatuses"]
    assert (failure["WorkerId"], failure["NotifyWorkersFailureCode"]) == ("A0NOBODYHERE00", "HardFailure")
    assert failure["NotifyWorkersFailureMessage"]
    assert len(mturk.notify_workers(Subject="Hi", MessageText="Hi", WorkerIds=[worker.public_id])
               ["NotifyWorkersFailureStatuses"]) == 0  # fmt: skip


def test_mephisto_finds_its_own_qualification_and_knows_who_is_blocked(mturk: MTurkClient) -> None:
    mturk.create_qualification_type(
        Name="onboarded", Description="Has been shown around", QualificationTypeStatus="Active"
    )
    found = mturk.list_qualification_types(
        Query="onboarded", MustBeRequestable=True, MustBeOwnedByCaller=True
    )
    assert [one["Name"] for one in found["QualificationTypes"]] == ["onboarded"]
    worker = cast.tanvir().public_id
    mturk.create_worker_block(WorkerId=worker, Reason="Answers at random")
    assert worker in [one["WorkerId"] for one in mturk.list_worker_blocks(MaxResults=100)["WorkerBlocks"]]
    mturk.delete_worker_block(WorkerId=worker, Reason="A misunderstanding")
    assert mturk.list_worker_blocks(MaxResults=100)["WorkerBlocks"] == []


# --- psiTurk ------------------------------------------------------------------------------------------


def test_psiturk_rejects_without_words_and_takes_it_back(mturk: MTurkClient) -> None:
    hit = external_hit(mturk, hit_type(mturk))
    done = hand_in(hit["HITId"], cast.rahima())
    mturk.reject_assignment(AssignmentId=done, RequesterFeedback="")
    pages = mturk.get_paginator("list_assignments_for_hit").paginate(
        HITId=hit["HITId"], AssignmentStatuses=["Rejected"]
    )
    [rejected] = [one for page in pages for one in page["Assignments"]]
    assert rejected["RejectionTime"]
    mturk.approve_assignment(AssignmentId=done, OverrideRejection=True)
    assert mturk.get_assignment(AssignmentId=done)["Assignment"]["AssignmentStatus"] == "Approved"


def test_psiturk_derives_what_was_submitted_from_the_other_counters(mturk: MTurkClient) -> None:
    hit = external_hit(mturk, hit_type(mturk), MaxAssignments=3)
    first = hand_in(hit["HITId"], cast.rahima())
    hand_in(hit["HITId"], cast.tanvir())
    mturk.approve_assignment(AssignmentId=first)
    [seen] = [one for page in mturk.get_paginator("list_hits").paginate() for one in page["HITs"]]
    submitted = (
        seen["MaxAssignments"]
        - seen["NumberOfAssignmentsAvailable"]
        - seen["NumberOfAssignmentsPending"]
        - seen["NumberOfAssignmentsCompleted"]
    )
    assert submitted == 1


# --- oTree --------------------------------------------------------------------------------------------


class OTree:
    """A client that signs by hand, knows only a host, and reads raw JSON."""

    def __init__(self, wire: Wire, key: NewKey) -> None:
        self.endpoint, self.host, self.key = wire.url, wire.url.removeprefix("http://"), key

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        body = json.dumps(parameters).encode()
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": self.host,
            "x-amz-date": moment,
            "x-amz-target": f"MTurkRequesterServiceV20170117.{operation}",
        }
        signed = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        canonical = "\n".join(["POST", "/", "", lines, signed, hashlib.sha256(body).hexdigest()])
        scope = f"{moment[:8]}/us-east-1/mturk-requester/aws4_request"
        to_sign = "\n".join(
            ["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()]
        )
        secret = f"AWS4{self.key.secret}".encode()
        for part in scope.split("/"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        signature = hmac.digest(secret, to_sign.encode(), "sha256").hex()
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.key.key_id}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        del headers["host"]  # urllib sends its own
        with urlopen(Request(self.endpoint, headers=headers), data=body, timeout=30) as answer:
            parsed: dict[str, Any] = json.loads(answer.read())
        return parsed


def test_otree_signs_by_hand_compares_raw_numbers_and_reads_to_an_empty_page(
    wire: Wire, karim: Requester
) -> None:
    client = OTree(wire, wire.key_of(karim))
    hit = client.call(
        "CreateHIT",
        Title="A game",
        Description="Play with others.",
        Keywords="game, bonus",
        MaxAssignments=2,
        Reward="1.00",
        AssignmentDurationInSeconds=3600,
        LifetimeInSeconds=int(86400.0),
        UniqueRequestToken="otree_session_1",
        Question=EXTERNAL,
    )["HIT"]
    assert hit["Expiration"] > time.time()
    assert hit["HITGroupId"]
    for worker in (cast.rahima(), cast.tanvir()):
        hand_in(hit["HITId"], worker)
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = client.call("ListAssignmentsForHIT", HITId=hit["HITId"], MaxResults=1, **token)
        if not page["Assignments"]:
            break
        found += page["Assignments"]
        token = {"NextToken": page["NextToken"]}
    codes = [ElementTree.fromstring(one["Answer"]).findtext(".//{*}FreeText") for one in found]
    assert codes == ["A1B2", "A1B2"]
    client.call("UpdateExpirationForHIT", HITId=hit["HITId"], ExpireAt=1420070400.0)
    with pytest.raises(HTTPError) as refused:
        client.call("CreateHIT")
    assert "message" in json.loads(refused.value.read())  # lower case: a shape, not a rule
    refused.value.close()


# --- pyMTurkR -----------------------------------------------------------------------------------------


def test_pymturkr_reads_lists_until_a_page_is_short(mturk: MTurkClient) -> None:
    type_id = hit_type(mturk)
    made = [external_hit(mturk, type_id)["HITId"] for _ in range(5)]
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = mturk.list_hits(MaxResults=2, **token)
        found += [one["HITId"] for one in page["HITs"]]
        if page["NumResults"] < 2:
            break
        token = {"NextToken": page["NextToken"]}
    assert sorted(found) == sorted(made)


def test_pymturkr_reads_both_forms_of_a_guard(mturk: MTurkClient) -> None:
    requirement = {
        "QualificationTypeId": "000000000000000000L0",
        "Comparator": "GreaterThan",
        "IntegerValues": [95],
        "RequiredToPreview": True,
    }
    hit = external_hit(mturk, hit_type(mturk, QualificationRequirements=[requirement]))
    [told] = hit["QualificationRequirements"]
    assert (told["RequiredToPreview"], told["ActionsGuarded"]) == (True, "PreviewAndAccept")


def test_pymturkr_makes_review_policies_with_numbers_as_text(mturk: MTurkClient) -> None:
    def parameter(key: str, *values: str) -> dict[str, Any]:
        return {"Key": key, "Values": list(values)}

    hit = external_hit(
        mturk,
        hit_type(mturk),
        MaxAssignments=2,
        AssignmentReviewPolicy={
            "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
            "Parameters": [
                {"Key": "AnswerKey", "MapEntries": [{"Key": "colour", "Values": ["blue"]}]},
                parameter("ApproveIfKnownAnswerScoreIsAtLeast", "79"),
                parameter("ExtendIfKnownAnswerScoreIsLessThan", "79"),
                parameter("ExtendMaximumAssignments", "3"),
            ],
        },
        HITReviewPolicy={
            "PolicyName": "SimplePlurality/2011-09-01",
            "Parameters": [
                parameter("QuestionIDs", "colour"),
                parameter("QuestionAgreementThreshold", "49"),
            ],
        },
    )
    right = hand_in(hit["HITId"], cast.rahima(), colour="blue ")
    wrong = hand_in(hit["HITId"], cast.tanvir(), colour="Blue")
    states = {
        one["AssignmentId"]: one["AssignmentStatus"]
        for one in mturk.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"]
    }
    assert states == {right: "Approved", wrong: "Submitted"}
    assert mturk.get_hit(HITId=hit["HITId"])["HIT"]["MaxAssignments"] == 3
    told = mturk.list_review_policy_results_for_hit(
        HITId=hit["HITId"], PolicyLevels=["Assignment", "HIT"], RetrieveActions=True, RetrieveResults=True
    )
    scores = [
        one["Value"]
        for one in told["AssignmentReviewReport"]["ReviewResults"]
        if one["Key"] == "KnownAnswerScore"
    ]
    assert scores == ["100", "0"]


def test_a_policy_that_cannot_be_followed_makes_no_hit(mturk: MTurkClient) -> None:
    policy = {
        "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
        "Parameters": [{"Key": "ApproveIfKnownAnswerScoreIsAtLeast", "Values": ["102"]}],
    }
    type_id = hit_type(mturk)
    with pytest.raises(ClientError) as refused:
        external_hit(mturk, type_id, AssignmentReviewPolicy=policy)
    assert code_of(refused)[0] == "ParameterValidationError"
    assert mturk.list_hits()["HITs"] == []


# --- amti ---------------------------------------------------------------------------------------------


def test_amti_finds_a_shared_type_and_saves_every_assignment(mturk: MTurkClient) -> None:
    same = [hit_type(mturk), hit_type(mturk, Reward="0.50")]
    assert same[0] == same[1]
    hits = [external_hit(mturk, same[0], RequesterAnnotation=f"row {no}") for no in range(2)]
    workers = [make.worker() for _ in hits]
    for hit, worker in zip(hits, workers, strict=True):
        hand_in(hit["HITId"], worker)
    saved = []
    for hit in hits:
        told = mturk.get_hit(HITId=hit["HITId"])["HIT"]
        assert told["HITStatus"] == "Reviewable"
        paginator = mturk.get_paginator("list_assignments_for_hit")
        for page in paginator.paginate(HITId=hit["HITId"], AssignmentStatuses=["Submitted", "Approved"]):
            saved += [(told["RequesterAnnotation"], one["WorkerId"]) for one in page["Assignments"]]
    assert saved == [(f"row {no}", worker.public_id) for no, worker in enumerate(workers)]
