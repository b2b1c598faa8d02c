"""Qualification types over TCP by the unmodified boto3 (mturk-api 6.25 to 6.29)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests import cast, make, quiz
from tests.api.conftest import MTurkClient, Wire
from tests.api.refused import refused
from tukro.qualifications.actions.requesting import request_qualification, submit_test
from tukro.qualifications.models import Qualification, QualificationRequest, QualificationType
from tukro.qualifications.rules import MASTERS, Requirement

ALREADY = (
    "You have already created a QualificationType with this name. A QualificationType's name must be unique "
    "among all of the QualificationTypes created by the same user."
)


def create(client: MTurkClient, name: str = "Reads Bengali", **changes: Any) -> dict[str, Any]:
    given = {"Name": name, "Description": "Can read Bengali.", "QualificationTypeStatus": "Active"} | changes
    made: dict[str, Any] = client.create_qualification_type(**given)["QualificationType"]
    return made


def test_the_smallest_type_has_these_members(wire: Wire) -> None:
    made = create(wire.client_of(cast.karim()))
    assert set(made) == {
        "QualificationTypeId", "CreationTime", "Name", "Description", "QualificationTypeStatus",
        "IsRequestable", "AutoGranted",
    }  # fmt: skip
    assert made["QualificationTypeStatus"] == "Active"
    assert made["IsRequestable"] is True
    assert made["AutoGranted"] is False
    assert len(made["QualificationTypeId"]) == 30


def test_a_type_comes_back_as_it_was_given_byte_for_byte(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    given: dict[str, Any] = {
        "Keywords": "reading, bengali",
        "Test": "\n" + quiz.TEST + "  ",
        "AnswerKey": quiz.KEY,
        "TestDurationInSeconds": 300,
        "RetryDelayInSeconds": 0,
    }
    made = create(client, **given)
    read = client.get_qualification_type(QualificationTypeId=made["QualificationTypeId"])["QualificationType"]
    assert {name: read[name] for name in given} == given
    assert read == made


def test_others_read_a_type_but_not_what_its_answers_are_worth(wire: Wire) -> None:
    made = create(wire.client_of(cast.karim()), Test=quiz.TEST, AnswerKey=quiz.KEY, TestDurationInSeconds=60)
    stranger = wire.client_of(make.requester())
    read = stranger.get_qualification_type(QualificationTypeId=made["QualificationTypeId"])
    assert read["QualificationType"]["Test"] == quiz.TEST
    assert "AnswerKey" not in read["QualificationType"]


def test_a_name_is_free_only_when_its_type_is_gone(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    made = create(client, QualificationTypeStatus="Inactive")
    for name in ("Reads Bengali", "READS BENGALI"):
        with refused() as refusal:
            create(client, name)
        assert (refusal.kind, refusal.code) == ("RequestError", "QualificationTypeAlreadyExists")
        assert refusal.message == ALREADY
    create(wire.client_of(make.requester()))  # somebody else's names are another matter

    client.delete_qualification_type(QualificationTypeId=made["QualificationTypeId"])
    again = create(client)
    assert again["QualificationTypeId"] != made["QualificationTypeId"]


@pytest.mark.parametrize(
    "given",
    [
        {"Name": ""},
        {"Name": "x" * 201},
        {"Description": "x" * 2001},
        {"Keywords": "x" * 1001},
        {"RetryDelayInSeconds": -1},
        {"AnswerKey": quiz.KEY},
        {"Test": quiz.TEST},
        {"TestDurationInSeconds": 60},
        {"Test": quiz.TEST, "TestDurationInSeconds": 0},
        {"Test": quiz.TEST, "TestDurationInSeconds": 60, "AutoGranted": True},
        {"Test": "<QuestionForm>", "TestDurationInSeconds": 60},
        {"Test": quiz.KEY, "TestDurationInSeconds": 60},
        {"Test": quiz.TEST, "TestDurationInSeconds": 60, "AnswerKey": quiz.TEST},
        {"Test": quiz.ESSAY, "TestDurationInSeconds": 60, "AnswerKey": quiz.KEY},
    ],
)
def test_what_a_type_cannot_be(wire: Wire, given: dict[str, Any]) -> None:
    with refused() as refusal:
        create(wire.client_of(cast.karim()), **given)
    assert refusal.kind == "ParameterValidationError"
    assert len(refusal.message) < 500  # a long value is not sent back whole
    assert not QualificationType.objects.exclude(requester=None).exists()


def test_a_status_that_is_none_is_a_fault_of_shape(wire: Wire) -> None:
    with refused() as refusal:
        create(wire.client_of(cast.karim()), QualificationTypeStatus="Asleep")
    assert refusal.kind == "ValidationException"
    assert "qualificationTypeStatus" in refusal.message


def test_a_gift_has_the_value_one_unless_another_is_given(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    assert create(client, AutoGranted=True)["AutoGrantedValue"] == 1
    assert create(client, "Other", AutoGranted=True, AutoGrantedValue=7)["AutoGrantedValue"] == 7
    assert "AutoGrantedValue" not in create(client, "Third", AutoGrantedValue=7)


def test_an_update_changes_what_is_given_and_leaves_the_rest(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    made = create(client, Keywords="reading", Test=quiz.TEST, AnswerKey=quiz.KEY, TestDurationInSeconds=300)
    type_id = made["QualificationTypeId"]

    changed = client.update_qualification_type(QualificationTypeId=type_id, Description="Reads it well.")
    assert changed["QualificationType"] == made | {"Description": "Reads it well."}

    retried = client.update_qualification_type(QualificationTypeId=type_id, RetryDelayInSeconds=60)
    assert retried["QualificationType"]["RetryDelayInSeconds"] == 60

    without_key = client.update_qualification_type(
        QualificationTypeId=type_id, Test=quiz.TEST, TestDurationInSeconds=60
    )["QualificationType"]
    assert without_key["TestDurationInSeconds"] == 60
    assert "AnswerKey" not in without_key


@pytest.mark.parametrize(
    "given",
    [
        {"Test": ""},
        {"Test": quiz.TEST},
        {"AnswerKey": quiz.KEY},
        {"TestDurationInSeconds": 5},
        {"AutoGranted": True},
        {"RetryDelayInSeconds": -1},
    ],
)
def test_a_test_cannot_be_changed_by_halves_or_taken_away(wire: Wire, given: dict[str, Any]) -> None:
    client = wire.client_of(cast.karim())
    made = create(client, Test=quiz.TEST, AnswerKey=quiz.KEY, TestDurationInSeconds=300)
    with refused() as refusal:
        client.update_qualification_type(QualificationTypeId=made["QualificationTypeId"], **given)
    assert refusal.kind == "ParameterValidationError"
    read = client.get_qualification_type(QualificationTypeId=made["QualificationTypeId"])
    assert read["QualificationType"] == made


@pytest.mark.parametrize(
    "operation", ["get_qualification_type", "update_qualification_type", "delete_qualification_type"]
)
def test_a_type_that_is_not_there_does_not_exist(wire: Wire, operation: str) -> None:
    client = wire.client_of(cast.karim())
    with refused() as refusal:
        getattr(client, operation)(QualificationTypeId="3NOSUCHTYPE")
    assert (refusal.kind, refusal.code) == ("RequestError", "QualificationTypeDoesNotExist")
    assert refusal.message == "QualificationType 3NOSUCHTYPE does not exist."


@pytest.mark.parametrize("operation", ["update_qualification_type", "delete_qualification_type"])
def test_others_types_and_the_houses_are_not_to_be_changed(wire: Wire, operation: str) -> None:
    made = create(wire.client_of(cast.karim()))
    stranger = wire.client_of(make.requester())
    for type_id in (made["QualificationTypeId"], MASTERS):
        with refused() as refusal:
            getattr(stranger, operation)(QualificationTypeId=type_id)
        assert (refusal.kind, refusal.code) == ("RequestError", "PermissionDenied")


def test_house_types_are_read_by_everybody_and_cannot_be_asked_for(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    for type_id, name in (
        ("00000000000000000040", "Worker_NumberHITsApproved"),
        ("000000000000000000L0", "Worker_PercentAssignmentsApproved"),
        ("00000000000000000071", "Worker_Locale"),
        ("00000000000000000060", "Worker_Adult"),
        (MASTERS, "Masters"),
    ):
        read = client.get_qualification_type(QualificationTypeId=type_id)["QualificationType"]
        assert read["Name"] == name
        assert read["IsRequestable"] is False


def test_deleting_declines_requests_and_the_type_is_gone_for_new_work(wire: Wire) -> None:
    karim, rahima = cast.karim(), cast.rahima()
    client = wire.client_of(karim)
    type_id = create(client)["QualificationTypeId"]
    asked = request_qualification(worker=rahima, type_id=type_id, now=make.NOW)

    assert set(client.delete_qualification_type(QualificationTypeId=type_id)) == {"ResponseMetadata"}

    assert QualificationRequest.objects.get(pk=asked.pk).state == "rejected"
    for operation in (client.get_qualification_type, client.delete_qualification_type):
        with refused() as refusal:
            operation(QualificationTypeId=type_id)
        assert refusal.code == "QualificationTypeDoesNotExist"
    assert client.list_qualification_types(MustBeRequestable=True)["QualificationTypes"] == []


def test_the_name_of_a_deleted_type_waits_while_open_work_asks_for_it(wire: Wire) -> None:
    karim = cast.karim()
    client = wire.client_of(karim)
    type_id = create(client)["QualificationTypeId"]
    make.batch(
        of=karim,
        of_terms=make.terms(requirements=[Requirement(type_id, "Exists")]),
        now=datetime.now(UTC),
    )
    client.delete_qualification_type(QualificationTypeId=type_id)
    with refused() as refusal:
        create(client)
    assert refusal.message == ALREADY


# --- lists -----------------------------------------------------------------------------------------------


def test_types_are_listed_by_name_in_pages_that_each_have_a_token(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    for no in (3, 1, 2):
        create(client, f"Type {no}")
    first = client.list_qualification_types(MustBeRequestable=True, MaxResults=2)
    assert [one["Name"] for one in first["QualificationTypes"]] == ["Type 1", "Type 2"]
    assert first["NumResults"] == 2
    second = client.list_qualification_types(
        MustBeRequestable=True, MaxResults=2, NextToken=first["NextToken"]
    )
    assert [one["Name"] for one in second["QualificationTypes"]] == ["Type 3"]
    assert second["NextToken"] != first["NextToken"]
    third = client.list_qualification_types(
        MustBeRequestable=True, MaxResults=2, NextToken=second["NextToken"]
    )
    assert third["QualificationTypes"] == []
    assert third["NumResults"] == 0
    assert "NextToken" not in third

    pages = client.get_paginator("list_qualification_types").paginate(
        MustBeRequestable=True, PaginationConfig={"PageSize": 1}
    )
    names = [one["Name"] for page in pages for one in page["QualificationTypes"]]
    assert names == ["Type 1", "Type 2", "Type 3"]


def test_a_list_is_everybodys_unless_it_must_be_the_callers(wire: Wire) -> None:
    karim, stranger = wire.client_of(cast.karim()), wire.client_of(make.requester())
    create(karim)
    assert len(stranger.list_qualification_types(MustBeRequestable=True)["QualificationTypes"]) == 1
    own = {"MustBeRequestable": True, "MustBeOwnedByCaller": True}
    assert stranger.list_qualification_types(**own)["QualificationTypes"] == []
    assert len(karim.list_qualification_types(**own)["QualificationTypes"]) == 1
    everything = karim.list_qualification_types(MustBeRequestable=False, MaxResults=100)
    assert "Masters" in {one["Name"] for one in everything["QualificationTypes"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("READS BENGALI", 1),
        ("bengali", 1),
        ("beng", 1),
        ("keyword-one", 1),
        ("dallinger-ab12-cd34", 1),
        ("DALLINGER-AB12-CD34", 1),
        ("AB12-CD", 1),
        ("nothing like it", 0),
        ("' & | ! :*", 0),
    ],
)
def test_a_query_looks_in_names_descriptions_and_keywords(wire: Wire, query: str, found: int) -> None:
    client = wire.client_of(cast.karim())
    create(client, Keywords="keyword-one")
    create(client, "dallinger-ab12-cd34", Description="for one experiment")
    answer = client.list_qualification_types(Query=query, MustBeRequestable=True, MustBeOwnedByCaller=True)
    assert answer["NumResults"] == len(answer["QualificationTypes"]) == found


def test_a_test_with_a_key_grants_whatever_the_score_is(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    made = create(client, Test=quiz.TEST, AnswerKey=quiz.KEY, TestDurationInSeconds=300)
    type_id = made["QualificationTypeId"]
    rahima, tanvir = cast.rahima(), cast.tanvir()
    for worker, fields in ((rahima, quiz.ALL_RIGHT), (tanvir, quiz.BLUE_BLUE)):
        begun = request_qualification(worker=worker, type_id=type_id, now=make.NOW)
        assert begun.state == "taking"
        assert client.list_qualification_requests()["QualificationRequests"] == []
        submit_test(worker=worker, request_id=begun.public_id, fields=fields, now=make.NOW)
    assert dict(Qualification.objects.values_list("worker__public_id", "value")) == {
        rahima.public_id: 100,
        tanvir.public_id: 50,
    }
    score = client.get_qualification_score(QualificationTypeId=type_id, WorkerId=tanvir.public_id)
    assert score["Qualification"]["IntegerValue"] == 50
