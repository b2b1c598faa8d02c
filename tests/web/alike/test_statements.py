"""Statements of a period: on the page, as PDF and for spreadsheets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast, make
from tests.web.market import signed_in
from tests.web.reading import streamed
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.deposits import deposit_play_money

pytestmark = pytest.mark.django_db


def test_a_requester_reads_a_month_with_what_there_was_before() -> None:
    karim, now = make.requester(email="karim@example.org", funds="0"), timezone.now()
    deposit_play_money(requester=karim, amount=Money.parse("30.00"), now=now - timedelta(days=70))
    deposit_play_money(requester=karim, amount=Money.parse("12.50"), now=now)
    escrow.set_aside_batch(requester=karim, batch_id="B1", amount=Money.parse("5.00"), at=now)
    client = signed_in(karim.user)
    page = client.get("/requester/balance/statement").content.decode()
    for words in ("Available before", "$30.00", "$12.50", "−$5.00", "$37.50", "Set aside for tasks"):
        assert words in page, words
    early = {"since": "2020-01-01", "until": "2020-12-31"}
    assert "No money moved" in client.get("/requester/balance/statement", early).content.decode()
    for wrong in ({"since": "2020-01-01", "until": "2019-01-01"}, {"since": "x", "until": "2020-01-01"}):
        assert client.get("/requester/balance/statement", wrong).status_code == 422
    everything = {"since": "2020-01-01", "until": "2099-01-01"}
    lines = (
        streamed(client.get("/requester/balance/statement", everything | {"as": "csv"})).decode().splitlines()
    )
    assert [line.split(",")[-2] for line in lines] == ['"balance_usd"', '"30.00"', '"42.50"', '"37.50"']
    assert "/requester/balance/statement" in client.get("/requester/balance").content.decode()


def test_a_worker_takes_a_statement_home_in_bengali() -> None:
    rahima = cast.rahima()
    escrow.pay_bonus(
        requester_id=make.requester().public_id,
        worker_id=rahima.public_id,
        amount=Money.parse("2.00"),
        fee=Money.zero(),
        key="bonus:2",
        subject="work",
        at=timezone.now(),
    )
    client = signed_in(rahima)
    page = client.get("/earnings/statement").content.decode()
    assert "$2.00" in page
    client.cookies.load({"django_language": "bn"})
    paper = client.get("/earnings/statement", {"since": "2020-01-01", "until": "2099-01-01", "as": "pdf"})
    assert (paper.status_code, paper.headers["Content-Type"]) == (200, "application/pdf")
    assert paper.content.startswith(b"%PDF")
    assert "/earnings/statement" in client.get("/earnings").content.decode()


def test_a_cancelled_batch_is_one_line_however_many_steps_gave_its_money_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tukro.work.actions.closing._STEP", 2)
    karim, now = make.requester(), timezone.now()
    batch = make.batch(of=karim, rows=5, places=3, now=now)
    client = signed_in(karim.user)
    client.post(f"/requester/batches/{batch.public_id}/cancel")
    page = client.get("/requester/balance")
    (back, *_), told = page.context["movements"], page.content.decode()
    assert (str(back.row.amount), str(back.row.balance_after), back.batch) == ("0.90", "1000.00", batch)
    assert "15 places, in 3 steps" in told
    assert told.count("Back from places that were not paid") == 1
    period = {"since": "2020-01-01", "until": "2099-01-01"}
    assert 'Back from places that were not paid <span class="muted small">(1)' in (
        client.get("/requester/balance/statement", period).content.decode()
    )
    file = streamed(client.get("/requester/balance/statement", period | {"as": "csv"})).decode()
    (line,) = [line.split(",") for line in file.splitlines() if "give_back" in line]
    assert line[-3:] == ['"0.90"', '"1000.00"', '"3"']
