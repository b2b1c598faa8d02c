"""HIT types: CreateHITType, UpdateHITTypeOfHIT, and the terms that CreateHIT says too (mturk-api 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tukro.api.mturk.errors import parameter_error
from tukro.api.mturk.forms import money_of, requirement_of
from tukro.api.mturk.operations.registry import operation
from tukro.campaigns.actions.projects import refuse_secrets
from tukro.people.models import Requester
from tukro.work.actions.publishing import Terms, ensure_task_type
from tukro.work.actions.publishing.task_changes import retype_task

CATEGORY = (
    "other"  # MTurk knows no kinds of work; this one is open in every house that takes the wire's tasks
)
DEFAULT_AUTO_APPROVAL = 30 * 24 * 3600
# The house keeps seconds as 32-bit numbers; what is larger is out of every range anyway.
_MOST_SECONDS = 2**31 - 1


@operation("CreateHITType")
def create_hit_type(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """The caller's type with these seven properties, found or made. Funds are not looked at. (6.2)"""
    return {"HITTypeId": ensure_task_type(requester=caller, terms=terms_of(given), now=now).public_id}


@operation("UpdateHITTypeOfHIT")
def update_hit_type_of_hit(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Give a HIT that nobody has taken the properties of another type. (6.11)"""
    retype_task(requester=caller, task_id=given["HITId"], type_id=given["HITTypeId"], now=now)
    return {}


def terms_of(given: Mapping[str, Any]) -> Terms:
    """The seven properties. Equal money, equal requirements in any order, and defaults left out or said are
    equal terms; texts are kept in NFC. Raises WireError; refuses AsksForSecrets."""
    refuse_secrets(words={name: given.get(name, "") for name in ("Title", "Description", "Keywords")})
    return Terms(
        title=given["Title"],
        description=given["Description"],
        keywords=given.get("Keywords", ""),
        category=CATEGORY,
        reward=money_of(given["Reward"], "Reward"),
        duration_seconds=seconds_of(given, "AssignmentDurationInSeconds"),
        auto_approve_seconds=seconds_of(given, "AutoApprovalDelayInSeconds", DEFAULT_AUTO_APPROVAL),
        requirements=tuple(requirement_of(one) for one in given.get("QualificationRequirements") or ()),
    )


def seconds_of(given: Mapping[str, Any], name: str, default: int = 0) -> int:
    """A number of seconds that a column can hold. Raises WireError."""
    seconds: int = given.get(name, default)
    if not -_MOST_SECONDS <= seconds <= _MOST_SECONDS:
        raise parameter_error(f"Your request parameter {name} is out of range.", "AWS.ParameterOutOfRange")
    return seconds
