"""What payout methods, their fields, states and faults are called on pages; for workers and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money
from tukro.money.models import Payout, PayoutMethod, PayoutState
from tukro.money.rules import PayoutKindName, masked

KINDS = {
    "bank": _("Bank account"),
    "bkash": _("bKash"),
    "paypal": _("PayPal"),
    "cheque": _("Cheque by post"),
}

FIELD_LABELS = {
    ("bank", "account_name"): _("Name on the account"),
    ("bank", "account_number"): _("Account number"),
    ("bank", "bank"): _("Bank"),
    ("bank", "branch"): _("Branch"),
    ("bank", "routing_number"): _("Routing number"),
    ("bkash", "number"): _("bKash number"),
    ("paypal", "email"): _("PayPal e-mail address"),
    ("cheque", "payee"): _("Name on the cheque"),
    ("cheque", "address"): _("Postal address"),
}

FIELD_HELP = {
    ("bank", "routing_number"): _("Nine digits on your cheque book. Leave it empty if you do not know it."),
    ("bkash", "number"): _("Eleven digits, for example 01712345678. It must be your own number."),
    ("cheque", "address"): _("With postal code and city. A cheque takes two to three weeks."),
}

PROBLEMS = {
    "missing": _("This is needed."),
    "too_long": _("At most %(limit)s characters."),
    "not_a_number": _("This is not an account number."),
    "not_a_bkash_number": _("This is not a bKash number: eleven digits that begin with 01."),
    "not_an_email": _("This is not an e-mail address."),
    "not_text": _("This has signs that cannot be printed."),
}

STATES = {
    "requested": _("Waiting for our staff"),
    "sent": _("Sent"),
    "settled": _("Arrived"),
    "returned": _("Came back"),
    "cancelled": _("Cancelled"),
}

STATE_BADGES = {
    "requested": "badge-info",
    "sent": "badge-info",
    "settled": "badge-ok",
    "returned": "badge-bad",
    "cancelled": "",
}


def method_label(method: PayoutMethod | Payout) -> str:
    """The kind and enough of the details to recognise it: ``bKash •••• 5678``."""
    kind = cast(PayoutKindName, method.kind)
    return f"{KINDS[kind]} {masked(kind, method.details)}"


def details_in_words(payout: Payout) -> list[tuple[Promise, str]]:
    """Everything that whoever sends the money must know, field by field."""
    kind = cast(PayoutKindName, payout.kind)
    return [(FIELD_LABELS[kind, name], value) for name, value in payout.details.items()]


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A withdrawal as a line of a list, in the reader's words."""

    id: str
    asked_at: datetime
    method: str
    amount: Money
    arrives: Money
    state: Promise
    badge: str
    reference: str
    reason: str
    can_cancel: bool


def payout_line(payout: Payout) -> PayoutLine:
    return PayoutLine(
        id=payout.public_id,
        asked_at=payout.requested_at,
        method=method_label(payout),
        amount=payout.amount,
        arrives=payout.paid_out,
        state=STATES[payout.state],
        badge=STATE_BADGES[payout.state],
        reference=payout.reference,
        reason=payout.reason,
        can_cancel=payout.state == PayoutState.REQUESTED,
    )
