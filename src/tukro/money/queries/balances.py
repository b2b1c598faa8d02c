"""Reading money: balances, the payout queue, the operator's policy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet, Sum

from tukro.kernel.money import Money
from tukro.ledger.models import Account
from tukro.money.models import (
    EarningsGoal,
    ExchangeRate,
    MoneyPolicy,
    Payout,
    PayoutMethod,
    PayoutState,
    WaitingRate,
)
from tukro.people.models import Requester, Worker

AVAILABLE = ("requester_available", "worker_available")


def policy() -> MoneyPolicy:
    """The operator's fees and limits; the defaults until staff have changed something."""
    return MoneyPolicy.objects.filter(id=1).first() or MoneyPolicy()


def requester_balance(requester: Requester) -> tuple[Money, Money]:
    """(available, set aside for tasks). It costs the same however many tasks there are or were."""
    with connection.cursor() as cursor:
        cursor.execute("select money_available(%(id)s), money_held_of(%(id)s)", {"id": requester.public_id})
        row: tuple[int, int] = cursor.fetchone()
    return Money(row[0]), Money(row[1])


def requester_can_spend(requester: Requester) -> Money:
    """What the requester can spend, which is nothing while something is owed. It costs two indexed rows."""
    with connection.cursor() as cursor:
        cursor.execute("select money_available(%s)", [requester.public_id])
        row: tuple[int] = cursor.fetchone()
    return Money(row[0])


def requester_available(requester: Requester) -> Money:
    """What lies on the requester's balance, owed or not: one indexed row, however much is set aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select balance from ledger_account"
            " where code = 'requester_available' and owner = %s and ref = '' and currency = 'USD'",
            [requester.public_id],
        )
        row: tuple[int] | None = cursor.fetchone()
    return Money(row[0] if row else 0)


# What is under way in another currency stands in the ledger in that currency; here it counts as dollars.
_WORKER_BALANCE = """
    select coalesce(sum(balance) filter (where code = 'worker_available'), 0)::bigint,
        coalesce(sum(balance) filter (where code = 'worker_reserved'), 0)::bigint,
        (coalesce(sum(balance) filter (where code = 'worker_transit'), 0) + coalesce((
            select sum(amount - fee - tax) from money_payout
            where worker_id = %(worker)s and state = 'sent' and currency <> 'USD'), 0))::bigint
    from ledger_account
    where code in ('worker_available', 'worker_reserved', 'worker_transit')
      and owner = %(owner)s and ref = '' and currency = 'USD'
"""


def worker_balance(worker: Worker) -> tuple[Money, Money, Money]:
    """(available, reserved by requested payouts, in transit: sent and not yet settled)."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKER_BALANCE, {"owner": worker.public_id, "worker": worker.pk})
        row: tuple[int, int, int] = cursor.fetchone()
    return Money(row[0]), Money(row[1]), Money(row[2])


def available_to(owners: Collection[str]) -> dict[str, int]:
    """What each of these workers (public ids) can withdraw, in micro-dollars; left out: who never had any."""
    found = Account.objects.filter(code="worker_available", owner__in=owners, ref="", currency="USD")
    return dict(found.values_list("owner", "balance"))


def latest_payouts(worker_ids: Collection[int]) -> dict[int, tuple[tuple[str, str, int], ...]]:
    """The five latest payouts of each of these workers: public id, state, micro-dollars."""
    found: dict[int, tuple[tuple[str, str, int], ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST_PAYOUTS, [list(worker_ids)])
        for worker_id, *payout in cursor.fetchall():
            found[worker_id] = (*found.get(worker_id, ()), (payout[0], payout[1], payout[2]))
    return found


_LATEST_PAYOUTS = """
    select w.id, p.public_id, p.state, p.amount from unnest(%s::bigint[]) w(id) cross join lateral (
        select x.id, x.public_id, x.state, x.amount from money_payout x
        where x.worker_id = w.id order by x.id desc limit 5) p
    order by w.id, p.id desc
"""


def held(holds: list[int]) -> Money:
    """What these hold accounts have together."""
    total = Account.objects.filter(id__in=holds).aggregate(total=Sum("balance"))["total"]
    return Money(total or 0)


_SET_ASIDE_FOR_BATCH = """
    select coalesce(sum(balance), 0)::bigint from ledger_account where id in (
        select e.account_id from ledger_transfer t join ledger_entry e on e.transfer_id = t.id
        where t.subject = %s and t.kind in ('set_aside', 'spread')
          and t.kind not in ('reward', 'reward_after_release')  -- so that the index by subject serves
    ) and code in ('batch_hold', 'hold')
"""


def set_aside_for_batch(batch_id: str) -> Money:
    """What is still set aside for a batch: on its own hold and on the lanes that were filled from it."""
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE_FOR_BATCH, [batch_id])
        row: tuple[int] = cursor.fetchone()
    return Money(row[0])


_SET_ASIDE_BY_BATCH = """
    select h.batch, sum(a.balance)::bigint from (
        select distinct t.subject as batch, e.account_id from ledger_transfer t
        join ledger_entry e on e.transfer_id = t.id
        where t.subject = any(%s) and t.kind in ('set_aside', 'spread')
    ) h join ledger_account a on a.id = h.account_id
    where a.code in ('batch_hold', 'hold') group by h.batch
"""


def set_aside_by_batch(batch_ids: list[str]) -> dict[str, Money]:
    """The same for several batches in one look, by batch id."""
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE_BY_BATCH, [batch_ids])
        return {batch: Money(amount) for batch, amount in cursor.fetchall()}


def payouts_of(worker: Worker) -> QuerySet[Payout]:
    """A worker's withdrawals, the newest first."""
    return Payout.objects.filter(worker=worker).select_related("worker").order_by("-id")


def withdrawn_total(worker: Worker) -> Money:
    """What has arrived with the worker, over all time."""
    arrived = Payout.objects.filter(worker=worker, state=PayoutState.SETTLED)
    sums: dict[str, Money | None] = arrived.aggregate(amount=Sum("amount"), fee=Sum("fee"), tax=Sum("tax"))
    amount, fee, tax = (sums[name] or Money.zero() for name in ("amount", "fee", "tax"))
    return amount - fee - tax


def payout_methods_of(worker: Worker) -> QuerySet[PayoutMethod]:
    """The ways to be paid that the worker has not removed."""
    return (
        PayoutMethod.objects.filter(worker=worker, removed_at__isnull=True)
        .select_related("worker")
        .order_by("id")
    )


def goal_of(worker: Worker) -> EarningsGoal | None:
    """What the worker wants to earn, if they said so."""
    return EarningsGoal.objects.filter(worker=worker).first()


def latest_rate(currency: str, now: datetime) -> ExchangeRate | None:
    """The rate that was entered last for a currency, however old it is."""
    entered = ExchangeRate.objects.filter(currency=currency, entered_at__lte=now)
    return entered.order_by("-entered_at", "-id").first()


def latest_rates(now: datetime) -> dict[str, ExchangeRate]:
    """The last rate of each currency that has one."""
    entered = ExchangeRate.objects.filter(entered_at__lte=now)
    newest = entered.order_by("currency", "-entered_at", "-id").distinct("currency")
    return {one.currency: one for one in newest}


def rates_before(now: datetime, *, limit: int) -> list[ExchangeRate]:
    """What was entered, the latest first."""
    return list(ExchangeRate.objects.filter(entered_at__lte=now).order_by("-entered_at", "-id")[:limit])


def waiting_rates() -> QuerySet[WaitingRate]:
    """Rates of sources that jumped and wait for staff, the oldest first."""
    return WaitingRate.objects.filter(decided_at=None).order_by("pk")
