"""Withdrawing and sending money as people do it in a browser; pages that no link leads to are sound too."""

from __future__ import annotations

from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import cast, make
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.kernel.money import Money
from tukro.money.queries import worker_balance
from tukro.people.models import Worker
from tukro.work.actions.reviewing import approve_assignments

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
Language = Literal["bn", "en"]


@pytest.fixture
def rahima() -> Worker:
    """A worker with twelve dollars and a bKash number."""
    worker, karim, now = cast.rahima(), cast.karim(), timezone.now()
    batch = make.batch(of=karim, of_terms=make.terms(reward="12.00"), now=now)
    done = make.submitted(by=worker, of=batch, now=now)
    approve_assignments(requester=karim, assignment_ids=[done.public_id], now=now)
    make.payout_method(of=worker)
    return worker


@LOOKS
def test_a_worker_withdraws_and_staff_send_it(
    visit: Visits, rahima: Worker, language: Language, width: int
) -> None:
    page = visit(user=rahima.user, width=width, language=language)
    page.goto("/earnings/withdraw")
    page.check("input[name=which][value=other]")
    page.fill("input[name=amount]", "৯")
    page.click("main form[novalidate] button")
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)  # less than the minimum
    assert [faults(page), overflow(page)] == [[], 0]
    page.fill("input[name=amount]", "১১.৫০")
    page.click("main form[novalidate] button")
    assert [faults(page), overflow(page)] == [[], 0]
    page.dblclick("main form[action$=confirm] button")
    page.wait_for_selector(".notice-ok")
    assert worker_balance(rahima) == (Money.parse("0.50"), Money.parse("11.50"), Money.zero())

    staff = visit(user=cast.shirin(), width=width, language=language)
    staff.goto("/staff/payouts")
    staff.check("input[name=payout]")
    staff.fill("input[name=reference]", "8N7A6D5E4K")
    staff.click("button[value=send]")
    assert [faults(staff), overflow(staff)] == [[], 0]
    staff.goto("/staff/payouts?state=sent")
    staff.fill("main #q", "8n7a")
    staff.click("main form[role=search] button")
    staff.wait_for_url("**q=8n7a**")
    assert "8N7A6D5E4K" in staff.inner_text("main")
    assert [faults(staff), overflow(staff)] == [[], 0]


@LOOKS
def test_staff_run_the_proofs_and_mend_a_wrong_rule(visit: Visits, language: Language, width: int) -> None:
    page = visit(user=cast.shirin(), width=width, language=language)
    page.goto("/staff/ledger")
    page.click("main form button")
    expect(page.locator(".notice-ok")).to_have_count(1)
    assert [faults(page), overflow(page)] == [[], 0]
    page.goto("/staff/policy")
    page.fill("input[name=minimum_payout]", "many")
    page.click("form[action$=money] button")
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    assert [faults(page), overflow(page)] == [[], 0]


def test_withdrawing_works_without_scripts(visit: Visits, rahima: Worker) -> None:
    page = visit(user=rahima.user, javascript=False)
    page.goto("/earnings/withdraw")
    page.click("main form[novalidate] button")
    page.click("main form[action$=confirm] button")
    page.wait_for_selector(".notice-ok")
    assert worker_balance(rahima)[1] == Money.parse("12.00")
