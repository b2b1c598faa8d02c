"""Tax on pages: the worker's form, staff's totals and looks in clear, the file, the rules."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.money.bank import SHIRIN, add_bkash
from tests.money.law.test_tax import LOCAL
from tests.providers.paying import TEN, earner
from tukro.journal.models import Event
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.people.models import Worker
from tukro.vetting.models import TaxForm, TaxRule

pytestmark = pytest.mark.django_db
NUMBER = "123456789012"


@pytest.fixture
def rahima() -> Worker:
    worker = earner("60.00")
    worker.user.language = "en"
    worker.user.save()
    return worker


@pytest.fixture
def page(rahima: Worker, client: Client) -> Client:
    client.force_login(rahima.user)
    return client


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cast.shirin())
    return client


def said(response: object) -> str:
    assert hasattr(response, "content")
    return bytes(response.content).decode()


def test_a_worker_gives_the_form_that_the_rule_asks(page: Client, staff: Client, rahima: Worker) -> None:
    assert "Nothing is asked of you" in said(page.get("/earnings/tax"))
    staff.post("/staff/policy/tax", {"form": "local", "above": "0", "currency": "USD", "step": "hold"})
    payout = request_payout(worker=rahima, method_id=add_bkash(rahima), amount=TEN, now=timezone.now())
    assert "A withdrawal of yours waits for this form." in said(page.get("/earnings/tax"))
    wrong = page.post("/earnings/tax", LOCAL | {"tin": "7"})
    assert wrong.status_code == 422
    assert "This is not a tax number of that country." in said(wrong)
    page.post("/earnings/tax", LOCAL)
    payout.refresh_from_db()
    assert payout.state == "requested"
    given = said(page.get("/earnings/tax"))
    assert "•••• 9012" in given
    assert NUMBER not in given


def test_staff_see_it_masked_and_open_it_with_a_reason(page: Client, staff: Client, rahima: Worker) -> None:
    TaxRule.objects.create(country="", form="local")
    page.post("/earnings/tax", LOCAL)
    form = TaxForm.objects.get()
    address = f"/staff/workers/{rahima.public_id}/tax"
    assert NUMBER not in said(staff.get(address))
    assert NUMBER not in said(staff.post(address, {"form": form.public_id, "reason": ""}))
    opened = staff.post(address, {"form": form.public_id, "reason": "Yearly report"})
    assert NUMBER in said(opened)
    assert "no-store" in opened["Cache-Control"]
    assert Event.objects.filter(name="TaxFormOpened").count() == 1
    assert NUMBER not in said(staff.get(address))
    assert page.get(address).status_code == 404


def test_a_years_file_is_the_ledgers_and_masked_unless_asked(
    page: Client, staff: Client, rahima: Worker
) -> None:
    TaxRule.objects.create(country="", form="local")
    page.post("/earnings/tax", LOCAL)
    now = timezone.now()
    payout = request_payout(worker=rahima, method_id=add_bkash(rahima), amount=TEN, now=now)
    send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX", now=now)
    assert "$10.00" in said(staff.get("/staff/tax"))
    assert staff.post("/staff/tax/export", {"year": str(now.year)}).status_code == 422

    def rows(**asked: str) -> list[dict[str, str]]:
        response = staff.post("/staff/tax/export", {"year": str(now.year), "reason": "Report"} | asked)
        text = response.getvalue().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    [masked], [full] = rows(), rows(full="1")
    assert (masked["paid"], masked["tin"], full["tin"]) == ("10.00", "•••• 9012", NUMBER)
    assert [one.facts["in_full"] for one in Event.objects.filter(name="TaxYearExported").order_by("id")] == [
        False,
        True,
    ]


def test_rules_are_set_from_a_usual_beginning_and_dropped(staff: Client) -> None:
    staff.post("/staff/policy/tax/preset", {"preset": "us"})
    assert {rule.country: rule.form for rule in TaxRule.objects.all()} == {"US": "w9", "": "w8ben"}
    staff.post("/staff/policy/tax/drop", {"country": "US"})
    assert [rule.country for rule in TaxRule.objects.all()] == [""]
    staff.post("/staff/policy/tax/year", {"first_month": "7", "keep_years": "5"})
    assert 'value="7"' in said(staff.get("/staff/policy/tax"))
    wrong = staff.post("/staff/policy/tax/year", {"first_month": "13", "keep_years": "5"})
    assert (wrong.status_code, wrong.context["policy_form"].errors.keys()) == (422, {"first_month"})
    assert 'value="13"' in said(wrong)  # as it was left
