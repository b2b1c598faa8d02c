"""Edges of the wire: sums beyond every balance, moments passed, types that died, words left empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from tests import cast
from tests.api.conftest import MTurkClient, Wire
from tests.api.hits import EXTERNAL, HIT, TYPE, create, get, refused, submitted
from tukro.journal.models import Event
from tukro.ledger.models import Transfer
from tukro.notices.models import Mail
from tukro.people.models import Requester
from tukro.qualifications.rules import LOCALE, NUMBER_APPROVED
from tukro.web.taskhost import names
from tukro.work.jobs import close_expired
from tukro.work.models import Assignment, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


@pytest.fixture
def client(wire: Wire, karim: Requester) -> MTurkClient:
    return wire.client_of(karim)


def bonus_for(assignment_id: str, **given: Any) -> dict[str, Any]:
    worker = Assignment.objects.get(public_id=assignment_id).worker.public_id
    return {"WorkerId": worker, "AssignmentId": assignment_id, "BonusAmount": "1", "Reason": "Thanks"} | given


# --- sums ---


@pytest.mark.parametrize(
    ("amount", "kind"),
    [("9999999999999", "ParameterValidationError"), ("9999999999", "RequestError")],
)
def test_a_bonus_beyond_every_balance_is_refused(client: MTurkClient, amount: str, kind: str) -> None:
    made = submitted(create(client)["HITId"])
    moved = Transfer.objects.count()
    assert refused(client.send_bonus, **bonus_for(made, BonusAmount=amount))["kind"] == kind
    assert Transfer.objects.count() == moved


def test_a_number_out_of_range_is_told_by_the_name_of_its_parameter(client: MTurkClient) -> None:
    hit_id = create(client, MaxAssignments=10)["HITId"]
    for number, told in ((0, "minimum value of 1"), (10**9 - 9, "maximum value of 999999990")):
        error = refused(
            client.create_additional_assignments_for_hit,
            HITId=hit_id,
            NumberOfAdditionalAssignments=number,
        )
        assert f"Your request parameter NumberOfAdditionalAssignments  has a {told}." in error["message"]
    far = datetime.now(UTC) + timedelta(days=400)
    error = refused(client.update_expiration_for_hit, HITId=hit_id, ExpireAt=far)
    assert "parameter ExpireAt is too far ahead: at most 365 days from now." in error["message"]


# --- moments that have passed, before any sweep has run ---


def test_approval_by_silence_counts_everywhere_at_once(client: MTurkClient) -> None:
    hit_id = create(client)["HITId"]
    made = submitted(hit_id)
    before = datetime.now(UTC) - timedelta(seconds=1)
    Assignment.objects.filter(public_id=made).update(auto_approve_at=before)
    assert client.get_assignment(AssignmentId=made)["Assignment"]["AssignmentStatus"] == "Approved"
    assert get(client, hit_id)["NumberOfAssignmentsCompleted"] == 1
    letter = {"Subject": "Hello", "MessageText": "Well done", "WorkerIds": [bonus_for(made)["WorkerId"]]}
    assert client.notify_workers(**letter)["NotifyWorkersFailureStatuses"] == []
    client.delete_hit(HITId=hit_id)
    paid = Event.objects.get(name="AssignmentApproved", subject=made)
    assert (paid.actor, Transfer.objects.filter(kind="reward", subject=made).count()) == ("house", 1)


def test_a_hit_on_which_all_was_handed_in_does_not_expire(client: MTurkClient) -> None:
    full, half, empty = (create(client, MaxAssignments=number)["HITId"] for number in (1, 2, 1))
    submitted(full)
    submitted(half)
    Task.objects.update(expires_at=datetime.now(UTC))
    while close_expired(now=datetime.now(UTC)):
        pass
    expired = Event.objects.filter(name="HITExpired").values_list("subject", flat=True)
    assert set(expired) == {half, empty}


# --- types that died ---


def test_a_hit_cannot_be_given_a_type_that_died_or_sleeps(client: MTurkClient) -> None:
    made = client.create_qualification_type(Name="A", Description="", QualificationTypeStatus="Active")
    asked = made["QualificationType"]["QualificationTypeId"]
    wanted = [{"QualificationTypeId": asked, "Comparator": "Exists"}]
    hit_id = create(client)["HITId"]
    other = client.create_hit_type(**TYPE, QualificationRequirements=wanted)["HITTypeId"]
    client.update_qualification_type(QualificationTypeId=asked, QualificationTypeStatus="Inactive")
    error = refused(client.update_hit_type_of_hit, HITId=hit_id, HITTypeId=other)
    assert error["code"] == "InvalidQualificationTypeState"
    client.delete_qualification_type(QualificationTypeId=asked)
    error = refused(client.update_hit_type_of_hit, HITId=hit_id, HITTypeId=other)
    assert error["code"] == "HITTypeDoesNotExist"


def test_a_token_that_made_a_hit_says_so_even_when_the_type_has_died_since(client: MTurkClient) -> None:
    made = client.create_qualification_type(Name="A", Description="", QualificationTypeStatus="Active")
    asked = made["QualificationType"]["QualificationTypeId"]
    wanted = [{"QualificationTypeId": asked, "Comparator": "Exists"}]
    given = {**HIT, "QualificationRequirements": wanted, "UniqueRequestToken": "t"}
    hit = client.create_hit(**given)["HIT"]
    typed = {name: HIT[name] for name in ("LifetimeInSeconds", "Question")}
    typed |= {"HITTypeId": hit["HITTypeId"], "UniqueRequestToken": "u"}
    second = client.create_hit_with_hit_type(**typed)["HIT"]
    client.delete_qualification_type(QualificationTypeId=asked)
    for again, members, first in (
        (client.create_hit, given, hit),
        (client.create_hit_with_hit_type, typed, second),
    ):
        error = refused(again, **members)
        assert (error["code"], first["HITId"] in error["message"]) == ("HitAlreadyExists", True)
    error = refused(client.create_hit_with_hit_type, **typed | {"UniqueRequestToken": "v"})
    assert error["code"] == "HITTypeDoesNotExist"


@pytest.mark.parametrize(
    ("requirement", "told"),
    [
        ({"Comparator": "EqualTo", "IntegerValues": [1, 2]}, "takes exactly one value"),
        ({"Comparator": "Exists", "IntegerValues": [1]}, "take no value"),
        ({"Comparator": "In", "IntegerValues": list(range(16))}, "1 to 15 IntegerValues"),
        ({"Comparator": "EqualTo", "LocaleValues": [{"Country": "US"}]}, "every other type IntegerValues"),
    ],
)
def test_a_requirement_that_cannot_be_says_why(
    client: MTurkClient, requirement: dict[str, Any], told: str
) -> None:
    asked = [{"QualificationTypeId": NUMBER_APPROVED, **requirement}]
    error = refused(client.create_hit_type, **TYPE, QualificationRequirements=asked)
    assert (error["kind"], told in error["message"]) == ("ParameterValidationError", True)


def test_a_place_is_one_of_iso_3166(client: MTurkClient) -> None:
    def asked(country: str, part: str = "") -> list[dict[str, Any]]:
        place = {"Country": country, **({"Subdivision": part} if part else {})}
        return [{"QualificationTypeId": LOCALE, "Comparator": "EqualTo", "LocaleValues": [place]}]

    for country, part in (("UK", ""), ("ZZ", ""), ("US", "ZZ"), ("GB", "EN")):  # Britain is GB
        error = refused(client.create_hit_type, **TYPE, QualificationRequirements=asked(country, part))
        assert error["kind"] == "ParameterValidationError", country
    for country, part in (("GB", ""), ("bd", ""), ("US", "CA"), ("US", "PR")):
        client.create_hit_type(**TYPE, QualificationRequirements=asked(country, part))


# --- what no worker would be shown ---


def test_a_page_under_a_name_of_this_house_makes_no_hit(client: MTurkClient) -> None:
    label = names.label_for(task_id="T", viewer_id="W")
    for host in (f"https://{settings.SITE_HOST}", f"https://{label}.localhost:8080"):
        question = EXTERNAL.replace("https://example.org", host)
        error = refused(client.create_hit, **{**HIT, "Question": question})
        assert error["kind"] == "ParameterValidationError"
        assert "is not valid for the parameter ExternalURL" in error["message"]
    create(client, Question=EXTERNAL.replace("https://example.org", "https://study.localhost:9000"))


# --- words as they were given ---


def test_words_may_be_empty_and_come_back_as_they_were_given(client: MTurkClient) -> None:
    hit = create(client, Description="")
    assert hit["Description"] == ""
    made = submitted(hit["HITId"])
    client.approve_assignment(AssignmentId=made, RequesterFeedback=" Thanks\n")
    assert client.get_assignment(AssignmentId=made)["Assignment"]["RequesterFeedback"] == " Thanks\n"
    worker_id = bonus_for(made)["WorkerId"]
    client.notify_workers(Subject="", MessageText="", WorkerIds=[worker_id])
    assert Mail.objects.filter(subject="Karim Studio").count() == 1


def test_a_value_of_a_gift_counts_only_beside_the_gift(client: MTurkClient) -> None:
    made = client.create_qualification_type(Name="A", Description="", QualificationTypeStatus="Active")
    named = {"QualificationTypeId": made["QualificationType"]["QualificationTypeId"]}
    changed = client.update_qualification_type(**named, AutoGranted=False, AutoGrantedValue=5)
    assert "AutoGrantedValue" not in changed["QualificationType"]
    changed = client.update_qualification_type(**named, AutoGranted=True, AutoGrantedValue=5)
    assert changed["QualificationType"]["AutoGrantedValue"] == 5
    changed = client.update_qualification_type(**named, AutoGrantedValue=6)
    assert changed["QualificationType"]["AutoGrantedValue"] == 6
