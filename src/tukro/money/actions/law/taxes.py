"""Tax withheld of withdrawals: the operator's share per country, and what is remitted to the authority."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions import accounts
from tukro.money.actions.books.booking_moves import book, refuse_more_than_there
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.two_persons import check_rules
from tukro.money.models import Booking, BookingKind, TaxRule
from tukro.money.queries.taxes import withheld_for
from tukro.money.rules.taxes import HIGHEST_TAX


class MoreThanWithheld(Refused):
    """So much was not withheld for this authority. Facts: ``amount``, ``withheld``."""


@transaction.atomic
def change_tax_rule(
    *,
    by: Actor,
    country: str,
    basis_points: int,
    authority: str,
    first: Actor | None = None,
    now: datetime,
) -> None:
    """From now on this share of withdrawals is kept for the authority; 0 keeps none.

    Refuses BadPolicy, SecondPersonNeeded.

    What was asked for before keeps its tax.
    """
    good = {
        "country": len(country) == 2 and country.isascii() and country.isupper(),
        "basis_points": 0 <= basis_points <= HIGHEST_TAX,
        "authority": basis_points == 0 or 0 < len(authority.strip()) <= 120,
    }
    if faults := [field for field, holds in good.items() if not holds]:
        raise BadPolicy(fields=faults)
    check_rules(by=by, first=first)
    before = TaxRule.objects.select_for_update().filter(country=country).first()
    if basis_points:
        said = {"basis_points": basis_points, "authority": authority.strip()}
        TaxRule.objects.update_or_create(country=country, defaults=said)
    elif before:
        before.delete()
    was = before.basis_points if before else 0
    facts = {"basis_points": [was, basis_points], "authority": authority.strip()}
    record(name="TaxRuleChanged", actor=by, subject=f"tax:{country}", at=now, facts=facts)


@transaction.atomic
def remit_tax(
    *,
    by: Actor,
    country: str,
    amount: Money,
    place: str,
    paid: Money,
    reference: str,
    reason: str = "",
    booking_id: str = "",
    first: Actor | None = None,
    now: datetime,
) -> Booking:
    """``amount`` dollars of what was withheld went to the authority, as ``paid`` from ``place``.

    ``paid`` in another currency takes it from the house's position in it, as a payout does.
    Refuses BadBooking, BookingNeedsReference, BookedBefore, NotSoMuchThere, MoreThanWithheld.
    """
    asked = Booking(
        kind=BookingKind.TAX_REMITTED,
        place=place,
        currency=paid.currency,
        units=paid.units,
        to_place=country,
        got_currency="USD",
        got_units=amount.units,
        reference=reference,
        reason=reason,
    )
    good = {
        "amount": amount.units > 0 and amount.currency == "USD",
        "paid": paid.units > 0 and (paid.currency != "USD" or paid == amount),
    }
    return book(
        asked,
        partial(_remitted, country, amount, place, paid, at=now),
        good=good,
        refuse=partial(_refuse_more_than_withheld, country, amount, place, paid),
        by=by,
        first=first,
        booking_id=booking_id,
        at=now,
    )


def _refuse_more_than_withheld(country: str, amount: Money, place: str, paid: Money) -> None:
    """Refuses MoreThanWithheld, NotSoMuchThere."""
    withheld = withheld_for(country)
    if amount > withheld:
        raise MoreThanWithheld(amount=amount, withheld=withheld)
    refuse_more_than_there(place, paid)


def _remitted(country: str, amount: Money, place: str, paid: Money, *, at: datetime) -> dict[int, Money]:
    """What moves; another currency is taken from the house's position in it."""
    moved = {accounts.tax_withheld(country, at=at): amount}
    moved[accounts.outside(place, at=at, currency=paid.currency)] = -paid
    if paid.currency != "USD":
        moved[accounts.exchange("USD", at=at)] = -amount
        moved[accounts.exchange(paid.currency, at=at)] = paid
    return moved
