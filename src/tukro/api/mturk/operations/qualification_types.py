"""Qualification types on the wire (mturk-api 6.25 to 6.29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models.functions import Left

from tukro.api.mturk.errors import WireError, invalid_value, parameter_error, request_error
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page
from tukro.api.mturk.qualifying import beyond, own_type_errors, qualification_type
from tukro.people.models import Requester
from tukro.qualifications.actions.types import (
    BadType,
    TypeChange,
    TypeNameTaken,
    TypePlan,
    create_type_as,
    update_type,
)
from tukro.qualifications.queries import find_types, type_of
from tukro.work.actions.qualifying import delete_qualification_type

_MEMBERS = {  # properties of a type as the wire calls them
    "name": "Name",
    "description": "Description",
    "keywords": "Keywords",
    "test": "Test",
    "test_duration_seconds": "TestDurationInSeconds",
    "answer_key": "AnswerKey",
    "retry_delay_seconds": "RetryDelayInSeconds",
    "auto_granted": "AutoGranted",
    "auto_granted_value": "AutoGrantedValue",
}

_BEGINNING = 20  # characters of a name that the order of a list goes by


@operation("CreateQualificationType")
def create_qualification_type(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """A type as given; its name is unique among the caller's, those being deleted included."""
    plan = TypePlan(
        name=given["Name"],
        description=given["Description"],
        keywords=given.get("Keywords", ""),
        is_active=given["QualificationTypeStatus"] == "Active",
        test=given.get("Test", ""),
        test_duration_seconds=given.get("TestDurationInSeconds"),
        answer_key=given.get("AnswerKey", ""),
        retry_delay_seconds=given.get("RetryDelayInSeconds"),
        auto_granted=given.get("AutoGranted", False),
        auto_granted_value=given.get("AutoGrantedValue") if given.get("AutoGranted") else None,
    )
    try:
        made = create_type_as(requester=caller, plan=plan, now=now)
    except TypeNameTaken:
        raise request_error(
            "QualificationTypeAlreadyExists",
            "You have already created a QualificationType with this name. A QualificationType's name must be "
            "unique among all of the QualificationTypes created by the same user.",
        ) from None
    except BadType as bad:
        raise _bad_type(bad, given) from None
    return {"QualificationType": qualification_type(made, of=caller)}


@operation("UpdateQualificationType")
def update_qualification_type(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """What is given is changed; a test brings its duration along, and its key or none."""
    status = given.get("QualificationTypeStatus")
    change = TypeChange(
        description=given.get("Description"),
        is_active=None if status is None else status == "Active",
        test=given.get("Test"),
        test_duration_seconds=given.get("TestDurationInSeconds"),
        answer_key=given.get("AnswerKey"),
        retry_delay_seconds=given.get("RetryDelayInSeconds"),
        auto_granted=given.get("AutoGranted"),
        auto_granted_value=given.get("AutoGrantedValue"),
    )
    with own_type_errors(given["QualificationTypeId"]):
        try:
            changed = update_type(
                requester=caller, type_id=given["QualificationTypeId"], change=change, now=now
            )
        except BadType as bad:
            raise _bad_type(bad, given) from None
    return {"QualificationType": qualification_type(changed, of=caller)}


@operation("GetQualificationType")
def get_qualification_type(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Anybody's type, the house's included; what its test's answers are worth is for its owner only."""
    del now
    with own_type_errors(given["QualificationTypeId"]):
        kind = type_of(given["QualificationTypeId"])
    return {"QualificationType": qualification_type(kind, of=caller)}


@operation("ListQualificationTypes")
def list_qualification_types(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Types by name: everybody's, or the caller's own; those that hold the words of Query.

    Only the beginning of a name counts in the order: a NextToken has no room for a long one.
    """
    del now
    page = Page.asked("ListQualificationTypes", caller, given)
    found = find_types(
        query=given.get("Query", ""),
        of=caller if given.get("MustBeOwnedByCaller") else None,
        requestable=given["MustBeRequestable"],
    )
    found = found.annotate(beginning=Left("name", _BEGINNING)).order_by("beginning", "id")
    return page.answer(
        "QualificationTypes",
        list(beyond(found, ("beginning", "id"), page.after)[: page.size]),
        key=lambda kind: (kind.name[:_BEGINNING], kind.pk),
        form=lambda kind: qualification_type(kind, of=caller),
    )


@operation("DeleteQualificationType")
def delete_type_of_caller(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Pending requests are declined, no new work can ask for it; open work keeps what it asks."""
    with own_type_errors(given["QualificationTypeId"]):
        delete_qualification_type(requester=caller, type_id=given["QualificationTypeId"], now=now)
    return {}


# Rules about several properties together. MTurk's own words are not known; ours say what to do.
_RULES = {
    "key_without_test": "AnswerKey cannot be given without Test.",
    "test_without_time": "TestDurationInSeconds must be given with Test.",
    "time_without_test": "TestDurationInSeconds cannot be given without Test.",
    "test_and_gift": "AutoGranted cannot be true for a QualificationType with a Test.",
    "value_without_gift": "AutoGrantedValue cannot be given unless AutoGranted is true.",
    "no_way_back": "The Test of a QualificationType cannot be removed.",
}


def _bad_type(bad: BadType, given: Mapping[str, Any]) -> WireError:
    if rule := _RULES.get(str(bad.facts["code"])):
        return parameter_error(rule)
    member = _MEMBERS[str(bad.facts["field"])]
    return invalid_value(member, given.get(member, ""))
