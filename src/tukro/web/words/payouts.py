"""What payout methods, their fields, states and faults are called on pages; for workers and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money
from tukro.money.models import Payout, PayoutMethod
from tukro.money.rules import PayoutKindName, masked
from tukro.money.rules.payouts import CANCELLABLE

KINDS: dict[str, Promise] = {
    "bank": _("Bank account"),
    "bkash": _("bKash"),
    "nagad": _("Nagad"),
    "rocket": _("Rocket"),
    "topup": _("Mobile top-up"),
    "paypal": _("PayPal"),
    "payoneer": _("Payoneer"),
    "skrill": _("Skrill"),
    "wise": _("Wise"),
    "amazon": _("Amazon gift card"),
    "swift": _("Bank account abroad"),
    "cheque": _("Cheque by post"),
}

# By the refusal of ``request_payout`` that left a regular withdrawal out.
LEFT_OUT: dict[str, str | Promise] = {
    "AboveMaximum": _("More than is paid at once this way"),
    "BelowMinimum": _("Less than the smallest withdrawal"),
    "InsufficientFunds": _("The balance did not cover it"),
    "KindNotOffered": _("This way is not offered at the moment"),
    "MethodNotReady": _("The place for money is not confirmed, or waits"),
    "NoRate": _("There was no rate of exchange"),
    "NotFound": _("The place for money was removed"),
    "NotWholeCents": _("The amount was not in whole cents"),
    "OverDailyLimit": _("More than is paid in a day this way"),
    "ProofMissing": _("A proof before the first withdrawal was missing"),
}

FIELD_LABELS = {
    ("bank", "account_name"): _("Name on the account"),
    ("bank", "account_number"): _("Account number"),
    ("bank", "bank"): _("Bank"),
    ("bank", "branch"): _("Branch"),
    ("bank", "routing_number"): _("Routing number"),
    ("bkash", "number"): _("bKash number"),
    ("nagad", "number"): _("Nagad number"),
    ("rocket", "number"): _("Rocket number"),
    ("topup", "number"): _("Mobile number"),
    ("topup", "operator"): _("Operator, if the number was moved"),
    ("paypal", "email"): _("PayPal e-mail address"),
    ("payoneer", "email"): _("Payoneer e-mail address"),
    ("skrill", "email"): _("Skrill e-mail address"),
    ("wise", "account_name"): _("Your full name at Wise"),
    ("wise", "email"): _("Wise e-mail address"),
    ("amazon", "email"): _("E-mail address for the gift card"),
    ("swift", "account_name"): _("Name on the account"),
    ("swift", "account_number"): _("IBAN or account number"),
    ("swift", "bank"): _("Bank"),
    ("swift", "bic"): _("SWIFT code (BIC)"),
    ("swift", "country"): _("Country, two letters"),
    ("cheque", "payee"): _("Name on the cheque"),
    ("cheque", "address"): _("Postal address"),
}

_WALLET_HELP = _("Eleven digits, for example 01712345678. It must be your own number.")
FIELD_HELP = {
    ("bank", "account_number"): _("At most 17 digits, as in your bank's app or on your cheque book."),
    ("bank", "account_name"): _("In Latin letters, as your bank has it on your cheque book."),
    ("bank", "routing_number"): _("Nine digits on your cheque book, at the bottom left."),
    ("bkash", "number"): _WALLET_HELP,
    ("nagad", "number"): _WALLET_HELP,
    ("rocket", "number"): _("Twelve digits: your mobile number and the digit that Rocket adds to it."),
    ("topup", "number"): _WALLET_HELP,
    ("payoneer", "email"): _("First join your Payoneer account to ours: our staff send you the link."),
    ("amazon", "email"): _("The code is shown here only, after your password. It is never sent by mail."),
    ("swift", "account_name"): _("In Latin letters, as your bank has it on your cheque book."),
    ("swift", "bic"): _("Eight or eleven letters and digits, for example SBININBB."),
    ("swift", "country"): _("Of the bank, for example IN."),
    ("cheque", "address"): _("With postal code and city. A cheque takes two to three weeks."),
}

PROBLEMS = {
    "missing": _("This field is required."),
    "too_long": _("At most %(limit)s characters."),
    "not_a_number": _("This is not an account number."),
    "not_an_iban": _("This IBAN has a slip in it: its check digits do not fit."),
    "not_a_routing_number": _(
        "This routing number has a slip in it: compare its nine digits with those on your cheque book."
    ),
    "not_a_bic": _("This is not a SWIFT code: eight or eleven letters and digits."),
    "not_a_country": _("Two letters, for example IN."),
    "not_a_mobile_number": _("This is not a mobile number: eleven digits that begin with 01."),
    "not_an_operator": _("Grameenphone, Robi, Airtel, Banglalink or Teletalk; or leave it empty."),
    "not_latin": _("Write it in Latin letters, as your bank has it on your cheque book."),
    "not_an_email": _("This is not an e-mail address."),
    "not_text": _("This has signs that cannot be printed."),
}

STATES: dict[str, Promise] = {
    "requested": _("Waiting for our staff"),
    "held": _("Being checked"),
    "approved": _("Approved, about to be sent"),
    "sending": _("Being sent"),
    "unknown": _("Being sent, not yet confirmed"),
    "sent": _("Sent"),
    "settled": _("Arrived"),
    "failed": _("Could not be paid"),
    "returned": _("Came back"),
    "cancelled": _("Cancelled"),
}
# What a state means for the worker, where its name does not say enough.
STATE_HELP: dict[str, Promise] = {
    "held": _("Our staff look closer before it is sent."),
    "unknown": _("The answer of the bank or wallet was lost. We ask there; it is never paid twice."),
    "failed": _("The money is in your balance again."),
    "returned": _("The money is in your balance again."),
}

_ON_ITS_WAY = (*CANCELLABLE, "sending", "unknown", "sent")

STATE_BADGES: dict[str, str] = {
    "requested": "badge-info",
    "held": "badge-warn",
    "approved": "badge-info",
    "sending": "badge-info",
    "unknown": "badge-warn",
    "sent": "badge-info",
    "settled": "badge-ok",
    "failed": "badge-bad",
    "returned": "badge-bad",
    "cancelled": "",
}


def method_label(method: PayoutMethod | Payout) -> str:
    """The kind and enough of the details to recognise it: ``bKash •••• 5678``."""
    kind = cast(PayoutKindName, method.kind)
    between = ", " if kind == "cheque" else " "  # a name follows, and not what a number ends with
    return f"{KINDS[kind]}{between}{masked(kind, method.details)}"


def details_in_words(payout: Payout) -> list[tuple[Promise, str]]:
    """Everything that whoever sends the money must know, field by field."""
    return [(FIELD_LABELS[payout.kind, name], value) for name, value in payout.details.items()]


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A withdrawal as a line of a list, in the reader's words."""

    id: str
    asked_at: datetime
    method: str
    amount: Money
    arrives: Money
    tax: Money
    state: Promise
    help: Promise | str
    badge: str
    reference: str
    reason: str
    on_its_way: bool
    can_cancel: bool
    has_code: bool
    code_is_gone: bool


def payout_line(payout: Payout, why: Promise | None = None) -> PayoutLine:
    """``why``: what a held one waits for, if more is known than its state says."""
    return PayoutLine(
        id=payout.public_id,
        asked_at=payout.requested_at,
        method=method_label(payout),
        amount=payout.amount,
        arrives=payout.receives,
        tax=payout.tax,
        state=STATES[payout.state],
        help=STATE_HELP.get(payout.state, "") if why is None else why,
        badge=STATE_BADGES[payout.state],
        reference=payout.reference,
        reason=payout.reason,
        on_its_way=payout.state in _ON_ITS_WAY,
        can_cancel=payout.state in CANCELLABLE,
        has_code=payout.sealed_code is not None,
        code_is_gone=payout.code_is_gone,
    )
