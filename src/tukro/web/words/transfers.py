"""What each kind of movement in the ledger is called on staff's pages, and where nobody has nearer words.

The kinds are those of docs/money.md; a test holds this list against it.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.web.words.bookings import BOOKINGS

TRANSFERS: Final[dict[str, Promise]] = {
    "deposit": _("Deposit"),
    "unmatched": _("Money without an owner came"),
    "unmatched_assigned": _("Money without an owner given to a requester"),
    "unmatched_returned": _("Money without an owner sent back"),
    "dispute_frozen": _("Frozen while a payment is disputed"),
    "dispute_freed": _("Free again after a dispute"),
    "dispute_taken": _("Taken back by the payer's bank"),
    "dispute_won": _("Back after a dispute"),
    "debt_paid": _("Debt paid"),
    "unclaimed": _("Set apart after a long silence"),
    "unclaimed_back": _("Taken back after a long silence"),
    "debt_written_off": _("Debt given up"),
    "debt_reinstated": _("Debt owed again"),
    "refund_asked": _("Refund asked for"),
    "refund_done": _("Refund paid"),
    "refund_failed": _("Refund not paid, back in the balance"),
    "set_aside": _("Set aside for tasks"),
    "spread": _("Spread over tasks"),
    "give_back": _("Back from places that were not paid"),
    "reward": _("Pay"),
    "reward_after_release": _("Pay, after a rejection was taken back"),
    "bonus": _("Bonus"),
    "correction": _("Correction by our staff"),
    "correction_reversed": _("Correction reversed"),
    "payout_asked": _("Withdrawal asked for"),
    "payout_cancelled": _("Withdrawal cancelled"),
    "payout_sent": _("Withdrawal sent"),
    "payout_settled": _("Withdrawal arrived"),
    "payout_failed": _("Withdrawal could not be paid"),
    "payout_returned": _("Withdrawal came back"),
    "rest_given_up": _("Rest given up"),
    **BOOKINGS,
    "booking_reversed": _("Booking reversed"),
}
