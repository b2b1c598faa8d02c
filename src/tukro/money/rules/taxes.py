"""Tax that is kept of a withdrawal for the authority of the worker's country."""

from __future__ import annotations

from tukro.kernel.money import BASIS_POINTS, SCALES, Money

HIGHEST_TAX = 5_000  # basis points: what is left must still be worth sending


def tax_on(amount: Money, basis_points: int) -> Money:
    """The tax on a withdrawal of ``amount``: the share, rounded down to the cent, so never more than it."""
    assert amount.units >= 0, "only what somebody withdraws is taxed"
    cent = 10 ** (SCALES[amount.currency] - 2)
    return Money(amount.units * basis_points // (BASIS_POINTS * cent) * cent, amount.currency)
