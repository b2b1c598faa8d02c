"""Deposits: their states, what a provider says about one, references of bank transfers, prices abroad."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal, Protocol

from tukro.kernel.money import BASIS_POINTS, CENT, SCALES, Money
from tukro.kernel.typed import ascii_digits

# Which verb takes a deposit from which state to which. Every other pair is refused. Money that comes after
# its deposit was given up is still money.
DepositVerb = Literal["wait", "settle", "fail", "expire"]
DEPOSIT_MOVES: Mapping[tuple[str, DepositVerb], str] = {
    ("created", "wait"): "pending",
    ("created", "settle"): "settled",
    ("created", "fail"): "failed",
    ("created", "expire"): "expired",
    ("pending", "settle"): "settled",
    ("pending", "fail"): "failed",
    ("pending", "expire"): "expired",
    ("failed", "settle"): "settled",
    ("expired", "settle"): "settled",
}

# Which verb takes a refund from which state to which. ``unknown``: it was sent and nobody knows whether it
# was done; it is looked up, and sent again only with the same key.
RefundVerb = Literal["send", "lose", "retry", "wait", "finish", "fail"]
REFUND_MOVES: Mapping[tuple[str, RefundVerb], str] = {
    ("asked", "send"): "sending",
    ("sending", "lose"): "unknown",
    ("sending", "retry"): "asked",  # nothing had reached the provider
    ("unknown", "retry"): "asked",
    ("sending", "wait"): "sent",
    ("unknown", "wait"): "sent",
    ("sending", "finish"): "done",
    ("unknown", "finish"): "done",
    ("sent", "finish"): "done",
    ("sending", "fail"): "failed",
    ("unknown", "fail"): "failed",
    ("sent", "fail"): "failed",
    ("done", "fail"): "failed",  # banks give refunds back to the provider days later
}


@dataclass(frozen=True, slots=True)
class SeenDispute:
    """A dispute or chargeback as its provider tells it. ``taken``: the provider holds or took the money."""

    ref: str
    amount: Money  # in the currency of the deposit at the provider, or in dollars
    taken: bool
    closed: bool
    why: str = ""


RefundTold = Literal["waiting", "done", "failed"]


@dataclass(frozen=True, slots=True)
class SeenRefund:
    """A refund as its provider tells it; ``key`` is our own id of it, '' when it was made on its pages.

    ``amount`` in the currency of the deposit at the provider, where it says so.
    """

    key: str
    ref: str
    state: RefundTold
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a provider says about a deposit when we ask. Only this moves money, never what is told to us.

    ``paid`` and ``payment`` (the provider's id of the money) are there when ``state`` is ``paid``. ``risky``:
    the provider advises to look at it first.
    """

    state: Literal["open", "processing", "paid", "failed", "expired"]
    paid: Money | None = None
    payment: str = ""
    why: str = ""
    risky: bool = False
    disputes: tuple[SeenDispute, ...] = ()
    refunds: tuple[SeenRefund, ...] = ()


LARGEST_DEPOSITS: Mapping[str, Money] = {  # at once; of play money a million
    "stripe": Money(10_000_000_000),
    "paypal": Money(10_000_000_000),
    "sslcommerz": Money(4_000_000_000),
    "bank": Money(100_000_000_000),
}
SMALLEST_DEPOSIT = Money(10_000_000)  # below it, what providers take is more than a tenth
LIFETIMES: Mapping[str, timedelta] = {  # how long a deposit waits for its payer
    "stripe": timedelta(hours=24),
    "paypal": timedelta(hours=6),
    "sslcommerz": timedelta(hours=24),
    "bank": timedelta(days=30),
}

# Until when a refund with the same key is still recognised by its provider as the same one.
SAME_KEY_LIVES: Mapping[str, timedelta] = {"stripe": timedelta(hours=23), "paypal": timedelta(days=44)}


class DepositFeePolicy(Protocol):
    """The part of the operator's policy about deposits; ``MoneyPolicy`` has it."""

    deposit_fee_basis_points: int


def deposit_fee(amount: Money, policy: DepositFeePolicy, provider: str) -> Money:
    """What is paid on top of ``amount``, in whole cents; play money and bank transfers cost nothing."""
    if provider in ("play", "bank"):
        return Money.zero()
    fee = amount.share_rounded_up(policy.deposit_fee_basis_points)
    return Money(-(-fee.units // CENT) * CENT)


def price_in(amount: Money, *, currency: str, rate: Decimal, spread_basis_points: int) -> Money:
    """What somebody pays in ``currency`` for ``amount`` dollars: at the rate and the spread, rounded up."""
    millionths = int(rate.scaleb(6)) * (BASIS_POINTS + spread_basis_points)
    scale = 10 ** (6 + 4 + SCALES["USD"])
    return Money(-(-amount.units * millionths * 10 ** SCALES[currency] // scale), currency)


def worth(paid: Money, *, rate: Decimal, spread_basis_points: int) -> Money:
    """The whole cents of dollars that ``paid`` pays for, at the rate and the spread, rounded down."""
    millionths = int(rate.scaleb(6)) * (BASIS_POINTS + spread_basis_points)
    scale = 10 ** (6 + 4 + SCALES["USD"])
    units = paid.units * scale // (millionths * 10 ** SCALES[paid.currency])
    return Money(units - units % CENT)


def smallest_units(money: Money) -> int:
    """Cents of dollars, paisa of taka: how providers count. Only whole ones can be asked for."""
    cents, rest = divmod(money.units, 10 ** (SCALES[money.currency] - 2))
    assert rest == 0, "providers take whole cents"
    return int(cents)


def from_smallest_units(cents: int, currency: str) -> Money | None:
    """The other way round; None for a currency that this house does not know."""
    known = currency.upper()
    return Money(cents * 10 ** (SCALES[known] - 2), known) if known in SCALES else None


def from_text(amount: object, currency: object) -> Money | None:
    """``"12.50"``, ``"USD"`` of a provider's answer; None when it is no amount of ours."""
    code = str(currency).upper()
    if code not in SCALES:
        return None
    try:
        return Money.parse(str(amount), code)
    except ValueError:
        return None


# References of bank transfers: eight digits and two that check them (ISO 7064, modulus 97). Digits alone
# survive every bank's form, every telephone, and being typed in Bengali.
_REFERENCE_DIGITS = 10
_GAPS = re.compile(r"[\s\-–./]+")


def reference_from(number: int) -> str:
    """The reference that stands for ``number`` (up to eight digits): ``1234567889``."""
    assert 0 <= number < 10**8
    return f"{number:08d}{98 - number * 100 % 97:02d}"


def is_reference(text: str) -> bool:
    """Whether a payer's text is a number of ours: its check digits are right (ISO 7064, MOD 97)."""
    return len(text) == _REFERENCE_DIGITS and text.isascii() and text.isdigit() and int(text) % 97 == 1


def shown_reference(reference: str) -> str:
    """In two groups, as people copy it: ``12345-67889``."""
    return f"{reference[:5]}-{reference[5:]}"


def references_in(text: str) -> list[str]:
    """Everything in a bank's line that could be one of ours, in any digits and with any gaps."""
    runs = re.findall(r"\d+", _GAPS.sub("", ascii_digits(text)))
    found = [
        run[start : start + _REFERENCE_DIGITS]
        for run in runs
        for start in range(len(run) - _REFERENCE_DIGITS + 1)
    ]
    return list(dict.fromkeys(each for each in found if is_reference(each)))
