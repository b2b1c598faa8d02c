"""Holds on pages: the person reads that their withdrawals wait and why; staff see all and let go."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests import cast
from tests.money.bank import SHIRIN, add_bkash
from tests.notices.telling import tell_all
from tests.providers.paying import TEN, earner
from tukro.kernel.actors import HOUSE
from tukro.money.actions.holds import hold_payout
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.models import PayoutHold
from tukro.notices.models import Notice
from tukro.people.models import Worker
from tukro.web.words.holds import SENTENCES

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("language", ["bn", "en"])
def test_a_letter_gives_the_same_reason_for_a_hold_as_the_page(language: str) -> None:
    with translation.override(language):
        said = {code: render_to_string("mail/hold_why.txt", {"code": code}).strip() for code in SENTENCES}
        assert said == {code: str(sentence) for code, sentence in SENTENCES.items()}


def test_who_is_asked_something_while_staff_look_closer_is_not_told_to_do_nothing(
    page: Client, staff: Client, rahima: Worker
) -> None:
    asked = {"code": "staff", "told": "Which bank is this?", "note": "Two names"}
    staff.post(f"/staff/workers/{rahima.public_id}/hold", asked)
    said = page.get("/earnings/withdraw").content.decode()
    assert "Which bank is this?" in said
    assert "You need not do anything." not in said


@pytest.mark.django_db(transaction=True)
def test_a_held_person_is_told_why_and_staff_let_go_with_a_reason(
    page: Client, staff: Client, rahima: Worker
) -> None:
    asked = {"code": "papers", "told": "Send us your student card.", "note": "Two names"}
    staff.post(f"/staff/workers/{rahima.public_id}/hold", asked)
    tell_all()
    assert [(one.title, one.link) for one in Notice.objects.filter(user=rahima.user)] == [
        ("Your withdrawals wait", "/earnings/withdraw")
    ]
    said = page.get("/earnings/withdraw").content.decode()
    assert "We need an answer or a paper from you." in said
    assert "Send us your student card." in said
    assert "Two names" not in said
    rahima.user.language = "bn"
    rahima.user.save()
    assert "টাকা আপনারই থাকছে" in page.get("/earnings/withdraw").content.decode()

    queue = staff.get("/staff/holds").content.decode()
    assert "Two names" in queue
    assert queue.count(">shirin@example.org</span>") == 1  # who did it, by address
    [hold] = PayoutHold.objects.all()
    refused = staff.post(f"/staff/holds/{hold.public_id}/release", {"reason": "", "worker": "<b>/"})
    assert (refused.status_code, "Say why" in refused.content.decode()) == (422, True)  # on the page of holds
    assert PayoutHold.objects.get().released_at is None
    staff.post(f"/staff/holds/{hold.public_id}/release", {"reason": "Seen it"})
    released = staff.get("/staff/holds?state=released").content.decode()
    assert "Seen it" in released
    assert released.count(">shirin@example.org</span>") == 2
    tell_all()
    assert Notice.objects.filter(user=rahima.user).count() == 2


def test_a_single_withdrawal_says_why_it_waits(page: Client, staff: Client, rahima: Worker) -> None:
    now = timezone.now()
    payout = request_payout(worker=rahima, method_id=add_bkash(rahima), amount=TEN, now=now)
    hold_payout(by=SHIRIN, payout_id=payout.public_id, reason="Odd", code="owner", now=now)
    assert "Somebody else may have signed in" in page.get("/earnings/withdraw").content.decode()
    released = {"act": "release", "payout": payout.public_id, "reason": "Fine", "state": "held"}
    staff.post("/staff/payouts/act", released)
    payout.refresh_from_db()
    assert payout.state == "requested"


def test_a_missing_tax_form_is_named_in_words_wherever_staff_read_why(staff: Client, rahima: Worker) -> None:
    now = timezone.now()
    payout = request_payout(worker=rahima, method_id=add_bkash(rahima), amount=TEN, now=now)
    hold_payout(by=HOUSE, payout_id=payout.public_id, reason="form w8ben", code="tax", now=now)
    held, form = "/staff/payouts?state=held", "W-8BEN (people outside the United States)"
    assert f"Tax form missing: {form}" in staff.get(held).content.decode()
    journal = f"/staff/journal?subject={payout.public_id}"
    for address in ("/staff/holds", f"/staff/workers/{rahima.public_id}", journal):
        page = staff.get(address).content.decode()
        assert (form in page, "form w8ben" in page) == (True, False), address


def test_the_queue_costs_the_same_however_long(staff: Client, rahima: Worker) -> None:
    for code in ("owner", "papers", "work"):
        staff.post(f"/staff/workers/{rahima.public_id}/hold", {"code": code, "note": "Odd"})
    with CaptureQueriesContext(connection) as many:
        staff.get("/staff/holds")
    PayoutHold.objects.exclude(code="owner").delete()
    with CaptureQueriesContext(connection) as one:
        staff.get("/staff/holds")
    assert len(many) == len(one)
