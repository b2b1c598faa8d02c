"""Programs and workers at the very same moment: one token, one balance, one last place, one end."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.together import outcomes, together
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance
from tukro.people.models import Requester, Worker
from tukro.work.actions.doing.assigning import accept_task
from tukro.work.actions.publishing import ensure_task_type
from tukro.work.actions.publishing.task_changes import add_places, change_expiry, dispose_task
from tukro.work.actions.publishing.tasks import Offer, create_task, create_task_on_terms
from tukro.work.models import Batch, Listing, Question, Task, TaskType
from tukro.work.queries import task_row

pytestmark = pytest.mark.django_db(transaction=True)

NOW = make.NOW
TERMS = make.terms(category="other")


def offer(token: str = "") -> Offer:
    return Offer(asked=make.asked(), places=1, lifetime_seconds=3600, token=token)


def type_of(requester: Requester) -> str:
    return ensure_task_type(requester=requester, terms=TERMS, now=NOW).public_id


def test_one_token_sent_by_many_makes_one_task() -> None:
    karim = cast.karim()
    type_id = type_of(karim)
    results = together(
        *[lambda: create_task(requester=karim, type_id=type_id, offer=offer("t"), now=NOW)] * 6
    )
    assert outcomes(results) == {"done": 1, "AlreadyMade": 5}
    assert Task.objects.count() == 1


def test_money_for_two_makes_two_however_many_ask() -> None:
    poor = make.requester(funds="0.12")
    type_id = type_of(poor)
    results = together(*[lambda: create_task(requester=poor, type_id=type_id, offer=offer(), now=NOW)] * 6)
    assert outcomes(results) == {"done": 2, "InsufficientFunds": 4}
    assert requester_balance(poor) == (Money(0), Money.parse("0.12"))


def test_first_tasks_of_equal_terms_share_type_batch_listing_and_question() -> None:
    karim = cast.karim()
    results = together(
        *[lambda: create_task_on_terms(requester=karim, terms=TERMS, offer=offer(), now=NOW)] * 6
    )
    assert outcomes(results) == {"done": 6}
    for model in (TaskType, Batch, Listing, Question):
        assert model._default_manager.count() == 1


def test_one_token_adds_places_once() -> None:
    karim = cast.karim()
    task = make.wire_task(of=karim)
    results = together(
        *[lambda: add_places(requester=karim, task_id=task.public_id, places=2, token="t", now=NOW)] * 4
    )
    assert outcomes(results) == {"done": 1, "AlreadyProcessed": 3}
    assert task_row(karim, task.public_id, now=NOW).tally.places == 3


def test_a_task_is_never_disposed_of_under_a_worker() -> None:
    karim = cast.karim()
    for _ in range(5):
        task = make.wire_task(of=karim)
        rahima = make.worker()

        def end_and_dispose(task_id: str = task.public_id) -> None:
            change_expiry(requester=karim, task_id=task_id, expires_at=NOW, now=NOW)
            dispose_task(requester=karim, task_id=task_id, now=NOW)

        def accept(task_id: str = task.public_id, worker: Worker = rahima) -> str:
            return accept_task(worker=worker, task_id=task_id, now=NOW).assignment_id

        ended, taken = together(end_and_dispose, accept)
        row = task_row(karim, task.public_id, now=NOW)
        if isinstance(taken, str):
            assert (type(ended).__name__, row.status) == ("WrongStatus", "Unassignable")
        else:
            assert (ended, row.status) == (None, "Disposed")
