"""Money that comes in for requesters. Play money only; live providers stand beside it later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line
from tukro.money.actions import accounts
from tukro.money.models import Deposit
from tukro.money.rules import LARGEST_DEPOSIT
from tukro.people.models import Requester


class AmountNotPositive(Refused):
    """Nothing, or less than nothing, cannot be moved. Facts: ``amount``."""


class AmountTooLarge(Refused):
    """More than is accepted at once. Facts: ``amount``, ``limit``."""


@transaction.atomic
def deposit_play_money(*, requester: Requester, amount: Money, now: datetime) -> Deposit:
    """Give a requester play money of the sandbox. Refuses AmountNotPositive and AmountTooLarge."""
    if amount.units <= 0:
        raise AmountNotPositive(amount=amount)
    if amount > LARGEST_DEPOSIT:
        raise AmountTooLarge(amount=amount, limit=LARGEST_DEPOSIT)
    deposit = Deposit.objects.create(
        public_id=new_id(), requester=requester, amount=amount, provider="play", settled_at=now
    )
    ledger.post(
        kind="deposit",
        key=f"deposit:play:{deposit.public_id}",
        lines=[
            Line(accounts.outside("play", at=now), amount.units),
            Line(accounts.requester_available(requester.public_id, at=now), -amount.units),
        ],
        subject=deposit.public_id,
        at=now,
    )
    record(
        name="DepositSettled",
        actor=requester.actor,
        subject=deposit.public_id,
        at=now,
        facts={"requester": requester.public_id, "amount": amount.units, "provider": "play"},
    )
    return deposit
