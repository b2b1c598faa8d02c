"""Publishing: money first, then tasks chunk by chunk, and never anything twice."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from tests import cast, make
from tests.make import NOW
from tukro.campaigns.actions import publishing
from tukro.campaigns.actions.projects import (
    BadPlan,
    ProjectArchived,
    approve_project,
    archive_project,
    ask_moderation,
    change_project,
)
from tukro.campaigns.actions.publishing import (
    ColumnsMissing,
    CostChanged,
    UploadFaulty,
    publish,
    publish_chunk,
)
from tukro.campaigns.actions.uploads import prepare_without_file
from tukro.campaigns.jobs import discard_unpublished, publish_due
from tukro.campaigns.models import Upload, UploadRow
from tukro.campaigns.queries.posting import cost_of
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.policy import change_policy
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.questions.proof import load
from tukro.work.actions import publishing as work
from tukro.work.actions.doing.assigning import accept_next
from tukro.work.actions.publishing import CategoryRefused, ModerationNeeded, cancel_batch
from tukro.work.models import Batch, Category, Lane, Task

pytestmark = pytest.mark.django_db


def ordered(requester: Requester, rows: int, **decided: Any) -> Batch:
    """A batch whose money is set aside and whose tasks are not made yet."""
    upload = make.upload(of=make.project(of=requester, **decided), rows=rows)
    return publish(requester=requester, upload_id=upload.public_id, now=NOW)


def balance(requester: Requester) -> tuple[str, str]:
    available, set_aside = requester_balance(requester)
    return str(available), str(set_aside)


def test_cost_is_tasks_times_places_times_reward_and_fee() -> None:
    cost = cost_of(make.project(reward=Money.parse("0.10"), places=3), rows=200)
    assert (str(cost.rewards), str(cost.fees), str(cost.total)) == ("60.00", "12.00", "72.00")


def test_a_cheap_task_pays_the_minimum_fee() -> None:
    cost = cost_of(make.project(reward=Money.parse("0.01")), rows=10)
    assert (str(cost.fee), str(cost.total)) == ("0.01", "0.20")


def test_what_costs_another_sum_than_was_shown_is_not_published() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    upload = make.upload(of=project)
    shown = cost_of(project, upload.row_count).total
    change_policy(by=cast.shirin().actor, now=NOW, fee_basis_points=3000)
    total = cost_of(project, upload.row_count).total

    with pytest.raises(CostChanged) as refusal:
        publish(requester=karim, upload_id=upload.public_id, shown=shown, now=NOW)

    assert refusal.value.facts == {"shown": shown, "total": total}
    assert (Batch.objects.count(), balance(karim)) == (0, ("1000.00", "0.00"))
    batch = publish(requester=karim, upload_id=upload.public_id, shown=total, now=NOW)
    again = publish(requester=karim, upload_id=upload.public_id, shown=shown, now=NOW)
    assert again == batch, "pressed twice it is the same batch, whatever was shown"
    assert balance(karim)[1] == str(total)


def test_ten_thousand_rows_are_published_in_one_go() -> None:
    karim = cast.karim()
    batch = ordered(karim, rows=10_000)
    assert balance(karim) == ("400.00", "600.00")
    assert Task.objects.count() == 0
    assert publish_due(NOW) == 10_000
    batch.refresh_from_db()
    assert (batch.state, batch.published_count, batch.tasks.count()) == ("running", 10_000, 10_000)
    assert Lane.objects.aggregate(places=Sum("capacity")) == {"places": 10_000}
    assert balance(karim) == ("400.00", "600.00")
    assert UploadRow.objects.count() == 0
    assert list(batch.tasks.order_by("row_no").values_list("row_no", "input"))[9_999] == (
        10_000,
        {"image": "10000.png"},
    )
    assert publish_due(NOW) == 0


def test_publishing_twice_is_publishing_once() -> None:
    karim = cast.karim()
    upload = make.upload(of=make.project(of=karim))
    first = publish(requester=karim, upload_id=upload.public_id, now=NOW)
    publish_due(NOW)
    second = publish(requester=karim, upload_id=upload.public_id, now=NOW)
    assert first == second
    assert publish_due(NOW) == 0
    assert (Batch.objects.count(), Task.objects.count(), balance(karim)[1]) == (1, 3, "0.18")


def test_a_crash_in_the_middle_is_taken_up_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "CHUNK", 100)
    karim = cast.karim()
    batch = ordered(karim, rows=250)
    really = work.publish_rows
    calls = []

    def dies_in_the_second_chunk(*, rows: Sequence[dict[str, str]], **told: Any) -> int:
        made = really(rows=rows, **told)
        calls.append(told["first_no"])
        if len(calls) == 2:
            raise ConnectionError("the power went out")
        return made

    monkeypatch.setattr(work, "publish_rows", dies_in_the_second_chunk)
    assert publish_due(NOW) == 100
    batch.refresh_from_db()
    assert (batch.state, batch.published_count, batch.tasks.count()) == ("publishing", 100, 100)
    assert publish_due(NOW) == 150
    batch.refresh_from_db()
    assert (batch.state, batch.tasks.count(), calls) == ("running", 250, [1, 101, 101, 201])
    assert sorted(batch.tasks.values_list("row_no", flat=True)) == list(range(1, 251))
    assert balance(karim) == ("985.00", "15.00")


def test_a_batch_that_cannot_be_published_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    karim = cast.karim()
    odd, good = ordered(karim, rows=3), ordered(karim, rows=3)
    really = work.publish_rows

    def takes_only_the_good_one(*, batch_id: str, **told: Any) -> int:
        if batch_id == odd.public_id:
            raise ValueError("a row that no task can be made of")
        return really(batch_id=batch_id, **told)

    monkeypatch.setattr(work, "publish_rows", takes_only_the_good_one)
    assert publish_due(NOW) == 3
    odd.refresh_from_db()
    good.refresh_from_db()
    assert (odd.state, good.state) == ("publishing", "running")


def test_without_the_money_nothing_is_written() -> None:
    poor = make.requester(funds="0.17")
    upload = make.upload(of=make.project(of=poor))
    with pytest.raises(InsufficientFunds) as refused:
        publish(requester=poor, upload_id=upload.public_id, now=NOW)
    assert {name: str(value) for name, value in refused.value.facts.items()} == {
        "needed": "0.18",
        "available": "0.17",
    }
    upload.refresh_from_db()
    assert (upload.batch_id, Batch.objects.count(), balance(poor)) == ("", 0, ("0.17", "0.00"))
    assert UploadRow.objects.count() == 3


def test_a_batch_carries_the_terms_and_the_page_of_that_moment() -> None:
    karim = cast.karim()
    project = make.project(of=karim, places=4, frame_height=500)
    batch = publish(requester=karim, upload_id=make.upload(of=project).public_id, now=NOW)
    other = make.plan(title="Which letter?", template="<p>${image}</p><input name='letter'>")
    change_project(requester=karim, project_id=project.public_id, plan=other, now=NOW)
    publish_due(NOW)
    batch.refresh_from_db()
    assert (batch.task_type.title, batch.places, batch.question.frame_height) == (
        "Which digit is this?",
        4,
        500,
    )
    assert (batch.question.kind, batch.question.body) == ("html", '<p>${image}</p><input name="digit">')
    assert (batch.name, batch.project_id, batch.input_columns) == ("Digits 1", project.public_id, ["image"])


def test_a_proof_job_is_one_task_with_many_places() -> None:
    karim = cast.karim()
    project = make.project(
        of=karim,
        kind="proof",
        instructions="Find a shop.",
        proof=[{"kind": "text", "label": "Its name"}],
        places=120,
    )
    upload = prepare_without_file(project=project, now=NOW)
    batch = publish(requester=karim, upload_id=upload.public_id, now=NOW)
    publish_due(NOW)
    task = batch.tasks.get()
    assert (task.places, task.lanes.aggregate(places=Sum("capacity"))) == (120, {"places": 120})
    assert load(batch.question.body).instructions == "Find a shop."


def test_batches_take_turns() -> None:
    karim = cast.karim()
    large, small = ordered(karim, rows=2_500), ordered(karim, rows=5)
    assert publish_chunk(batch_id=large.public_id, now=NOW) == 1_000
    assert publish_due(NOW) == 1_505
    assert set(Batch.objects.values_list("state", flat=True)) == {"running"}
    assert small.tasks.count() == 5


def test_a_cancelled_batch_is_published_no_further() -> None:
    karim = cast.karim()
    batch = ordered(karim, rows=1_500)
    publish_chunk(batch_id=batch.public_id, now=NOW)
    cancel_batch(requester=karim, batch_id=batch.public_id, now=NOW)
    assert publish_due(NOW) == 0
    assert balance(karim) == ("1000.00", "0.00")


def test_rows_of_which_a_cancelled_batch_made_nothing_go() -> None:
    karim = cast.karim()
    cancelled, waiting = ordered(karim, rows=30), ordered(karim, rows=5)
    unpublished = make.upload(of=make.project(of=karim), rows=3)
    cancel_batch(requester=karim, batch_id=cancelled.public_id, now=NOW)

    assert discard_unpublished(NOW) == 1

    left = UploadRow.objects.values_list("upload__batch_id", flat=True)
    assert sorted(left) == sorted(["", "", "", *[waiting.public_id] * 5])
    assert Upload.objects.filter(pk=unpublished.pk).exists()
    assert Upload.objects.filter(batch_id=cancelled.public_id).exists()
    assert discard_unpublished(NOW) == 0


def test_beside_open_work_of_the_same_terms_tasks_are_taken_as_they_are_made() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    project = make.project(of=karim)
    first, second = (
        publish(requester=karim, upload_id=make.upload(of=project, rows=rows).public_id, now=NOW)
        for rows in (1, 1_500)
    )
    publish_chunk(batch_id=first.public_id, now=NOW)
    publish_chunk(batch_id=second.public_id, now=NOW)
    second.refresh_from_db()
    assert (second.state, first.task_type_id) == ("publishing", second.task_type_id)

    group = first.task_type.group_id
    taken = [accept_next(worker=rahima, group_id=group, now=NOW).task_id for _ in range(2)]

    assert Task.objects.filter(public_id__in=taken, batch=second).exists()  # the first batch has but one


def test_a_faulty_upload_is_not_published() -> None:
    karim = cast.karim()
    upload = make.upload(of=make.project(of=karim), content="image\na\nb,c\n")
    with pytest.raises(UploadFaulty):
        publish(requester=karim, upload_id=upload.public_id, now=NOW)


def test_an_upload_that_lacks_a_new_variable_is_not_published() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    upload = make.upload(of=project)
    wider = make.plan(template='${image} ${hint}<input name="digit">')
    change_project(requester=karim, project_id=project.public_id, plan=wider, now=NOW)
    with pytest.raises(ColumnsMissing) as refused:
        publish(requester=karim, upload_id=upload.public_id, now=NOW)
    assert refused.value.facts == {"columns": ["hint"]}


def test_limits_that_became_stricter_are_seen_at_publishing() -> None:
    karim = cast.karim()
    upload = make.upload(of=make.project(of=karim))
    staff = cast.shirin().actor
    change_policy(by=staff, now=NOW, minimum_reward=Money.parse("0.06"))
    with pytest.raises(BadPlan):
        publish(requester=karim, upload_id=upload.public_id, now=NOW)
    change_policy(by=staff, now=NOW, minimum_reward=Money.parse("0.01"))
    Category.objects.filter(code="image").update(policy="refused")
    with pytest.raises(CategoryRefused):
        publish(requester=karim, upload_id=upload.public_id, now=NOW)


def test_a_moderated_project_is_published_only_after_the_staffs_yes() -> None:
    karim = cast.karim()
    project = make.project(of=karim, category="sign_up")
    upload = make.upload(of=project)
    with pytest.raises(ModerationNeeded):
        publish(requester=karim, upload_id=upload.public_id, now=NOW)
    ask_moderation(requester=karim, project_id=project.public_id, now=NOW)
    with pytest.raises(ModerationNeeded):
        publish(requester=karim, upload_id=upload.public_id, now=NOW)
    approve_project(by=cast.shirin().actor, project_id=project.public_id, now=NOW)
    assert publish(requester=karim, upload_id=upload.public_id, now=NOW).state == "publishing"


def test_an_archived_project_is_not_published() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    upload = make.upload(of=project)
    archive_project(requester=karim, project_id=project.public_id, now=NOW)
    with pytest.raises(ProjectArchived):
        publish(requester=karim, upload_id=upload.public_id, now=NOW)


def test_nobody_publishes_for_somebody_else() -> None:
    upload, stranger = make.upload(), cast.karim()
    with pytest.raises(NotFound):
        publish(requester=stranger, upload_id=upload.public_id, now=NOW)
    with pytest.raises(NotFound):
        publish(requester=stranger, upload_id="no such id", now=NOW)
    assert Upload.objects.get().batch_id == ""


@pytest.mark.django_db(transaction=True)
def test_two_job_processes_make_each_task_once() -> None:
    karim = cast.karim()
    batch = ordered(karim, rows=4_000)
    made: list[int] = []

    def work_through() -> None:
        try:
            made.append(publish_due(NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work_through) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.append(publish_due(NOW))
    assert sum(made) == 4_000
    assert sorted(batch.tasks.values_list("row_no", flat=True)) == list(range(1, 4_001))
    assert balance(karim) == ("760.00", "240.00")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_publishes_once() -> None:
    karim = cast.karim()
    upload = make.upload(of=make.project(of=karim))
    batches: list[str] = []

    def click() -> None:
        try:
            batches.append(publish(requester=karim, upload_id=upload.public_id, now=NOW).public_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(batches) == 4
    assert set(batches) == {Batch.objects.get().public_id}
    assert balance(karim) == ("999.82", "0.18")
