"""Withdrawals: a worker asks, staff send the money by hand, and it arrives, or comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line
from tukro.money.actions import accounts
from tukro.money.actions.exchange import exchange_lines, quote
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.models import Payout, PayoutMethod, PayoutState, seal_details
from tukro.money.queries import policy
from tukro.money.rules import (
    PAYOUT_FIELDS,
    PAYOUT_MOVES,
    PayoutKindName,
    PayoutVerb,
    check_payout_details,
    convert,
    is_whole_cents,
)
from tukro.people.models import Worker


class BadDetails(Refused):
    """Details of a payout method that cannot be right. Facts: ``problems`` (list of rules.DetailProblem)."""


class BelowMinimum(Refused):
    """Less than is paid out at once. Facts: ``amount``, ``minimum``."""


class NotWholeCents(Refused):
    """Payouts have two decimals. Facts: ``amount``."""


class PayoutNotMovable(Refused):
    """The payout is in a state from which this cannot happen. Facts: ``state``, ``verb``."""


class ReasonMissing(Refused):
    """Money is not returned without saying why."""


class ReferenceMissing(Refused):
    """A payout is not sent without the bank's or wallet's own number."""


@transaction.atomic
def add_method(
    *, worker: Worker, kind: PayoutKindName, details: Mapping[str, str], now: datetime
) -> PayoutMethod:
    """Keep a way to be paid, sealed. Refuses NotFound (no such kind) and BadDetails."""
    if kind not in PAYOUT_FIELDS:
        raise NotFound(kind=kind)
    clean, problems = check_payout_details(kind, details)
    if problems:
        raise BadDetails(problems=problems)
    method = PayoutMethod.objects.create(
        worker=worker, kind=kind, sealed_details=seal_details(clean, worker=worker), added_at=now
    )
    record(
        name="PayoutMethodAdded",
        actor=worker.actor,
        subject=worker.public_id,
        at=now,
        facts={"kind": kind, "method": method.pk},
    )
    return method


@transaction.atomic
def remove_method(*, worker: Worker, method_id: int, now: datetime) -> None:
    """Forget a way to be paid; payouts that were asked for keep their copy. Refuses NotFound.

    Twice is once.
    """
    method = PayoutMethod.objects.select_for_update().filter(worker=worker, pk=method_id).first()
    if method is None:
        raise NotFound(method=method_id)
    if method.removed_at is not None:
        return
    method.removed_at = now
    method.save(update_fields=["removed_at"])
    record(
        name="PayoutMethodRemoved",
        actor=worker.actor,
        subject=worker.public_id,
        at=now,
        facts={"kind": method.kind, "method": method.pk},
    )


@transaction.atomic
def request_payout(
    *,
    worker: Worker,
    method_id: int,
    amount: Money,
    now: datetime,
    payout_id: str = "",
    closing: bool = False,
    currency: str = "USD",
) -> Payout:
    """Reserve money for a withdrawal; staff see it in the queue.

    ``closing``: the person leaves, so the rest goes out however little it is.
    ``payout_id`` is a new id that the door made when it first showed the button: pressing twice asks once.
    ``currency``: in which it arrives, at today's rate, whatever the rate is when it is sent.
    Refuses NotFound (the method, or an id that is somebody else's), NotWholeCents, BelowMinimum, NoRate,
    InsufficientFunds.
    """
    method = PayoutMethod.objects.filter(worker=worker, pk=method_id, removed_at__isnull=True).first()
    if method is None:
        raise NotFound(method=method_id)
    rules = policy()
    if not is_whole_cents(amount):
        raise NotWholeCents(amount=amount)
    if amount < rules.minimum_payout and not closing:
        raise BelowMinimum(amount=amount, minimum=rules.minimum_payout)
    quoted = quote(amount=amount, fee=rules.payout_fee, currency=currency, now=now)
    # Opened first, so that its id is the smaller one: locking it alone keeps the order of locks.
    available = accounts.worker_available(worker.public_id, at=now)
    reserved = accounts.worker_reserved(worker.public_id, at=now)
    balance = Money(ledger.locked_balance(available))
    # Under the lock: a second request with the same id waits for the first and then finds it.
    if earlier := Payout.objects.filter(public_id=payout_id).first():
        if earlier.worker_id != worker.pk:
            raise NotFound(payout=payout_id)
        return earlier
    if balance < amount:
        raise InsufficientFunds(needed=amount, available=balance)

    payout = Payout.objects.create(
        public_id=payout_id or new_id(),
        worker=worker,
        amount=amount,
        fee=quoted.fee,
        currency=currency,
        receives_units=quoted.receives.units,
        rate=quoted.rate,
        kind=method.kind,
        sealed_details=method.sealed_details,
        state=PayoutState.REQUESTED,
        requested_at=now,
    )
    _post(payout, "payout_asked", {available: amount, reserved: -amount}, at=now)
    _tell(payout, "PayoutRequested", by=worker.actor, at=now)
    return payout


@transaction.atomic
def cancel_payout(*, worker: Worker, payout_id: str, now: datetime) -> Payout:
    """The worker takes a request back before it is sent.

    Twice is once. Refuses NotFound, PayoutNotMovable.
    """
    payout = _locked(payout_id, worker=worker)
    if not _move(payout, "cancel"):
        return payout
    payout.cancelled_at = now
    payout.save(update_fields=["state", "cancelled_at"])
    owner = worker.public_id
    _post(
        payout,
        "payout_cancelled",
        {
            accounts.worker_reserved(owner, at=now): payout.amount,
            accounts.worker_available(owner, at=now): -payout.amount,
        },
        at=now,
    )
    _tell(payout, "PayoutCancelled", by=worker.actor, at=now)
    return payout


@transaction.atomic
def send_payout(*, by: Actor, payout_id: str, reference: str, now: datetime) -> Payout:
    """Staff handed the money to the bank or wallet, under ``reference``. The house takes its fee now.

    Twice is once. Refuses NotFound, ReferenceMissing, PayoutNotMovable.
    """
    if not reference.strip():
        raise ReferenceMissing()
    payout = _locked(payout_id)
    if not _move(payout, "send"):
        return payout
    payout.reference, payout.sent_at = reference.strip(), now
    payout.save(update_fields=["state", "reference", "sent_at"])
    owner = payout.worker.public_id
    _post(
        payout,
        "payout_sent",
        {
            accounts.worker_reserved(owner, at=now): payout.amount,
            accounts.payout_fees(at=now): -payout.fee,
            _transit(payout, at=now): -payout.receives,
            **_exchanged(payout, at=now),
        },
        at=now,
    )
    _tell(payout, "PayoutSent", by=by, at=now)
    return payout


@transaction.atomic
def settle_payout(*, by: Actor, payout_id: str, now: datetime) -> Payout:
    """The bank or wallet says that the money arrived. Twice is once. Refuses NotFound, PayoutNotMovable."""
    payout = _locked(payout_id)
    if not _move(payout, "settle"):
        return payout
    payout.settled_at = now
    payout.save(update_fields=["state", "settled_at"])
    _post(
        payout,
        "payout_settled",
        {
            _transit(payout, at=now): payout.receives,
            accounts.outside(payout.kind, at=now, currency=payout.currency): -payout.receives,
        },
        at=now,
    )
    _tell(payout, "PayoutSettled", by=by, at=now)
    return payout


@transaction.atomic
def return_payout(*, by: Actor, payout_id: str, reason: str, reference: str = "", now: datetime) -> Payout:
    """The money came back, before it arrived or long after: the worker's whole balance is restored, once.

    The house gives its fee back too. Twice is once. Refuses NotFound, ReasonMissing, PayoutNotMovable.
    """
    if not reason.strip():
        raise ReasonMissing()
    payout = _locked(payout_id)
    from_outside = payout.state == PayoutState.SETTLED
    if not _move(payout, "return"):
        return payout
    payout.reason, payout.returned_at = reason.strip(), now
    payout.reference = reference.strip() or payout.reference
    payout.save(update_fields=["state", "reason", "reference", "returned_at"])
    owner = payout.worker.public_id
    outside = accounts.outside(payout.kind, at=now, currency=payout.currency)
    _post(
        payout,
        "payout_returned",
        {
            outside if from_outside else _transit(payout, at=now): payout.receives,
            accounts.payout_fees(at=now): payout.fee,
            accounts.worker_available(owner, at=now): -payout.amount,
            **{account: -moved for account, moved in _exchanged(payout, at=now).items()},
        },
        at=now,
    )
    _tell(payout, "PayoutReturned", by=by, at=now, reason=payout.reason)
    return payout


def _locked(payout_id: str, *, worker: Worker | None = None) -> Payout:
    """The payout, locked; somebody else's looks absent."""
    found = (
        Payout.objects.select_for_update(of=("self",))
        .select_related("worker", "rate")
        .filter(public_id=payout_id)
    )
    payout = (found.filter(worker=worker) if worker else found).first()
    if payout is None:
        raise NotFound(payout=payout_id)
    return payout


def _move(payout: Payout, verb: PayoutVerb) -> bool:
    """Put the payout into the state that ``verb`` leads to. False: it is there already, nothing to do."""
    state = PAYOUT_MOVES.get((payout.state, verb))
    if state is not None:
        payout.state = state
        return True
    if payout.state in {to for (_, by_verb), to in PAYOUT_MOVES.items() if by_verb == verb}:
        return False
    raise PayoutNotMovable(state=payout.state, verb=verb)


def _transit(payout: Payout, *, at: datetime) -> int:
    return accounts.worker_transit(payout.worker.public_id, at=at, currency=payout.currency)


def _exchanged(payout: Payout, *, at: datetime) -> dict[int, Money]:
    """What turns the payout's dollars into its currency, at the rate that it froze."""
    if payout.rate is None:
        return {}
    conversion = convert(payout.paid_out, currency=payout.currency, rate=payout.rate.offered)
    return exchange_lines(conversion, at=at)


def _post(payout: Payout, kind: str, lines: Mapping[int, Money], *, at: datetime) -> None:
    ledger.post(
        kind=kind,
        key=f"{kind}:{payout.public_id}",
        lines=[Line(account, amount.units) for account, amount in lines.items() if amount],
        subject=payout.public_id,
        at=at,
    )


def _tell(payout: Payout, name: str, *, by: Actor, at: datetime, **facts: str) -> None:
    facts |= {"worker": payout.worker.public_id, "kind": payout.kind, "reference": payout.reference}
    record(
        name=name,
        actor=by,
        subject=payout.public_id,
        at=at,
        facts=facts | {"amount": payout.amount.units, "fee": payout.fee.units},
    )
