"""What the house's own bookings, and the places where its money lies, are called on staff's pages."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.money.rules.places import PLACES
from tukro.web.words.deposits import PAGES
from tukro.web.words.payouts import KINDS

BOOKINGS: Final[dict[str, Promise]] = {
    "provider_cost": _("Cost of a provider"),
    "settlement": _("Moved between places"),
    "capital_in": _("Put in"),
    "capital_out": _("Taken out"),
    "currency_bought": _("Currency bought"),
    "exchange_result": _("Result of exchanging"),
    "loss": _("Loss"),
    "tax_remitted": _("Tax remitted"),
}
BOOKING_HELP: Final[dict[str, Promise]] = {
    "provider_cost": _("A provider or bank kept something for its services, or gave some of it back."),
    "settlement": _("Money went from one of our places to another, for example from Stripe to our bank."),
    "capital_in": _("The operator brings own money in, for example to pay withdrawals in taka beforehand."),
    "capital_out": _("The operator takes out income from fees, or own money. Never what belongs to people."),
    "currency_bought": _("We paid in one currency and got another, for example taka for withdrawals."),
    "exchange_result": _("What exchanging won or lost so far, at the rates of today, becomes income."),
    "loss": _("Money is gone and will not come back, for example because it was stolen."),
}
_BANK = _("Our bank account")
PLACE_NAMES: Final[dict[str, str | Promise]] = {
    place: _BANK if place == "bank" else PAGES.get(place) or KINDS[place] for place in PLACES
}


def place_name(place: str) -> str | Promise:
    """What lies where: also places that no one books about any more, and play money."""
    return PLACE_NAMES.get(place, place if place != "play" else _("Play money"))
