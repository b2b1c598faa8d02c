"""Whoever owes reads of the debt wherever their balance would have paid, and where to add money."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.debtors import paid_in, taken_back
from tests.web.joining import signed_in

pytestmark = pytest.mark.django_db

REJECT = {"reason_code": "wrong", "feedback": "It is a 4.", "reopen": "on"}


def text_of(client: Client, method: str, page: str, given: Mapping[str, object] | None = None) -> str:
    answer = client.get(page) if method == "get" else client.post(page, given)
    assert answer.status_code == (200 if method == "get" else 422)
    return answer.content.decode()


def test_what_a_debtor_would_spend_is_refused_with_the_debt_and_a_way_to_pay_it() -> None:
    now = timezone.now()
    debtor = make.requester(funds="0")
    deposit = paid_in(debtor, "50.00", now=now)
    batch = make.batch(of=debtor, rows=2, now=now)
    task = make.wire_task(of=debtor, now=now)
    work = [make.submitted(of=batch, now=now) for _ in range(2)]
    upload = make.upload(of=make.project(of=debtor))
    taken_back(deposit, now=now)
    client = signed_in(debtor.user)
    extend = {"places": "1"}
    ids = {"scope": "selected", "ids": [work[0].public_id]}
    for page, given in (
        (f"batches/{batch.public_id}/extend", extend),
        (f"tasks/{task.public_id}/extend", extend),
        (f"batches/{batch.public_id}/review/reject", REJECT | ids),
        (f"assignments/{work[1].public_id}/reject", REJECT),
        (f"assignments/{work[1].public_id}/bonus", {"amount": "1.00", "reason": "Thanks", "token": "t"}),
        (f"uploads/{upload.public_id}/publish", {}),
    ):
        text = text_of(client, "post", f"/requester/{page}", given)
        assert "You owe $0.18 from a payment that was taken back." in text, page
        assert '<a href="/requester/balance/add">Add money</a>' in text, page
    shown = text_of(client, "get", f"/requester/uploads/{upload.public_id}")
    assert "You owe $0.18 from a payment that was taken back; new money pays this first." in shown
