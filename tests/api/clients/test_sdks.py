"""The common path of a requester from each of MTurk's clients, unmodified, over TCP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests import cast, make
from tests.api.conftest import MTurkClient, OpenSdk, Plant, Wire
from tests.api.hits import EXTERNAL, TYPE, submitted
from tests.api.sdks import JS, CommandLine, JavaScript, Missing, Refusal
from tukro.api.mturk.errors import request_error
from tukro.kernel.money import Money
from tukro.qualifications.actions.requesting import request_qualification
from tukro.qualifications.models import QualificationType
from tukro.work.models import Task

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


def test_other_clients_than_boto3_go_through_every_list_by_their_own_paginators(wire: Wire) -> None:
    """boto3's are driven where each list is tested. The command line has one way: two lists are enough."""
    karim = cast.karim()
    fill(wire.client_of(karim))
    key = wire.key_of(karim)
    try:
        clients: list[CommandLine | JavaScript] = [CommandLine(wire.endpoint, key)]
        clients += [JavaScript(version, wire.endpoint, key) for version in ("v3", "v2")]
    except Missing as missing:
        pytest.skip(f"{missing}: JavaScript did not drive the wire")
    for client in clients:
        for operation, name, needed in LISTS[:2] if isinstance(client, CommandLine) else LISTS:
            given = {member: one_of(member) for member in needed}
            found = client.rows(operation, name, **given, **ALWAYS.get(operation, {}))
            assert len(found) == 3, (client, operation)
        client.close()


LISTS: list[tuple[str, str, tuple[str, ...]]] = [
    ("ListHITs", "HITs", ()),
    ("ListAssignmentsForHIT", "Assignments", ("HITId",)),
    ("ListReviewableHITs", "HITs", ()),
    ("ListHITsForQualificationType", "HITs", ("QualificationTypeId",)),
    ("ListBonusPayments", "BonusPayments", ("HITId",)),
    ("ListWorkerBlocks", "WorkerBlocks", ()),
    ("ListQualificationTypes", "QualificationTypes", ()),
    ("ListQualificationRequests", "QualificationRequests", ()),
    ("ListWorkersWithQualificationType", "Qualifications", ("QualificationTypeId",)),
]
ALWAYS = {"ListQualificationTypes": {"MustBeRequestable": True}}


def fill(mturk: MTurkClient) -> None:
    """Three rows for each list: three HITs that are over, one of them done by three workers."""
    kinds = [
        mturk.create_qualification_type(Name=f"Reads {no}", Description="", QualificationTypeStatus="Active")
        for no in range(3)
    ]
    type_id = kinds[0]["QualificationType"]["QualificationTypeId"]
    need = [{"QualificationTypeId": type_id, "Comparator": "DoesNotExist"}]
    offer = {**TYPE, "QualificationRequirements": need, "LifetimeInSeconds": 3600, "Question": EXTERNAL}
    hits = [mturk.create_hit(**offer, MaxAssignments=places)["HIT"]["HITId"] for places in (3, 1, 1)]
    workers = [make.worker() for _ in range(3)]
    for work in [submitted(hits[0], worker) for worker in workers]:
        worker_id = mturk.get_assignment(AssignmentId=work)["Assignment"]["WorkerId"]
        mturk.send_bonus(WorkerId=worker_id, AssignmentId=work, BonusAmount="0.10", Reason="")
    for worker in workers:
        request_qualification(worker=worker, type_id=type_id, now=datetime.now(UTC))
        held = {"QualificationTypeId": type_id, "WorkerId": worker.public_id}
        mturk.associate_qualification_with_worker(**held)
        mturk.create_worker_block(WorkerId=worker.public_id, Reason="")
    for hit_id in hits:
        mturk.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)


def one_of(member: str) -> str:
    """The thing that all three rows belong to."""
    if member == "HITId":
        return Task.objects.earliest("pk").public_id
    return QualificationType.objects.get(name="Reads 0").public_id


def test_the_lock_file_of_javascripts_sdks_names_no_registry() -> None:
    text = (JS / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text
