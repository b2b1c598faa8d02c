"""The states of a payout, what moves it between them, and what a provider can say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from tukro.kernel.money import Money

PayoutVerb = Literal[
    "approve",
    "hold",
    "release",
    "cancel",
    "claim",
    "lose",
    "requeue",
    "send",
    "accept",
    "settle",
    "fail",
    "return",
]
# Which verb takes a payout from which state to which. Every other pair is refused. A verb leads to one state.
PAYOUT_MOVES: Mapping[tuple[str, PayoutVerb], str] = {
    ("requested", "approve"): "approved",
    ("requested", "hold"): "held",
    ("approved", "hold"): "held",
    ("held", "release"): "requested",
    ("requested", "cancel"): "cancelled",
    ("approved", "cancel"): "cancelled",
    ("held", "cancel"): "cancelled",
    # By hand: staff handed the money over and write down its reference.
    ("requested", "send"): "sent",
    ("approved", "send"): "sent",
    # By a provider, or in a file: claimed first, so that nobody else sends it; then what became of it.
    ("approved", "claim"): "sending",
    ("sending", "accept"): "sent",
    ("sending", "settle"): "settled",
    ("sending", "lose"): "unknown",  # the answer was lost: it may have been paid
    ("sending", "requeue"): "approved",  # certainly not paid
    ("unknown", "accept"): "sent",
    ("unknown", "settle"): "settled",
    ("unknown", "requeue"): "approved",
    ("sent", "settle"): "settled",
    ("requested", "fail"): "failed",
    ("approved", "fail"): "failed",
    ("held", "fail"): "failed",
    ("sending", "fail"): "failed",
    ("unknown", "fail"): "failed",
    ("sent", "fail"): "failed",
    ("sent", "return"): "returned",
    ("settled", "return"): "returned",  # "sent" and even "settled" are never final on any rail
}
PAYOUT_ENDS: Mapping[PayoutVerb, str] = {verb: state for (_, verb), state in PAYOUT_MOVES.items()}
# Where the money lies: asked for and kept ready, handed over, or neither.
RESERVED_STATES = ("requested", "approved", "held", "sending", "unknown")
UNDER_WAY = (*RESERVED_STATES, "sent")
CANCELLABLE = ("requested", "approved", "held")

# What a provider says, or what we make of its silence.
#   accepted  it took the order; the money is under way
#   settled   the money arrived
#   failed    it did not and will not arrive; nothing left, or it came back
#   absent    the provider does not know it: nothing was paid
#   unclear   no answer, or one that can mean either
Said = Literal["accepted", "settled", "failed", "absent", "unclear"]


@dataclass(frozen=True, slots=True)
class PayoutNews:
    """One answer about one payout. ``handle`` is the provider's own id, ``reference`` the one people see.

    ``code`` is a gift card's claim code. ``reason`` says in the provider's words why it failed.
    """

    said: Said
    handle: str = ""
    reference: str = ""
    reason: str = ""
    code: str = ""


# A sender that has said nothing for so long is taken for dead: longer than any exchange with a provider.
SENDER_SILENT = timedelta(minutes=3)
# A provider that does not know a payout is believed only so long after the sending: its lists may lag.
ABSENCE_BELIEVED = timedelta(minutes=15)
# What arrived is asked about once a day for so long: banks send money back weeks later.
WATCHED = timedelta(days=40)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 180))
_LONGEST_WAIT = timedelta(hours=6)


def wait_before_asking(asks: int) -> timedelta:
    """How long after the ``asks``-th question the next one comes: soon at first, then ever later."""
    return _WAITS[asks] if asks < len(_WAITS) else _LONGEST_WAIT


def verb_for(said: Said, state: str) -> PayoutVerb | Literal["contradiction"] | None:
    """Which verb a provider's answer calls for in ``state``; None: nothing new.

    A contradiction (paid though the money went back to the worker) moves nothing: people must look.
    ``absent`` and ``unclear`` are judged by the caller, who knows when it was sent.
    """
    if said == "accepted":
        return "accept" if state in ("sending", "unknown") else None
    if said == "settled":
        if state == "settled":
            return None
        return "settle" if (state, "settle") in PAYOUT_MOVES else "contradiction"
    assert said == "failed", said
    if state in ("sending", "unknown", "sent"):
        return "fail"
    return "return" if state == "settled" else None


# How often a worker may have everything withdrawn by itself, in days.
SCHEDULES = (3, 7, 14, 30)
# In which currency a payout of each kind arrives, once there is a rate; without one it is counted in dollars.
ARRIVES_IN: Mapping[str, str] = dict.fromkeys(("bank", "bkash", "nagad", "rocket", "topup"), "BDT")
# What wallets and operators take at once, in taka (bKash: into a wallet from a bank; the others: sending). An
# operator with another contract says so in the terms of the kind.
WALLETS_TAKE: Mapping[str, tuple[Money, Money | None]] = {
    "bkash": (Money(50_00, "BDT"), Money(50_000_00, "BDT")),
    "nagad": (Money(50_00, "BDT"), Money(25_000_00, "BDT")),
    "rocket": (Money(50_00, "BDT"), Money(25_000_00, "BDT")),
    "topup": (Money(20_00, "BDT"), None),
}
# From how many days to how many a payout of each kind takes as a rule; the operator may say otherwise.
ARRIVAL_DAYS: Mapping[str, tuple[int, int]] = {
    "bank": (1, 3),
    "swift": (3, 7),
    "bkash": (0, 1),
    "nagad": (0, 1),
    "rocket": (0, 1),
    "topup": (0, 1),
    "paypal": (0, 1),
    "amazon": (0, 1),
    "skrill": (0, 1),
    "payoneer": (1, 2),
    "wise": (1, 3),
    "cheque": (14, 21),
}
