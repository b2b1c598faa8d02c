"""SendBonus and ListBonusPayments, by boto3 over TCP."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests import cast, make
from tests.api import market
from tests.api.conftest import Wire
from tests.api.market import at_once, code, refused, statements_of
from tukro.ledger.models import Transfer
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester, Worker, WorkerState
from tukro.work.models import Assignment, Bonus, RequestToken

NOBODY = "3NOSUCHTHING0000000000000000000"


@pytest.fixture
def karim(wire: Wire) -> Requester:  # the server's database comes first
    return cast.karim()


def given(to: Assignment, **changes: str) -> dict[str, str]:
    usual = {
        "WorkerId": to.worker.public_id,
        "AssignmentId": to.public_id,
        "BonusAmount": "0.50",
        "Reason": "Well done",
    }
    return usual | changes


def test_a_bonus_is_paid_and_listed_with_its_reason(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    answer = client.send_bonus(**given(made, BonusAmount="5.", Reason="ধন্যবাদ"))
    assert set(answer) == {"ResponseMetadata"}
    assert str(worker_balance(made.worker)[0]) == "5.00"
    for named in ({"AssignmentId": made.public_id}, {"HITId": made.task.public_id}):
        listed = client.list_bonus_payments(**named)
        assert listed["NumResults"] == 1
        assert "NextToken" in listed
        [payment] = listed["BonusPayments"]
        granted = payment.pop("GrantTime")
        assert abs(granted - Bonus.objects.get().granted_at) < timedelta(milliseconds=1)
        assert payment == {
            "WorkerId": made.worker.public_id,
            "BonusAmount": "5.00",
            "AssignmentId": made.public_id,
            "Reason": "ধন্যবাদ",
        }


@pytest.mark.parametrize(("amount", "paid"), [("0.1", "0.10"), ("1", "1.00"), ("0.01", "0.01")])
def test_amounts_are_read_as_people_write_them(wire: Wire, karim: Requester, amount: str, paid: str) -> None:
    made = market.submitted(market.batch(karim))
    wire.client_of(karim).send_bonus(**given(made, BonusAmount=amount, Reason=""))
    assert str(worker_balance(made.worker)[0]) == paid


@pytest.mark.parametrize("amount", ["0.333", "-1", ".5", "$1", "1,00", ""])
def test_what_is_no_amount_is_refused_by_its_shape(wire: Wire, karim: Requester, amount: str) -> None:
    made = market.submitted(market.batch(karim))
    answer = refused(wire.client_of(karim).send_bonus, **given(made, BonusAmount=amount))
    assert code(answer)[0] == "ValidationException"
    assert "at 'bonusAmount' failed to satisfy constraint" in answer["Error"]["Message"]
    assert not Bonus.objects.exists()


@pytest.mark.parametrize("amount", ["0", "0.00", "99999999999999999999"])
def test_nothing_and_the_absurd_are_no_bonus(wire: Wire, karim: Requester, amount: str) -> None:
    made = market.submitted(market.batch(karim))
    answer = refused(wire.client_of(karim).send_bonus, **given(made, BonusAmount=amount))
    assert code(answer)[0] == "ParameterValidationError"
    assert "is not valid for the parameter BonusAmount." in answer["Error"]["Message"]


def test_a_reason_must_be_there_and_may_be_empty(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    loose = wire.client_of(karim, parameter_validation=False)
    without = given(made)
    del without["Reason"]
    missing = refused(loose.send_bonus, **without)
    assert "Value null at 'reason' failed to satisfy constraint" in missing["Error"]["Message"]
    loose.send_bonus(**given(made, Reason=""))
    assert Bonus.objects.get().reason == ""


def test_a_worker_who_is_not_known_or_did_other_work_is_an_invalid_parameter(
    wire: Wire, karim: Requester
) -> None:
    made, other = market.submitted(market.batch(karim)), cast.tanvir()
    client = wire.client_of(karim)
    for worker_id in ("A143XRCI1YXAFE", other.public_id):
        answer = refused(client.send_bonus, **given(made, WorkerId=worker_id))
        assert code(answer)[0] == "ParameterValidationError"
        told = f'The value "{worker_id}" is not valid for the parameter WorkerId.'
        assert told in answer["Error"]["Message"]


def test_only_work_that_was_handed_in_to_the_caller_has_a_bonus(wire: Wire, karim: Requester) -> None:
    in_hand = make.accepted(of=market.batch(karim), now=market.now())
    foreign = market.submitted(market.batch(make.requester()))
    client = wire.client_of(karim)
    for asked in (given(in_hand), given(foreign), given(in_hand, AssignmentId=NOBODY)):
        answer = refused(client.send_bonus, **asked)
        assert code(answer) == ("RequestError", "AssignmentDoesNotExist")
        assert f"Assignment {asked['AssignmentId']} does not exist." in answer["Message"]


def test_approved_rejected_and_deleted_work_still_has_its_bonus(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, rows=2)
    one, two = market.submitted(batch), market.submitted(batch)
    client = wire.client_of(karim)
    client.approve_assignment(AssignmentId=one.public_id)
    client.reject_assignment(AssignmentId=two.public_id, RequesterFeedback="")
    client.send_bonus(**given(two))
    market.delete_task(one, karim)
    client.send_bonus(**given(one))
    assert client.list_bonus_payments(HITId=one.task.public_id)["NumResults"] == 1


def test_a_balance_that_does_not_cover_bonus_and_fee_pays_nothing(wire: Wire) -> None:
    poor = make.requester(funds="0.56")
    made = market.submitted(market.batch(poor))
    client = wire.client_of(poor)
    answer = refused(client.send_bonus, **given(made, UniqueRequestToken="t"))
    assert code(answer) == ("RequestError", "InsufficientFunds")
    assert answer["Message"].startswith("This Requester has insufficient funds in their account")
    assert not RequestToken.objects.exists()
    client.send_bonus(**given(made, BonusAmount="0.40", UniqueRequestToken="t"))
    assert str(requester_balance(poor)[0]) == "0.02"


def test_a_used_token_is_refused_by_name_and_without_one_each_call_pays(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.send_bonus(**given(made, UniqueRequestToken="1631094715.163"))
    answer = refused(client.send_bonus, **given(made, UniqueRequestToken="1631094715.163"))
    assert code(answer) == ("RequestError", "DuplicateRequest")
    told = 'The idempotency token "1631094715.163" has already been processed. ('
    assert answer["Message"].startswith(told)
    client.send_bonus(**given(made))
    client.send_bonus(**given(made))
    assert str(worker_balance(made.worker)[0]) == "1.50"


def test_after_a_day_a_token_is_new_again(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.send_bonus(**given(made, UniqueRequestToken="t"))
    RequestToken.objects.update(made_at=market.now() - timedelta(hours=24))
    client.send_bonus(**given(made, UniqueRequestToken="t"))
    assert Bonus.objects.count() == 2


def test_the_same_token_twice_at_once_pays_once(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    clients = [wire.client_of(karim) for _ in range(4)]
    asked = given(made, UniqueRequestToken="t")
    told = at_once(*(partial(client.send_bonus, **asked) for client in clients))
    assert sorted(told) == ["RequestError", "RequestError", "RequestError", "done"]
    assert Transfer.objects.filter(kind="bonus").count() == 1


def test_bonuses_are_listed_the_latest_first_and_paged(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    for no in range(5):
        client.send_bonus(**given(made, Reason=str(no)))
    paginator = client.get_paginator("list_bonus_payments")
    pages = list(paginator.paginate(HITId=made.task.public_id, PaginationConfig={"PageSize": 2}))
    assert [page["NumResults"] for page in pages] == [2, 2, 1, 0]
    assert [one["Reason"] for page in pages for one in page["BonusPayments"]] == ["4", "3", "2", "1", "0"]
    assert pages[-1]["BonusPayments"] == []
    assert "NextToken" not in pages[-1]


def test_a_list_names_a_hit_or_an_assignment_or_both(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, rows=2)
    one, two = market.submitted(batch), market.submitted(batch)
    client = wire.client_of(karim)
    client.send_bonus(**given(one))
    both = client.list_bonus_payments(AssignmentId=one.public_id, HITId=one.task.public_id)
    other = client.list_bonus_payments(AssignmentId=one.public_id, HITId=two.task.public_id)
    none = client.list_bonus_payments(HITId=two.task.public_id)
    assert (both["NumResults"], other["NumResults"], none["NumResults"]) == (1, 0, 0)
    assert none["BonusPayments"] == []
    neither = refused(client.list_bonus_payments)
    assert code(neither)[0] == "ParameterValidationError"
    assert "HITId or AssignmentId" in neither["Error"]["Message"]
    assert code(refused(client.list_bonus_payments, HITId=NOBODY)) == ("RequestError", "HITDoesNotExist")


def test_listing_many_costs_as_many_queries_as_listing_one(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    task_id = made.task.public_id
    costs = []
    for _ in range(2):
        client.send_bonus(**given(made))
        asked = statements_of(lambda: client.list_bonus_payments(HITId=task_id))
        costs.append(len(asked))
    assert costs == [3, 3]


def test_who_closed_the_account_is_not_paid_and_the_program_reads_why(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    Worker.objects.filter(pk=made.worker_id).update(state=WorkerState.CLOSED)
    error = refused(partial(wire.client_of(karim).send_bonus, **given(made, UniqueRequestToken="t")))
    assert code(error) == ("RequestError", "InvalidParameterValue")
    assert "has closed the account" in str(error)
    assert not RequestToken.objects.exists()
