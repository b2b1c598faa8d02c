"""Statements of a period: on the page, as PDF and for spreadsheets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast, make
from tests.debtors import paid_in
from tests.web.market import signed_in
from tests.web.reading import streamed
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.rules.deposits import SeenDispute
from tukro.work import jobs as work
from tukro.work.actions.doing.assigning import return_assignment
from tukro.work.actions.publishing import ensure_task_type
from tukro.work.actions.publishing.task_changes import change_expiry, retype_task
from tukro.work.actions.reviewing import reject_assignment

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
    everything = {"since": "2020-01-01", "until": "9999-12-31"}
    lines = (
        streamed(client.get("/requester/balance/statement", everything | {"as": "csv"})).decode().splitlines()
    )
    assert [line.split(",")[-2] for line in lines] == ['"balance_usd"', '"30.00"', '"42.50"', '"37.50"']
    assert "/requester/balance/statement" in client.get("/requester/balance").content.decode()


def test_a_worker_takes_a_statement_home_in_bengali() -> None:
    rahima = cast.rahima()
    make.with_earnings(rahima, "2.00", now=timezone.now())
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


def backs_of(client: Client) -> list[tuple[str, str]]:
    """Of which batch, and of how many places, the statement says that money came back; the oldest first."""
    lines = client.get("/requester/balance").context["movements"]
    return [(line.batch.public_id, line.details) for line in reversed(lines) if line.row.kind == "give_back"]


def test_tasks_of_two_batches_that_end_together_come_back_batch_by_batch() -> None:
    karim = make.requester()
    first, second = (
        make.batch(of=karim, rows=rows, places=2, of_terms=make.terms(title=f"{rows} pictures"))
        for rows in (2, 3)
    )
    make.submitted(of=first)
    work.close_expired(make.NOW + timedelta(days=60))
    told = {(first.public_id, "3 places"), (second.public_id, "6 places")}
    backs = backs_of(signed_in(karim.user))  # they ended at one moment: either may be first
    assert (len(backs), set(backs)) == (2, told)


def test_places_that_come_back_one_by_one_are_counted_too() -> None:
    karim, ended = make.requester(), make.NOW + timedelta(days=60)
    batch = make.batch(of=karim, places=3)
    returned, late, done = make.accepted(of=batch), make.accepted(of=batch), make.submitted(of=batch)
    reject_assignment(requester=karim, assignment_id=done.public_id, feedback="No.", now=make.NOW)
    change_expiry(requester=karim, task_id=batch.tasks.get().public_id, expires_at=make.NOW, now=make.NOW)
    return_assignment(
        worker=returned.worker, assignment_id=returned.public_id, reason_code="other", now=make.NOW
    )
    work.expire_late(ended)
    work.release_rejections(ended)
    late.refresh_from_db()
    assert late.state == "abandoned"
    assert backs_of(signed_in(karim.user)) == [
        (batch.public_id, "1 place"),
        (batch.public_id, "2 places, in 2 steps"),
    ]


def test_a_task_that_costs_less_now_gives_back_no_places() -> None:
    karim = make.requester()
    task = make.wire_task(of=karim, places=10, of_terms=make.terms(reward="0.10", category="other"))
    cheaper = ensure_task_type(
        requester=karim, terms=make.terms(reward="0.05", category="other"), now=make.NOW
    )
    retype_task(requester=karim, task_id=task.public_id, type_id=cheaper.public_id, now=make.NOW)
    work.close_expired(make.NOW + timedelta(days=60))
    task.refresh_from_db()
    assert task.batch is not None
    assert backs_of(signed_in(karim.user)) == [
        (task.batch.public_id, ""),
        (task.batch.public_id, "10 places"),
    ]


def test_what_comes_back_while_a_payer_asks_says_its_places_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tukro.work.actions.closing._STEP", 2)
    karim, now = make.requester(funds="0"), timezone.now()
    deposit = paid_in(karim, "10.00")
    batch = make.batch(of=karim, rows=3, places=3, of_terms=make.terms(reward="0.90"), now=now)
    asked = SeenDispute(ref="dp_1", amount=deposit.amount, taken=False, closed=False)
    note_dispute(deposit_id=deposit.public_id, seen=asked, now=now)
    client = signed_in(karim.user)
    client.post(f"/requester/batches/{batch.public_id}/cancel")
    assert backs_of(client) == [(batch.public_id, "6 places"), (batch.public_id, "3 places")]
