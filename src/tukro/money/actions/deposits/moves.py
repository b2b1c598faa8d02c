"""What every move of a deposit does alike: the row is locked, the table of states is asked, it is told."""

from __future__ import annotations

from datetime import datetime

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.money.models import Deposit
from tukro.money.rules.deposits import DEPOSIT_MOVES, DepositVerb
from tukro.people.models import Requester


class DepositNotMovable(Refused):
    """The deposit is in a state from which this cannot happen. Facts: ``state``, ``verb``."""


def locked_deposit(deposit_id: str, *, requester: Requester | None = None) -> Deposit:
    """The deposit, locked; somebody else's looks absent."""
    found = Deposit.objects.select_for_update(of=("self",)).select_related("requester")
    deposit = found.filter(public_id=deposit_id).first()
    if deposit is None or (requester is not None and deposit.requester_id != requester.pk):
        raise NotFound(deposit=deposit_id)
    return deposit


def move(deposit: Deposit, verb: DepositVerb) -> None:
    """Change the state, or refuse DepositNotMovable."""
    state = DEPOSIT_MOVES.get((deposit.state, verb))
    if state is None:
        raise DepositNotMovable(state=deposit.state, verb=verb)
    deposit.state = state


def give_up(deposit: Deposit, verb: DepositVerb, *, why: str, by: Actor = HOUSE, at: datetime) -> None:
    """A locked deposit is waited for no longer. Money that comes nevertheless is taken in."""
    move(deposit, verb)
    deposit.why, deposit.closed_at = why, at
    deposit.save(update_fields=["state", "why", "closed_at"])
    record(
        name="DepositFailed" if verb == "fail" else "DepositExpired",
        actor=by,
        subject=deposit.public_id,
        at=at,
        facts={"requester": deposit.requester.public_id, "why": why},
    )
