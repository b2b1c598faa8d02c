"""From terms to open tasks: what is set aside, made, refused, changed and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests import cast, make
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.models import MoneyPolicy
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.work.actions.closing import close_expired
from tukro.work.actions.doing.assigning import WrongState, submit_assignment
from tukro.work.actions.publishing import (
    BadTerms,
    BelowWall,
    CategoryRefused,
    ModerationNeeded,
    NotAgreed,
    NoTaskGoesOn,
    OutOfOrder,
    Terms,
    cancel_batch,
    ensure_task_type,
    extend_batch,
    finish_publishing,
    pause_batch,
    publish_rows,
    resume_batch,
    start_batch,
)
from tukro.work.actions.publishing.task_changes import add_places, change_expiry
from tukro.work.actions.reviewing import reject_assignments
from tukro.work.models import Batch, BatchState, Lane, Task, TaskType
from tukro.work.queries import batch_progress, batches_of, free_places_of

pytestmark = pytest.mark.django_db

ROWS = [{"image": "১.png", "note": 'a "quoted"\nline 🙂'}, {"image": "2.png", "note": ""}]


def start(karim: Requester, *, rows: int = 2, places: int = 1, terms: Terms | None = None) -> Batch:
    return start_batch(
        requester=karim,
        terms=terms or make.terms(),
        question_kind="html",
        question_body="<p>${image}</p>",
        name="Digits",
        places=places,
        row_count=rows,
        input_columns=["image", "note"],
        lifetime_seconds=86400,
        now=make.NOW,
    )


def test_equal_terms_are_one_type_and_other_terms_another() -> None:
    karim = cast.karim()
    one = ensure_task_type(requester=karim, terms=make.terms(), now=make.NOW)
    assert ensure_task_type(requester=karim, terms=make.terms(), now=make.NOW) == one
    assert ensure_task_type(requester=karim, terms=make.terms(reward="0.06"), now=make.NOW) != one
    assert ensure_task_type(requester=make.requester(), terms=make.terms(), now=make.NOW) != one


def test_a_batch_sets_its_whole_price_aside_and_becomes_tasks_row_by_row() -> None:
    karim = cast.karim()
    batch = start(karim, places=3)
    assert requester_balance(karim) == (Money.parse("999.64"), Money.parse("0.36"))
    assert publish_rows(batch_id=batch.public_id, first_no=1, rows=ROWS, now=make.NOW) == 2
    finish_publishing(batch_id=batch.public_id, now=make.NOW)
    finish_publishing(batch_id=batch.public_id, now=make.NOW)
    made = list(Task.objects.order_by("row_no"))
    assert [(task.row_no, task.input, task.places) for task in made] == [(1, ROWS[0], 3), (2, ROWS[1], 3)]
    assert requester_balance(karim) == (Money.parse("999.64"), Money.parse("0.36"))


def test_rows_published_twice_are_made_once_and_never_out_of_order() -> None:
    batch = start(cast.karim())
    with pytest.raises(OutOfOrder) as refused:
        publish_rows(batch_id=batch.public_id, first_no=2, rows=ROWS[1:], now=make.NOW)
    assert refused.value.facts == {"published": 0}
    assert publish_rows(batch_id=batch.public_id, first_no=1, rows=ROWS[:1], now=make.NOW) == 1
    assert publish_rows(batch_id=batch.public_id, first_no=1, rows=ROWS[:1], now=make.NOW) == 0
    with pytest.raises(OutOfOrder):
        finish_publishing(batch_id=batch.public_id, now=make.NOW)
    assert publish_rows(batch_id=batch.public_id, first_no=2, rows=ROWS[1:], now=make.NOW) == 1
    assert Task.objects.count() == 2
    with pytest.raises(NotFound):
        publish_rows(batch_id="3NOSUCHBATCH", first_no=1, rows=ROWS, now=make.NOW)


def test_without_money_nothing_is_written() -> None:
    karim = make.requester(funds="0.11")
    with pytest.raises(InsufficientFunds) as refused:
        start(karim)
    assert refused.value.facts == {"needed": Money.parse("0.12"), "available": Money.parse("0.11")}
    assert (Batch.objects.count(), TaskType.objects.count()) == (0, 0)
    assert requester_balance(karim) == (Money.parse("0.11"), Money.zero())


@pytest.mark.parametrize("category", ["fake_engagement", "credentials"])
def test_some_kinds_of_work_are_not_taken(category: str) -> None:
    karim = cast.karim()
    with pytest.raises(CategoryRefused) as refused:
        start(karim, terms=make.terms(category=category))
    assert refused.value.facts == {"category": category}
    assert requester_balance(karim)[1] == Money.zero()


def test_some_kinds_of_work_are_looked_at_first() -> None:
    with pytest.raises(ModerationNeeded):
        start(cast.karim(), terms=make.terms(category="sign_up"))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": " "}, "title", "missing"),
        ({"title": "x" * 129}, "title", "too_large"),
        ({"description": "x" * 2001}, "description", "too_large"),
        ({"keywords": "x" * 1001}, "keywords", "too_large"),
        ({"category": "nonsense"}, "category", "missing"),
        ({"reward": Money(9_999)}, "reward", "too_small"),
        ({"reward": Money(-1)}, "reward", "too_small"),
        ({"reward": Money(10**15)}, "reward", "too_large"),
        ({"duration_seconds": 29}, "duration_seconds", "too_small"),
        ({"auto_approve_seconds": -1}, "auto_approve_seconds", "too_small"),
        ({"auto_approve_seconds": 31 * 86400}, "auto_approve_seconds", "too_large"),
    ],
)
def test_terms_have_limits(change: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(BadTerms) as refused:
        start(cast.karim(), terms=replace(make.terms(), **change))
    assert (refused.value.facts["field"], refused.value.facts["code"]) == (field, code)
    assert Batch.objects.count() == 0


def test_a_withdrawn_batch_gives_free_places_back_and_keeps_what_is_under_way() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=3)
    made = make.accepted(of=batch)
    cancel_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    cancel_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    assert requester_balance(karim) == (Money.parse("999.94"), Money.parse("0.06"))
    done = submit_assignment(
        worker=made.worker, assignment_id=made.public_id, fields=[("digit", "7")], now=make.NOW
    )
    assert done.state == "submitted"
    with pytest.raises(WrongState):
        extend_batch(requester=karim, batch_id=batch.public_id, add_places=1, now=make.NOW)


def test_a_batch_withdrawn_while_it_is_published_gives_all_back() -> None:
    karim = cast.karim()
    batch = start(karim)
    publish_rows(batch_id=batch.public_id, first_no=1, rows=ROWS[:1], now=make.NOW)
    cancel_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    assert requester_balance(karim) == (Money.parse("1000.00"), Money.zero())
    with pytest.raises(WrongState):
        publish_rows(batch_id=batch.public_id, first_no=2, rows=ROWS[1:], now=make.NOW)


def test_more_places_cost_more_and_are_free_to_take() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2, places=60)  # two lanes each
    set_aside = extend_batch(requester=karim, batch_id=batch.public_id, add_places=3, now=make.NOW)
    assert set_aside == Money.parse("0.36")
    assert requester_balance(karim)[1] == Money.parse("0.06") * 126
    assert sorted(Lane.objects.values_list("capacity", flat=True)) == [31, 31, 32, 32]


def test_expired_tasks_open_again_with_new_money() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2, lifetime_seconds=86400)
    later = make.NOW + timedelta(days=2)
    assert close_expired(now=later) == 2
    assert close_expired(now=later) == 0
    assert requester_balance(karim) == (Money.parse("1000.00"), Money.zero())
    set_aside = extend_batch(requester=karim, batch_id=batch.public_id, add_seconds=86400, now=later)
    assert set_aside == Money.parse("0.12")
    assert requester_balance(karim) == (Money.parse("999.88"), Money.parse("0.12"))
    assert make.accepted(of=batch, now=later).state == "accepted"


def test_a_batch_grows_past_ten_places_where_many_cost_no_more_than_few() -> None:
    batch = make.batch(of=cast.karim(), places=6)
    extend_batch(requester=batch.requester, batch_id=batch.public_id, add_places=44, now=make.NOW)
    assert batch.tasks.get().places == 50


def test_tasks_made_below_the_surcharge_stay_below_it_when_their_batch_grows() -> None:
    karim = cast.karim()
    MoneyPolicy(id=1, many_places_from=10, many_places_basis_points=2_000).save()
    batch = make.batch(of=karim, rows=2, places=6)
    first, ended = batch.tasks.order_by("row_no")
    add_places(requester=karim, task_id=first.public_id, places=2, now=make.NOW)
    add_places(requester=karim, task_id=ended.public_id, places=3, now=make.NOW)
    change_expiry(requester=karim, task_id=ended.public_id, expires_at=make.NOW, now=make.NOW)
    more = partial(extend_batch, requester=karim, batch_id=batch.public_id, now=make.NOW)
    with pytest.raises(BelowWall) as refused:
        more(add_places=2)
    assert refused.value.facts == {"places": 8, "wall": 10}
    more(add_places=1)  # the ended one, which has nine, does not grow with the batch
    assert list(batch.tasks.order_by("row_no").values_list("places", flat=True)) == [9, 9]

    large = make.batch(of=karim, places=10)
    extend_batch(requester=karim, batch_id=large.public_id, add_places=90, now=make.NOW)
    assert large.tasks.get().places == 100


def test_nobody_grows_past_the_places_from_which_the_house_takes_a_surcharge() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2, places=2)
    small, large = batch.tasks.order_by("row_no")
    add_places(requester=karim, task_id=large.public_id, places=6, now=make.NOW)
    MoneyPolicy(id=1, many_places_from=5, many_places_basis_points=2_000).save()
    with pytest.raises(BelowWall) as refused:
        add_places(requester=karim, task_id=small.public_id, places=3, now=make.NOW)
    assert refused.value.facts == {"places": 2, "wall": 5}
    more = partial(extend_batch, requester=karim, batch_id=batch.public_id, now=make.NOW)
    with pytest.raises(BelowWall) as refused:
        more(add_places=3)
    assert refused.value.facts == {"places": 2, "wall": 5}
    more(add_places=2)
    assert list(batch.tasks.order_by("row_no").values_list("places", flat=True)) == [4, 10]


def test_what_the_requester_ended_stays_ended_when_its_batch_goes_on() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=3, lifetime_seconds=86400)
    by_hand, shorter, longer = batch.tasks.order_by("row_no")
    change_expiry(requester=karim, task_id=by_hand.public_id, expires_at=make.NOW, now=make.NOW)
    soon, late = make.NOW + timedelta(hours=1), make.NOW + timedelta(hours=30)
    change_expiry(requester=karim, task_id=shorter.public_id, expires_at=soon, now=make.NOW)
    change_expiry(requester=karim, task_id=longer.public_id, expires_at=late, now=make.NOW)
    later = make.NOW + timedelta(days=2)
    while close_expired(now=later):
        pass
    for days in (1, 2):  # the second time, too, when the batch ends later than ever
        extend_batch(
            requester=karim, batch_id=batch.public_id, add_places=1, add_seconds=days * 86400, now=later
        )
    assert list(batch.tasks.order_by("row_no").values_list("state", "places")) == [
        ("closed", 1),
        ("closed", 1),
        ("open", 3),
    ]
    assert requester_balance(karim)[1] == Money.parse("0.18")


def test_a_task_that_is_open_gets_the_batchs_time_though_it_was_to_end_sooner() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, lifetime_seconds=86400)
    task = batch.tasks.get()
    soon = make.NOW + timedelta(hours=1)
    change_expiry(requester=karim, task_id=task.public_id, expires_at=soon, now=make.NOW)
    extend_batch(requester=karim, batch_id=batch.public_id, add_seconds=86400, now=make.NOW)
    batch.refresh_from_db()
    task.refresh_from_db()
    assert task.expires_at == batch.expires_at == make.NOW + timedelta(days=2)


def test_a_batch_whose_every_task_was_ended_by_hand_is_not_extended() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    change_expiry(requester=karim, task_id=batch.tasks.get().public_id, expires_at=make.NOW, now=make.NOW)
    with pytest.raises(NoTaskGoesOn):
        extend_batch(requester=karim, batch_id=batch.public_id, add_places=1, now=make.NOW)


def test_no_more_is_set_aside_than_was_agreed_to() -> None:
    karim = make.requester(funds="0.30")
    batch = make.batch(of=karim, rows=2)
    more = partial(extend_batch, requester=karim, batch_id=batch.public_id, now=make.NOW)
    with pytest.raises(NotAgreed) as refused:
        more(add_places=1, agreed=Money.parse("0.11"))
    assert refused.value.facts == {"price": Money.parse("0.12"), "places": 2, "ended": 0}
    with pytest.raises(InsufficientFunds):  # nobody is asked to agree to what they cannot pay
        more(add_places=2, agreed=Money.zero())
    assert requester_balance(karim)[1] == Money.parse("0.12")
    assert more(add_places=1, agreed=Money.parse("0.12")) == Money.parse("0.12")
    assert more(add_seconds=60, agreed=Money.zero()) == Money.zero()


def test_growth_without_money_changes_nothing() -> None:
    karim = make.requester(funds="0.06")
    batch = make.batch(of=karim)
    with pytest.raises(InsufficientFunds):
        extend_batch(requester=karim, batch_id=batch.public_id, add_places=1, now=make.NOW)
    batch.refresh_from_db()
    assert batch.places == 1
    with pytest.raises(BadTerms):
        extend_batch(requester=karim, batch_id=batch.public_id, add_places=-1, now=make.NOW)


def test_pausing_or_resuming_twice_does_it_once() -> None:
    batch = make.batch()
    for act, state, event in (
        (pause_batch, BatchState.PAUSED, "BatchPaused"),
        (resume_batch, BatchState.RUNNING, "BatchResumed"),
    ):
        for _press in range(2):
            act(requester=batch.requester, batch_id=batch.public_id, now=make.NOW)
        batch.refresh_from_db()
        assert batch.state == state
        assert Event.objects.filter(name=event, subject=batch.public_id).count() == 1


def test_nobody_manages_the_batch_of_another() -> None:
    batch, stranger = make.batch(), make.requester()
    for act in (pause_batch, cancel_batch):
        with pytest.raises(NotFound):
            act(requester=stranger, batch_id=batch.public_id, now=make.NOW)


def test_batches_are_counted_by_state_page_by_page() -> None:
    karim = cast.karim()
    first = make.batch(of=karim, rows=4)
    second = make.batch(of=karim, of_terms=make.terms(title="Others"))
    make.accepted(of=first)
    make.submitted(of=first)
    page = batches_of(karim, limit=1)
    assert [row.batch for row in page.rows] == [second]
    page = batches_of(karim, after=page.next_cursor, limit=1)
    assert [row.batch for row in page.rows] == [first]
    assert page.next_cursor == ""
    counts = batch_progress(first)
    assert (counts.places, counts.accepted, counts.submitted, counts.handed_in) == (4, 1, 1, 1)


def test_places_that_are_offered_again_are_counted() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    reject_assignments(
        requester=karim,
        assignment_ids=[make.submitted(of=batch).public_id],
        reason_code="wrong",
        feedback="It is a 7.",
        reopen=True,
        now=make.NOW,
    )
    counts = batch_progress(batch)
    assert (counts.places, counts.rejected, free_places_of(batch)) == (2, 1, 1)


def test_a_batch_is_open_for_as_long_as_one_of_its_tasks() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2, lifetime_seconds=86400)
    one, other = batch.tasks.order_by("row_no").values_list("public_id", flat=True)
    change_expiry(requester=karim, task_id=one, expires_at=make.NOW, now=make.NOW)
    assert (batch_progress(batch).open_until, free_places_of(batch)) == (batch.expires_at, 1)
    change_expiry(requester=karim, task_id=other, expires_at=make.NOW, now=make.NOW)
    assert (batch_progress(batch).open_until, free_places_of(batch)) == (make.NOW, 0)
    longer = make.NOW + timedelta(days=9)
    change_expiry(requester=karim, task_id=other, expires_at=longer, now=make.NOW)
    assert (batch_progress(batch).open_until, free_places_of(batch)) == (longer, 1)


def test_what_is_not_made_yet_is_counted_as_it_will_be() -> None:
    batch = start(cast.karim(), rows=3, places=2)
    assert (batch_progress(batch).places, batch_progress(batch).open_until) == (6, batch.expires_at)
    publish_rows(batch_id=batch.public_id, first_no=1, rows=ROWS, now=make.NOW)
    batch.refresh_from_db()
    assert (batch_progress(batch).places, free_places_of(batch)) == (6, 6)


def test_a_batch_that_gets_more_time_takes_none_from_a_task_that_has_more() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, lifetime_seconds=86400)
    task = batch.tasks.get()
    later = make.NOW + timedelta(days=9)
    change_expiry(requester=karim, task_id=task.public_id, expires_at=later, now=make.NOW)
    extend_batch(requester=karim, batch_id=batch.public_id, add_seconds=86400, now=make.NOW)
    task.refresh_from_db()
    assert task.expires_at == later
