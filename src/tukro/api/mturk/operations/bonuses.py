"""Bonuses: pay one, list them (mturk-api 6.19, 6.20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from tukro.api.mturk.errors import invalid_value, parameter_error
from tukro.api.mturk.forms import bonus_payment, money_of, plain_text
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page, key_of_moment, moment_of_key
from tukro.api.mturk.qualifying import worker_of
from tukro.people.models import Requester
from tukro.work.actions.reviewing import MAX_FEEDBACK, WorkerUnknown, grant_bonus
from tukro.work.models import Bonus
from tukro.work.queries.of_requester.handed_in import Place, bonuses_on_assignment, bonuses_on_task


@operation("SendBonus")
def send_bonus(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Pay the worker of an assignment extra, from the balance. A token of the last day is refused."""
    amount = money_of(given["BonusAmount"], "BonusAmount")
    reason = plain_text(given["Reason"], "Reason", MAX_FEEDBACK)
    try:
        grant_bonus(
            requester=caller,
            worker=worker_of(caller, given),
            assignment_id=given["AssignmentId"],
            amount=amount,
            reason=reason,
            token=given.get("UniqueRequestToken", ""),
            now=now,
        )
    except WorkerUnknown:
        raise invalid_value("WorkerId", given["WorkerId"]) from None
    return {}


@operation("ListBonusPayments")
def list_bonus_payments(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Bonuses for a HIT or for an assignment; when both are named, it must be of the HIT."""
    del now
    page = Page.asked("ListBonusPayments", caller, given)
    rows = _named(caller, given, moment_of_key(page.after))
    return page.answer(
        "BonusPayments",
        list(rows[: page.size]),
        key=lambda row: key_of_moment(row.granted_at, row.pk),
        form=partial(bonus_payment, of=caller),
    )


def _named(caller: Requester, given: Mapping[str, Any], after: Place | None) -> QuerySet[Bonus]:
    if "AssignmentId" in given:
        rows = bonuses_on_assignment(caller, given["AssignmentId"], after=after)
        return rows.filter(assignment__task__public_id=given["HITId"]) if "HITId" in given else rows
    if "HITId" in given:
        return bonuses_on_task(caller, given["HITId"], after=after)
    raise parameter_error(
        "Your request is missing required parameters. Required parameters include HITId or AssignmentId.",
        "AWS.MissingParameters",
    )
