"""Bodies, headers, statuses and the exact words of what is wrong with a request (mturk-api 1.1 to 1.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from botocore.exceptions import ClientError
from django.db import OperationalError, connection, connections
from django.test import override_settings

from tests import cast
from tests.api.conftest import Act, Plant, Wire
from tests.api.signing import Call, post, send
from tukro.api.mturk.errors import WireError, service_fault
from tukro.api.mturk.operations.registry import registered_names
from tukro.api.mturk.shapes import compile_input, compile_output, operation_names
from tukro.people.actions.keys import NewKey
from tukro.people.models import Requester

ID_PATTERN = "^[A-Z0-9]+$"


def told(operation: str, members: object) -> WireError:
    """What the wire says of these members."""
    body = members if isinstance(members, bytes) else json.dumps(members).encode()
    with pytest.raises(WireError) as caught:
        compile_input(operation)(body)
    return caught.value


# --- every constraint of the model ---


def test_a_missing_member_is_named() -> None:
    error = told("GetHIT", {})
    assert error.body(datetime.now(UTC)) == {
        "__type": "ValidationException",
        "message": "1 validation error detected: Value null at 'hITId' failed to satisfy constraint: "
        "Member must not be null",
    }


def test_null_is_the_same_as_missing() -> None:
    assert told("GetHIT", {"HITId": None}).message == told("GetHIT", {}).message


def test_several_faults_are_told_at_once_in_the_order_of_the_model() -> None:
    assert told("SendBonus", {"BonusAmount": "0.333"}).message == (
        "4 validation errors detected: "
        "Value null at 'workerId' failed to satisfy constraint: Member must not be null; "
        "Value '0.333' at 'bonusAmount' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: ^[0-9]+(\.)?[0-9]{0,2}$; "
        "Value null at 'assignmentId' failed to satisfy constraint: Member must not be null; "
        "Value null at 'reason' failed to satisfy constraint: Member must not be null"
    )


@pytest.mark.parametrize(
    ("operation", "members", "faults"),
    [
        (
            "GetHIT",
            {"HITId": "3abc"},
            [f"'3abc' at 'hITId' {{}}satisfy regular expression pattern: {ID_PATTERN}"],
        ),
        (
            "GetHIT",
            {"HITId": "3ABC\n"},
            [f"'3ABC\n' at 'hITId' {{}}satisfy regular expression pattern: {ID_PATTERN}"],
        ),
        (
            "GetHIT",
            {"HITId": ""},
            [
                f"'' at 'hITId' {{}}satisfy regular expression pattern: {ID_PATTERN}",
                "'' at 'hITId' {}have length greater than or equal to 1",
            ],
        ),
        (
            "GetHIT",
            {"HITId": "A" * 65},
            [f"'{'A' * 65}' at 'hITId' {{}}have length less than or equal to 64"],
        ),
        ("ListHITs", {"MaxResults": 0}, ["'0' at 'maxResults' {}have value greater than or equal to 1"]),
        ("ListHITs", {"MaxResults": 101}, ["'101' at 'maxResults' {}have value less than or equal to 100"]),
        ("ListHITs", {"NextToken": ""}, ["'' at 'nextToken' {}have length greater than or equal to 1"]),
        (
            "ListReviewableHITs",
            {"Status": "Disposed"},
            ["'Disposed' at 'status' {}satisfy enum value set: [Reviewable, Reviewing]"],
        ),
        (
            "ListAssignmentsForHIT",
            {"HITId": "3A", "AssignmentStatuses": ["Submitted", "Accepted"]},
            [
                "'[Submitted, Accepted]' at 'assignmentStatuses' {}satisfy constraint: "
                "[Member must satisfy enum value set: [Submitted, Approved, Rejected]]"
            ],
        ),
        (
            "NotifyWorkers",
            {"Subject": "s", "MessageText": "m", "WorkerIds": ["B1"]},
            [
                "'[B1]' at 'workerIds' {}satisfy constraint: [Member must have length less than or equal "
                "to 64, Member must have length greater than or equal to 1, "
                "Member must satisfy regular expression pattern: ^A[A-Z0-9]+$]"
            ],
        ),
        (
            "CreateHITType",
            {
                "Title": "t",
                "Description": "d",
                "Reward": "0.1",
                "AssignmentDurationInSeconds": 60,
                "QualificationRequirements": [
                    {"QualificationTypeId": "1", "Comparator": "Exists"},
                    {"QualificationTypeId": "1", "Comparator": "in", "LocaleValues": [{"Country": "USA"}]},
                ],
            },
            [
                "'in' at 'qualificationRequirements.2.member.comparator' {}satisfy enum value set: "
                "[LessThan, LessThanOrEqualTo, GreaterThan, GreaterThanOrEqualTo, EqualTo, NotEqualTo, "
                "Exists, DoesNotExist, In, NotIn]",
                "'USA' at 'qualificationRequirements.2.member.localeValues.1.member.country' "
                "{}have length less than or equal to 2",
            ],
        ),
    ],
)
def test_each_constraint_has_its_words(
    operation: str, members: Mapping[str, object], faults: list[str]
) -> None:
    error = told(operation, members)
    errors = "error" if len(faults) == 1 else "errors"
    wanted = [f"Value {fault.format('failed to satisfy constraint: Member must ')}" for fault in faults]
    assert error.kind == "ValidationException"
    assert error.message == f"{len(faults)} validation {errors} detected: {'; '.join(wanted)}"


@pytest.mark.parametrize("text", ["5", "5.", "0.1", "0.50", "10000.00"])
def test_legal_amounts_pass(text: str) -> None:
    read = compile_input("SendBonus")
    given = {"WorkerId": "A1", "BonusAmount": text, "AssignmentId": "3A", "Reason": ""}
    assert read(json.dumps(given).encode()) == given


@pytest.mark.parametrize("text", [".5", "-1", "0.333", "$1", "1,000", "", "১", "1\n", " 1", "1e3", "NaN"])
def test_other_amounts_do_not(text: str) -> None:
    given = {"WorkerId": "A1", "BonusAmount": text, "AssignmentId": "3A", "Reason": "r"}
    assert "at 'bonusAmount' failed" in told("SendBonus", given).message


def test_a_character_that_no_text_can_hold_is_a_fault_of_its_member() -> None:
    for text in ("a\x00b", "\ud800"):
        error = told("RejectAssignment", {"AssignmentId": "3A", "RequesterFeedback": text})
        assert (error.kind, "at 'requesterFeedback' failed" in error.message) == ("ValidationException", True)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"MaxResults": NaN}',
        b'{"MaxResults": Infinity}',
        b"[" * 100_000,
        b'{"MaxResults": ' + b"9" * 5000 + b"}",
        b"[]",
        b'"HITId"',
        b"null",
        b"12",
        b'{"MaxResults": "5"}',
        b'{"MaxResults": true}',
        b'{"MaxResults": 1e999}',
        b'{"MaxResults": 4294967296}',
        b'{"MaxResults": ' + b"9" * 400 + b"}",
        b'{"MaxResults": [1]}',
        b'{"NextToken": 5}',
        b'{"NextToken": {"a": 1}}',
    ],
)
def test_what_is_no_json_or_of_another_type_is_a_serialization_exception(body: bytes) -> None:
    assert told("ListHITs", body).kind == "SerializationException"


@pytest.mark.parametrize(
    ("operation", "members", "message"),
    [
        ("GetHIT", {"HITId": 5}, "NUMBER_VALUE can not be converted to a String"),
        ("GetHIT", {"HITId": False}, "FALSE_VALUE can not be converted to a String"),
        ("ListHITs", {"MaxResults": "5"}, "STRING_VALUE can not be converted to an Integer"),
        ("GetHIT", {"HITId": ["3A"]}, "Start of list found where not expected."),
        ("GetHIT", {"HITId": {}}, "Start of structure or map found where not expected."),
        ("NotifyWorkers", {"WorkerIds": "A1"}, "Expected list or null"),
        ("UpdateHITReviewStatus", {"Revert": "yes"}, "STRING_VALUE can not be converted to a Boolean"),
        (
            "UpdateExpirationForHIT",
            {"ExpireAt": "2026-01-01"},
            "STRING_VALUE can not be converted to a Timestamp",
        ),
        ("UpdateExpirationForHIT", {"ExpireAt": 1e18}, "The timestamp is out of range"),
    ],
)
def test_wrong_types_are_told_apart(operation: str, members: object, message: str) -> None:
    error = told(operation, members)
    assert (error.kind, error.message) == ("SerializationException", message)


def test_moments_come_as_whole_or_broken_numbers_and_zero_is_one() -> None:
    read = compile_input("UpdateExpirationForHIT")
    moments = [
        read(json.dumps({"HITId": "3A", "ExpireAt": at}).encode())["ExpireAt"]
        for at in (0, 1516302788, 1516302788.7)
    ]
    assert moments == [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2018, 1, 18, 19, 13, 8, tzinfo=UTC),
        datetime(2018, 1, 18, 19, 13, 8, 700_000, tzinfo=UTC),
    ]


def test_unknown_members_are_left_out_and_empty_texts_stay() -> None:
    read = compile_input("RejectAssignment")
    assert read(b'{"AssignmentId":"3A","RequesterFeedback":"","Colour":"red"}') == {
        "AssignmentId": "3A",
        "RequesterFeedback": "",
    }


def test_an_empty_body_is_no_members() -> None:
    assert compile_input("GetAccountBalance")(b"") == {}


# --- answers ---


def test_answers_are_written_as_the_model_has_them() -> None:
    write = compile_output("GetHIT")
    moment = datetime(2018, 1, 18, 19, 13, 8, 54_999, tzinfo=UTC)
    hit = {
        "HITId": "3A",
        "Title": "ছবি",
        "MaxAssignments": 1,
        "Keywords": None,
        "QualificationRequirements": [],
    }
    written = write({"HIT": {**hit, "CreationTime": moment, "Expiration": moment.replace(microsecond=0)}})
    assert json.loads(written) == {
        "HIT": {
            "HITId": "3A",
            "Title": "ছবি",
            "MaxAssignments": 1,
            "QualificationRequirements": [],
            "CreationTime": 1516302788.054,
            "Expiration": 1516302788,
        }
    }
    assert b"1516302788}" in written


@pytest.mark.parametrize(
    "members",
    [{"Hit": {}}, {"HIT": {"HITID": "3A"}}, {"HIT": {"MaxAssignments": "1"}}, {"HIT": {"Title": 5}}],
)
def test_an_answer_that_the_model_does_not_know_is_a_bug(members: Mapping[str, Any]) -> None:
    with pytest.raises(AssertionError):
        compile_output("GetHIT")(members)


def test_the_shapes_of_all_operations_compile() -> None:
    assert len(operation_names()) == 39
    for name in operation_names():
        compile_input(name)
        compile_output(name)


# --- over the wire ---


def test_every_answer_has_its_own_request_id_and_the_media_type(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    answers = [
        wire.call(key, "GetAccountBalance"),
        wire.call(key, "GetAccountBalance", {"x": 1}),
        wire.call(key, "NoSuchThing"),
        wire.call(key, "GetAccountBalance", b"{"),
        post(wire.url, "/mturk", {"host": "x"}, b""),
    ]
    assert len({UUID(answer.headers["x-amzn-requestid"]) for answer in answers}) == len(answers)
    assert {answer.headers["content-type"] for answer in answers} == {"application/x-amz-json-1.1"}
    assert [answer.status for answer in answers] == [200, 200, 400, 400, 400]


@pytest.mark.parametrize("target", ["GetHit", "getHIT", "", "GetHIT.GetHIT", "../GetHIT"])
def test_an_unknown_operation_is_told_so(wire: Wire, target: str) -> None:
    key = wire.key_of(cast.karim())
    answer = wire.call(key, target)
    assert (answer.status, answer.kind) == (400, "UnknownOperationException")


@pytest.mark.parametrize("target", [None, "GetHIT", "DynamoDB_20120810.GetItem"])
def test_a_target_of_another_service_or_none_is_an_unknown_operation(wire: Wire, target: str | None) -> None:
    answer = send(wire.url, Call("AKIA", "s"), {"x-amz-target": target})
    assert answer.kind == "UnknownOperationException"


def test_pages_stay_where_they_were(wire: Wire) -> None:
    """Only signed calls are taken from the root, and nothing but POST from the wire's own address."""
    landing = post(wire.url, "/", {"host": "localhost"}, b"", method="GET")
    assert (landing.status, "x-amzn-requestid" in landing.headers) == (200, False)
    assert "x-amzn-requestid" not in post(wire.url, "/", {"host": "localhost"}, b"").headers
    assert (
        "x-amzn-requestid" not in post(wire.url, "/mturk", {"host": "localhost"}, b"", method="GET").headers
    )


def test_a_body_larger_than_any_request_is_refused_unread(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    answer = wire.call(key, "GetAccountBalance", b" " * 3_000_000)
    assert (answer.status, answer.kind) == (413, "SerializationException")


def test_boto3_sees_the_code_of_an_error_that_is_not_modelled(wire: Wire, plant: Plant) -> None:
    plant("GetHIT", _raising(AssertionError("reached though its input is wrong")))
    client = wire.client_of(cast.karim())
    with pytest.raises(ClientError) as caught:
        client.get_hit(HITId="not an id")
    assert type(caught.value) is ClientError
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "ValidationException",
        "1 validation error detected: Value 'not an id' at 'hITId' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {ID_PATTERN}",
    )


# --- each class of error, thrown by an operation that is put in place for the test ---


def _raising(error: Exception) -> Act:
    def act(_: Requester) -> Mapping[str, Any]:
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "status", "members"),
    [
        (
            WireError("RequestError", "QualificationDoesNotExist", "You requested it.", stamped=True),
            400,
            {
                "__type": "RequestError",
                "Message": "You requested it. (#)",
                "TurkErrorCode": "AWS.MechanicalTurk.QualificationDoesNotExist",
            },
        ),
        (
            WireError("RequestError", "AWS.AccountNotLinked", "Link it."),
            400,
            {"__type": "RequestError", "Message": "Link it.", "TurkErrorCode": "AWS.AccountNotLinked"},
        ),
        (
            WireError("ParameterValidationError", "XMLParseError", "Bad XML.", stamped=True),
            400,
            {
                "__type": "ParameterValidationError",
                "Message": "Bad XML. (#)",
                "TurkErrorCode": "AWS.MechanicalTurk.XMLParseError",
            },
        ),
        (
            service_fault(),
            500,
            {
                "__type": "ServiceFault",
                "Message": "The service is temporarily unavailable. Nothing was changed. "
                "Try again later. (#)",
                "TurkErrorCode": "AWS.ServiceUnavailable",
            },
        ),
        (
            WireError("AccessDeniedException", "", "Not allowed: mechanicalturk:DeleteHIT"),
            400,
            {"__type": "AccessDeniedException", "Message": "Not allowed: mechanicalturk:DeleteHIT"},
        ),
        (
            WireError("ThrottlingException", "", "Rate exceeded"),
            400,
            {"__type": "ThrottlingException", "message": "Rate exceeded"},
        ),
    ],
)
def test_each_class_of_error_has_its_keys_and_status(
    wire: Wire, plant: Plant, error: WireError, status: int, members: Mapping[str, str]
) -> None:
    plant("DeleteHIT", _raising(error))
    answer = wire.call(wire.key_of(cast.karim()), "DeleteHIT", {"HITId": "3A"})
    body = {name: re.sub(r"\(\d{13}\)$", "(#)", text) for name, text in answer.members.items()}
    assert (answer.status, body, list(body)) == (status, members, list(members))


def test_the_sandbox_marks_its_messages(wire: Wire, plant: Plant) -> None:
    plant("DeleteHIT", _raising(WireError("RequestError", "HITDoesNotExist", "Hit 3A …", stamped=True)))
    key = wire.key_of(cast.karim())
    with override_settings(MODE="sandbox"):
        message = wire.call(key, "DeleteHIT", {"HITId": "3A"}).members["Message"]
    assert re.fullmatch(r"Hit 3A … \(\d{13} s\)", message)


def test_boto3_knows_the_two_modelled_errors_by_name(wire: Wire, plant: Plant) -> None:
    client = wire.client_of(cast.karim())
    plant("DeleteHIT", _raising(WireError("RequestError", "HITDoesNotExist", "Hit 3A does not exist.")))
    with pytest.raises(client.exceptions.RequestError) as caught:
        client.delete_hit(HITId="3A")
    assert caught.value.response["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"
    assert caught.value.response["Message"] == "Hit 3A does not exist."
    plant("DeleteHIT", _raising(service_fault()))
    with pytest.raises(client.exceptions.ServiceFault):
        client.delete_hit(HITId="3A")


# --- a fault of ours ---

BONUS = {"WorkerId": "A1", "BonusAmount": "1", "AssignmentId": "3A", "Reason": "Thanks"}


def test_a_fault_of_ours_leaves_nothing_behind(wire: Wire, plant: Plant) -> None:
    karim = cast.karim()

    def act(caller: Requester) -> Mapping[str, Any]:
        Requester.objects.filter(pk=caller.pk).update(name="Changed")
        raise ZeroDivisionError

    plant("DeleteHIT", act)
    answer = wire.call(wire.key_of(karim), "DeleteHIT", {"HITId": "3A"})
    karim.refresh_from_db()
    assert (answer.status, answer.kind, karim.name) == (500, "ServiceFault", "Karim Studio")


def test_an_answer_that_cannot_be_written_undoes_the_act(wire: Wire, plant: Plant) -> None:
    karim = cast.karim()

    def act(caller: Requester) -> Mapping[str, Any]:
        Requester.objects.filter(pk=caller.pk).update(name="Changed")
        return {"NoSuchMember": 1}

    plant("DeleteHIT", act)
    answer = wire.call(wire.key_of(karim), "DeleteHIT", {"HITId": "3A"})
    karim.refresh_from_db()
    assert (answer.status, karim.name) == (500, "Karim Studio")


def test_an_act_that_is_done_is_never_answered_with_a_5xx(wire: Wire, plant: Plant) -> None:
    """What commits by itself and then fails may not be repeated by an SDK on its own."""
    karim = cast.karim()

    def act(caller: Requester) -> Mapping[str, Any]:
        Requester.objects.filter(pk=caller.pk).update(name="Changed")
        return {"NoSuchMember": 1}

    plant("DeleteHIT", act, own_transaction=True)
    answer = wire.call(wire.key_of(karim), "DeleteHIT", {"HITId": "3A"})
    karim.refresh_from_db()
    assert (answer.status, answer.kind, karim.name) == (400, "RequestError", "Changed")


def test_an_act_that_stood_in_anothers_way_is_tried_again(wire: Wire, plant: Plant) -> None:
    tries: list[int] = []

    def act(caller: Requester) -> Mapping[str, Any]:
        tries.append(1)
        Requester.objects.filter(pk=caller.pk).update(name=f"Try {len(tries)}")
        if len(tries) < 3:
            with connection.cursor() as cursor:
                cursor.execute("do $$ begin raise exception sqlstate '40P01'; end $$")
        return {}

    plant("DeleteHIT", act)
    karim = cast.karim()
    answer = wire.call(wire.key_of(karim), "DeleteHIT", {"HITId": "3A"})
    karim.refresh_from_db()
    assert (answer.status, karim.name) == (200, "Try 3")


@pytest.mark.parametrize("own_transaction", [True, False])
def test_a_lost_connection_is_a_5xx_only_where_nothing_can_have_been_done(
    wire: Wire, plant: Plant, own_transaction: bool
) -> None:
    def act(_: Requester) -> Mapping[str, Any]:
        raise OperationalError from psycopg.OperationalError("the connection is lost")

    plant("DeleteHIT", act, own_transaction=own_transaction)
    answer = wire.call(wire.key_of(cast.karim()), "DeleteHIT", {"HITId": "3A"})
    assert (answer.status, answer.kind) == (
        (400, "RequestError") if own_transaction else (500, "ServiceFault")
    )


def test_a_commit_that_got_no_answer_is_not_a_5xx(
    wire: Wire, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act may be done: an SDK that repeats SendBonus by itself would pay twice."""

    def act(caller: Requester) -> Mapping[str, Any]:
        Requester.objects.filter(pk=caller.pk).update(name="Changed")
        own: Any = connections["default"]  # of the server's thread
        commit = own._commit

        def commit_unheard() -> None:
            commit()
            raise OperationalError from psycopg.OperationalError("the connection is lost")

        monkeypatch.setattr(own, "_commit", commit_unheard)
        return {}

    karim = cast.karim()
    plant("SendBonus", act)
    answer = wire.call(wire.key_of(karim), "SendBonus", BONUS)
    karim.refresh_from_db()
    assert (answer.status, answer.kind, karim.name) == (400, "RequestError", "Changed")


def test_a_commit_that_the_database_refused_did_nothing_and_may_be_tried_again(
    wire: Wire, plant: Plant
) -> None:
    """A deferred constraint speaks at the commit."""
    karim = cast.karim()

    def act(caller: Requester) -> Mapping[str, Any]:
        Requester.objects.filter(pk=caller.pk).update(name="Changed")
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into ledger_transfer (kind, key, subject, posted_at) values ('bonus', 'x', '', now())"
            )
        return {}

    plant("SendBonus", act)
    answer = wire.call(wire.key_of(karim), "SendBonus", BONUS)
    karim.refresh_from_db()
    assert (answer.status, answer.kind, karim.name) == (500, "ServiceFault", "Karim Studio")


def test_a_statement_that_the_database_refused_did_nothing_and_may_be_tried_again(
    wire: Wire, plant: Plant
) -> None:
    def act(_: Requester) -> Mapping[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("select 1 / 0")
        return {}

    plant("DeleteHIT", act, own_transaction=True)
    answer = wire.call(wire.key_of(cast.karim()), "DeleteHIT", {"HITId": "3A"})
    assert (answer.status, answer.kind) == (500, "ServiceFault")


def test_every_operation_of_the_service_is_there() -> None:
    assert registered_names() == operation_names()


def test_strangers_cannot_make_the_house_remember_anything(wire: Wire) -> None:
    """What is not signed by a living key writes no row."""
    wire.call(NewKey("AKIAQQQQQQQQQQQQQQQQ", "wrong"), "DeleteHIT", {"HITId": "3A"})
    key = wire.key_of(cast.karim())
    wire.call(NewKey(key.key_id, "wrong"), "DeleteHIT", {"HITId": "3A"})
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_wire_use where key_id = %s", [key.key_id])
        assert cursor.fetchone() == (0,)
