"""Tax forms: who is asked, what waits, what goes on; and yearly totals that are the ledger's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests import make
from tests.make import NOW
from tests.money.bank import SHIRIN, add_bkash
from tests.providers.paying import earner
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.holds import release_payout
from tukro.money.actions.law.tax import give_tax_form
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import (
    approve_payout,
    refuse_payout,
    return_payout,
    send_payout,
    settle_payout,
)
from tukro.money.models import Payout, PayoutTerms
from tukro.money.queries.tax import paid_in_year, tax_standing, year_totals
from tukro.people.models import Worker
from tukro.vetting.actions.tax import (
    BadTaxForm,
    BadTaxRule,
    LookNeedsReason,
    change_tax_policy,
    delete_old_forms,
    open_form,
    set_rule,
)
from tukro.vetting.models import TaxForm, TaxRule
from tukro.vetting.queries.tax import current_form, forms_of
from tukro.vetting.rules.tax import FormName, check_tax_form, good_until, is_us_tin, masked_form, year_of

TEN = Money.parse("10.00")
LOCAL = {
    "name": "Rahima Khatun",
    "country": "BD",
    "tin": "১২৩৪ ৫৬৭৮ ৯০১২",
    "birth_date": "1998-02-21",
    "address": "House 7\nRangpur",
    "agreed": "on",
    "signature": "rahima  khatun",
}
W8BEN = LOCAL | {"citizenship": "BD", "treaty_country": "BD", "treaty_percent": "10"}
W9 = {
    "name": "Ann Lee",
    "kind": "individual",
    "address": "1 Main Street",
    "us_tin": "123-45-6789",
    "agreed": "on",
    "signature": "Ann Lee",
}


@pytest.fixture
def rahima() -> Worker:
    return earner("90.00")


def rule(*, above: str = "0", form: str = "local", step: str = "hold", currency: str = "USD") -> None:
    limit = Money.parse(above, currency).units
    set_rule(by=SHIRIN, country="", form=form, currency=currency, above_units=limit, step=step, now=NOW)


def ask(worker: Worker) -> Payout:
    return request_payout(worker=worker, method_id=add_bkash(worker), amount=TEN, now=NOW)


def paid(worker: Worker) -> Payout:
    payout = ask(worker)
    return send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX1", now=NOW)


def give(worker: Worker, form: FormName = "local", **changed: str) -> TaxForm:
    return give_tax_form(worker=worker, form=form, details=LOCAL | changed, language="bn", now=NOW)


def state(payout: Payout) -> str:
    return Payout.objects.get(pk=payout.pk).state


# --- who is asked, and what waits --------------------------------------------------------------------


@pytest.mark.django_db
def test_without_rules_nothing_is_asked(rahima: Worker) -> None:
    assert ask(rahima).state == "requested"
    assert tax_standing(rahima, NOW) is None


@pytest.mark.django_db
def test_what_is_asked_first_waits_for_the_form_and_goes_on_by_rule(rahima: Worker) -> None:
    PayoutTerms.objects.create(kind="bkash", approved_up_to=TEN)
    rule()
    first, second = ask(rahima), ask(rahima)
    assert (first.state, second.state) == ("held", "held")
    form = give(rahima)
    assert (state(first), state(second)) == ("approved", "approved")
    assert form.details["tin"] == "123456789012"
    assert b"123456789012" not in bytes(form.sealed)
    assert ask(rahima).state == "approved"  # no more is asked


@pytest.mark.django_db
def test_below_the_years_limit_nothing_waits(rahima: Worker) -> None:
    rule(above="25.00")
    paid(rahima)
    assert ask(rahima).state == "requested"  # 20.00 with what is under way
    over = ask(rahima)
    assert over.state == "held"
    release_payout(by=SHIRIN, payout_id=over.public_id, reason="Seen on paper", now=NOW)
    assert state(over) == "requested"
    later = NOW.replace(year=NOW.year + 1)
    standing = tax_standing(rahima, later)
    assert standing is not None
    assert standing.paid == Money.zero()  # another year


@pytest.mark.django_db
def test_a_limit_in_another_currency_counts_at_the_rate_of_today(rahima: Worker) -> None:
    rule(above="1500.00", currency="BDT")
    assert ask(rahima).state == "held"  # nobody can tell without a rate
    give(rahima)
    make_rate("BDT", "100")
    other = earner_of("tanvir@example.org")
    assert ask_as(other).state == "requested"
    assert ask_as(other).state == "held"


def make_rate(currency: str, rate: str) -> None:
    enter_rate(by=SHIRIN, currency=currency, rate=Decimal(rate), source="the bank", now=NOW)


def earner_of(email: str) -> Worker:
    return make.with_earnings(make.worker(email=email), "50.00")


def ask_as(worker: Worker) -> Payout:
    method = make.payout_method(of=worker).pk
    return request_payout(worker=worker, method_id=method, amount=TEN, now=NOW)


@pytest.mark.django_db
def test_asking_only_tells_once_a_year(rahima: Worker) -> None:
    rule(step="ask")
    assert [ask(rahima).state, ask(rahima).state] == ["requested", "requested"]
    assert history(rahima.public_id).filter(name="TaxFormAsked").count() == 1


# --- forms -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_versions_are_kept_the_same_again_is_none_and_old_ones_go(rahima: Worker) -> None:
    first = give(rahima)
    assert give(rahima) == first
    second = give(rahima, address="House 9\nRangpur")
    assert [one.pk for one in forms_of(rahima)] == [second.pk, first.pk]
    assert current_form(rahima) == second
    assert delete_old_forms(today=date(NOW.year + 7, 12, 31), keep_years=7) == 0
    assert delete_old_forms(today=date(NOW.year + 8, 1, 1), keep_years=7) == 1
    assert current_form(rahima) == second


@pytest.mark.django_db
def test_a_look_in_clear_has_a_reason_in_the_journal(rahima: Worker) -> None:
    form = give(rahima)
    with pytest.raises(LookNeedsReason):
        open_form(by=SHIRIN, form_id=form.public_id, reason=" ", now=NOW)
    assert open_form(by=SHIRIN, form_id=form.public_id, reason="Yearly report", now=NOW)["tin"]
    [event] = history(rahima.public_id).filter(name="TaxFormOpened")
    assert event.facts == {"form": form.public_id, "reason": "Yearly report"}
    assert all("123456789012" not in str(one.facts) for one in history(rahima.public_id))


@pytest.mark.django_db
def test_rules_that_contradict_themselves_are_refused() -> None:
    for country, form, currency, above in (
        ("bd", "local", "USD", 0),
        ("BD", "w4", "USD", 0),
        ("BD", "local", "XXX", 0),
        ("BD", "local", "USD", -1),
    ):
        with pytest.raises(BadTaxRule):
            set_rule(
                by=SHIRIN,
                country=country,
                form=form,
                currency=currency,
                above_units=above,
                step="hold",
                now=NOW,
            )
    assert not TaxRule.objects.exists()


@pytest.mark.parametrize(
    ("form", "changed", "faults"),
    [
        ("local", {}, []),
        ("local", {"tin": "12"}, [("tin", "not_a_tin")]),
        ("local", {"signature": "Karim"}, [("signature", "other_signature")]),
        ("local", {"agreed": ""}, [("agreed", "not_agreed")]),
        ("local", {"birth_date": "2020-01-01"}, [("birth_date", "not_of_age")]),
        ("local", {"birth_date": "21/02/1998"}, [("birth_date", "not_a_date")]),
        ("local", {"country": "IN"}, [("tin", "not_a_tin")]),
        ("local", {"country": "IN", "tin": "abcde 1234 f"}, []),
        ("w8ben", {}, []),
        ("w8ben", {"no_tin": "on"}, [("tin", "tin_or_none")]),
        ("w8ben", {"tin": "", "no_tin": "on"}, []),
        ("w8ben", {"treaty_percent": "many"}, [("treaty_percent", "not_a_percent")]),
        ("w9", {}, []),
        ("w9", {"us_tin": "000-12-3456"}, [("us_tin", "not_a_us_tin")]),
        ("w9", {"kind": "robot"}, [("kind", "not_a_kind")]),
        ("w9", {"name": ""}, [("name", "missing")]),
    ],
)
def test_what_is_wrong_with_a_form(
    form: FormName, changed: dict[str, str], faults: list[tuple[str, str]]
) -> None:
    right = {"local": LOCAL, "w8ben": W8BEN, "w9": W9}[form]
    _clean, problems = check_tax_form(form, right | changed, today=date(2026, 11, 2))
    assert [(problem.field, problem.code) for problem in problems] == faults


def test_forms_are_shown_by_their_ends() -> None:
    shown = masked_form({"name": "Ann", "us_tin": "123456789", "tin": "1234", "birth_date": "1998-02-21"})
    assert shown == {"name": "Ann", "us_tin": "•••• 6789", "tin": "••••", "birth_date": "1998-••-••"}


def test_how_long_forms_hold_and_years_last() -> None:
    assert good_until("w8ben", date(2026, 11, 2)) == date(2029, 12, 31)
    assert good_until("w9", date(2026, 11, 2)) is None
    assert (year_of(date(2026, 6, 30), first_month=7), year_of(date(2026, 7, 1), first_month=7)) == (
        2025,
        2026,
    )
    assert [is_us_tin(one) for one in ("123456789", "666123456", "111111111", "123006789", "12345678")] == [
        True,
        False,
        False,
        False,
        False,
    ]


# --- yearly totals -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_totals_are_what_went_out_less_what_came_back(rahima: Worker) -> None:
    first, second, third = paid(rahima), paid(rahima), paid(rahima)
    settle_payout(by=SHIRIN, payout_id=first.public_id, now=NOW)
    return_payout(by=SHIRIN, payout_id=second.public_id, reason="closed", now=NOW)
    next_year = NOW.replace(year=NOW.year + 1)
    return_payout(by=SHIRIN, payout_id=third.public_id, reason="closed", now=next_year)
    refuse_payout(by=SHIRIN, payout_id=ask(rahima).public_id, reason="no", now=NOW)  # never went out
    approve_payout(by=SHIRIN, payout_id=ask(rahima).public_id, now=NOW)  # did not yet
    [total] = year_totals(NOW.year)
    assert (total.worker_id, total.sent, total.paid) == (rahima.pk, 3, Money.parse("20.00"))
    assert paid_in_year(rahima, NOW.year) == Money.parse("20.00")
    assert paid_in_year(rahima, NOW.year + 1) == -TEN
    assert list(year_totals(NOW.year, after=rahima.pk)) == []


@pytest.mark.django_db
def test_a_tax_year_may_begin_in_july(rahima: Worker) -> None:
    change_tax_policy(by=SHIRIN, first_month=7, keep_years=7, now=NOW)
    paid(rahima)  # in November
    assert paid_in_year(rahima, NOW.year) == TEN
    assert paid_in_year(rahima, NOW.year - 1) == Money.zero()


@pytest.mark.django_db
def test_a_w8ben_that_ran_out_is_asked_for_anew(rahima: Worker) -> None:
    rule(form="w8ben")
    with pytest.raises(BadTaxForm):
        give(rahima, "w8ben")
    give_tax_form(worker=rahima, form="w8ben", details=W8BEN, language="bn", now=NOW)
    for later, given in ((timedelta(days=365), True), (timedelta(days=4 * 366), False)):
        standing = tax_standing(rahima, NOW + later)
        assert standing is not None
        assert standing.given is given
