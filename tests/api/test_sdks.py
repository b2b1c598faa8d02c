"""The common path of a requester from each of MTurk's clients, unmodified, over TCP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests import cast
from tests.api.conftest import OpenSdk, Plant, Wire
from tests.api.hits import EXTERNAL, TYPE, submitted
from tests.api.sdks import JS, Refusal
from tukro.api.mturk.errors import request_error
from tukro.kernel.money import Money

OFFER: dict[str, Any] = {"MaxAssignments": 2, "LifetimeInSeconds": 3600, "Question": EXTERNAL}


def test_each_client_reads_the_balance(sdk: OpenSdk, wire: Wire) -> None:
    client = sdk(wire.key_of(cast.karim()))
    assert client.call("GetAccountBalance") == {"AvailableBalance": "1000.00"}


def test_each_client_tells_errors_apart(sdk: OpenSdk, wire: Wire, plant: Plant) -> None:
    def refuse(_: object) -> dict[str, str]:
        raise request_error("HITDoesNotExist", "Hit 3A does not exist.", stamped=False)

    plant("DeleteHIT", refuse)
    client = sdk(wire.key_of(cast.karim()))
    with pytest.raises(Refusal) as modelled:
        client.call("DeleteHIT", HITId="3A")
    with pytest.raises(Refusal) as unmodelled:
        client.call("DeleteHIT", HITId="no id")
    assert (modelled.value.name, modelled.value.message) == ("RequestError", "Hit 3A does not exist.")
    assert modelled.value.code in (
        "AWS.MechanicalTurk.HITDoesNotExist",
        "",
    )  # the command line has no place for it
    assert unmodelled.value.name == "ValidationException"
    assert "at 'hITId' failed to satisfy constraint" in unmodelled.value.message


def test_each_client_goes_the_common_path(sdk: OpenSdk, wire: Wire) -> None:
    """Create a type and a HIT, look for it, review what workers did, pay a bonus, end it and delete it."""
    karim = cast.karim()
    client = sdk(wire.key_of(karim))

    type_id = client.call("CreateHITType", **TYPE)["HITTypeId"]
    hit = client.call("CreateHITWithHITType", HITTypeId=type_id, **OFFER)["HIT"]
    assert (hit["HITStatus"], hit["MaxAssignments"], hit["Question"]) == ("Assignable", 2, EXTERNAL)
    assert [one["HITId"] for one in client.call("ListHITs")["HITs"]] == [hit["HITId"]]

    good, bad = submitted(hit["HITId"]), submitted(hit["HITId"])
    listed = client.call("ListAssignmentsForHIT", HITId=hit["HITId"], AssignmentStatuses=["Submitted"])
    assert [one["AssignmentId"] for one in listed["Assignments"]] == [good, bad]
    assert listed["Assignments"][0]["Answer"].startswith("<?xml")
    worker_id = listed["Assignments"][0]["WorkerId"]

    assert client.call("ApproveAssignment", AssignmentId=good, RequesterFeedback="Thank you") == {}
    assert client.call("RejectAssignment", AssignmentId=bad, RequesterFeedback="Empty") == {}
    with pytest.raises(Refusal, match="This operation can be called with a status of: Submitted"):
        client.call("ApproveAssignment", AssignmentId=good)
    bonus = {"WorkerId": worker_id, "AssignmentId": good, "BonusAmount": "1.50", "Reason": "Quick"}
    assert client.call("SendBonus", **bonus) == {}
    assert client.call("ListBonusPayments", AssignmentId=good)["BonusPayments"][0]["BonusAmount"] == "1.50"

    past = datetime(2015, 1, 1, tzinfo=UTC)
    assert client.call("UpdateExpirationForHIT", HITId=hit["HITId"], ExpireAt=past) == {}
    assert client.call("GetHIT", HITId=hit["HITId"])["HIT"]["HITStatus"] == "Reviewable"
    assert client.call("DeleteHIT", HITId=hit["HITId"]) == {}
    with pytest.raises(Refusal, match="currently in the state 'Disposed'"):
        client.call("DeleteHIT", HITId=hit["HITId"])
    balance = Money.parse(client.call("GetAccountBalance")["AvailableBalance"])
    assert Money.parse("990.00") < balance < Money.parse("1000.00")


def test_the_lock_file_of_javascripts_sdks_names_no_registry() -> None:
    text = (JS / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text
