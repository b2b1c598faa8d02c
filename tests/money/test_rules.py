"""Fees, and what a worker must tell to be paid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tukro.kernel.money import Money
from tukro.money.models import MoneyPolicy, PayoutState
from tukro.money.rules import (
    FEE_PRESETS,
    PAYOUT_FIELDS,
    PAYOUT_KINDS,
    PAYOUT_MOVES,
    DetailProblem,
    PayoutKindName,
    check_payout_details,
    fee_for,
    is_whole_cents,
    masked,
)
from tukro.money.rules.methods import identity_of, is_routing_number
from tukro.money.rules.payouts import PayoutVerb, Said, verb_for


@pytest.mark.parametrize(
    ("reward", "fee"),
    [("0.01", "0.01"), ("0.05", "0.01"), ("0.06", "0.012"), ("0.50", "0.10"), ("1.00", "0.20")],
)
def test_the_fee_is_a_fifth_and_at_least_a_cent(reward: str, fee: str) -> None:
    assert str(fee_for(Money.parse(reward), MoneyPolicy())) == fee


@given(some.integers(1, 10**12), some.integers(0, 10_000))
def test_a_fee_is_never_below_the_share_nor_the_minimum(units: int, basis_points: int) -> None:
    policy = MoneyPolicy(fee_basis_points=basis_points, minimum_fee=Money(10_000))
    fee = fee_for(Money(units), policy)
    assert fee.units >= 10_000
    assert fee.units * 10_000 >= units * basis_points


@pytest.mark.parametrize(
    ("reward", "places", "masters", "fee"),
    [
        ("0.13", 1, False, "0.03"),  # 0.026, half up to the cent
        ("0.12", 1, False, "0.02"),  # 0.024
        ("0.01", 1, False, "0.01"),
        ("0.50", 9, False, "0.10"),
        ("0.50", 10, False, "0.20"),
        ("0.50", 1, True, "0.13"),  # 25 % are 0.125
        ("0.50", 10, True, "0.23"),  # 45 % are 0.225: added up, then rounded once
    ],
)
def test_mechanical_turks_fee_table(reward: str, places: int, masters: bool, fee: str) -> None:
    policy = MoneyPolicy(**FEE_PRESETS["mturk"])
    assert str(fee_for(Money.parse(reward), policy, places=places, masters=masters)) == fee


def test_a_surcharge_that_nobody_asked_for_costs_nothing() -> None:
    policy = MoneyPolicy(many_places_basis_points=2_000)
    assert fee_for(Money.parse("1.00"), policy, places=1_000, masters=True) == Money.parse("0.20")


def test_payouts_are_whole_cents() -> None:
    assert [is_whole_cents(Money(units)) for units in (10_000, 12_340_000, 10_001)] == [True, True, False]


def test_the_rules_know_every_kind_and_state() -> None:
    assert set(PAYOUT_FIELDS) == set(PAYOUT_KINDS)
    assert {state for state, _ in PAYOUT_MOVES} | set(PAYOUT_MOVES.values()) == set(PayoutState.values)


BANK = {
    "account_name": "Rahima Begum",
    "account_number": "1234567890123",
    "bank": "Sonali Bank",
    "branch": "Mirpur",
    "routing_number": "200480554",
}
ABROAD = {
    "account_name": "Rahima Begum",
    "account_number": "GB29NWBK60161331926819",
    "bank": "NatWest",
    "bic": "NWBKGB2L",
    "country": "GB",
}


@pytest.mark.parametrize(
    ("kind", "details", "clean"),
    [
        ("bank", BANK, BANK),
        ("bank", BANK | {"routing_number": "২০০ ৪৮০ ৫৫৪"}, BANK),
        ("swift", ABROAD | {"account_number": "gb29 nwbk 6016 1331 9268 19", "bic": "nwbkgb2l"}, ABROAD),
        ("rocket", {"number": "01712345678-9"}, {"number": "017123456789"}),
        ("topup", {"number": "+8801712345678", "operator": ""}, {"number": "01712345678"}),
        ("bank", BANK | {"colour": "red"}, BANK),
        ("bank", BANK | {"account_name": " Rahima   Bégum "}, BANK | {"account_name": "Rahima Bégum"}),
        (
            "topup",
            {"number": "01512345678", "operator": "gp"},
            {"number": "01512345678", "operator": "Grameenphone"},
        ),
        ("bkash", {"number": "০১৭১২-৩৪৫৬৭৮"}, {"number": "01712345678"}),
        ("bkash", {"number": "+880 1712 345678"}, {"number": "01712345678"}),
        ("bkash", {"number": "8801712345678"}, {"number": "01712345678"}),
        ("paypal", {"email": " rahima@example.org "}, {"email": "rahima@example.org"}),
        (
            "cheque",
            {"payee": "Rahima Begum", "address": "House 3\r\n\r\n Road 7 \nDhaka"},
            {"payee": "Rahima Begum", "address": "House 3\nRoad 7\nDhaka"},
        ),
    ],
)
def test_good_details_are_tidied(
    kind: PayoutKindName, details: dict[str, str], clean: dict[str, str]
) -> None:
    assert check_payout_details(kind, details) == (clean, [])


@pytest.mark.parametrize(
    ("kind", "details", "problem"),
    [
        ("bank", BANK | {"bank": "  "}, DetailProblem("bank", "missing")),
        ("bank", BANK | {"account_name": "রহিমা বেগম"}, DetailProblem("account_name", "not_latin")),
        ("bank", BANK | {"account_name": "Rahima; Begum"}, DetailProblem("account_name", "not_latin")),
        (
            "topup",
            {"number": "01712345678", "operator": "Citycell"},
            DetailProblem("operator", "not_an_operator"),
        ),
        ("bank", BANK | {"account_number": "12"}, DetailProblem("account_number", "not_a_number")),
        ("bank", BANK | {"account_number": "asdf asdf"}, DetailProblem("account_number", "not_a_number")),
        ("swift", ABROAD | {"account_number": "savings"}, DetailProblem("account_number", "not_a_number")),
        ("bank", BANK | {"account_number": "12?45678"}, DetailProblem("account_number", "not_a_number")),
        ("bank", BANK | {"branch": "x" * 121}, DetailProblem("branch", "too_long", 120)),
        ("bank", BANK | {"branch": "a\x00b"}, DetailProblem("branch", "not_text")),
        (
            "bank",
            BANK | {"routing_number": "200480555"},
            DetailProblem("routing_number", "not_a_routing_number"),
        ),
        ("bank", BANK | {"routing_number": ""}, DetailProblem("routing_number", "missing")),
        ("bank", BANK | {"account_number": "1" * 18}, DetailProblem("account_number", "too_long", 17)),
        (
            "swift",
            ABROAD | {"account_number": "GB28NWBK60161331926819"},
            DetailProblem("account_number", "not_an_iban"),
        ),
        ("swift", ABROAD | {"bic": "NWBK"}, DetailProblem("bic", "not_a_bic")),
        ("swift", ABROAD | {"country": "Britain"}, DetailProblem("country", "too_long", 2)),
        ("swift", ABROAD | {"country": "12"}, DetailProblem("country", "not_a_country")),
        ("nagad", {"number": "01012345678"}, DetailProblem("number", "not_a_mobile_number")),
        ("bkash", {}, DetailProblem("number", "missing")),
        ("bkash", {"number": "01212345678"}, DetailProblem("number", "not_a_mobile_number")),
        ("bkash", {"number": "0171234567"}, DetailProblem("number", "not_a_mobile_number")),
        ("paypal", {"email": "rahima at example"}, DetailProblem("email", "not_an_email")),
        ("paypal", {"email": "rahima@localhost"}, DetailProblem("email", "not_an_email")),
        ("paypal", {"email": "rahima@gmail.com,"}, DetailProblem("email", "not_an_email")),
    ],
)
def test_bad_details_say_which_field_and_why(
    kind: PayoutKindName, details: dict[str, str], problem: DetailProblem
) -> None:
    assert check_payout_details(kind, details)[1] == [problem]


def test_every_problem_is_told_at_once() -> None:
    _, problems = check_payout_details("bank", {})
    assert [problem.field for problem in problems] == [field.name for field in PAYOUT_FIELDS["bank"]]


@pytest.mark.parametrize("number", ["140581184", "145150107", "235151937", "200480617", "060261726"])
def test_routing_numbers_of_branches_in_bangladesh_carry_their_check_digit(number: str) -> None:
    assert is_routing_number(number)
    assert not any(is_routing_number(number[:8] + digit) for digit in "0123456789" if digit != number[8])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("bkash", {"number": "01712345678"}), ("nagad", {"number": "01712345678"})),
        (("bkash", {"number": "01712345678"}), ("rocket", {"number": "017123456789"})),
        (("paypal", {"email": "Rahima@Example.org"}), ("paypal", {"email": "rahima@example.org"})),
        (("bank", BANK), ("bank", BANK | {"account_name": "R. Begum", "branch": "Elsewhere"})),
        (("swift", ABROAD), ("swift", ABROAD | {"bank": "National Westminster"})),
        (
            ("cheque", {"payee": "Rahima Begum", "address": "House 3\nDhaka"}),
            ("cheque", {"payee": "RAHIMA BEGUM", "address": "house 3, Dhaka"}),
        ),
    ],
)
def test_the_same_place_written_otherwise_is_the_same(
    one: tuple[PayoutKindName, dict[str, str]], other: tuple[PayoutKindName, dict[str, str]]
) -> None:
    assert identity_of(*one) == identity_of(*other)


@pytest.mark.parametrize(
    ("said", "moves"),
    [
        ("accepted", {"sending": "accept", "unknown": "accept"}),
        (
            "settled",
            {
                "sending": "settle",
                "unknown": "settle",
                "sent": "settle",
                "settled": None,
            },
        ),
        ("failed", {"sending": "fail", "unknown": "fail", "sent": "fail", "settled": "return"}),
    ],
)
def test_a_providers_word_moves_each_state_as_the_table_says(
    said: Said, moves: dict[str, PayoutVerb | None]
) -> None:
    """What comes late or twice changes nothing; money that arrived after it went back is a contradiction."""
    usual = "contradiction" if said == "settled" else None
    assert {state: verb_for(said, state) for state in PayoutState.values} == {
        state: moves.get(state, usual) for state in PayoutState.values
    }


@pytest.mark.parametrize(
    ("kind", "details", "shown"),
    [
        ("bank", BANK, "•••• 0123"),
        ("bank", BANK | {"account_number": "1234"}, "••••"),
        ("bkash", {"number": "01712345678"}, "•••• 5678"),
        ("paypal", {"email": "rahima@example.org"}, "r•••@example.org"),
        ("cheque", {"payee": "Rahima Begum", "address": "Dhaka"}, "Rahima Begum"),
    ],
)
def test_a_method_is_shown_without_its_secrets(
    kind: PayoutKindName, details: dict[str, str], shown: str
) -> None:
    assert masked(kind, details) == shown
