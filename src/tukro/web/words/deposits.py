"""What ways to pay in, states of deposits and refunds, and their reasons are called on pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tukro.money.models import Deposit, UnmatchedMoney, UnmatchedState

WAYS: Final[dict[str, str | Promise]] = {
    "stripe": _("Card"),
    "paypal": _("PayPal"),
    "sslcommerz": _("bKash, Nagad, card or bank of Bangladesh"),
    "bank": _("Bank transfer"),
    "play": _("Play money"),
}

WAY_HELP: Final[dict[str, str | Promise]] = {
    "stripe": _("You pay on Stripe's page. The money is here at once."),
    "paypal": _("You approve on PayPal's page. The money is here at once."),
    "sslcommerz": _("You pay in taka on SSLCommerz's page. The money is here at once."),
    "bank": _(
        "You send it from your bank with a number that we give you. It takes one to three working days."
    ),
    "play": _("Play money is for trying things out. It pays nobody outside."),
}

PAGES: Final[dict[str, str]] = {"stripe": "Stripe", "paypal": "PayPal", "sslcommerz": "SSLCommerz"}

STANDINGS: Final[dict[str, str | Promise]] = {
    "created": _("Waiting for payment"),
    "pending": _("Being checked"),
    "settled": pgettext_lazy("money", "Arrived"),
    "failed": _("Not paid"),
    "expired": _("Given up"),
    "looked_at": _("Money came: our staff look at it"),
    "came_otherwise": _("Came as another deposit"),
    "refunded_in_part": _("Paid back in part"),
    "refunded": _("Paid back"),
    "disputed": _("Disputed: what is unspent is frozen"),
    "charged_back": _("Taken back by the payer's bank"),
}

BADGES: Final[dict[str, str]] = {
    "created": "badge-info",
    "pending": "badge-info",
    "settled": "badge-ok",
    "failed": "badge-bad",
    "looked_at": "badge-warn",
    "refunded_in_part": "badge-accent",
    "refunded": "badge-accent",
    "disputed": "badge-warn",
    "charged_back": "badge-bad",
}

WHYS: Final[dict[str, str | Promise]] = {
    "declined": _("The payment was declined. Nothing was taken."),
    "not_ours": _("The payment does not belong to this deposit. Our staff can help."),
    "not_valid": _("The payment could not be confirmed. Nothing was taken."),
    "wrong_amount": _("Another amount came than was asked for. Our staff look at it and write to you."),
    "held": _("The payment came and is kept apart until our staff have compared your name with a list."),
    "risky": _("The payment is looked at by our staff before it counts."),
    "too_late": _("Nobody paid in time. If you did pay, the money still arrives here by itself."),
    "came_otherwise": _(
        "What came is in your balance, as a deposit of its own. Nothing more is to be paid here."
    ),
    "cancelled": _("You cancelled it. If you did pay, the money still arrives here by itself."),
}

UNMATCHED_WHYS: Final[dict[str, str | Promise]] = {
    "wrong_amount": _("Another amount than was asked for"),
    "no_reference": _("No number of ours in it"),
    "paid_twice": _("Its deposit was paid before"),
    "held": _("The requester's name is like one on a sanctions list"),
    "risky": _("The provider advises to check it"),
}

BESIDE_STATES: Final[dict[str, str | Promise]] = {
    "open": _("Kept apart: our staff look at it, do not pay again"),
    "assigned": _("In your balance, as a deposit of its own"),
    "returned": _("Sent back to where it came from"),
}

BESIDE_STATES_OF_STAFF: Final[dict[str, str | Promise]] = {
    "open": _("Without an owner"),
    "assigned": _("Given as a deposit of its own"),
    "returned": _("Sent back"),
}

REFUND_STATES: Final[dict[str, str | Promise]] = {
    "asked": _("Will be sent"),
    "sending": _("Being sent"),
    "unknown": _("Being checked"),
    "sent": _("On its way"),
    "done": _("Paid back"),
    "failed": _("Did not go through; it is in your balance"),
}

DISPUTE_STATES: Final[dict[str, str | Promise]] = {
    "frozen": _("Asked about: what is unspent is frozen"),
    "taken": _("Open: the money is held back"),
    "lost": _("Lost: the money is gone"),
    "won": _("Won: the money is back"),
}


def why_not_there(deposit: Deposit, standing: str, beside: Iterable[UnmatchedMoney]) -> str | Promise:
    """Why a deposit is not in the balance, for its requester; empty where nothing is left to be said.

    ``standing`` with what came beside it. What staff have decided is no reason any more.
    """
    if standing == "looked_at":
        return next((WHYS[one.why] for one in beside if one.state == UnmatchedState.OPEN), "")
    if standing == "came_otherwise":
        return WHYS[standing]
    return "" if deposit.why in ("wrong_amount", "held", "risky") else WHYS.get(deposit.why, "")
