"""What is left to who leaves: too little for the usual withdrawal, and where it can still go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import Quote
from tukro.money.actions.paying_out.asking import closing_quote, payout_quote, request_payout
from tukro.money.models import Payout, PayoutMethod
from tukro.money.queries import all_terms, is_usable, payout_methods_of, policy, worker_balance
from tukro.people.models import Worker


@dataclass(frozen=True, slots=True)
class Rest:
    """Less than is usually paid out to this worker.

    ``ways``: the places that take it from who leaves, each with what it brings there. ``has_place``: there is
    one that can be used, though perhaps not for so little.
    """

    amount: Money
    ways: Sequence[tuple[PayoutMethod, Quote]]
    has_place: bool


def rest_of(worker: Worker, *, now: datetime) -> Rest | None:
    """None: there is nothing, or it can be withdrawn as always."""
    amount = worker_balance(worker)[0].whole_cents()
    places = [one for one in payout_methods_of(worker) if is_usable(one, now)]
    terms = all_terms()
    if places:
        as_always = any(terms[one.kind].offered and amount >= terms[one.kind].minimum for one in places)
    else:
        as_always = amount >= policy().minimum_payout
    if not amount or as_always:
        return None
    quoted = [(one, closing_quote(worker=worker, kind=one.kind, amount=amount, now=now)) for one in places]
    return Rest(
        amount=amount,
        ways=[(one, quote) for one, quote in quoted if quote is not None],
        has_place=bool(places),
    )


def withdraw_rest(*, worker: Worker, method_id: int, payout_id: str, now: datetime) -> Payout:
    """Who leaves gets the rest out, however little it is, in the money in which the place is paid.

    Refuses as ``request_payout`` does.
    """
    method = payout_methods_of(worker).filter(pk=method_id).first()
    if method is None:
        raise NotFound(method=method_id)
    amount = worker_balance(worker)[0].whole_cents()
    quoted = payout_quote(worker=worker, kind=method.kind, amount=amount, now=now)
    return request_payout(
        worker=worker,
        method_id=method_id,
        amount=amount,
        currency=quoted.receives.currency,
        payout_id=payout_id,
        closing=True,
        now=now,
    )
