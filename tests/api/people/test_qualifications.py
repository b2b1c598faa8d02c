"""What workers hold and ask for, over TCP by the unmodified boto3 (mturk-api 6.30 to 6.36)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import cast, make, quiz
from tests.api.conftest import MTurkClient, Wire
from tests.api.people.test_qualification_types import create
from tests.api.refused import refused
from tukro.notices.jobs import tell_people
from tukro.notices.models import Mail
from tukro.people.models import Worker
from tukro.qualifications.actions.requesting import request_qualification, submit_test
from tukro.qualifications.rules import MASTERS, NUMBER_APPROVED

NOT_HELD = "You requested a Qualification that does not exist."


@pytest.fixture
def karim(wire: Wire) -> MTurkClient:
    return wire.client_of(cast.karim())


def grant(client: MTurkClient, type_id: str, worker: Worker, **given: Any) -> None:
    client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=worker.public_id, **given
    )


def test_a_grant_has_the_value_one_and_can_be_overwritten(karim: MTurkClient) -> None:
    rahima, type_id = cast.rahima(), create(karim)["QualificationTypeId"]
    asked = {"QualificationTypeId": type_id, "WorkerId": rahima.public_id}
    grant(karim, type_id, rahima)
    held = karim.get_qualification_score(**asked)["Qualification"]
    assert held.pop("GrantTime")
    assert held == {**asked, "IntegerValue": 1, "Status": "Granted"}

    grant(karim, type_id, rahima, IntegerValue=-80)
    assert karim.get_qualification_score(**asked)["Qualification"]["IntegerValue"] == -80


def test_a_revoked_qualification_says_so_until_it_is_granted_again(karim: MTurkClient) -> None:
    rahima, type_id = cast.rahima(), create(karim)["QualificationTypeId"]
    asked = {"QualificationTypeId": type_id, "WorkerId": rahima.public_id}
    grant(karim, type_id, rahima)
    karim.disassociate_qualification_from_worker(**asked, Reason="")
    for operation in (karim.get_qualification_score, karim.disassociate_qualification_from_worker):
        with refused() as refusal:
            operation(**asked)
        assert (refusal.kind, refusal.code) == ("RequestError", "InvalidQualificationState")
        assert refusal.message == "This operation can be called with a status of: Granted"
    grant(karim, type_id, rahima, IntegerValue=3)
    assert karim.get_qualification_score(**asked)["Qualification"]["IntegerValue"] == 3


def test_what_was_never_held_does_not_exist(karim: MTurkClient) -> None:
    rahima, type_id = cast.rahima(), create(karim)["QualificationTypeId"]
    for operation in (karim.get_qualification_score, karim.disassociate_qualification_from_worker):
        with refused() as refusal:
            operation(QualificationTypeId=type_id, WorkerId=rahima.public_id)
        assert (refusal.kind, refusal.code) == ("RequestError", "QualificationDoesNotExist")
        assert refusal.message == NOT_HELD


def test_what_the_house_knows_of_a_worker_is_not_told(karim: MTurkClient) -> None:
    with refused() as refusal:
        karim.get_qualification_score(QualificationTypeId=NUMBER_APPROVED, WorkerId=cast.rahima().public_id)
    assert (refusal.code, refusal.message) == ("QualificationDoesNotExist", NOT_HELD)


@pytest.mark.parametrize(
    "operation",
    [
        "associate_qualification_with_worker",
        "disassociate_qualification_from_worker",
        "get_qualification_score",
    ],
)
def test_an_unknown_worker_is_a_bad_parameter_and_an_unknown_type_does_not_exist(
    karim: MTurkClient, operation: str
) -> None:
    type_id = create(karim)["QualificationTypeId"]
    with refused() as refusal:
        getattr(karim, operation)(QualificationTypeId=type_id, WorkerId="A1NOSUCHWORKER")
    assert refusal.kind == "ParameterValidationError"
    assert refusal.message == 'The value "A1NOSUCHWORKER" is not valid for the parameter WorkerId.'
    with refused() as refusal:
        getattr(karim, operation)(QualificationTypeId="3NONE", WorkerId=cast.rahima().public_id)
    assert (refusal.kind, refusal.code) == ("RequestError", "QualificationTypeDoesNotExist")


def test_only_the_owner_grants_reads_and_lists(wire: Wire, karim: MTurkClient) -> None:
    rahima, type_id = cast.rahima(), create(karim)["QualificationTypeId"]
    stranger = wire.client_of(make.requester())
    asked = {"QualificationTypeId": type_id, "WorkerId": rahima.public_id}
    calls: list[Callable[[], object]] = [
        lambda: stranger.associate_qualification_with_worker(**asked),
        lambda: stranger.disassociate_qualification_from_worker(**asked),
        lambda: stranger.get_qualification_score(**asked),
        lambda: stranger.list_workers_with_qualification_type(QualificationTypeId=type_id),
        lambda: stranger.list_qualification_requests(QualificationTypeId=type_id),
        lambda: karim.associate_qualification_with_worker(**asked | {"QualificationTypeId": MASTERS}),
    ]
    for call in calls:
        with refused() as refusal:
            call()
        assert (refusal.kind, refusal.code) == ("RequestError", "PermissionDenied")


def test_an_inactive_type_is_not_granted_but_what_is_held_stays(karim: MTurkClient) -> None:
    rahima, type_id = cast.rahima(), create(karim)["QualificationTypeId"]
    grant(karim, type_id, rahima)
    karim.update_qualification_type(QualificationTypeId=type_id, QualificationTypeStatus="Inactive")
    with refused() as refusal:
        grant(karim, type_id, rahima, IntegerValue=2)
    assert (refusal.code, refusal.message) == (
        "InvalidQualificationTypeState",
        "This operation can be called with a status of: Active",
    )
    held = karim.get_qualification_score(QualificationTypeId=type_id, WorkerId=rahima.public_id)
    assert held["Qualification"]["IntegerValue"] == 1


@pytest.mark.parametrize(("given", "letters"), [({}, 1), ({"SendNotification": False}, 0)])
def test_workers_hear_of_a_grant_unless_they_must_not(
    karim: MTurkClient, given: dict[str, bool], letters: int
) -> None:
    grant(karim, create(karim)["QualificationTypeId"], cast.rahima(), **given)
    tell_people(make.NOW)
    assert Mail.objects.filter(to="rahima@example.org").count() == letters


def test_the_latest_grants_come_first_and_revoked_ones_are_asked_for(karim: MTurkClient) -> None:
    type_id = create(karim)["QualificationTypeId"]
    workers = [make.worker() for _ in range(5)]
    for no, worker in enumerate(workers):
        grant(karim, type_id, worker, IntegerValue=no)
    karim.disassociate_qualification_from_worker(QualificationTypeId=type_id, WorkerId=workers[2].public_id)

    pages = karim.get_paginator("list_workers_with_qualification_type").paginate(
        QualificationTypeId=type_id, PaginationConfig={"PageSize": 2}
    )
    assert [one["IntegerValue"] for page in pages for one in page["Qualifications"]] == [4, 3, 1, 0]
    revoked = karim.list_workers_with_qualification_type(QualificationTypeId=type_id, Status="Revoked")
    assert [(one["WorkerId"], one["Status"]) for one in revoked["Qualifications"]] == [
        (workers[2].public_id, "Revoked")
    ]
    with refused() as refusal:
        karim.list_workers_with_qualification_type(QualificationTypeId=type_id, Status="Lost")
    assert refusal.kind == "ValidationException"


# --- requests --------------------------------------------------------------------------------------------


def test_requests_wait_for_the_owner_the_oldest_first(wire: Wire, karim: MTurkClient) -> None:
    one, two = (create(karim, name)["QualificationTypeId"] for name in ("One", "Two"))
    workers = [make.worker() for _ in range(3)]
    for no, (worker, type_id) in enumerate(zip(workers, (one, two, one), strict=True)):
        request_qualification(worker=worker, type_id=type_id, now=make.NOW + timedelta(minutes=no))
    pages = karim.get_paginator("list_qualification_requests").paginate(PaginationConfig={"PageSize": 1})
    listed = [asked for page in pages for asked in page["QualificationRequests"]]
    assert [asked["WorkerId"] for asked in listed] == [worker.public_id for worker in workers]
    assert {"Test", "Answer"}.isdisjoint(listed[0])
    only = karim.list_qualification_requests(QualificationTypeId=two)
    assert [asked["WorkerId"] for asked in only["QualificationRequests"]] == [workers[1].public_id]
    assert wire.client_of(make.requester()).list_qualification_requests()["NumResults"] == 0


def test_a_test_without_key_waits_with_what_was_asked_and_answered(karim: MTurkClient) -> None:
    rahima = cast.rahima()
    type_id = create(karim, Test=quiz.ESSAY, TestDurationInSeconds=300)["QualificationTypeId"]
    begun = request_qualification(worker=rahima, type_id=type_id, now=make.NOW)
    submit_test(
        worker=rahima, request_id=begun.public_id, fields=[("answer-1", "I like to read.")], now=make.NOW
    )
    karim.update_qualification_type(
        QualificationTypeId=type_id, Test=quiz.TEST, AnswerKey=quiz.KEY, TestDurationInSeconds=300
    )
    [asked] = karim.list_qualification_requests()["QualificationRequests"]
    assert asked["Test"] == quiz.ESSAY
    assert "<FreeText>I like to read.</FreeText>" in asked["Answer"]

    karim.accept_qualification_request(
        QualificationRequestId=asked["QualificationRequestId"], IntegerValue=90
    )
    held = karim.get_qualification_score(QualificationTypeId=type_id, WorkerId=rahima.public_id)
    assert held["Qualification"]["IntegerValue"] == 90
    assert karim.list_qualification_requests()["QualificationRequests"] == []


def test_a_request_is_decided_once(karim: MTurkClient) -> None:
    rahima, type_id = cast.rahima(), create(karim)["QualificationTypeId"]
    request_qualification(worker=rahima, type_id=type_id, now=make.NOW)
    [asked] = karim.list_qualification_requests()["QualificationRequests"]
    request_id = asked["QualificationRequestId"]
    karim.reject_qualification_request(QualificationRequestId=request_id, Reason="Not this time.")
    for operation in (karim.accept_qualification_request, karim.reject_qualification_request):
        with refused() as refusal:
            operation(QualificationRequestId=request_id)
        assert (refusal.kind, refusal.code) == ("RequestError", "InvalidQualificationRequestState")
        assert refusal.message == "This operation can be called with a status of: Submitted"
    tell_people(make.NOW)
    assert "Not this time." in Mail.objects.get(to="rahima@example.org").text


@pytest.mark.parametrize("operation", ["accept_qualification_request", "reject_qualification_request"])
@pytest.mark.parametrize("request_id", ["3NOSUCHREQUEST", "not an id at all", ""])
def test_a_request_that_is_not_there_does_not_exist(
    karim: MTurkClient, operation: str, request_id: str
) -> None:
    with refused() as refusal:
        getattr(karim, operation)(QualificationRequestId=request_id)
    assert (refusal.kind, refusal.code) == ("RequestError", "QualificationRequestDoesNotExist")


def test_somebody_elses_request_does_not_exist(wire: Wire, karim: MTurkClient) -> None:
    asked = request_qualification(
        worker=cast.rahima(), type_id=create(karim)["QualificationTypeId"], now=make.NOW
    )
    with refused() as refusal:
        wire.client_of(make.requester()).accept_qualification_request(QualificationRequestId=asked.public_id)
    assert refusal.code == "QualificationRequestDoesNotExist"
