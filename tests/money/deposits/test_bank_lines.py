"""Bank transfers: references that check themselves, lists as banks write them, and what fits what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.make import NOW
from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.deposits import create_deposit, note_sighting
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.unmatched import (
    AlreadyDecided,
    DecisionNeedsReason,
    assign_unmatched,
    return_unmatched,
)
from tukro.money.models import Deposit, UnmatchedMoney
from tukro.money.queries import requester_balance
from tukro.money.rules.bank_lines import BankLine, read_bank_file
from tukro.money.rules.csv_tables import TableFault
from tukro.money.rules.deposits import Sighting, is_reference, reference_from, references_in
from tukro.people.models import Requester

SHIRIN = Actor("staff", "1")


@given(st.integers(0, 10**8 - 1), st.integers(0, 9), st.sampled_from("0123456789"))
def test_a_wrong_digit_is_noticed(number: int, place: int, digit: str) -> None:
    reference = reference_from(number)
    assert is_reference(reference)
    changed = reference[:place] + digit + reference[place + 1 :]
    assert is_reference(changed) == (changed == reference)


@given(st.integers(0, 10**8 - 1), st.integers(0, 8))
def test_two_digits_that_changed_places_are_noticed(number: int, place: int) -> None:
    digits = list(reference_from(number))
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert is_reference("".join(digits)) == ("".join(digits) == reference_from(number))


@pytest.mark.parametrize(
    "memo",
    [
        "1234567889",
        "১২৩৪৫৬৭৮৮৯",
        "12345-67889 balance",
        "TRF/12345 67889/KARIM STUDIO",
        "ref 1234.5678.89 of 3 May",
        "২০২৬ 12345–67889",
    ],
)
def test_a_reference_is_found_however_it_was_written(memo: str) -> None:
    assert reference_from(12_345_678) == "1234567889"
    assert "1234567889" in references_in(memo)


LISTS = {
    "comma": b"Date,Description,Credit\n2026-11-02,12345-67889,100.00\n2026-11-02,rent,\n",
    "semicolon, decimals by comma": b"Datum;Name;Purpose;Amount\n1;Karim;x;1.234,50 EUR\n2;Karim;y;-5,00",
    "tab, marks, money out": "\ufeffTrx ID\tParticulars\tAmount\nT1\t১২৩\t৳ 1,000.50\nT2\tx\t-3\n".encode(),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_read_as_banks_write_them(name: str) -> None:
    lines = read_bank_file(LISTS[name], currency="USD")
    assert isinstance(lines, list)
    [line] = lines
    assert str(line.amount) == {"c": "100.00", "s": "1234.50", "t": "1000.50"}[name[0]]
    assert read_bank_file(LISTS[name], currency="USD") == lines  # the same numbers whenever it is read


def test_equal_lines_of_one_list_are_two_transfers() -> None:
    lines = read_bank_file(b"Description,Amount\nx,5.00\nx,5.00\n", currency="USD")
    assert isinstance(lines, list)
    assert len({line.ref for line in lines}) == 2


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "not_text", 0),
        (b"\x00\x01", "not_text", 0),
        (b"PK\x03\x04 a workbook", "workbook", 0),
        (b"\xd0\xcf\x11\xe0 an old one", "workbook", 0),
        (b"%PDF-1.7\nstatement", "not_text", 0),
        (b"a,b\n1,2\n", "no_columns", 1),
        (b"Amount,Memo\n1.00,x\nabc,y\n", "not_an_amount", 3),
    ],
)
def test_a_list_that_cannot_be_read_says_where(data: bytes, code: str, line: int) -> None:
    fault = read_bank_file(data, currency="USD")
    assert isinstance(fault, TableFault)
    assert (fault.code, fault.line) == (code, line)


@pytest.fixture
def karim(db: None) -> Requester:
    return make.requester(funds="0")


@pytest.fixture
def deposit(karim: Requester) -> Deposit:
    return create_deposit(requester=karim, amount=Money.parse("100.00"), provider="bank", now=NOW)


def take_in(memo: str, amount: str = "100.00", ref: str = "T1") -> str:
    return take_in_line(by=SHIRIN, line=BankLine(ref, Money.parse(amount), memo=memo), now=NOW)


def test_a_line_with_the_reference_and_the_amount_settles_once(karim: Requester, deposit: Deposit) -> None:
    memo = f"From Karim {deposit.reference[:5]} {deposit.reference[5:]}"
    assert [take_in(memo), take_in(memo)] == ["settled", "known"]
    assert str(requester_balance(karim)[0]) == "100.00"
    assert take_in(memo, ref="T2") == "unmatched"  # sent twice
    assert UnmatchedMoney.objects.get().why == "paid_twice"


def test_a_deposit_that_was_given_up_is_settled_by_late_money(karim: Requester, deposit: Deposit) -> None:
    later = NOW + timedelta(days=31)
    note_sighting(deposit_id=deposit.public_id, seen=Sighting("open"), now=later)
    deposit.refresh_from_db()
    assert deposit.state == "expired"
    assert take_in(deposit.reference) == "settled"
    assert str(requester_balance(karim)[0]) == "100.00"


def test_what_fits_nothing_waits_and_is_decided_once(karim: Requester, deposit: Deposit) -> None:
    assert take_in(deposit.reference, "99.00", "T1") == "unmatched"
    assert take_in("hello", "5.00", "T2") == "unmatched"
    assert take_in("hello", "5.00", "T2") == "known"
    wrong, nameless = UnmatchedMoney.objects.order_by("id")
    assert (wrong.why, wrong.deposit, nameless.why) == ("wrong_amount", deposit, "no_reference")
    with pytest.raises(DecisionNeedsReason):
        assign_unmatched(by=SHIRIN, unmatched_id=wrong.public_id, requester=karim, reason=" ", now=NOW)
    assign_unmatched(
        by=SHIRIN, unmatched_id=wrong.public_id, requester=karim, reason="fees of the bank", now=NOW
    )
    return_unmatched(by=SHIRIN, unmatched_id=nameless.public_id, reason="unknown", now=NOW)
    for each in (wrong, nameless):
        with pytest.raises(AlreadyDecided):
            return_unmatched(by=SHIRIN, unmatched_id=each.public_id, reason="again", now=NOW)
    assert str(requester_balance(karim)[0]) == "99.00"
    assert take_in(deposit.reference, "99.00", "T1") == "known"
