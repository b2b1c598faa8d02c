"""What staff book about the house's own money. Each booking is one transfer, and can be reversed once.

Keys: ``{kind}:{booking}``, ``booking_reversed:{booking}``. Every verb but the last two refuses BadBooking,
BookingNeedsReference and BookedBefore; ``booking_id``, made by the door, makes twice once. Above the limit of
one person all refuse SecondPersonNeeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.ledger.actions import Line
from tukro.ledger.models import Entry
from tukro.money.actions import accounts
from tukro.money.actions.books.booking_moves import (
    BookingNeedsReason,
    book,
    booked_before,
    lock_house,
    refuse_more_than_there,
    refuse_what_is_owed,
)
from tukro.money.actions.books.exchange import current_rate
from tukro.money.actions.two_persons import check_any
from tukro.money.models import Booking, BookingKind, ExchangeRate
from tukro.money.queries.house import house_standing
from tukro.money.rules.exchange import exchange_gain
from tukro.money.rules.places import PLACES


class NothingWonOrLost(Refused):
    """At the rates of today exchanging won and lost nothing."""


@dataclass(frozen=True, slots=True)
class ExchangeResult:
    """``gain`` below zero was lost. ``rates``: those of the currencies in which something is open."""

    gain: Money
    rates: tuple[ExchangeRate, ...]


@transaction.atomic
def book_cost(
    *,
    by: Actor,
    place: str,
    amount: Money,
    reference: str,
    reason: str = "",
    booking_id: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Booking:
    """A provider or bank kept ``amount`` for its services; below zero: it gave so much back."""

    def lines() -> dict[int, Money]:
        return {_outside(place, amount, now): -amount, _costs(place, amount, now): amount}

    asked = _asked(BookingKind.PROVIDER_COST, place, amount, reference, reason)
    return book(
        asked, lines, good={"amount": bool(amount)}, by=by, first=first, booking_id=booking_id, at=now
    )


@transaction.atomic
def book_settlement(
    *,
    by: Actor,
    place: str,
    to_place: str,
    amount: Money,
    cost: Money,
    reference: str,
    reason: str = "",
    booking_id: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Booking:
    """What lay at ``place`` came to ``to_place``, less ``cost``, which was kept. Refuses NotSoMuchThere."""
    got = amount - cost

    def lines() -> dict[int, Money]:
        kept = {_costs(place, cost, now): cost, _outside(place, amount, now): -amount}
        return kept | {_outside(to_place, got, now): got}

    asked = _asked(BookingKind.SETTLEMENT, place, amount, reference, reason)
    asked.to_place, asked.got_currency, asked.got_units = to_place, got.currency, got.units
    return book(
        asked,
        lines,
        good={
            "amount": amount.units > 0,
            "cost": 0 <= cost.units < amount.units,
            "to_place": to_place in PLACES and to_place != place,
        },
        refuse=lambda: refuse_more_than_there(place, amount),
        by=by,
        first=first,
        booking_id=booking_id,
        at=now,
    )


@transaction.atomic
def put_in(
    *,
    by: Actor,
    place: str,
    amount: Money,
    reference: str,
    reason: str = "",
    booking_id: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Booking:
    """The operator put own money in."""

    def lines() -> dict[int, Money]:
        return {
            _outside(place, amount, now): amount,
            accounts.capital(at=now, currency=amount.currency): -amount,
        }

    asked = _asked(BookingKind.CAPITAL_IN, place, amount, reference, reason)
    return book(
        asked, lines, good={"amount": amount.units > 0}, by=by, first=first, booking_id=booking_id, at=now
    )


@transaction.atomic
def take_out(
    *,
    by: Actor,
    place: str,
    amount: Money,
    reference: str,
    reason: str,
    booking_id: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Booking:
    """The operator took out what is owed to nobody: income from fees, or money that was put in.

    Refuses BookingNeedsReason, NotSoMuchThere, OwedToOthers.
    """

    def refuse() -> None:
        refuse_what_is_owed(amount)
        refuse_more_than_there(place, amount)

    def lines() -> dict[int, Money]:
        return {
            accounts.capital(at=now, currency=amount.currency): amount,
            _outside(place, amount, now): -amount,
        }

    asked = _asked(BookingKind.CAPITAL_OUT, place, amount, reference, reason)
    good = {"amount": amount.units > 0}
    return book(asked, lines, good=good, refuse=refuse, by=by, first=first, booking_id=booking_id, at=now)


@transaction.atomic
def buy_currency(
    *,
    by: Actor,
    place: str,
    paid: Money,
    to_place: str,
    got: Money,
    reference: str,
    reason: str = "",
    booking_id: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Booking:
    """``paid`` left ``place``; ``got``, in another currency, came to ``to_place``. Refuses NotSoMuchThere."""

    def lines() -> dict[int, Money]:
        return {
            accounts.exchange(paid.currency, at=now): paid,
            _outside(place, paid, now): -paid,
            accounts.exchange(got.currency, at=now): -got,
            _outside(to_place, got, now): got,
        }

    asked = _asked(BookingKind.CURRENCY_BOUGHT, place, paid, reference, reason)
    asked.to_place, asked.got_currency, asked.got_units = to_place, got.currency, got.units
    return book(
        asked,
        lines,
        good={
            "paid": paid.units > 0,
            "got": got.units > 0 and got.currency != paid.currency,
            "to_place": to_place in PLACES,
        },
        refuse=lambda: refuse_more_than_there(place, paid),
        by=by,
        first=first,
        booking_id=booking_id,
        at=now,
    )


@transaction.atomic
def book_loss(
    *,
    by: Actor,
    place: str,
    amount: Money,
    reference: str,
    reason: str,
    booking_id: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Booking:
    """Money is gone from ``place`` and will not come back. Refuses BookingNeedsReason."""

    def lines() -> dict[int, Money]:
        return {
            accounts.losses(at=now, currency=amount.currency): amount,
            _outside(place, amount, now): -amount,
        }

    asked = _asked(BookingKind.LOSS, place, amount, reference, reason)
    return book(
        asked, lines, good={"amount": amount.units > 0}, by=by, first=first, booking_id=booking_id, at=now
    )


@transaction.atomic
def book_exchange_result(
    *, by: Actor, reason: str = "", booking_id: str = "", now: datetime, first: Actor | None = None
) -> Booking:
    """What exchanging won or lost so far, at the rates of today, becomes income of the house.

    Afterwards the positions in all currencies together are worth nothing. Refuses NoRate, NothingWonOrLost.
    """
    lock_house()
    if earlier := booked_before(booking_id, BookingKind.EXCHANGE_RESULT):
        return earlier  # whatever the rates are by now
    found = exchange_result(now=now)

    def lines() -> dict[int, Money]:
        return {accounts.exchange("USD", at=now): found.gain, accounts.exchange_result(at=now): -found.gain}

    return book(
        _asked(BookingKind.EXCHANGE_RESULT, "", found.gain, "", reason),
        lines,
        good={},
        by=by,
        first=first,
        booking_id=booking_id,
        at=now,
        facts={"rates": {one.currency: str(one.rate) for one in found.rates}},
    )


def exchange_result(*, now: datetime) -> ExchangeResult:
    """What exchanging won or lost since it was counted last. Refuses NoRate, NothingWonOrLost."""
    positions = {currency: one.exchange for currency, one in house_standing().items()}
    abroad = [currency for currency, position in positions.items() if position and currency != "USD"]
    rates = tuple(current_rate(currency, now=now) for currency in abroad)
    gain = exchange_gain(positions, {one.currency: one.rate for one in rates})
    if not gain:
        raise NothingWonOrLost()
    return ExchangeResult(gain, rates)


@transaction.atomic
def reverse_booking(
    *, by: Actor, booking_id: str, reason: str, now: datetime, first: Actor | None = None
) -> Booking:
    """A booking was wrong: a transfer with its sides swapped takes it back. Twice is once.

    Refuses NotFound, BookingNeedsReason, and OwedToOthers when people's money already relies on it.
    """
    lock_house()
    booking = Booking.objects.filter(public_id=booking_id).first()
    if booking is None:
        raise NotFound(booking=booking_id)
    if not reason.strip():
        raise BookingNeedsReason()
    if booking.reversed_at is not None:
        return booking
    if booking.kind == BookingKind.CAPITAL_IN:
        refuse_what_is_owed(booking.amount)
    check_any(booking.amount, by=by, first=first, now=now)
    made = Entry.objects.filter(transfer__key=f"{booking.kind}:{booking_id}").order_by("account_id")
    ledger.post(
        kind="booking_reversed",
        key=f"booking_reversed:{booking_id}",
        lines=[Line(entry.account_id, -entry.amount) for entry in made],
        subject=booking_id,
        at=now,
    )
    booking.reversed_at, booking.reversed_by = now, str(by)
    booking.reversed_why = reason.strip()[:300]
    booking.save(update_fields=["reversed_at", "reversed_by", "reversed_why"])
    facts = {
        "kind": booking.kind,
        "amount": booking.units,
        "currency": booking.currency,
        "reason": booking.reversed_why,
    }
    record(name="BookingReversed", actor=by, subject=booking_id, at=now, facts=facts)
    return booking


def _asked(kind: BookingKind, place: str, amount: Money, reference: str, reason: str) -> Booking:
    return Booking(
        kind=kind,
        place=place,
        currency=amount.currency,
        units=amount.units,
        reference=reference,
        reason=reason,
    )


def _outside(place: str, amount: Money, at: datetime) -> int:
    return accounts.outside(place, at=at, currency=amount.currency)


def _costs(place: str, amount: Money, at: datetime) -> int:
    return accounts.provider_costs(place, at=at, currency=amount.currency)
