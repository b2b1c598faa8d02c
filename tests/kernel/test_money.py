"""Money: whole units, exact, one currency at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tukro.kernel.money import Money, NotMoney

units = some.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.25", 1_250_000),
        ("১.২৫", 1_250_000),
        ("१.२५", 1_250_000),
        (" $1,000.50 ", 1_000_500_000),
        ("১,০০,০০০", 100_000_000_000),
        ("0", 0),
        ("-3", -3_000_000),
        (".5", 500_000),
    ],
)
def test_an_amount_is_read_as_people_type_it(text: str, expected: int) -> None:
    assert Money.parse(text) == Money(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_a_number"),
        ("abc", "not_a_number"),
        ("1e5", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("--1", "not_a_number"),
        ("½", "not_a_number"),
        ("1,50", "not_a_number"),  # half of Europe's one and a half, never a hundred and fifty
        ("0,05", "not_a_number"),
        ("1,2345", "not_a_number"),
        ("0.001", "too_many_decimals"),
        ("99999999999999999999", "too_large"),
        ("9" * 1_000_010, "too_large"),
    ],
)
def test_what_is_not_an_amount_says_why(text: str, reason: str) -> None:
    with pytest.raises(NotMoney) as caught:
        Money.parse(text)
    assert caught.value.reason == reason


def test_finer_decimals_are_read_only_when_asked_for() -> None:
    assert Money.parse("0.002", decimals=6) == Money(2_000)


def test_other_currencies_have_their_own_scale() -> None:
    assert Money.parse("121.50", "BDT") == Money(12_150, "BDT")


@given(units)
def test_printed_money_reads_back_as_the_same(amount: int) -> None:
    assert Money.parse(str(Money(amount)), decimals=6) == Money(amount)


@given(units, units, some.integers(-1000, 1000))
def test_arithmetic_is_that_of_whole_numbers(a: int, b: int, count: int) -> None:
    assert Money(a) + Money(b) == Money(a + b)
    assert Money(a) - Money(b) == Money(a - b)
    assert Money(a) * count == count * Money(a) == Money(a * count)
    assert -Money(a) == Money(-a)
    assert (Money(a) < Money(b), Money(a) <= Money(b)) == (a < b, a <= b)
    assert (Money(a) > Money(b), Money(a) >= Money(b)) == (a > b, a >= b)
    assert bool(Money(a)) == (a != 0)


@given(some.integers(0, 10**12), some.integers(0, 10_000))
def test_a_share_is_rounded_up_to_the_unit_and_no_further(amount: int, basis_points: int) -> None:
    share = Money(amount).share_rounded_up(basis_points)
    exact = Decimal(amount) * basis_points / 10_000
    assert 0 <= share.units - exact < 1


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="USD and BDT do not mix"):
        Money(1) + Money(1, "BDT")


@pytest.mark.parametrize("wrong", [1.5, "1"])
def test_a_float_never_becomes_money(wrong: Any) -> None:
    with pytest.raises(AssertionError):
        Money(wrong)
    with pytest.raises(AssertionError):
        Money(1) * wrong


def test_zero_and_the_exact_amount() -> None:
    assert Money.zero() == Money(0)
    assert Money(1_250_000).amount == Decimal("1.250000")
    assert [str(Money(n)) for n in (1_250_000, 2_000, 0, -5_000_000)] == ["1.25", "0.002", "0.00", "-5.00"]
