"""Asking for qualifications, tests and their time, and what becomes of deleted types."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests import cast, make, quiz
from tests.together import outcomes, together
from tukro.people.models import Requester, Worker
from tukro.qualifications import jobs
from tukro.qualifications.actions import blocking
from tukro.qualifications.actions.blocking import TooManyBlocks, block_worker
from tukro.qualifications.actions.requesting import (
    NoSecondTry,
    NotRequestable,
    OverdueTest,
    TooEarly,
    reject_request,
    request_qualification,
    submit_test,
)
from tukro.qualifications.actions.types import (
    TypeChange,
    TypeNameTaken,
    TypePlan,
    create_type,
    create_type_as,
    update_type,
)
from tukro.qualifications.models import QualificationRequest, QualificationType
from tukro.qualifications.rules import Requirement
from tukro.work.actions.publishing import cancel_batch
from tukro.work.actions.qualifying import delete_qualification_type
from tukro.work.jobs import remove_deleted_types

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def with_test(of: Requester, *, retry: int | None = None) -> QualificationType:
    plan = TypePlan(
        name="Reads",
        description="Reads well.",
        test=quiz.TEST,
        answer_key=quiz.KEY,
        test_duration_seconds=300,
        retry_delay_seconds=retry,
    )
    return create_type_as(requester=of, plan=plan, now=make.NOW)


def test_a_test_that_nobody_hands_in_lapses_and_counts_as_a_try() -> None:
    rahima, kind = cast.rahima(), with_test(cast.karim())
    begun = request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW)
    assert jobs.lapse_late(make.NOW + timedelta(seconds=305)) == 0  # the way from the button counts
    assert jobs.lapse_late(make.NOW + HOUR) == 1
    begun.refresh_from_db()
    assert begun.state == "lapsed"
    with pytest.raises(NoSecondTry):
        request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW + HOUR)


def test_a_passed_deadline_counts_before_the_sweep_has_seen_it() -> None:
    rahima, kind = cast.rahima(), with_test(cast.karim(), retry=0)
    begun = request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW)
    hand_in = partial(submit_test, worker=rahima, request_id=begun.public_id, fields=quiz.ALL_RIGHT)
    with pytest.raises(OverdueTest):
        hand_in(now=make.NOW + HOUR)
    again = request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW + HOUR)
    assert again.public_id != begun.public_id
    assert again.deadline_at == make.NOW + HOUR + timedelta(seconds=300)


def test_handing_in_twice_is_once_and_asking_in_the_middle_goes_on() -> None:
    rahima, kind = cast.rahima(), with_test(cast.karim())
    begun = request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW)
    assert request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW) == begun
    for _ in range(2):
        done = submit_test(worker=rahima, request_id=begun.public_id, fields=quiz.ALL_RIGHT, now=make.NOW)
        assert (done.state, done.value) == ("granted", 100)


def test_the_test_and_key_of_the_moment_of_asking_count() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    kind = with_test(karim)
    begun = request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW)
    change = TypeChange(test=quiz.ESSAY, test_duration_seconds=60)
    update_type(requester=karim, type_id=kind.public_id, change=change, now=make.NOW)
    done = submit_test(worker=rahima, request_id=begun.public_id, fields=quiz.BLUE_BLUE, now=make.NOW)
    assert (done.state, done.value) == ("granted", 50)


def test_after_a_refusal_one_asks_again_when_the_delay_is_over() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    plan = TypePlan(name="Reads", description="x", retry_delay_seconds=3600)
    kind = create_type_as(requester=karim, plan=plan, now=make.NOW)
    asked = request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW)
    reject_request(requester=karim, request_id=asked.public_id, now=make.NOW)
    with pytest.raises(TooEarly) as refused:
        request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW + HOUR / 2)
    assert refused.value.facts["at"] == make.NOW + HOUR
    request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW + HOUR)


def test_inactive_types_and_workers_who_may_not_work_are_refused() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    kind = create_type(requester=karim, name="Reads", now=make.NOW)
    waiting = make.worker(state="pending")
    with pytest.raises(NotRequestable):
        request_qualification(worker=waiting, type_id=kind.public_id, now=make.NOW)
    change = TypeChange(is_active=False)
    update_type(requester=karim, type_id=kind.public_id, change=change, now=make.NOW)
    with pytest.raises(NotRequestable):
        request_qualification(worker=rahima, type_id=kind.public_id, now=make.NOW)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one() -> None:
    rahima, kind = cast.rahima(), create_type(requester=cast.karim(), name="Reads", now=make.NOW)
    ask = partial(request_qualification, worker=rahima, type_id=kind.public_id, now=make.NOW)
    assert outcomes(together(ask, ask, ask)) == {"done": 1, "AlreadyAsked": 2}
    assert QualificationRequest.objects.count() == 1


@pytest.mark.parametrize("ending", ["the work is withdrawn", "two days pass"])
def test_the_name_of_a_deleted_type_is_free_when_work_is_done_or_after_two_days(ending: str) -> None:
    karim = cast.karim()
    kind = create_type(requester=karim, name="Reads", now=make.NOW)
    terms = make.terms(requirements=[Requirement(kind.public_id, "Exists")])
    batch = make.batch(of=karim, of_terms=terms)
    delete_qualification_type(requester=karim, type_id=kind.public_id, now=make.NOW)
    assert remove_deleted_types(make.NOW + HOUR) == 0
    with pytest.raises(TypeNameTaken):
        create_type(requester=karim, name="reads", now=make.NOW)
    later = make.NOW + HOUR * 48
    if ending == "the work is withdrawn":
        cancel_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
        later = make.NOW + HOUR
    assert remove_deleted_types(later) == 1
    create_type(requester=karim, name="reads", now=later)


def test_blocks_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "MOST_BLOCKS", 2)
    karim = cast.karim()
    workers: list[Worker] = [make.worker() for _ in range(3)]
    for worker in workers[:2]:
        block_worker(requester=karim, worker=worker, reason="x", now=make.NOW)
    block_worker(requester=karim, worker=workers[0], reason="another", now=make.NOW)
    with pytest.raises(TooManyBlocks):
        block_worker(requester=karim, worker=workers[2], reason="x", now=make.NOW)
