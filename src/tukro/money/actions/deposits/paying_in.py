"""Money that comes in for requesters: asked for, waited for, settled once, or given up.

A deposit is moved only by what its provider says when we ask it (``note_sighting``), or by staff who read it
in a bank's statement. Key of its movement: ``deposit:{provider}:{deposit}``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line
from tukro.money.actions import accounts
from tukro.money.actions.books.exchange import current_rate
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.deposits.moves import DepositNotMovable, give_up, locked_deposit, move
from tukro.money.actions.deposits.unmatched import keep_unmatched
from tukro.money.actions.law.screening_requesters import refuse_held, screen_requester
from tukro.money.models import Deposit, DepositState, ExchangeRate, UnmatchedMoney
from tukro.money.queries import policy
from tukro.money.rules import LARGEST_DEPOSIT, is_whole_cents
from tukro.money.rules.deposits import (
    LARGEST_DEPOSITS,
    LIFETIMES,
    SMALLEST_DEPOSIT,
    Sighting,
    deposit_fee,
    price_in,
    reference_from,
)
from tukro.people.models import Requester
from tukro.vetting.queries.sanctions import stands_against


class AmountNotPositive(Refused):
    """Nothing, or less than nothing, cannot be moved. Facts: ``amount``."""


class AmountTooLarge(Refused):
    """More than is accepted at once. Facts: ``amount``, ``limit``."""


class AmountTooSmall(Refused):
    """Less than is accepted at once. Facts: ``amount``, ``limit``."""


@transaction.atomic
def deposit_play_money(
    *, requester: Requester, amount: Money, now: datetime, deposit_id: str = ""
) -> Deposit:
    """Give a requester play money of the sandbox; ``deposit_id`` as for create_deposit.

    Refuses AmountNotPositive, AmountTooLarge, NotFound (an id that is somebody else's).
    """
    if amount.units <= 0:
        raise AmountNotPositive(amount=amount)
    if amount > LARGEST_DEPOSIT:
        raise AmountTooLarge(amount=amount, limit=LARGEST_DEPOSIT)
    if earlier := _asked_before(requester, deposit_id):
        return earlier
    deposit = Deposit.objects.create(
        public_id=deposit_id or new_id(),
        requester=requester,
        amount=amount,
        asked_units=amount.units,
        provider="play",
        state=DepositState.SETTLED,
        created_at=now,
        settled_at=now,
    )
    _credit(deposit, by=requester.actor, at=now)
    return deposit


def create_deposit(
    *,
    requester: Requester,
    amount: Money,
    provider: str,
    now: datetime,
    currency: str = "USD",
    deposit_id: str = "",
) -> Deposit:
    """Write down what a requester wants to pay in, with its price as it stays. Nothing has moved yet.

    ``deposit_id`` is a new id that the page made when it first showed the button: pressing twice asks once.
    ``currency`` is the one in which it is paid, at today's rate whatever the rate is when the money comes.
    Refuses AmountTooSmall, AmountTooLarge, NoRate, NotFound (no such way; an id that is somebody else's),
    PaymentsHeld (a list of sanctioned people stands against them).
    """
    if provider not in LARGEST_DEPOSITS:
        raise NotFound(provider=provider)
    if amount < SMALLEST_DEPOSIT or not is_whole_cents(amount):
        raise AmountTooSmall(amount=amount, limit=SMALLEST_DEPOSIT)
    if amount > LARGEST_DEPOSITS[provider]:
        raise AmountTooLarge(amount=amount, limit=LARGEST_DEPOSITS[provider])
    screen_requester(requester=requester, now=now)
    return _create(requester, amount, provider, currency=currency, deposit_id=deposit_id, at=now)


@transaction.atomic
def _create(
    requester: Requester, amount: Money, provider: str, *, currency: str, deposit_id: str, at: datetime
) -> Deposit:
    if earlier := _asked_before(requester, deposit_id):
        return earlier
    refuse_held(requester)
    fee = deposit_fee(amount, policy(), provider)
    rate = None if currency == "USD" else current_rate(currency, now=at)
    deposit = Deposit.objects.create(
        public_id=deposit_id or new_id(),
        requester=requester,
        amount=amount,
        fee=fee,
        currency=currency,
        asked_units=asked_for(amount + fee, rate).units,
        rate=rate,
        provider=provider,
        reference=_new_reference() if provider == "bank" else "",
        state=DepositState.CREATED,
        created_at=at,
        expires_at=at + LIFETIMES[provider],
    )
    record(
        name="DepositAsked",
        actor=requester.actor,
        subject=deposit.public_id,
        at=at,
        facts={"requester": requester.public_id, "amount": amount.units, "provider": provider},
    )
    return deposit


def _asked_before(requester: Requester, deposit_id: str) -> Deposit | None:
    """What this id asked for before. Refuses NotFound: it is somebody else's.

    Locks the requester: the same pressed twice at one moment waits, and then finds the first.
    """
    Requester.objects.select_for_update(no_key=True).get(pk=requester.pk)
    earlier = Deposit.objects.filter(public_id=deposit_id).first() if deposit_id else None
    if earlier is not None and earlier.requester_id != requester.pk:
        raise NotFound(deposit=deposit_id)
    return earlier


@transaction.atomic
def note_started(*, deposit_id: str, provider_ref: str, pay_url: str, now: datetime) -> Deposit:
    """The provider has opened a place to pay. A later one replaces it only while there is none."""
    deposit = locked_deposit(deposit_id)
    if not deposit.provider_ref:
        deposit.provider_ref, deposit.pay_url, deposit.why = provider_ref, pay_url, ""
        deposit.due_at = now + timedelta(seconds=30)
        deposit.save(update_fields=["provider_ref", "pay_url", "why", "due_at"])
    return deposit


@transaction.atomic
def note_not_started(*, deposit_id: str, why: str, now: datetime) -> Deposit:
    """The provider declined to open a place to pay: the deposit has failed."""
    deposit = locked_deposit(deposit_id)
    if not deposit.provider_ref and deposit.is_open:
        give_up(deposit, "fail", why=why, at=now)
    return deposit


@transaction.atomic
def look_soon(*, deposit_id: str, requester: Requester, now: datetime) -> Deposit:
    """The payer is back from the provider: it is asked at once. Nothing is believed. Refuses NotFound."""
    deposit = locked_deposit(deposit_id, requester=requester)
    if deposit.is_open and deposit.provider_ref and (deposit.due_at is None or deposit.due_at > now):
        deposit.due_at = now
        deposit.save(update_fields=["due_at"])
    return deposit


@transaction.atomic
def cancel_deposit(*, deposit_id: str, requester: Requester, now: datetime) -> Deposit:
    """The requester does not want to pay after all. Money that comes nevertheless is taken in.

    Refuses NotFound and DepositNotMovable. Twice is once.
    """
    deposit = locked_deposit(deposit_id, requester=requester)
    if deposit.state == DepositState.EXPIRED:
        return deposit
    if deposit.state != DepositState.CREATED:
        raise DepositNotMovable(state=deposit.state, verb="expire")
    give_up(deposit, "expire", why="cancelled", at=now)
    return deposit


@transaction.atomic
def note_sighting(*, deposit_id: str, seen: Sighting, now: datetime) -> Deposit:
    """Bring the deposit to where its provider says that it is. The same said again changes nothing.

    Money of another amount or currency than was asked, and money that came a second time, is kept apart for
    staff and settles nothing.
    """
    deposit = locked_deposit(deposit_id)
    match seen.state:
        case "paid":
            assert seen.paid is not None, "what is paid has an amount"
            _take_in(deposit, seen, seen.paid, at=now)
        case "processing" if deposit.is_open:
            if deposit.state != DepositState.PENDING:
                move(deposit, "wait")
                deposit.save(update_fields=["state"])
        case "failed" if deposit.is_open:
            give_up(deposit, "fail", why=seen.why or "declined", at=now)
        case "expired" if deposit.is_open:
            give_up(deposit, "expire", why="too_late", at=now)
        case "open" if deposit.is_open and deposit.expires_at and deposit.expires_at <= now:
            give_up(deposit, "expire", why="too_late", at=now)
    return deposit


def settle(deposit: Deposit, *, by: Actor, payment_ref: str, at: datetime) -> None:
    """Settle a locked deposit, within the caller's transaction."""
    move(deposit, "settle")
    deposit.payment_ref, deposit.why = payment_ref, ""
    deposit.settled_at, deposit.closed_at = at, None
    deposit.save(update_fields=["state", "payment_ref", "why", "settled_at", "closed_at"])
    _credit(deposit, by=by, at=at)


def asked_for(price: Money, rate: ExchangeRate | None) -> Money:
    """What is paid for ``price`` dollars, in the currency of the rate."""
    if rate is None:
        return price
    spread = rate.spread_basis_points
    return price_in(price, currency=rate.currency, rate=rate.rate, spread_basis_points=spread)


def outside_lines(deposit: Deposit, share: Money, *, at: datetime) -> dict[int, int]:
    """The debits for ``share`` dollars of a deposit where its money is; negated, the credits of going back.

    A deposit in another currency is there in that currency, exchanged at the rate that it froze.
    """
    outside = accounts.outside(deposit.provider, at=at, currency=deposit.currency)
    if deposit.currency == "USD":
        return {outside: share.units}
    units = deposit.asked_units * share.units // deposit.price.units
    return {
        outside: units,
        accounts.exchange(deposit.currency, at=at): -units,
        accounts.exchange("USD", at=at): share.units,
    }


def _take_in(deposit: Deposit, seen: Sighting, paid: Money, *, at: datetime) -> None:
    if deposit.state == DepositState.SETTLED:
        if seen.payment != deposit.payment_ref:
            keep_unmatched(deposit, paid=paid, payment_ref=seen.payment, why="paid_twice", at=at)
        return
    if _is_booked(deposit.provider, seen.payment):
        return
    is_held = stands_against(deposit.requester)
    if paid != deposit.asked or seen.risky or is_held:
        why = "wrong_amount" if paid != deposit.asked else "risky" if seen.risky else "held"
        keep_unmatched(deposit, paid=paid, payment_ref=seen.payment, why=why, at=at)
        if deposit.is_open:
            give_up(deposit, "fail", why=why, at=at)
        return
    settle(deposit, by=HOUSE, payment_ref=seen.payment, at=at)


def _is_booked(provider: str, payment: str) -> bool:
    """Whether this money is in the books: kept for staff, as when it looked risky, or given to somebody."""
    booked = {"provider": provider, "payment_ref": payment}
    return UnmatchedMoney.objects.filter(**booked).exists() or Deposit.objects.filter(**booked).exists()


def _credit(deposit: Deposit, *, by: Actor, at: datetime) -> None:
    owner = deposit.requester.public_id
    lines: Mapping[int, int] = {
        **outside_lines(deposit, deposit.price, at=at),
        accounts.requester_available(owner, at=at): -deposit.amount.units,
        **({accounts.deposit_fees(at=at): -deposit.fee.units} if deposit.fee else {}),
    }
    ledger.post(
        kind="deposit",
        key=f"deposit:{deposit.provider}:{deposit.public_id}",
        lines=[Line(account, amount) for account, amount in lines.items()],
        subject=deposit.public_id,
        at=at,
    )
    record(
        name="DepositSettled",
        actor=by,
        subject=deposit.public_id,
        at=at,
        facts={"requester": owner, "amount": deposit.amount.units, "provider": deposit.provider},
    )
    if deposit.provider != "play":
        collect_debt(requester=deposit.requester, now=at)


def _new_reference() -> str:
    while True:
        reference = reference_from(secrets.randbelow(10**8))
        if not Deposit.objects.filter(reference=reference).exists():
            return reference
