"""One table from the house's refusals to MTurk's codes and texts (mturk-api 2).

The texts are English and stand outside the catalogues of words: programs match on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from tukro.api.mturk.errors import (
    WireError,
    does_not_exist,
    invalid_value,
    parameter_error,
    request_error,
)
from tukro.campaigns.actions.projects import AsksForSecrets
from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.balances.spending import RequesterInDebt
from tukro.money.actions.deposits import AmountTooLarge
from tukro.money.actions.refusals import AlreadyPaid, HoldExhausted, InsufficientFunds
from tukro.notices.actions.settings import BadDestination, BadSpecification, NothingSpecified, NothingToSet
from tukro.notices.channels.machines import TestNotDelivered, TestUnderWay
from tukro.qualifications.actions.blocking import BlockNeedsReason
from tukro.qualifications.actions.granting import BadValue
from tukro.qualifications.actions.requirements import (
    BadRequirements,
    InactiveRequiredType,
    UnknownRequiredType,
)
from tukro.quality.rules import BadReviewPolicy
from tukro.questions.layout import MissingParameters
from tukro.questions.refusals import BadFormattedContent, BadHtml, BadQuestion, BadXml
from tukro.work.actions.doing.assigning import BadReason, TooLate, WrongState
from tukro.work.actions.once import AlreadyProcessed
from tukro.work.actions.publishing import BadTerms, BatchHeld, BelowWall, CategoryRefused, ModerationNeeded
from tukro.work.actions.publishing.task_changes import (
    Unreviewed,
    Withdrawn,
    WorkBegun,
    WrongStatus,
)
from tukro.work.actions.publishing.tasks import AlreadyMade
from tukro.work.actions.reviewing import BonusPaidBefore, BonusRefused, TokenReused, WorkerGone


@dataclass(frozen=True, slots=True)
class Form:
    """A TurkErrorCode and a message that names the refusal's facts: ``%(task_id)s``."""

    code: str
    message: str
    kind: str = "RequestError"
    stamped: bool = True

    def error(self, facts: Mapping[str, object]) -> WireError:
        return WireError(self.kind, self.code, self.message % facts, stamped=self.stamped)


# A NotFound says what by the name of its fact.
NOT_FOUND = {
    "task_id": "Hit",
    "assignment_id": "Assignment",
    "task_type_id": "HITType",
    "qualification_type_id": "QualificationType",
    "layout_id": "HITLayout",
}


def _not_found(refused: Refused) -> WireError:
    for fact, what in NOT_FOUND.items():
        if fact in refused.facts:
            return does_not_exist(what, str(refused.facts[fact]))
    return request_error("InvalidParameterValue", "What this request names does not exist.")


def _insufficient_funds(refused: Refused) -> WireError:
    # Quoted without a stamp wherever it was seen; clients match on its words.
    message = (
        "This Requester has insufficient funds in their account to complete this transaction. "
        f"Please visit {settings.SITE_URL}{reverse('requester:balance')} to purchase Prepaid HITs."
    )
    if isinstance(refused, RequesterInDebt):
        message += (
            f" The account owes {refused.facts['debt']} USD from a payment that was taken back;"
            " what is paid in pays this first."
        )
    return request_error("InsufficientFunds", message, stamped=False)


def _bad_policy(refused: Refused) -> WireError:
    parameter = str(refused.facts["parameter"])
    match refused.facts["code"]:
        case "missing":
            return parameter_error(f"The review policy is missing the required parameter {parameter}.")
        case "unknown":
            return parameter_error(f"The review policy has no parameter {parameter}.")
        case "twice":
            return parameter_error(f"The review policy has the parameter {parameter} more than once.")
        case _:
            return invalid_value(parameter, refused.facts["value"])


# What can be wrong with a requirement; the comparators, guards and places are the service model's to check.
_REQUIREMENTS = {
    "too_many_requirements": "There are more than ten of them.",
    "comparator_not_for_locale": "Worker_Locale is compared by EqualTo, NotEqualTo, In or NotIn.",
    "wrong_kind_of_value": "Worker_Locale takes LocaleValues, every other type IntegerValues.",
    "one_value_needed": "This Comparator takes exactly one value.",
    "number_of_values": "In and NotIn take 1 to 15 IntegerValues or 1 to 30 LocaleValues.",
    "no_value_allowed": "Exists and DoesNotExist take no value.",
    "bad_locale": "A Country or Subdivision is not a code of ISO 3166.",
}


def _bad_requirements(refused: Refused) -> WireError:
    codes = refused.facts["codes"]
    told = (
        dict.fromkeys(_REQUIREMENTS.get(str(code), "") for code in codes) if isinstance(codes, list) else ()
    )
    return parameter_error(" ".join(filter(None, ("The QualificationRequirements are not valid.", *told))))


# The wire's names of what a task type or a task is made of.
_TERMS = {
    "title": "Title",
    "description": "Description",
    "keywords": "Keywords",
    "reward": "Reward",
    "duration_seconds": "AssignmentDurationInSeconds",
    "auto_approve_seconds": "AutoApprovalDelayInSeconds",
    "lifetime_seconds": "LifetimeInSeconds",
    "expires_at": "ExpireAt",
    "places": "MaxAssignments",
    "added_places": "NumberOfAdditionalAssignments",
    "annotation": "RequesterAnnotation",
}
_LENGTHS = frozenset(("title", "description", "keywords", "annotation"))


def _bad_terms(refused: Refused) -> WireError:
    field, code = str(refused.facts["field"]), refused.facts["code"]
    name = _TERMS.get(field, field)
    if code == "missing":
        return parameter_error(
            f"Your request parameter {name}  has a minimum length of 1.", "AWS.ParameterOutOfRange"
        )
    if field == "expires_at":
        return parameter_error(
            f"Your request parameter {name} is too far ahead: at most {refused.facts['limit']} days from "
            "now.",
            "AWS.ParameterOutOfRange",
        )
    what = "length" if field in _LENGTHS else "value"
    side = "minimum" if code == "too_small" else "maximum"
    return parameter_error(
        f"Your request parameter {name}  has a {side} {what} of {refused.facts['limit']}.",
        "AWS.ParameterOutOfRange",
    )


def _hit_state(refused: Refused) -> WireError:
    """``This HIT is currently in the state 'Unassignable'. This operation can be called with …``"""
    allowed = refused.facts.get("allowed")
    can = f"can be called with a status of: {', '.join(allowed)}" if isinstance(allowed, tuple) else ""
    return _in_state(refused, can)


def _in_state(refused: Refused, can: str) -> WireError:
    state = refused.facts["status"]
    return request_error(
        "InvalidHITState", f"This HIT is currently in the state '{state}'. This operation {can}"
    )


_STATUSES = Form("InvalidAssignmentState", "This operation can be called with a status of: Submitted")
_PARAMETER = Form(
    "InvalidParameterValue", "One of the values is outside its limits.", kind="ParameterValidationError"
)


def _bad_document(code: str, what: str) -> Form:
    """Somebody's XML or HTML was not good; ``details`` is what the validator said."""
    return Form(
        code, f"There was an error parsing the {what} Details: %(details)s", "ParameterValidationError"
    )


_MISSING_LAYOUT_PARAMETERS = Form(
    "AWS.MissingParameters",
    "Your request is missing required parameters. Required parameters include HITLayoutParameter. You have "
    "not provided all required HITLayout parameters. Missing parameter names: %(names)s",
    kind="ParameterValidationError",
)


_IN_HAND = ("accepted", "revising", "returned", "abandoned")


def _wrong_state(refused: Refused) -> WireError:
    """Work that is in a worker's hands, or was given back, is not there at all for programs (14, trap 22)."""
    assignment_id = refused.facts.get("assignment_id")
    if assignment_id and refused.facts.get("state") in _IN_HAND:
        return does_not_exist("Assignment", str(assignment_id))
    return _STATUSES.error(refused.facts)


def _bonus_refused(refused: Refused) -> WireError:
    if refused.facts["code"] == "amount":
        return invalid_value("BonusAmount", refused.facts["amount"])
    return _PARAMETER.error(refused.facts)


# One row for each refusal that an operation may meet: a Form, or a function where the facts decide.
TABLE: dict[type[Refused], Form | Callable[[Refused], WireError]] = {
    Refused: Form("InvalidParameterValue", "There was an error with this request."),
    NotFound: _not_found,
    # money
    InsufficientFunds: _insufficient_funds,
    HoldExhausted: _insufficient_funds,
    AlreadyPaid: _STATUSES,
    AmountTooLarge: Form(
        "InvalidParameterValue", "The amount is larger than is accepted.", kind="ParameterValidationError"
    ),
    # task types and tasks
    BadTerms: _bad_terms,
    BadRequirements: _bad_requirements,
    UnknownRequiredType: lambda refused: does_not_exist("QualificationType", str(refused.facts["type_id"])),
    InactiveRequiredType: Form(
        "InvalidQualificationTypeState", "This operation can be called with a status of: Active"
    ),
    BadValue: Form(
        "InvalidParameterValue",
        'The value "%(value)s" is not valid for the parameter IntegerValue.',
        kind="ParameterValidationError",
    ),
    CategoryRefused: Form("InvalidParameterValue", "This marketplace does not take this kind of work."),
    ModerationNeeded: Form("InvalidParameterValue", "This kind of work is looked at before it is published."),
    BatchHeld: Form(
        "InvalidParameterValue",
        "The staff of this marketplace stopped this work after a report. No more of it can be offered until "
        "they release it. The requester site says why.",
    ),
    BadReviewPolicy: _bad_policy,
    AsksForSecrets: Form(
        "InvalidParameterValue",
        "The value is not valid for the parameter %(where)s. No task of this marketplace may ask for this: "
        "%(word)s",
        kind="ParameterValidationError",
    ),
    # single tasks; mturk-api 6.1-6.12
    AlreadyMade: Form("HitAlreadyExists", 'The HIT with ID "%(task_id)s" already exists.'),
    AlreadyProcessed: Form(
        "DuplicateRequest", 'The idempotency token "%(token)s" has already been processed.'
    ),
    WrongStatus: _hit_state,
    Unreviewed: lambda refused: _in_state(
        refused,
        f"can be called when every submitted assignment is approved or rejected; {refused.facts['count']} "
        "of its assignments are in the state 'Submitted'.",
    ),
    WorkBegun: lambda refused: _in_state(
        refused, "can be called while no assignment of it has been accepted."
    ),
    Withdrawn: lambda refused: _in_state(
        refused, "cannot be called for it: its batch was cancelled on the requester site."
    ),
    BelowWall: Form(
        "InvalidMaximumAssignmentsIncrease",
        "A HIT that was created with fewer than %(wall)s assignments cannot be extended to %(wall)s or more. "
        "It has %(places)s now.",
    ),
    # questions, tests and answer keys; mturk-api 2
    BadQuestion: Form("InvalidParameterValue", "%(details)s", kind="ParameterValidationError"),
    BadXml: _bad_document(
        "XMLParseError",
        "XML question or answer data in your request. Please make sure the data is well-formed and validates "
        "against the appropriate schema.",
    ),
    BadFormattedContent: _bad_document(
        "XHTMLParseError",
        "XHTML data in your request. Please make sure the data is well-formed and validates against the "
        "appropriate schema.",
    ),
    BadHtml: _bad_document(
        "HTML5ParseError",
        "HTML5 data in your request.  Please make sure the data is well-formed and validates as HTML5.",
    ),
    MissingParameters: _MISSING_LAYOUT_PARAMETERS,
    # assignments
    WrongState: _wrong_state,
    TooLate: _STATUSES,
    BadReason: _PARAMETER,
    BonusRefused: _bonus_refused,
    BonusPaidBefore: Form(
        "DuplicateRequest", 'The idempotency token "%(token)s" has already been processed.'
    ),
    TokenReused: Form(
        "DuplicateRequest", "The idempotency token has already been processed for another request."
    ),
    WorkerGone: Form(
        "InvalidParameterValue",
        "The worker of this assignment has closed the account and cannot be paid any more.",
    ),
    # workers
    BlockNeedsReason: _PARAMETER,
    # notifications
    NothingToSet: Form(
        "AWS.MissingParameters",
        "Your request is missing required parameters. Required parameters include Notification or Active.",
        kind="ParameterValidationError",
    ),
    NothingSpecified: Form(
        "InvalidParameterValue",
        "HITType %(task_type_id)s has no notification specification that could be made active or inactive.",
    ),
    BadSpecification: Form(
        "InvalidParameterValue",
        'The value "%(value)s" is not valid for the parameter %(member)s.',
        kind="ParameterValidationError",
    ),
    BadDestination: Form("InvalidTransportEndpoint", "The destination %(address)s is not valid: %(reason)s."),
    TestUnderWay: Form("", "Rate exceeded", kind="ThrottlingException", stamped=False),
    TestNotDelivered: Form(
        "InvalidTransportEndpoint", "The test notification could not be delivered: %(reason)s."
    ),
}


def refusal_error(refused: Refused) -> WireError:
    """The wire's words for a refusal of the house, by the nearest class that the table knows."""
    row = next(TABLE[kind] for kind in type(refused).__mro__ if kind in TABLE)
    return row.error(refused.facts) if isinstance(row, Form) else row(refused)
