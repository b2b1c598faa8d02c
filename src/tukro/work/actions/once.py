"""Requesters' own keys against doing a thing twice: remembered for a day (mturk-api 1.9)."""

from __future__ import annotations

from datetime import datetime

from tukro.kernel.errors import Refused
from tukro.people.models import Requester
from tukro.work.actions.calls import call


class AlreadyProcessed(Refused):
    """This token has had its effect already. ``token``"""


def refuse_repeat(requester: Requester, operation: str, token: str, now: datetime) -> None:
    """The token is this transaction's until its end. ``""`` is none. Refuses AlreadyProcessed."""
    if token and call("work_token_use", requester.pk, operation, token, now)["work_token_use"]:
        raise AlreadyProcessed(token=token)


def keep_token(requester: Requester, operation: str, token: str, subject: str, now: datetime) -> None:
    """What was done under the token is done; ``subject`` is the public id of what was made or changed."""
    if token:
        call("work_token_keep", requester.pk, operation, token, subject, now)
