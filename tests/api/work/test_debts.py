"""Programs of a requester who owes the house: whatever costs something says so."""

from __future__ import annotations

from datetime import timedelta

from tests import make
from tests.api import market
from tests.api.conftest import Wire
from tests.api.hits import HIT
from tests.api.market import code, refused
from tests.debtors import paid_in, taken_back
from tukro.work.models import Task


def test_what_a_debtors_program_would_spend_is_refused_with_the_debt(wire: Wire) -> None:
    now = market.now()
    debtor = make.requester(funds="0")
    client = wire.client_of(debtor)
    deposit = paid_in(debtor, "50.00", now=now)
    made = client.create_hit(**HIT)["HIT"]
    paid = market.submitted(market.batch(debtor))
    ended = make.wire_task(of=debtor, now=now).public_id
    client.update_expiration_for_hit(HITId=ended, ExpireAt=now - timedelta(days=1))
    taken_back(deposit, now=now)
    given = {"HITTypeId": made["HITTypeId"], "LifetimeInSeconds": 60, "Question": HIT["Question"]}
    more = {"HITId": made["HITId"], "NumberOfAdditionalAssignments": 1}
    bonus = {"WorkerId": paid.worker.public_id, "AssignmentId": paid.public_id, "BonusAmount": "1.00"}
    for call, asked in (
        (client.create_hit, HIT),
        (client.create_hit_with_hit_type, given),
        (client.create_additional_assignments_for_hit, more),
        (client.update_expiration_for_hit, {"HITId": ended, "ExpireAt": now + timedelta(days=1)}),
        (client.send_bonus, bonus | {"Reason": "Thanks"}),
    ):
        answer = refused(call, **asked)
        assert code(answer) == ("RequestError", "InsufficientFunds")
        assert "insufficient funds in their account" in answer["Message"]
        assert " USD from a payment that was taken back; what is paid in" in answer["Message"]
    assert client.get_account_balance()["AvailableBalance"] == "0.00"
    assert Task.objects.count() == 3
