"""The chart of accounts (docs/money.md): each function answers an account's id.

An account is opened when money first comes to it, at the moment ``at``; owners are named by their public ids.
"""

from __future__ import annotations

from datetime import datetime

from tukro.ledger.actions import open_account


def requester_available(requester_id: str, *, at: datetime) -> int:
    """What a requester can spend."""
    return _owned("requester_available", requester_id, at=at)


def worker_available(worker_id: str, *, at: datetime) -> int:
    """What a worker can withdraw."""
    return _owned("worker_available", worker_id, at=at)


def worker_reserved(worker_id: str, *, at: datetime) -> int:
    """What a worker asked for and nobody has sent yet."""
    return _owned("worker_reserved", worker_id, at=at)


def worker_transit(worker_id: str, *, at: datetime, currency: str = "USD") -> int:
    """What was sent to a worker and has not arrived yet, in the currency in which it arrives."""
    return _owned("worker_transit", worker_id, at=at, currency=currency)


def payout_fees(*, at: datetime) -> int:
    """The house's income from withdrawals."""
    return _house("payout_fees", normal="C", at=at)


def outside(rail: str, *, at: datetime, currency: str = "USD") -> int:
    """Money at a provider or bank: what came in through ``rail`` less what went out."""
    if currency != "USD":
        exchange(currency, at=at)  # opened before it, always
    return _house("outside", ref=rail, normal="D", at=at, currency=currency)


def exchange(currency: str, *, at: datetime) -> int:
    """What the house holds of a currency because it exchanged it for people; dollars are one side of it.

    Dollars are opened first, and both before any other account of the currency: the first who brings money of
    a currency and the first who takes some away would otherwise wait for each other.
    """
    if currency != "USD":
        _house("exchange", normal="D", at=at)
    return _house("exchange", normal="D", at=at, currency=currency)


def goodwill(*, at: datetime) -> int:
    """What the house gave people to make good, or took back from them: an expense."""
    return _house("goodwill", normal="D", at=at)


def given_up(*, at: datetime) -> int:
    """What people who left gave up because no place took so little."""
    return _house("given_up", normal="C", at=at)


def rounding(*, at: datetime) -> int:
    """Dollars too few to buy one more smallest unit of another currency."""
    return _house("rounding", normal="C", at=at)


def provider_costs(rail: str, *, at: datetime, currency: str = "USD") -> int:
    """What a provider or bank kept for its services: an expense."""
    return _house("provider_costs", ref=rail, normal="D", at=at, currency=currency)


def capital(*, at: datetime, currency: str = "USD") -> int:
    """What the operator put in, less what was taken out; below zero once income was taken out."""
    return _house("capital", normal="C", at=at, currency=currency)


def exchange_result(*, at: datetime) -> int:
    """What exchanging won, less what it lost."""
    return _house("exchange_result", normal="C", at=at)


def losses(*, at: datetime, currency: str = "USD") -> int:
    """Money that is gone: paid twice to a thief, kept by a provider that failed."""
    return _house("losses", normal="D", at=at, currency=currency)


def tax_withheld(country: str, *, at: datetime) -> int:
    """What was kept of withdrawals for the tax authority of ``country`` and was not remitted yet.

    Below zero when a withdrawal comes back after its tax was remitted: the authority's next payment is less.
    """
    return _house("tax_withheld", ref=country, normal="C", at=at)


def debt_losses(*, at: datetime) -> int:
    """Debts of requesters that the house gave up."""
    return _house("debt_losses", normal="D", at=at)


def worker_unclaimed(worker_id: str, *, at: datetime) -> int:
    """A worker's balance that was set apart after a long silence; theirs to take back."""
    return _owned("worker_unclaimed", worker_id, at=at)


def requester_unclaimed(requester_id: str, *, at: datetime) -> int:
    """The same of a requester."""
    return _owned("requester_unclaimed", requester_id, at=at)


def deposit_fees(*, at: datetime) -> int:
    """The house's income from deposits."""
    return _house("deposit_fees", normal="C", at=at)


def requester_debt(requester_id: str, *, at: datetime) -> int:
    """What a requester owes the house because a deposit was taken back after it was spent."""
    return open_account(
        code="requester_debt", owner=requester_id, ref="", currency="USD", normal="D", floor=0, at=at
    )


def requester_refunding(requester_id: str, refund_id: str, *, at: datetime) -> int:
    """Money of one refund, until it is known to have left or to have stayed."""
    return _owned("requester_refunding", requester_id, ref=refund_id, at=at)


def requester_disputed(requester_id: str, deposit_id: str, *, at: datetime) -> int:
    """What was unspent of a deposit when its payer disputed it, until the dispute has ended."""
    return _owned("requester_disputed", requester_id, ref=deposit_id, at=at)


def unmatched(unmatched_id: str, currency: str, *, at: datetime) -> int:
    """Money that came and whose owner is not known yet."""
    return open_account(
        code="unmatched", owner="", ref=unmatched_id, currency=currency, normal="C", floor=0, at=at
    )


def _owned(code: str, owner: str, *, at: datetime, ref: str = "", currency: str = "USD") -> int:
    """What the house owes a person: a liability that cannot go below zero."""
    return open_account(code=code, owner=owner, ref=ref, currency=currency, normal="C", floor=0, at=at)


def _house(code: str, *, normal: str, at: datetime, ref: str = "", currency: str = "USD") -> int:
    return open_account(code=code, owner="", ref=ref, currency=currency, normal=normal, floor=None, at=at)
