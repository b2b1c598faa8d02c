"""HITs over the wire with boto3: every operation of mturk-api 6.1-6.12, its rules, errors and pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import cast, make
from tests.api.conftest import MTurkClient, Wire
from tests.api.hits import EXTERNAL, FORM, HIT, HTML, TYPE, accepted, create, get, refused, submitted
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.qualifications.models import QualificationType
from tukro.work.actions.publishing import cancel_batch, hold_batch
from tukro.work.actions.reviewing import approve_assignment, reject_assignment
from tukro.work.models import Task, TaskType

NOBODY = "3" + "A" * 29


@pytest.fixture
def karim(transactional_db: None) -> Requester:
    return cast.karim()


@pytest.fixture
def client(wire: Wire, karim: Requester) -> MTurkClient:
    return wire.client_of(karim)


def state_error(state: str, allowed: str) -> str:
    return (
        rf"This HIT is currently in the state '{state}'. "
        rf"This operation can be called with a status of: {allowed} \(\d{{13}}\)"
    )


# --- CreateHIT -------------------------------------------------------------------------------------------


def test_a_new_hit_is_answered_whole(client: MTurkClient) -> None:
    before = datetime.now(UTC)
    hit = create(client, Keywords="image, digits", MaxAssignments=3, RequesterAnnotation="row 7")
    made = Task.objects.select_related("task_type").get()
    created = hit.pop("CreationTime")
    assert before - timedelta(seconds=1) <= created <= datetime.now(UTC)
    assert hit.pop("Expiration") - created == timedelta(hours=1)
    assert hit == {
        "HITId": made.public_id,
        "HITTypeId": made.task_type.public_id,
        "HITGroupId": made.task_type.group_id,
        "Title": TYPE["Title"],
        "Description": TYPE["Description"],
        "Question": HTML,
        "Keywords": "image, digits",
        "HITStatus": "Assignable",
        "MaxAssignments": 3,
        "Reward": "0.05",
        "AutoApprovalDelayInSeconds": 2592000,
        "AssignmentDurationInSeconds": 600,
        "RequesterAnnotation": "row 7",
        "QualificationRequirements": [],
        "HITReviewStatus": "NotReviewed",
        "NumberOfAssignmentsPending": 0,
        "NumberOfAssignmentsAvailable": 3,
        "NumberOfAssignmentsCompleted": 0,
    }


def test_what_was_not_given_is_absent_and_one_assignment_is_the_default(client: MTurkClient) -> None:
    hit = create(client)
    assert {"Keywords", "RequesterAnnotation", "HITLayoutId"}.isdisjoint(hit)
    assert hit["MaxAssignments"] == 1


@pytest.mark.parametrize(("question", "kind"), [(HTML, "html"), (EXTERNAL, "external"), (FORM, "form")])
def test_each_kind_of_question_comes_back_byte_for_byte(
    client: MTurkClient, question: str, kind: str
) -> None:
    assert get(client, create(client, Question=question)["HITId"])["Question"] == question
    assert Task.objects.get().question.kind == kind


def test_equal_properties_are_one_type_however_they_are_written(client: MTurkClient) -> None:
    asked = {"QualificationTypeId": "00000000000000000040", "Comparator": "GreaterThan", "IntegerValues": [5]}
    here: dict[str, Any] = {"QualificationTypeId": "00000000000000000071", "Comparator": "EqualTo"}
    here["LocaleValues"] = [{"Country": "US", "Subdivision": "CA"}]
    one = create(client, Reward="0.5", QualificationRequirements=[asked, {**here, "RequiredToPreview": True}])
    other = create(
        client,
        Reward="0.50",
        AutoApprovalDelayInSeconds=2592000,
        Keywords="",
        QualificationRequirements=[{**here, "ActionsGuarded": "PreviewAndAccept"}, asked],
    )
    assert one["HITTypeId"] == other["HITTypeId"]
    assert {row["QualificationTypeId"]: row for row in one["QualificationRequirements"]} == {
        "00000000000000000040": {**asked, "RequiredToPreview": False, "ActionsGuarded": "Accept"},
        "00000000000000000071": {**here, "RequiredToPreview": True, "ActionsGuarded": "PreviewAndAccept"},
    }
    assert create(client, Reward="0.51")["HITTypeId"] != one["HITTypeId"]


def test_requesters_never_share_a_type(wire: Wire, client: MTurkClient) -> None:
    other = wire.client_of(make.requester())
    assert create(client)["HITTypeId"] != create(other)["HITTypeId"]


def test_the_whole_price_is_set_aside_or_nothing_is_made(wire: Wire) -> None:
    poor = make.requester(funds="0.17")
    client = wire.client_of(poor)
    assert refused(client.create_hit, **HIT | {"MaxAssignments": 3}) == {
        "kind": "RequestError",
        "code": "InsufficientFunds",
        "message": refused(client.create_hit, **HIT | {"MaxAssignments": 3})["message"],
    }
    assert "insufficient funds" in refused(client.create_hit, **HIT | {"MaxAssignments": 3})["message"]
    assert not Task.objects.exists()
    assert not TaskType.objects.exists()
    create(client, MaxAssignments=2)
    assert requester_balance(poor) == (Money.parse("0.05"), Money.parse("0.12"))


def test_a_token_that_is_repeated_is_an_error_that_names_the_hit(client: MTurkClient) -> None:
    hit = create(client, UniqueRequestToken="t 1")
    error = refused(client.create_hit, **HIT | {"UniqueRequestToken": "t 1"})
    assert (error["kind"], error["code"]) == ("RequestError", "HitAlreadyExists")
    assert re.fullmatch(rf'The HIT with ID "{hit["HITId"]}" already exists. \(\d+\)', error["message"])
    assert Task.objects.count() == 1
    given = {"HITTypeId": hit["HITTypeId"], "LifetimeInSeconds": 60, "Question": HTML}
    client.create_hit_with_hit_type(**given, UniqueRequestToken="t 1")  # another operation
    assert Task.objects.count() == 2
    error = refused(client.create_hit_with_hit_type, **given, UniqueRequestToken="t 1")
    assert error["code"] == "HitAlreadyExists"


def test_a_refused_request_does_not_burn_its_token(client: MTurkClient) -> None:
    token = {"UniqueRequestToken": "again"}
    assert refused(client.create_hit, **HIT | token | {"Question": "<nonsense>"})
    assert refused(client.create_hit, **HIT | token | {"MaxAssignments": 1_000_000_000})["code"] == (
        "InsufficientFunds"
    )
    create(client, **token)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Title": " "}, "Title  has a minimum length of 1"),
        ({"Title": "x" * 129}, "Title  has a maximum length of 128"),
        ({"Description": "x" * 2001}, "Description  has a maximum length of 2000"),
        ({"Keywords": "x" * 1001}, "Keywords  has a maximum length of 1000"),
        ({"RequesterAnnotation": "x" * 256}, "RequesterAnnotation  has a maximum length of 255"),
        ({"AssignmentDurationInSeconds": 29}, "AssignmentDurationInSeconds  has a minimum value of 30"),
        ({"AssignmentDurationInSeconds": 31536001}, "has a maximum value of 31536000"),
        ({"LifetimeInSeconds": 29}, "LifetimeInSeconds  has a minimum value of 30"),
        ({"LifetimeInSeconds": 2**60}, "LifetimeInSeconds is out of range"),
        ({"AutoApprovalDelayInSeconds": 2592001}, "has a maximum value of 2592000"),
        ({"MaxAssignments": 0}, "MaxAssignments  has a minimum value of 1"),
        ({"MaxAssignments": 1_000_000_001}, "MaxAssignments  has a maximum value of 1000000000"),
        ({"Reward": "0"}, "Reward  has a minimum value of 0.01"),
        ({"HITLayoutId": NOBODY}, "Exactly one of the parameters Question and HITLayoutId"),
        ({"Question": None}, "Exactly one of the parameters Question and HITLayoutId"),
        ({"Question": "<a>"}, "There was an error parsing the XML question"),
        ({"Question": EXTERNAL.replace("https:", "http:")}, "is not valid for the parameter ExternalURL"),
        (
            {
                "QualificationRequirements": [
                    {"QualificationTypeId": "00000000000000000040", "Comparator": "EqualTo"}
                ]
            },
            "QualificationRequirements",
        ),
        (
            {
                "QualificationRequirements": [
                    {
                        "QualificationTypeId": "00000000000000000071",
                        "Comparator": "EqualTo",
                        "LocaleValues": [{"Country": "BD", "Subdivision": "13"}],
                    }
                ]
            },
            "Subdivision",
        ),
    ],
)
def test_a_value_outside_of_its_limits_is_a_parameter_error_that_names_it(
    client: MTurkClient, given: dict[str, Any], message: str
) -> None:
    members = {name: value for name, value in (HIT | given).items() if value is not None}
    error = refused(client.create_hit, **members)
    assert error["kind"] == "ParameterValidationError"
    assert message in error["message"]
    assert not Task.objects.exists()


def test_a_reward_of_three_decimals_is_a_validation_exception(client: MTurkClient) -> None:
    assert refused(client.create_hit, **HIT | {"Reward": "0.333"})["kind"] == "ValidationException"


def test_unknown_and_switched_off_qualification_types_are_named(
    client: MTurkClient, karim: Requester
) -> None:
    asked = make.qualification_type(of=karim)
    wanted = [{"QualificationTypeId": asked.public_id, "Comparator": "Exists"}]
    hit_type = create(client, QualificationRequirements=wanted)["HITTypeId"]
    unknown = [{"QualificationTypeId": NOBODY, "Comparator": "Exists"}]
    error = refused(client.create_hit, **HIT | {"QualificationRequirements": unknown})
    assert (error["kind"], error["code"]) == ("RequestError", "QualificationTypeDoesNotExist")
    assert f"QualificationType {NOBODY} does not exist." in error["message"]
    QualificationType.objects.filter(pk=asked.pk).update(is_active=False)
    for act, given in (
        (client.create_hit, HIT | {"QualificationRequirements": wanted}),
        (client.create_hit_type, TYPE | {"QualificationRequirements": wanted}),
        (
            client.create_hit_with_hit_type,
            {"HITTypeId": hit_type, "LifetimeInSeconds": 60, "Question": HTML},
        ),
    ):
        assert refused(act, **given)["code"] == "InvalidQualificationTypeState"


def test_review_policies_come_with_the_hit_or_nothing_is_made(client: MTurkClient) -> None:
    policy = {
        "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
        "Parameters": [{"Key": "AnswerKey", "MapEntries": [{"Key": "digit", "Values": ["7"]}]}],
    }
    hit = create(client, AssignmentReviewPolicy=policy)
    assert Task.objects.get().reviews
    hit = client.create_hit_with_hit_type(
        HITTypeId=hit["HITTypeId"], LifetimeInSeconds=60, Question=HTML, AssignmentReviewPolicy=policy
    )["HIT"]
    found = client.list_review_policy_results_for_hit(HITId=hit["HITId"])
    assert found["AssignmentReviewPolicy"] == {"PolicyName": "ScoreMyKnownAnswers/2011-09-01"}
    bad = {**policy, "Parameters": []}
    assert refused(client.create_hit, **HIT | {"AssignmentReviewPolicy": bad})["kind"] == (
        "ParameterValidationError"
    )
    assert Task.objects.count() == 2


# --- layouts ---------------------------------------------------------------------------------------------


def test_a_layout_and_its_parameters_make_an_html_question(client: MTurkClient, karim: Requester) -> None:
    layout = make.project(of=karim)
    hit = create(
        client,
        Question=None,
        HITLayoutId=layout.public_id,
        HITLayoutParameters=[{"Name": "image", "Value": "<b>7.png</b>"}],
    )
    assert hit["HITLayoutId"] == layout.public_id
    assert '<p><b>7.png</b></p><input name="digit">' in hit["Question"]


def test_a_layout_of_nobody_or_without_its_parameters_makes_nothing(
    client: MTurkClient, karim: Requester
) -> None:
    members = {name: value for name, value in HIT.items() if name != "Question"}
    assert refused(client.create_hit, **members, HITLayoutId=NOBODY)["code"] == "HITLayoutDoesNotExist"
    layout = make.project(of=karim)
    error = refused(client.create_hit, **members, HITLayoutId=layout.public_id)
    assert (
        "You have not provided all required HITLayout parameters. Missing parameter names: image"
        in (error["message"])
    )
    foreign = make.project(of=make.requester())
    assert refused(client.create_hit, **members, HITLayoutId=foreign.public_id)["code"] == (
        "HITLayoutDoesNotExist"
    )


# --- CreateHITType, CreateHITWithHITType -----------------------------------------------------------------


def test_a_type_is_made_once_and_without_looking_at_funds(wire: Wire) -> None:
    client = wire.client_of(make.requester(funds="0"))
    one = client.create_hit_type(**TYPE)["HITTypeId"]
    assert client.create_hit_type(**TYPE, QualificationRequirements=[])["HITTypeId"] == one
    assert client.create_hit_type(**TYPE, Keywords="digits")["HITTypeId"] != one


def test_hits_of_a_type_take_its_properties_and_share_its_group(client: MTurkClient) -> None:
    hit_type = client.create_hit_type(**TYPE, AutoApprovalDelayInSeconds=60)["HITTypeId"]
    given = {"HITTypeId": hit_type, "LifetimeInSeconds": 60, "Question": EXTERNAL}
    one = client.create_hit_with_hit_type(**given)["HIT"]
    other = client.create_hit_with_hit_type(**given, MaxAssignments=2, RequesterAnnotation="b")["HIT"]
    assert one["HITTypeId"] == other["HITTypeId"] == hit_type
    assert one["HITGroupId"] == other["HITGroupId"]
    assert (one["Title"], one["AutoApprovalDelayInSeconds"]) == (TYPE["Title"], 60)
    assert (one["MaxAssignments"], other["MaxAssignments"]) == (1, 2)


def test_a_type_of_nobody_or_of_somebody_else_does_not_exist(wire: Wire, client: MTurkClient) -> None:
    foreign = wire.client_of(make.requester()).create_hit_type(**TYPE)["HITTypeId"]
    for type_id in (foreign, NOBODY):
        error = refused(
            client.create_hit_with_hit_type, HITTypeId=type_id, LifetimeInSeconds=60, Question=HTML
        )
        assert (error["kind"], error["code"]) == ("RequestError", "HITTypeDoesNotExist")
        assert f"HITType {type_id} does not exist." in error["message"]


# --- GetHIT and lists ------------------------------------------------------------------------------------


def test_a_hit_of_nobody_or_of_somebody_else_does_not_exist(wire: Wire, client: MTurkClient) -> None:
    foreign = create(wire.client_of(make.requester()))["HITId"]
    later = datetime.now(UTC) + timedelta(hours=1)
    for hit_id in (foreign, NOBODY):
        for act, given in (
            (client.get_hit, {}),
            (client.delete_hit, {}),
            (client.update_hit_review_status, {}),
            (client.update_expiration_for_hit, {"ExpireAt": later}),
            (client.create_additional_assignments_for_hit, {"NumberOfAdditionalAssignments": 1}),
            (client.update_hit_type_of_hit, {"HITTypeId": NOBODY}),
        ):
            error = refused(act, HITId=hit_id, **given)
            assert (error["kind"], error["code"]) == ("RequestError", "HITDoesNotExist")
            assert re.fullmatch(rf"Hit {hit_id} does not exist. \(\d+\)", error["message"])


def test_hits_are_listed_the_newest_first_with_a_token_on_every_page_but_the_empty_one(
    client: MTurkClient,
) -> None:
    made = [create(client)["HITId"] for _ in range(3)]
    first = client.list_hits(MaxResults=2)
    assert [hit["HITId"] for hit in first["HITs"]] == [made[2], made[1]]
    last = client.list_hits(MaxResults=2, NextToken=first["NextToken"])
    assert (last["NumResults"], [hit["HITId"] for hit in last["HITs"]]) == (1, [made[0]])
    empty = client.list_hits(MaxResults=2, NextToken=last["NextToken"])
    assert (empty["NumResults"], empty["HITs"], "NextToken" in empty) == (0, [], False)


def test_ten_hits_are_a_page_unless_another_number_is_asked_for(client: MTurkClient) -> None:
    hit_type = client.create_hit_type(**TYPE)["HITTypeId"]
    for _ in range(12):
        client.create_hit_with_hit_type(HITTypeId=hit_type, LifetimeInSeconds=60, Question=HTML)
    assert client.list_hits()["NumResults"] == 10
    assert client.list_hits(MaxResults=100)["NumResults"] == 12


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("list_hits", {}),
        ("list_reviewable_hits", {}),
        ("list_hits_for_qualification_type", {"QualificationTypeId": "00000000000000000040"}),
    ],
)
def test_each_paginator_gives_every_hit_once(client: MTurkClient, name: str, given: dict[str, str]) -> None:
    asked = {"QualificationTypeId": "00000000000000000040", "Comparator": "GreaterThan", "IntegerValues": [0]}
    made = [create(client, QualificationRequirements=[asked])["HITId"] for _ in range(5)]
    for hit_id in made:
        client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    pages = client.get_paginator(name).paginate(**given, PaginationConfig={"PageSize": 2})
    found = [hit["HITId"] for page in pages for hit in page["HITs"]]
    assert found == made[::-1]


def test_a_token_of_another_list_is_no_token(client: MTurkClient) -> None:
    create(client)
    token = client.list_hits()["NextToken"]
    assert refused(client.list_reviewable_hits, NextToken=token)["kind"] == "ParameterValidationError"


def test_only_what_is_over_is_reviewable_and_by_type_and_status(client: MTurkClient) -> None:
    open_hit, empty, done = (create(client, Title=title) for title in ("a", "b", "c"))
    client.update_expiration_for_hit(HITId=empty["HITId"], ExpireAt=datetime(2015, 1, 1, tzinfo=UTC))
    submitted(done["HITId"])
    listed = client.list_reviewable_hits()["HITs"]
    assert [hit["HITId"] for hit in listed] == [done["HITId"], empty["HITId"]]  # the later end first
    client.update_hit_review_status(HITId=done["HITId"])
    assert [hit["HITId"] for hit in client.list_reviewable_hits(Status="Reviewing")["HITs"]] == [
        done["HITId"]
    ]
    assert [hit["HITId"] for hit in client.list_reviewable_hits(Status="Reviewable")["HITs"]] == [
        empty["HITId"]
    ]
    assert client.list_reviewable_hits(HITTypeId=open_hit["HITTypeId"])["NumResults"] == 0
    assert client.list_reviewable_hits(HITTypeId=empty["HITTypeId"])["NumResults"] == 1
    assert refused(client.list_reviewable_hits, HITTypeId=NOBODY)["code"] == "HITTypeDoesNotExist"
    assert refused(client.list_reviewable_hits, Status="Disposed")["kind"] == "ValidationException"


def test_hits_of_a_qualification_type_are_only_ones_own(
    wire: Wire, client: MTurkClient, karim: Requester
) -> None:
    asked = make.qualification_type(of=karim)
    wanted = [{"QualificationTypeId": asked.public_id, "Comparator": "Exists"}]
    mine = create(client, QualificationRequirements=wanted)
    create(client)
    create(wire.client_of(make.requester()), QualificationRequirements=wanted)
    found = client.list_hits_for_qualification_type(QualificationTypeId=asked.public_id)
    assert [hit["HITId"] for hit in found["HITs"]] == [mine["HITId"]]
    assert client.list_hits_for_qualification_type(QualificationTypeId=NOBODY)["HITs"] == []


def test_tasks_of_a_batch_are_hits_with_their_page_filled_in(client: MTurkClient, karim: Requester) -> None:
    now = datetime.now(UTC)
    make.batch(of=karim, rows=[{"image": "a.png"}, {"image": "b.png"}], now=now)
    hits = client.list_hits()["HITs"]
    assert [re.findall(r"<p>(.*)</p>", hit["Question"]) for hit in hits] == [["b.png"], ["a.png"]]
    assert {hit["HITStatus"] for hit in hits} == {"Assignable"}
    proof = '{"instructions": "Say < so.", "fields": [{"name": "a", "kind": "text", "label": "Your words"}]}'
    make.batch(of=karim, question_kind="proof", question_body=proof, now=now)
    assert "<p>Say &lt; so.</p><p>Your words</p>" in client.list_hits()["HITs"][0]["Question"]


# --- CreateAdditionalAssignmentsForHIT -------------------------------------------------------------------


def test_more_assignments_are_offered_paid_for_and_deduplicated_by_token(
    client: MTurkClient, karim: Requester
) -> None:
    hit = create(client)
    submitted(hit["HITId"])
    client.update_hit_review_status(HITId=hit["HITId"])
    more = {"HITId": hit["HITId"], "NumberOfAdditionalAssignments": 2}
    client.create_additional_assignments_for_hit(**more, UniqueRequestToken="t")
    now = get(client, hit["HITId"])
    assert (now["HITStatus"], now["MaxAssignments"], now["NumberOfAssignmentsAvailable"]) == (
        "Assignable",
        3,
        2,
    )
    assert requester_balance(karim)[1] == Money.parse("0.18")
    error = refused(client.create_additional_assignments_for_hit, **more, UniqueRequestToken="t")
    assert (error["kind"], error["code"]) == ("RequestError", "DuplicateRequest")
    assert re.fullmatch(r'The idempotency token "t" has already been processed. \(\d+\)', error["message"])
    client.create_additional_assignments_for_hit(**more)
    assert get(client, hit["HITId"])["MaxAssignments"] == 5


def test_the_wall_between_nine_and_ten_stands(client: MTurkClient) -> None:
    small, large = create(client, MaxAssignments=9), create(client, MaxAssignments=10)
    error = refused(
        client.create_additional_assignments_for_hit,
        HITId=small["HITId"],
        NumberOfAdditionalAssignments=1,
    )
    assert (error["kind"], error["code"]) == ("RequestError", "InvalidMaximumAssignmentsIncrease")
    client.create_additional_assignments_for_hit(HITId=large["HITId"], NumberOfAdditionalAssignments=90)


def test_more_assignments_need_money_and_a_number(client: MTurkClient) -> None:
    hit = create(client, MaxAssignments=10)
    for number, kind in ((1_000_000, "RequestError"), (0, "ParameterValidationError")):
        error = refused(
            client.create_additional_assignments_for_hit,
            HITId=hit["HITId"],
            NumberOfAdditionalAssignments=number,
        )
        assert error["kind"] == kind
    assert get(client, hit["HITId"])["MaxAssignments"] == 10


# --- UpdateExpirationForHIT ------------------------------------------------------------------------------


def test_zero_and_every_moment_that_has_passed_end_a_hit_now_as_often_as_one_likes(
    client: MTurkClient, karim: Requester
) -> None:
    hit = create(client, MaxAssignments=2)
    for moment in (0, datetime(2015, 1, 1, tzinfo=UTC), datetime.now(UTC)):
        client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=moment)
    now = get(client, hit["HITId"])
    assert (now["HITStatus"], now["NumberOfAssignmentsAvailable"]) == ("Reviewable", 0)
    assert now["Expiration"] <= datetime.now(UTC)
    assert requester_balance(karim)[1] == Money(0)


def test_a_hit_with_somebody_inside_is_unassignable_and_cannot_be_deleted(client: MTurkClient) -> None:
    hit = create(client, MaxAssignments=2)
    accepted(hit["HITId"])
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)
    now = get(client, hit["HITId"])
    assert (now["HITStatus"], now["NumberOfAssignmentsPending"]) == ("Unassignable", 1)
    assert re.fullmatch(
        state_error("Unassignable", "Reviewing, Reviewable"),
        refused(client.delete_hit, HITId=hit["HITId"])["message"],
    )


def test_an_end_is_moved_later_and_earlier_and_the_same_twice_is_no_error(client: MTurkClient) -> None:
    hit = create(client)
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)
    for hours in (48, 48, 1):
        until = (datetime.now(UTC) + timedelta(hours=hours)).replace(microsecond=0)
        client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=until)
        client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=until)
        now = get(client, hit["HITId"])
        assert (now["HITStatus"], now["Expiration"]) == ("Assignable", until)
    too_late = datetime.now(UTC) + timedelta(days=400)
    error = refused(client.update_expiration_for_hit, HITId=hit["HITId"], ExpireAt=too_late)
    assert error["kind"] == "ParameterValidationError"
    assert "ExpireAt" in error["message"]


def test_a_hit_of_a_cancelled_batch_cannot_be_opened_again(client: MTurkClient, karim: Requester) -> None:
    now = datetime.now(UTC)
    batch = make.batch(of=karim, now=now)
    cancel_batch(requester=karim, batch_id=batch.public_id, now=now)
    error = refused(
        client.update_expiration_for_hit,
        HITId=batch.tasks.get().public_id,
        ExpireAt=now + timedelta(hours=1),
    )
    assert (error["code"], "its batch was cancelled" in error["message"]) == ("InvalidHITState", True)


# --- UpdateHITReviewStatus -------------------------------------------------------------------------------


def test_reviewing_goes_on_and_back_and_is_no_switch(client: MTurkClient) -> None:
    hit = create(client)
    error = refused(client.update_hit_review_status, HITId=hit["HITId"])
    assert (error["kind"], error["code"]) == ("RequestError", "InvalidHITState")
    assert re.fullmatch(state_error("Assignable", "Reviewable"), error["message"])
    submitted(hit["HITId"])
    client.update_hit_review_status(HITId=hit["HITId"], Revert=False)
    now = get(client, hit["HITId"])
    assert (now["HITStatus"], now["HITReviewStatus"]) == ("Reviewing", "NotReviewed")
    error = refused(client.update_hit_review_status, HITId=hit["HITId"])
    assert re.fullmatch(state_error("Reviewing", "Reviewable"), error["message"])
    client.update_hit_review_status(HITId=hit["HITId"], Revert=True)
    error = refused(client.update_hit_review_status, HITId=hit["HITId"], Revert=True)
    assert re.fullmatch(state_error("Reviewable", "Reviewing"), error["message"])


# --- UpdateHITTypeOfHIT ----------------------------------------------------------------------------------


def test_another_type_brings_all_its_properties_and_its_price(client: MTurkClient, karim: Requester) -> None:
    hit = create(client, MaxAssignments=2)
    dearer = client.create_hit_type(**TYPE | {"Title": "Dearer", "Reward": "0.10"})["HITTypeId"]
    client.update_hit_type_of_hit(HITId=hit["HITId"], HITTypeId=dearer)
    now = get(client, hit["HITId"])
    assert (now["HITTypeId"], now["Title"], now["Reward"]) == (dearer, "Dearer", "0.10")
    assert now["HITGroupId"] != hit["HITGroupId"]
    assert requester_balance(karim)[1] == Money.parse("0.24")


def test_a_type_stays_once_somebody_has_taken_the_hit(client: MTurkClient) -> None:
    hit = create(client)
    other = client.create_hit_type(**TYPE | {"Title": "Other"})["HITTypeId"]
    error = refused(client.update_hit_type_of_hit, HITId=hit["HITId"], HITTypeId=NOBODY)
    assert error["code"] == "HITTypeDoesNotExist"
    submitted(hit["HITId"])
    error = refused(client.update_hit_type_of_hit, HITId=hit["HITId"], HITTypeId=other)
    assert (error["code"], "in the state 'Reviewable'" in error["message"]) == ("InvalidHITState", True)


# --- DeleteHIT -------------------------------------------------------------------------------------------


def test_a_hit_is_deleted_when_it_is_over_and_reviewed_and_only_once(
    client: MTurkClient, karim: Requester
) -> None:
    hit_id = create(client, MaxAssignments=2)["HITId"]
    error = refused(client.delete_hit, HITId=hit_id)
    assert (error["kind"], error["code"]) == ("RequestError", "InvalidHITState")
    assert re.fullmatch(state_error("Assignable", "Reviewing, Reviewable"), error["message"])
    good, bad = submitted(hit_id), submitted(hit_id)
    error = refused(client.delete_hit, HITId=hit_id)
    assert (error["code"], "2 of its assignments" in error["message"]) == ("InvalidHITState", True)
    now = datetime.now(UTC)
    approve_assignment(requester=karim, assignment_id=good, now=now)
    reject_assignment(requester=karim, assignment_id=bad, feedback="", now=now)
    assert get(client, hit_id)["NumberOfAssignmentsCompleted"] == 2
    client.update_hit_review_status(HITId=hit_id)
    assert client.delete_hit(HITId=hit_id)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert get(client, hit_id)["HITStatus"] == "Disposed"
    assert client.list_hits()["HITs"] == client.list_reviewable_hits()["HITs"] == []
    error = refused(client.delete_hit, HITId=hit_id)
    assert error["code"] == "InvalidHITState"
    assert "currently in the state 'Disposed'" in error["message"]


def test_nothing_more_can_be_done_to_a_deleted_hit(client: MTurkClient) -> None:
    hit_id = create(client)["HITId"]
    client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    client.delete_hit(HITId=hit_id)
    living = "Assignable, Unassignable, Reviewable, Reviewing"
    hit_type = client.create_hit_type(**TYPE)["HITTypeId"]
    for act, given, allowed in (
        (client.update_expiration_for_hit, {"ExpireAt": 0}, living),
        (client.create_additional_assignments_for_hit, {"NumberOfAdditionalAssignments": 1}, living),
        (client.update_hit_type_of_hit, {"HITTypeId": hit_type}, living),
        (client.update_hit_review_status, {}, "Reviewable"),
    ):
        error = refused(act, HITId=hit_id, **given)
        assert re.fullmatch(state_error("Disposed", allowed), error["message"])


def test_the_sdk_raises_its_modelled_error_for_business_rules_and_a_plain_one_for_parameters(
    client: MTurkClient,
) -> None:
    with pytest.raises(client.exceptions.RequestError):
        client.get_hit(HITId=NOBODY)
    with pytest.raises(ClientError) as caught:
        create(client, Title="")
    assert not isinstance(caught.value, client.exceptions.RequestError)


# --- work that staff have stopped -------------------------------------------------------------------------


def test_work_that_staff_have_stopped_takes_no_more_and_can_be_ended(client: MTurkClient) -> None:
    hit = create(client)
    batch = Task.objects.select_related("batch").get().batch
    assert batch is not None
    hold_batch(batch_pk=batch.pk, reason_code="secrets", by=cast.shirin().actor, now=datetime.now(UTC))
    assert get(client, hit["HITId"])["HITStatus"] == "Unassignable"
    more = {"LifetimeInSeconds": 60, "Question": HTML}
    told = [
        refused(client.create_hit, **HIT),
        refused(client.create_hit_with_hit_type, HITTypeId=hit["HITTypeId"], **more),
        refused(
            client.create_additional_assignments_for_hit, HITId=hit["HITId"], NumberOfAdditionalAssignments=1
        ),
    ]
    assert {one["code"] for one in told} == {"InvalidParameterValue"}
    assert all("staff of this marketplace stopped this work" in one["message"] for one in told)
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=datetime(2015, 1, 1, tzinfo=UTC))
    assert get(client, hit["HITId"])["HITStatus"] == "Reviewable"
