"""What every verb of a payout does alike: lock it, move it once, post what moves, say so in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.money import Money
from tukro.money.actions import accounts
from tukro.money.actions.books.exchange import exchange_lines
from tukro.money.actions.posting import post_fact
from tukro.money.models import Payout
from tukro.money.rules import convert
from tukro.money.rules.payouts import PAYOUT_ENDS, PAYOUT_MOVES, PayoutVerb
from tukro.people.models import Worker


class PayoutNotMovable(Refused):
    """The payout is in a state from which this cannot happen. Facts: ``state``, ``verb``."""


def locked(payout_id: str, *, worker: Worker | None = None) -> Payout:
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


def move(payout: Payout, verb: PayoutVerb) -> bool:
    """Put the payout into the state that ``verb`` leads to. False: it is there already, nothing to do.

    Refuses PayoutNotMovable.
    """
    state = PAYOUT_MOVES.get((payout.state, verb))
    if state is not None:
        payout.state = state
        return True
    if payout.state == PAYOUT_ENDS[verb]:
        return False
    raise PayoutNotMovable(state=payout.state, verb=verb)


def approve(payout: Payout, *, by: Actor, now: datetime) -> None:
    """The one place where a locked payout becomes one that may be sent."""
    move(payout, "approve")
    payout.approved_at, payout.approved_by = now, str(by)
    payout.save(update_fields=["state", "approved_at", "approved_by"])
    tell(payout, "PayoutApproved", by=by, at=now)


def post(payout: Payout, kind: str, lines: Mapping[int, Money], *, at: datetime) -> None:
    """Move the payout's money: amounts by account, debit positive, in each account's own currency."""
    post_fact(kind, payout.public_id, {account: one.units for account, one in lines.items()}, at=at)


def post_sent(payout: Payout, *, at: datetime) -> None:
    """The money is on its way; the house takes its fee now."""
    owner = payout.worker.public_id
    lines = {
        accounts.worker_reserved(owner, at=at): payout.amount,
        accounts.payout_fees(at=at): -payout.fee,
        **_taxed(payout, at=at),
        transit(payout, at=at): -payout.receives,
        **_exchanged(payout, at=at),
    }
    post(payout, "payout_sent", lines, at=at)


def post_settled(payout: Payout, *, at: datetime) -> None:
    """The money has arrived."""
    lines = {
        transit(payout, at=at): payout.receives,
        accounts.outside(payout.kind, at=at, currency=payout.currency): -payout.receives,
    }
    post(payout, "payout_settled", lines, at=at)


def post_back(payout: Payout, kind: str, source: int, *, at: datetime) -> None:
    """The money that had left is the worker's again, and the house gives its fee back too."""
    lines = {
        source: payout.receives,
        accounts.payout_fees(at=at): payout.fee,
        accounts.worker_available(payout.worker.public_id, at=at): -payout.amount,
        **{account: -moved for account, moved in _exchanged(payout, at=at).items()},
        **{account: -moved for account, moved in _taxed(payout, at=at).items()},
    }
    post(payout, kind, lines, at=at)


def post_released(payout: Payout, kind: str, *, at: datetime) -> None:
    """The money that was kept ready is the worker's to spend again."""
    owner = payout.worker.public_id
    lines = {
        accounts.worker_reserved(owner, at=at): payout.amount,
        accounts.worker_available(owner, at=at): -payout.amount,
    }
    post(payout, kind, lines, at=at)


def transit(payout: Payout, *, at: datetime) -> int:
    """Where the money is between us and the worker, in the currency in which it arrives."""
    return accounts.worker_transit(payout.worker.public_id, at=at, currency=payout.currency)


def _taxed(payout: Payout, *, at: datetime) -> dict[int, Money]:
    """What is kept for the tax authority of the country that the payout froze."""
    return {accounts.tax_withheld(payout.tax_country, at=at): -payout.tax} if payout.tax else {}


def _exchanged(payout: Payout, *, at: datetime) -> dict[int, Money]:
    """What turns the payout's dollars into its currency, at the rate that it froze."""
    if payout.rate is None:
        return {}
    conversion = convert(payout.paid_out, currency=payout.currency, rate=payout.rate.offered)
    return exchange_lines(conversion, at=at)


def tell(payout: Payout, name: str, *, by: Actor, at: datetime, **facts: str | int) -> None:
    """Write into the journal what happened to the payout, with what its tellers need."""
    common: dict[str, str | int] = {
        "worker": payout.worker.public_id,
        "kind": payout.kind,
        "reference": payout.reference,
        "amount": payout.amount.units,
        "fee": payout.fee.units,
        "tax": payout.tax.units,
    }
    record(name=name, actor=by, subject=payout.public_id, at=at, facts=common | facts)
