"""Money as a whole number of the smallest unit, with its currency. Floats never come near it.

US dollars are counted in micro-dollars (scale 6), so that every percentage fee of a one-cent reward is
exact; other currencies stand at their own scale. Rewards and payouts keep two decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tukro.kernel.typed import ascii_digits, without_commas

SCALES = {"USD": 6, "BDT": 2, "INR": 2, "EUR": 2}
CENT = 10_000  # of a dollar, in micro-dollars
BASIS_POINTS = 10_000
_MOST_CHARACTERS = 40
_LARGEST_UNITS = (
    10_000_000_000_000_000  # a hundredth of what a PostgreSQL bigint holds: fees and sums fit too
)


class NotMoney(ValueError):
    """The text is not an amount. ``reason``: ``not_a_number``, ``too_many_decimals`` or ``too_large``."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r}: {reason}")
        self.text, self.reason = text, reason


@dataclass(frozen=True, slots=True)
class Money:
    """``units`` smallest units of ``currency``; may be negative."""

    units: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        assert isinstance(self.units, int), "money is whole units"
        assert self.currency in SCALES, self.currency

    @classmethod
    def zero(cls, currency: str = "USD") -> Money:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str = "USD", *, decimals: int = 2) -> Money:
        """Read an amount that a person typed: ``1.25``, ``১.২৫``, ``1,000.50``. Raises NotMoney."""
        plain = without_commas(ascii_digits(text.strip().removeprefix("$")))
        if len(plain) > _MOST_CHARACTERS:
            raise NotMoney(text[:_MOST_CHARACTERS], "too_large")
        if not plain or not all(c in "0123456789.-" for c in plain):
            raise NotMoney(text, "not_a_number")
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            raise NotMoney(text, "not_a_number") from None
        if -int(amount.as_tuple().exponent) > decimals:
            raise NotMoney(text, "too_many_decimals")
        units = int(amount.scaleb(SCALES[currency]))
        if abs(units) > _LARGEST_UNITS:
            raise NotMoney(text, "too_large")
        return cls(units, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole currency, exact: ``Decimal('1.25')``."""
        return Decimal(self.units).scaleb(-SCALES[self.currency])

    def share_rounded_up(self, basis_points: int) -> Money:
        """``basis_points`` ten-thousandths of this. The one rounding rule of the house: up, to the unit."""
        return Money(-(-self.units * basis_points // BASIS_POINTS), self.currency)

    def whole_cents(self) -> Money:
        """The part that two decimals can say: what may be paid out, and how measured pay is shown."""
        return Money(self.units - self.units % 10 ** (SCALES[self.currency] - 2), self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.units + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.units - self._same(other), self.currency)

    def __mul__(self, count: int) -> Money:
        assert isinstance(count, int), "money is multiplied by whole numbers only"
        return Money(self.units * count, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.units, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.units < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.units <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.units > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.units >= self._same(other)

    def __bool__(self) -> bool:
        return self.units != 0

    def __str__(self) -> str:
        """Plain ASCII with at least two decimals: ``1.25``, ``0.002``. For files and wires, not for pages."""
        text = f"{self.amount:f}"
        whole, _, decimals = text.partition(".")
        return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other.units
