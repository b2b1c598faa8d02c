"""What is left to who leaves: too little for the usual withdrawal, and where it can still go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.money.actions import accounts
from tukro.money.actions.books.exchange import Quote
from tukro.money.actions.paying_out.asking import closing_quote, payout_quote, request_payout
from tukro.money.actions.posting import post_fact
from tukro.money.models import Payout, PayoutMethod
from tukro.money.queries import all_terms, is_usable, payout_methods_of, policy, worker_balance
from tukro.people.models import Worker


@dataclass(frozen=True, slots=True)
class Rest:
    """Less than is usually paid out to this worker.

    ``ways``: the places that take it from who leaves, each with what it brings there. ``has_place``: there is
    one that can be used, though perhaps not for so little. ``can_be_given_up``: no way is known for it.
    """

    amount: Money
    ways: Sequence[tuple[PayoutMethod, Quote]]
    has_place: bool
    can_be_given_up: bool


class RestCanBePaid(Refused):
    """It has a way, or is more than a rest: nobody needs to give it up."""


class RestChanged(Refused):
    """What is left is not what the person saw. Facts: ``amount``, what it is now."""


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
    ways = [(one, quote) for one, quote in quoted if quote is not None]
    # More than a kind's most at once is no rest, though the kind takes it neither way.
    is_little = amount < max([policy().minimum_payout, *(terms[one.kind].minimum for one in places)])
    return Rest(amount=amount, ways=ways, has_place=bool(places), can_be_given_up=is_little and not ways)


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


@transaction.atomic
def give_up_rest(*, worker: Worker, amount: Money, now: datetime) -> None:
    """What no place of the worker takes becomes the house's, so that the account can be closed.

    ``amount`` is what the person saw. Writes RestGivenUp. Twice is once: nothing is left then. Refuses
    RestChanged, RestCanBePaid.
    """
    available = accounts.worker_available(worker.public_id, at=now)
    balance = Money(ledger.locked_balance(available))
    if not balance.whole_cents():
        return
    if balance.whole_cents() != amount:
        raise RestChanged(amount=balance.whole_cents())
    rest = rest_of(worker, now=now)
    if rest is None or not rest.can_be_given_up:
        raise RestCanBePaid
    lines = {available: balance.units, accounts.given_up(at=now): -balance.units}
    post_fact("rest_given_up", new_id(), lines, at=now, subject=worker.public_id)
    facts = {"amount": balance.units}
    record(name="RestGivenUp", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
