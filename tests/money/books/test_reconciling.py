"""Providers' reports against our books: matched by reference, differences to the smallest unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.web.market import signed_in
from tukro.kernel.money import Money
from tukro.money.actions.books.reconciling import BadPeriod, ReportUnreadable, compare_report, differences_of
from tukro.money.actions.deposits.unmatched import assign_unmatched, keep, return_unmatched
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.models import Booking, Payout, ProviderReport, ReportSide
from tukro.money.rules.reconciling import Booked, Difference, ReportLine, reconcile

TODAY = NOW.date()


def sent(*amounts: str) -> list[Payout]:
    worker = cast.rahima()
    make.with_earnings(worker, "400.00")
    method = make.payout_method(of=worker)
    asked = [
        request_payout(worker=worker, method_id=method.pk, amount=Money.parse(one), now=NOW)
        for one in amounts
    ]
    return [
        send_payout(by=SHIRIN, payout_id=one.public_id, reference=f"8N7A{no}", now=NOW)
        for no, one in enumerate(asked)
    ]


def compare(
    text: str,
    *,
    days: tuple[date, date] = (TODAY, TODAY),
    currency: str = "USD",
    side: ReportSide = ReportSide.PAYOUTS,
    provider: str = "bkash",
) -> ProviderReport:
    return compare_report(
        by=SHIRIN,
        name="report.csv",
        data=text.encode(),
        now=NOW,
        first=days[0],
        last=days[1],
        currency=currency,
        side=side,
        provider=provider,
    )


def told(report: ProviderReport) -> list[tuple[str, str, str]]:
    return [(one.code, one.ref, str(one.amount)) for one in differences_of(report)]


@pytest.mark.django_db
def test_a_report_that_agrees_has_no_differences() -> None:
    sent("10.00", "20.00")
    report = compare("Trx ID;Amount\n8N7A0;-10,00\n8N7A1;-20,00\n")
    assert (report.matched, told(report)) == (2, [])
    assert report.theirs_units == report.ours_units == Money.parse("30.00").units


@pytest.mark.django_db
def test_each_difference_is_named_to_the_cent() -> None:
    sent("10.00", "20.00", "30.00")
    report = compare("reference,amount\n8N7A0,10.01\n8N7A1,20.00\n8N7A1,20.00\nZZZ,5.00\n,\n")
    assert told(report) == [
        ("amount", "8N7A0", "0.01"),
        ("twice", "8N7A1", "20.00"),
        ("foreign", "ZZZ", "5.00"),
        ("missing", "8N7A2", "-30.00"),
    ]
    assert report.theirs_units - report.ours_units == Money.parse("-4.99").units


@pytest.mark.django_db
def test_what_was_sent_the_day_before_is_known_but_not_missed() -> None:
    (payout,) = sent("10.00")
    tomorrow = TODAY + timedelta(days=1)
    assert told(compare("id,amount\n", days=(tomorrow, tomorrow))) == []
    assert told(compare(f"id,amount\n{payout.public_id},10.00\n", days=(tomorrow, tomorrow))) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\0", "not_text"),
        ("", "not_text"),
        ("PK\x03\x04", "workbook"),
        ("who,what\n1,2\n", "no_columns"),
        ("id,amount\nA,ten\n", "not_an_amount"),
        ("id,amount\n" + "A,1\n" * 5001, "too_long"),
    ],
)
def test_a_file_that_is_no_report_leaves_nothing_behind(text: str, code: str) -> None:
    with pytest.raises(ReportUnreadable) as refused:
        compare(text)
    assert refused.value.facts["code"] == code
    assert not ProviderReport.objects.exists()


@pytest.mark.django_db
def test_a_period_has_an_order_and_an_end() -> None:
    for last in (TODAY - timedelta(days=1), TODAY + timedelta(days=366)):
        with pytest.raises(BadPeriod):
            compare("id,amount\n", days=(TODAY, last))


def test_a_reference_that_many_share_matches_none_of_them() -> None:
    file = [Booked(f"P{no}", ("FILE-1", f"P{no}"), Money(5)) for no in range(2)]
    lines = [ReportLine(2, "FILE-1", Money(10)), ReportLine(3, "P1", Money(5))]
    result = reconcile(lines, expected=file, known=[], currency="USD")
    assert [one.code for one in result.differences] == ["foreign", "missing"]


_units = st.integers(0, 10**9)
_refs = st.sampled_from("ABCDEFGH")


@given(
    lines=st.lists(st.tuples(_refs, _units), max_size=12),
    ours=st.dictionaries(_refs, _units, max_size=8),
    around=st.sets(_refs),
)
def test_the_differences_add_up_to_theirs_less_ours(
    lines: list[tuple[str, int]], ours: dict[str, int], around: set[str]
) -> None:
    booked = [Booked(ref, (ref,), Money(units)) for ref, units in ours.items()]
    result = reconcile(
        [ReportLine(no, ref, Money(units)) for no, (ref, units) in enumerate(lines)],
        expected=[one for one in booked if one.public_id not in around],
        known=[one for one in booked if one.public_id in around],
        currency="USD",
    )
    found: list[Difference] = list(result.differences)
    assert sum((one.amount for one in found), Money.zero()) == result.theirs - result.ours
    same = sum(one.code != "amount" for one in found)
    assert result.matched + sum(one.code in ("foreign", "twice") for one in found) == len(lines)
    assert same <= len(lines) + len(booked)


@pytest.mark.django_db
def test_what_the_provider_kept_is_booked_once_from_its_report() -> None:
    sent("10.00", "20.00")
    report = compare("Trx ID,Amount,Fee\n8N7A0,10.00,-0.15\n8N7A1,20.00,0.30\n")
    assert (report.matched, Money(report.costs_units)) == (2, Money.parse("0.45"))
    client = signed_in(cast.shirin())
    address = f"/staff/reconciling/{report.public_id}"
    assert "Book what the provider kept" in client.get(address).content.decode()
    for _ in range(2):
        assert client.post(address).status_code == 302
    (booked,) = Booking.objects.all()
    assert (booked.kind, booked.place, booked.amount) == ("provider_cost", "bkash", Money.parse("0.45"))


@pytest.mark.django_db
def test_money_without_an_owner_is_there_since_it_came_whatever_became_of_it() -> None:
    """It is no stranger in its days' report, and is not missed in the report of when it was decided."""
    karim, later = make.requester(funds="0"), NOW + timedelta(days=20)
    kept = [
        keep(provider="bank", payment_ref=f"FT{no}", paid=Money.parse("40.00"), why="no_reference", at=NOW)
        for no in range(3)
    ]
    assign_unmatched(by=SHIRIN, unmatched_id=kept[1].public_id, requester=karim, reason="hers", now=later)
    return_unmatched(by=SHIRIN, unmatched_id=kept[2].public_id, reason="nobody's", now=later)
    listed = "Reference,Amount\n" + "".join(f"FT{no},40.00\n" for no in range(3))
    came = compare(listed, side=ReportSide.DEPOSITS, provider="bank")
    assert (came.matched, told(came)) == (3, [])
    days = later.date(), later.date()
    decided = compare("Reference,Amount\n", side=ReportSide.DEPOSITS, provider="bank", days=days)
    assert told(decided) == []
