"""Bookings of the house's own money as acts: above the limit a second person confirms them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.bookings import (
    book_cost,
    book_exchange_result,
    book_loss,
    book_settlement,
    buy_currency,
    put_in,
    reverse_booking,
    take_out,
)
from tukro.money.actions.law.taxes import remit_tax
from tukro.money.actions.proposals.acts import Act
from tukro.money.models import Booking

BOOKS: Mapping[str, Callable[..., Booking]] = {
    "provider_cost": book_cost,
    "settlement": book_settlement,
    "capital_in": put_in,
    "capital_out": take_out,
    "currency_bought": buy_currency,
    "exchange_result": book_exchange_result,
    "loss": book_loss,
    "tax_remitted": remit_tax,
}


@dataclass(frozen=True, slots=True)
class Book(Act):
    """``amounts``: by the names of the verb, each with its currency; ``texts``: the rest of what it takes."""

    kind = "booking"
    what: str
    booking: str
    amounts: dict[str, list[Any]]  # [units, currency]
    texts: dict[str, str]

    @classmethod
    def of(cls, what: str, said: Mapping[str, Any]) -> Book:
        rest = dict(said)
        booking = str(rest.pop("booking_id"))
        amounts = {name: [one.units, one.currency] for name, one in rest.items() if isinstance(one, Money)}
        texts = {name: str(one) for name, one in rest.items() if name not in amounts}
        return cls(what, booking, amounts, texts)

    @property
    def about(self) -> str:
        return self.booking

    def money(self, name: str) -> Money:
        units, currency = self.amounts[name]
        return Money(units, currency)

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> Booking:
        said = {name: self.money(name) for name in self.amounts}
        return BOOKS[self.what](by=by, first=first, now=now, booking_id=self.booking, **said, **self.texts)


@dataclass(frozen=True, slots=True)
class ReverseBooking(Act):
    kind = "booking_reversal"
    booking: str
    reason: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> Booking:
        return reverse_booking(by=by, booking_id=self.booking, reason=self.reason, first=first, now=now)
