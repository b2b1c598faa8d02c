"""What every booking of the house's own money does alike: one after another, refused or written, and once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, NumberMissing, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.posting import post_fact
from tukro.money.actions.two_persons import check_any
from tukro.money.models import Booking, BookingKind, MoneyPolicy
from tukro.money.queries.house import house_standing, lies_at
from tukro.money.rules.places import PLACES

_NO_PLACE = (BookingKind.EXCHANGE_RESULT,)
_WITH_REASON = (BookingKind.CAPITAL_OUT, BookingKind.LOSS)
_NAMES: Mapping[str, str] = {
    BookingKind.PROVIDER_COST: "ProviderCostBooked",
    BookingKind.SETTLEMENT: "SettlementBooked",
    BookingKind.CAPITAL_IN: "CapitalPutIn",
    BookingKind.CAPITAL_OUT: "CapitalTakenOut",
    BookingKind.CURRENCY_BOUGHT: "CurrencyBought",
    BookingKind.EXCHANGE_RESULT: "ExchangeResultBooked",
    BookingKind.TAX_REMITTED: "TaxRemitted",
    BookingKind.LOSS: "LossBooked",
}


class BookingNeedsReference(NumberMissing):
    """Money outside is not booked without the bank's or provider's own number for it."""


class BookingNeedsReason(WordsMissing):
    """This is not booked without saying why."""


class BadBooking(Refused):
    """No booking can be this. Facts: ``fields``, the names of those at fault."""


class BookedBefore(Refused):
    """The same reference was booked at this place. Facts: ``booked_at``."""


class NotSoMuchThere(Refused):
    """Our books say that less lies at the place. Facts: ``there``, ``amount``."""


class OwedToOthers(Refused):
    """What is asked for belongs to people. Facts: ``amount``, ``free``, ``there``, ``owed``."""


def lock_house() -> None:
    """Bookings come one after another. Nothing that people wait for takes this lock."""
    MoneyPolicy.objects.bulk_create([MoneyPolicy(id=1)], ignore_conflicts=True)
    MoneyPolicy.objects.select_for_update().get(id=1)


def booked_before(booking_id: str, kind: str) -> Booking | None:
    """The booking of this id, made earlier. Refuses NotFound: it is another one's."""
    earlier = Booking.objects.filter(public_id=booking_id).first() if booking_id else None
    if earlier is not None and earlier.kind != kind:
        raise NotFound(booking=booking_id)
    return earlier


def book(
    asked: Booking,
    lines: Callable[[], Mapping[int, Money]],
    *,
    good: Mapping[str, bool],
    by: Actor,
    booking_id: str,
    at: datetime,
    refuse: Callable[[], None] = lambda: None,
    first: Actor | None = None,
    facts: Mapping[str, object] | None = None,
) -> Booking:
    """Refuse, or write the booking, its transfer and its line of the journal; the same id again is the same.

    ``lines`` names the accounts under the lock: two who each open the first account of a currency would
    wait for each other. ``good``: which fields are as they must be. ``refuse`` looks again at what only
    holds under the lock.
    Refuses BadBooking, BookingNeedsReference, BookingNeedsReason, BookedBefore, SecondPersonNeeded.
    """
    lock_house()
    if earlier := booked_before(booking_id, asked.kind):
        return earlier
    asked.reference, asked.reason = asked.reference.strip()[:120], asked.reason.strip()[:300]
    _refuse_bad(asked, good)
    _refuse_twice(asked)
    refuse()
    check_any(asked.amount, by=by, first=first, now=at)
    asked.public_id, asked.booked_at, asked.booked_by = booking_id or new_id(), at, str(by)
    asked.save(force_insert=True)
    moved = {account: amount.units for account, amount in lines().items()}
    post_fact(asked.kind, asked.public_id, moved, at=at)
    said: dict[str, object] = {
        "place": asked.place,
        "amount": asked.units,
        "currency": asked.currency,
        "reference": asked.reference,
        "reason": asked.reason,
    }
    record(name=_NAMES[asked.kind], actor=by, subject=asked.public_id, at=at, facts=said | dict(facts or {}))
    return asked


def _refuse_bad(asked: Booking, good: Mapping[str, bool]) -> None:
    """Refuses BadBooking, BookingNeedsReference, BookingNeedsReason."""
    has_place = asked.kind not in _NO_PLACE
    good = dict(good) | ({"place": asked.place in PLACES} if has_place else {})
    if faults := [field for field, holds in good.items() if not holds]:
        raise BadBooking(fields=faults)
    if has_place and not asked.reference:
        raise BookingNeedsReference()
    if asked.kind in _WITH_REASON and not asked.reason:
        raise BookingNeedsReason()


def refuse_more_than_there(place: str, amount: Money) -> None:
    """Refuses NotSoMuchThere."""
    there = lies_at(place, amount.currency)
    if amount > there:
        raise NotSoMuchThere(there=there, amount=amount)


def refuse_what_is_owed(amount: Money) -> None:
    """Refuses OwedToOthers: after it the house could not give everybody what is theirs."""
    standing = house_standing().get(amount.currency)
    zero = Money.zero(amount.currency)
    free = standing.free if standing else zero
    if amount > free:
        there, owed = (standing.there, standing.owed) if standing else (zero, zero)
        raise OwedToOthers(amount=amount, free=max(free, zero), there=there, owed=owed)


def _refuse_twice(asked: Booking) -> None:
    same = Booking.objects.filter(
        kind=asked.kind, place=asked.place, reference=asked.reference, reversed_at=None
    )
    if asked.reference and (earlier := same.first()):
        raise BookedBefore(booked_at=earlier.booked_at)
