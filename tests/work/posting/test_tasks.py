"""Tasks made and changed one by one, as the wire does."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests import cast, make
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.work.actions.doing.assigning import accept_next
from tukro.work.actions.publishing import CategoryRefused, ensure_task_type
from tukro.work.actions.publishing.tasks import AlreadyMade, Offer, create_task, create_task_on_terms
from tukro.work.models import (
    Batch,
    Category,
    CategoryPolicy,
    Lane,
    Listing,
    Question,
    RequestToken,
    Task,
    TaskType,
)

pytestmark = pytest.mark.django_db

TERMS = make.terms(category="other")


def offer(*, places: int = 1, token: str = "", lifetime_seconds: int = 86400) -> Offer:
    return Offer(asked=make.asked(), places=places, lifetime_seconds=lifetime_seconds, token=token)


def type_of(requester: Requester) -> str:
    return ensure_task_type(requester=requester, terms=TERMS, now=make.NOW).public_id


def test_a_task_is_made_with_its_price_set_aside_and_can_be_taken() -> None:
    karim = cast.karim()
    task_id = create_task(requester=karim, type_id=type_of(karim), offer=offer(places=60), now=make.NOW)
    task = Task.objects.get(public_id=task_id)
    assert (task.state, task.places) == ("open", 60)
    assert task.expires_at == make.NOW + timedelta(days=1)
    assert [lane.capacity for lane in task.lanes.order_by("id")] == [30, 30]
    assert requester_balance(karim) == (Money.parse("996.40"), Money.parse("3.60"))
    assert [event.name for event in history(task_id)] == ["HITCreated"]
    taken = accept_next(worker=cast.rahima(), group_id=task.task_type.group_id, now=make.NOW)
    assert taken.task_id == task_id


def test_tasks_of_one_type_share_one_standing_batch_listing_and_question() -> None:
    karim = cast.karim()
    tasks = [make.wire_task(of=karim) for _ in range(3)]
    assert Batch.objects.get().source == "wire"
    assert {task.batch_id for task in tasks} == {Batch.objects.get().pk}
    assert Listing.objects.count() == Question.objects.count() == 1
    assert sorted(tasks, key=lambda task: task.row_no) == tasks


def test_the_same_question_of_another_requester_is_another_row() -> None:
    make.wire_task()
    make.wire_task()
    assert Question.objects.count() == 2


def test_a_token_makes_one_task_a_day() -> None:
    karim = cast.karim()
    type_id = type_of(karim)
    made = create_task(requester=karim, type_id=type_id, offer=offer(token="t"), now=make.NOW)
    with pytest.raises(AlreadyMade) as refused:
        create_task(
            requester=karim, type_id=type_id, offer=offer(token="t"), now=make.NOW + timedelta(hours=23)
        )
    assert refused.value.facts == {"token": "t", "task_id": made}
    again = create_task(
        requester=karim, type_id=type_id, offer=offer(token="t"), now=make.NOW + timedelta(hours=24)
    )
    assert again != made
    assert RequestToken.objects.get().subject == again


def test_a_token_answers_with_its_task_when_the_work_would_be_refused_by_now() -> None:
    karim = cast.karim()
    say = partial(create_task, requester=karim, type_id=type_of(karim), now=make.NOW)
    made = say(offer=offer(token="t"))
    Category.objects.filter(code="other").update(policy=CategoryPolicy.REFUSED)
    with pytest.raises(AlreadyMade) as refused:
        say(offer=offer(token="t"))
    assert refused.value.facts["task_id"] == made
    with pytest.raises(CategoryRefused):
        say(offer=offer(token="another"))


def test_without_money_nothing_is_made_and_the_token_is_free() -> None:
    poor = make.requester(funds="0.10")
    with pytest.raises(InsufficientFunds) as refused:
        create_task_on_terms(requester=poor, terms=TERMS, offer=offer(places=2, token="t"), now=make.NOW)
    assert refused.value.facts == {"needed": Money.parse("0.12"), "available": Money.parse("0.10")}
    for model in (TaskType, Task, Lane, Batch, Listing, Question, RequestToken):
        assert not model._default_manager.exists()
