"""Money's own small market: a requester's one lane of places, without tasks and assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from tests import cast, make
from tests.make import NOW
from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.ledger.models import Entry
from tukro.money.actions.balances import escrow
from tukro.money.actions.refusals import InsufficientFunds, money_refusals
from tukro.money.queries.house import house_standing
from tukro.people.models import Requester, Worker

SHIRIN = Actor("staff", "7")
REWARD, FEE = Money(500_000), Money(100_000)
BKASH = {"number": "01712345678"}


@dataclass
class Shop:
    """Karim posts, Rahima works; ``hold`` is the lane that was filled last."""

    karim: Requester
    rahima: Worker
    reward: Money = REWARD
    fee: Money = FEE
    hold: int = 0

    @property
    def price(self) -> Money:
        return self.reward + self.fee

    def publish(self, *, places: int, batch: str = "B1") -> int:
        """Set a batch's money aside and fill one lane with it."""
        cost = self.price * places
        escrow.set_aside_batch(requester=self.karim, batch_id=batch, amount=cost, at=NOW)
        shares = [(f"{batch}/1", cost)]
        (self.hold,) = spread_batch(batch_id=batch, shares=shares, key=f"spread:{batch}", at=NOW)
        return self.hold

    def pay(self, assignment: str, *, worker: Worker | None = None, hold: int = 0) -> None:
        paid = worker or self.rahima
        call(
            "money_pay_reward(%s, %s, %s, %s, %s, %s)",
            *(hold or self.hold, paid.public_id, self.reward.units, self.fee.units, assignment, NOW),
        )

    def pay_late(self, assignment: str) -> None:
        """An overturned rejection whose money was given back before."""
        available = call(
            "money_pay_from_balance(%s, %s, %s, %s, %s, %s)",
            *(self.karim.public_id, self.rahima.public_id, self.reward.units, self.fee.units),
            *(assignment, NOW),
        )
        if isinstance(available, int):
            raise InsufficientFunds(needed=self.price, available=Money(available))

    def give_back(self, *, places: int, key: str) -> None:
        escrow.give_back(hold=self.hold, amount=self.price * places, key=key, subject="task", at=NOW)


@transaction.atomic
def spread_batch(*, batch_id: str, shares: Sequence[tuple[str, Money]], key: str, at: datetime) -> list[int]:
    """From a batch's hold into holds of lanes, opened here, one per ``(ref, amount)``; their accounts."""
    refs, units = [ref for ref, _ in shares], [amount.units for _, amount in shares]
    holds = call("money_spread_batch(%s, %s::text[], %s::bigint[], %s, %s)", batch_id, refs, units, key, at)
    assert holds is None or isinstance(holds, list)
    return holds or []


def worker_and_requester() -> tuple[Worker, Requester]:
    """Rahima, and Karim without a cent."""
    return cast.rahima(), make.requester(email="karim@example.org", funds="0")


def add_bkash(worker: Worker) -> int:
    return make.payout_method(of=worker, details=BKASH).pk


def call(function: str, *params: Any) -> object:
    """One of money's SQL functions, as work's SQL calls it."""
    with money_refusals(), connection.cursor() as cursor:
        cursor.execute(f"select {function}", list(params))
        row: tuple[object] = cursor.fetchone()
    return row[0]


def summed(code: str, *, grows: int, currency: str = "USD") -> Money:
    """The balance of accounts as their entries say: ``grows`` is 1 for debit, -1 for credit accounts."""
    entries = Entry.objects.filter(account__code=code, account__currency=currency)
    return Money((entries.aggregate(total=Sum("amount"))["total"] or 0) * grows, currency)


def free_of(currency: str) -> Money:
    """What the house may take out of a currency."""
    standing = house_standing().get(currency)
    return standing.free if standing else Money.zero(currency)


def exchanged(currency: str) -> dict[str, str]:
    return {
        f"in transit {currency}": str(summed("worker_transit", grows=-1, currency=currency)),
        f"outside {currency}": str(summed("outside", grows=1, currency=currency)),
        f"exchange {currency}": str(summed("exchange", grows=1, currency=currency)),
        "exchange": str(summed("exchange", grows=1)),
        "rounding": str(summed("rounding", grows=-1)),
    }


def fees_and_outside() -> dict[str, str]:
    return {
        "fees": str(summed("fees", grows=-1)),
        "payout fees": str(summed("payout_fees", grows=-1)),
        "outside": str(summed("outside", grows=1)),
        "goodwill": str(summed("goodwill", grows=1)),
        "provider costs": str(summed("provider_costs", grows=1)),
        "capital": str(summed("capital", grows=-1)),
        "given up": str(summed("given_up", grows=-1)),
        "exchange result": str(summed("exchange_result", grows=-1)),
        "tax": str(summed("tax_withheld", grows=-1)),
        "unclaimed": str(summed("worker_unclaimed", grows=-1)),
        "debt": str(summed("requester_debt", grows=1)),
        "frozen": str(summed("requester_disputed", grows=-1)),
        "debt losses": str(summed("debt_losses", grows=1)),
        "free": str(free_of("USD")),
    }
